//===- Compress.cpp - mlmodel compress ------------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "CompressReport.h"
#include "MLModel/Support/AtomicFile.h"
#include "MLModel/Support/Progress.h"
#include "MLModel/Transforms/InferShapes.h"
#include "MLModel/Translate/Translate.h"
#include "MixedBits.h"
#include "ModelFile.h"
#include "RunOptions.h"
#include "Sensitivity.h"
#include "llvm/Support/FileSystem.h"
#include <chrono>

using namespace mlmodel;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

namespace {
struct CompressCommandOptions {
  std::string input, output;
  CompressionOptions compression;
  unsigned threads = 0;
  bool fuseBatchnorm = false;
  std::optional<BitTarget> target;
  bool asJson = false, quiet = false;
};
} // namespace

/// The scheme for all weights that no other option names.
static Expected<SchemeSpec> takeScheme(CommandLine &line) {
  SchemeSpec spec;
  spec.symmetric = line.takeFlag("--symmetric");
  spec.perTensor = line.takeFlag("--per-tensor");
  spec.int8Dynamic = line.takeFlag("--int8-dynamic");
  spec.keepZeros = line.takeFlag("--keep-zeros");
  auto takeUnsigned = [&](StringRef name, int64_t greatest,
                          std::optional<unsigned> &value) {
    std::optional<int64_t> taken;
    Error error = line.takeInteger(name, 1, greatest).moveInto(taken);
    if (!error && taken)
      value = *taken;
    return error;
  };
  auto takeText = [&](StringRef name, std::string &value) {
    std::optional<std::string> taken;
    Error error = line.takeValue(name).moveInto(taken);
    if (!error)
      value = taken.value_or("");
    return error;
  };
  std::optional<unsigned> block;
  if (Error error = takeUnsigned("--quantize", 16, spec.quantize))
    return std::move(error);
  if (Error error = takeUnsigned("--palettize", 8, spec.palettize))
    return std::move(error);
  if (Error error = takeText("--mode", spec.mode))
    return std::move(error);
  if (Error error = takeText("--table", spec.table))
    return std::move(error);
  if (Error error = line.takeNumber("--sparsify").moveInto(spec.sparsify))
    return std::move(error);
  if (Error error = takeUnsigned("--block", 1 << 20, block))
    return std::move(error);
  spec.block = block.value_or(0);
  if (Error error = line.takeNumber("--threshold").moveInto(spec.threshold))
    return std::move(error);
  if (Error error = takeText("--n-m", spec.nOfM))
    return std::move(error);
  if (Error error = takeText("--along", spec.along))
    return std::move(error);
  return spec;
}

/// Rules given as PATTERN=SCHEME.
static Error takeRules(CommandLine &line, StringRef name,
                       std::vector<CompressionRule> &rules) {
  Expected<std::vector<std::string>> texts = line.takeValues(name);
  if (!texts)
    return texts.takeError();
  for (const std::string &text : *texts) {
    auto [pattern, scheme] = StringRef(text).rsplit('=');
    if (scheme.empty())
      return makeError(ExitCode::Usage,
                       "option " + name + " is '" + text +
                           "', expected as 'fc={palettize: 4}' or 'fc=keep'");
    Expected<CompressionRule> rule = parseCompressionRule(pattern, scheme);
    if (!rule)
      return rule.takeError();
    rules.push_back(std::move(*rule));
  }
  return Error::success();
}

/// Everything that says what becomes of which weight. What the command line
/// says comes before what the file of --config says.
static Error takeCompression(CommandLine &line, CompressionOptions &options) {
  Expected<SchemeSpec> spec = takeScheme(line);
  if (!spec)
    return spec.takeError();
  std::optional<WeightScheme> scheme;
  if (Error error = spec->resolve().moveInto(scheme))
    return error;
  if (Error error = takeRules(line, "--layer", options.names))
    return error;
  if (Error error = takeRules(line, "--type", options.kinds))
    return error;
  if (Error error = line.takeValues("--skip").moveInto(options.skip))
    return error;
  std::optional<std::string> config;
  if (Error error = line.takeValue("--config").moveInto(config))
    return error;
  if (config)
    if (Error error = readCompressionConfig(*config, options))
      return error;
  if (scheme)
    options.scheme = std::move(scheme);
  options.vectors |= line.takeFlag("--vectors");
  std::optional<int64_t> least;
  if (Error error =
          line.takeInteger("--min-elements", 0, INT64_MAX).moveInto(least))
    return error;
  options.minElements = least.value_or(options.minElements);
  return Error::success();
}

/// The target of a search for mixed widths, if there is one.
static Expected<std::optional<BitTarget>> takeTarget(CommandLine &line) {
  BitTarget target;
  std::optional<int64_t> bytes;
  if (Error error =
          line.takeInteger("--target-size", 1, INT64_MAX).moveInto(bytes))
    return std::move(error);
  target.fileBytes = bytes;
  if (Error error = line.takeNumber("--target-snr").moveInto(target.snrDb))
    return std::move(error);
  std::vector<unsigned> bits;
  if (Error error = takeBits(line, "--bits", bits))
    return std::move(error);
  if (Error error = takeProbeInputs(line).moveInto(target.inputs))
    return std::move(error);
  if (Error error = takeRunOptions(line).moveInto(target.run))
    return std::move(error);
  if (target.fileBytes && target.snrDb)
    return makeError(ExitCode::Usage,
                     "give one of --target-size and --target-snr");
  if (!target.fileBytes && !target.snrDb) {
    if (!bits.empty() || !target.inputs.path.empty())
      return makeError(ExitCode::Usage, "--bits and --inputs go with a target");
    return std::nullopt;
  }
  if (!bits.empty())
    target.bits = std::move(bits);
  return target;
}

static Expected<CompressCommandOptions> parseOptions(CommandLine &line) {
  CompressCommandOptions options;
  options.asJson = line.takeFlag("--json");
  options.quiet = line.takeFlag("--quiet");
  options.fuseBatchnorm = line.takeFlag("--fuse-batchnorm");
  if (Error error = takeCompression(line, options.compression))
    return std::move(error);
  const CompressionOptions &what = options.compression;
  if (!what.scheme && what.names.empty() && what.kinds.empty() &&
      !options.fuseBatchnorm)
    return makeError(ExitCode::Usage,
                     "give --quantize BITS, --palettize BITS, --sparsify R or "
                     "--config FILE");
  std::optional<int64_t> threads;
  if (Error error = line.takeInteger("-j", 1, 1024).moveInto(threads))
    return std::move(error);
  options.threads = threads.value_or(0);
  if (Error error = takeTarget(line).moveInto(options.target))
    return std::move(error);
  if (options.target)
    options.target->quiet = options.quiet;
  Expected<std::optional<std::string>> output = line.takeValue("-o");
  if (!output)
    return output.takeError();
  Expected<std::vector<std::string>> positional = line.finish({"MODEL"});
  if (!positional)
    return positional.takeError();
  if (!*output)
    return makeError(ExitCode::Usage, "missing -o OUT");
  options.input = positional->front();
  options.output = **output;
  return options;
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

static Expected<CompressionReport>
compressWithProgress(ModelOp model, const CompressionPlan &plan,
                     const CompressCommandOptions &options) {
  std::unique_ptr<Progress> line;
  ProgressOptions progressOptions;
  progressOptions.quiet = options.quiet;
  return compressWeights(
      model, plan, options.threads, [&](const CompressionProgress &event) {
        if (!line)
          line = std::make_unique<Progress>(event.totalItems, event.totalWork,
                                            progressOptions);
        if (event.finished)
          line->advance(event.finished);
        else
          line->begin(event.begun);
      });
}

/// Fuses, chooses and compresses, and measures the time of that.
static Error compress(mlir::ModuleOp module,
                      const CompressCommandOptions &options,
                      CompressSummary &summary) {
  auto start = std::chrono::steady_clock::now();
  auto model = llvm::cast<ModelOp>(module.getBody()->front());
  if (options.fuseBatchnorm) {
    if (failed(inferShapes(model)))
      return makeError(ExitCode::InvalidModel, "shapes cannot be inferred");
    summary.fusion = fuseBatchnorm(model);
  }
  Expected<CompressionPlan> plan = planCompression(model, options.compression);
  if (!plan)
    return plan.takeError();
  if (options.target) {
    Expected<double> snr =
        chooseBits(module, *plan, *options.target, summary.fileBytesBefore);
    if (!snr)
      return snr.takeError();
    summary.outputSnrDb = *snr;
  }
  if (Error error =
          compressWithProgress(model, *plan, options).moveInto(summary.report))
    return error;
  std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  summary.seconds = time.count();
  return Error::success();
}

static Error checkPaths(const CompressCommandOptions &options) {
  bool isSame = false;
  if (!llvm::sys::fs::equivalent(options.input, options.output, isSame) &&
      isSame)
    return makeError(ExitCode::Usage, options.output +
                                          ": is the input; write to another "
                                          "file");
  return Error::success();
}

static Expected<ExitCode> run(CommandLine &line) {
  Expected<CompressCommandOptions> options = parseOptions(line);
  if (!options)
    return options.takeError();
  if (Error error = checkPaths(*options))
    return std::move(error);
  Expected<std::unique_ptr<ModelFile>> model = ModelFile::open(options->input);
  if (!model)
    return model.takeError();
  mlir::ModuleOp module = *(*model)->module;
  CompressSummary summary;
  summary.fileBytesBefore = (*model)->file->bytes().size();
  if (Error error = compress(module, *options, summary)) {
    // What is wrong with the options is not about the file.
    if (exitCodeOf(error) == ExitCode::Usage)
      return std::move(error);
    return addContext((*model)->file->name(), std::move(error));
  }
  llvm::FailureOr<Rope> bytes = exportModel(module);
  if (failed(bytes))
    return (*model)->takeError();
  if (options->target && options->target->fileBytes &&
      bytes->size() > *options->target->fileBytes)
    return makeError(ExitCode::Limit, "--target-size: the file has " +
                                          llvm::Twine(bytes->size()) +
                                          " bytes");
  if (Error error = writeFileAtomically(options->output, bytes->getPieces()))
    return std::move(error);
  summary.fileBytesAfter = bytes->size();
  if (options->asJson)
    printJson(summary);
  else
    printText(summary);
  return ExitCode::Ok;
}

const Command mlmodel::compressCommand = {
    "compress", "store weights in fewer bits",
    R"(usage: mlmodel compress MODEL -o OUT WHAT [options]

Writes MODEL with smaller weights to OUT and prints what became of each weight.

what to do:
  --quantize BITS     integers of 1 to 8 bits with a scale and a bias per output
                      channel; 16: half precision
    --symmetric       let the integers span the same range on both sides of 0
    --per-tensor      one scale and bias for the whole weight
  --int8-dynamic      signed bytes, and inputs that are rounded to bytes, for
                      innerProduct and batchedMatmul without a bias
  --palettize BITS    indices of 1 to 8 bits into a table of 2^BITS values
    --mode MODE       kmeans (the table of least squared error; the default),
                      uniform, unique (only weights with so few values), or table
    --table FILE      the table's values, .npy or text
  --sparsify R        make the fraction R of each weight zero, the least first
    --block N         whole runs of N values along the outputs
  --threshold T       make values up to this magnitude zero
  --n-m N:M           make the N least of each run of M along the inputs zero
  --along WHICH       let runs go along inputs or outputs
  --keep-zeros        values of 0 stay exactly 0; pruning implies it
  --fuse-batchnorm    take batchnorm, scale and bias layers into the weights of
                      the layer before

which weights:
  --layer REGEX=WHAT  another WHAT for layers whose name matches, as
                      'fc={palettize: 4, mode: uniform}', or REGEX=keep
  --type KIND=WHAT    the same for a kind of layers, as embedding=keep; what is
                      said of a name comes before what is said of a type
  --config FILE       a YAML file with all of this; see docs/Compression.md
  --min-elements N    weights with fewer values stay as they are (1024)
  --skip REGEX        layers whose name matches stay; may be repeated
  --vectors           also biases, statistics and constants

mixed widths:
  --target-size BYTES choose widths for the least noise in a file of this size
  --target-snr DB     choose widths for the smallest file whose outputs have this
                      signal-to-noise ratio
  --bits LIST         widths to choose from, beside float32 (8,6,4,3,2)
  --inputs PATH       what to measure outputs on, as for mlmodel compare
  --random N          N inputs of random values (4)
  --seed S            for other random values (0)

  -j N                threads; one per core by default
  --json              print the report as JSON
  --quiet             no progress
)" MLMODEL_RUN_OPTIONS_HELP R"(
  mlmodel compress net.mlmodel -o small.mlmodel --palettize 4
  mlmodel compress net.mlmodel -o small.mlmodel --quantize 8 --skip '^conv1$'
  mlmodel compress net.mlmodel -o small.mlmodel --sparsify 0.75 --palettize 4
)",
    run};
