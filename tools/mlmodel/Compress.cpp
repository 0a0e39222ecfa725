//===- Compress.cpp - mlmodel compress ------------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "MLModel/Runtime/DiagnosticCollector.h"
#include "MLModel/Support/AtomicFile.h"
#include "MLModel/Support/MappedFile.h"
#include "MLModel/Support/Progress.h"
#include "MLModel/Transforms/CompressWeights.h"
#include "MLModel/Translate/Translate.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace mlmodel;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
namespace json = llvm::json;

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

namespace {
struct CompressCommandOptions {
  std::string input, output;
  CompressionOptions compression;
  bool asJson = false, quiet = false;
};
} // namespace

/// --quantize and --palettize, one of which there must be.
static Error takeMethod(CommandLine &line, CompressionOptions &options) {
  Expected<std::optional<int64_t>> quantize =
      line.takeInteger("--quantize", 1, 8);
  if (!quantize)
    return quantize.takeError();
  Expected<std::optional<int64_t>> palettize =
      line.takeInteger("--palettize", 1, 8);
  if (!palettize)
    return palettize.takeError();
  bool symmetric = line.takeFlag("--symmetric");
  Expected<std::optional<std::string>> mode = line.takeValue("--mode");
  if (!mode)
    return mode.takeError();
  if (quantize->has_value() == palettize->has_value())
    return makeError(ExitCode::Usage,
                     "give one of --quantize BITS and --palettize BITS");
  options.bits = quantize->value_or(palettize->value_or(0));
  options.method = CompressionMethod::KMeans;
  if (*quantize)
    options.method = symmetric ? CompressionMethod::LinearSymmetric
                               : CompressionMethod::Linear;
  else if (symmetric)
    return makeError(ExitCode::Usage, "--symmetric goes with --quantize");
  if (!*mode)
    return Error::success();
  std::optional<CompressionMethod> method = parseMethod(**mode);
  bool isLinear = method == CompressionMethod::Linear ||
                  method == CompressionMethod::LinearSymmetric;
  if (!method || isLinear || *quantize)
    return makeError(ExitCode::Usage,
                     "--mode is '" + **mode +
                         "', expected kmeans, uniform or unique, with "
                         "--palettize");
  options.method = *method;
  return Error::success();
}

static Error takeSelection(CommandLine &line, CompressionOptions &options) {
  options.vectors = line.takeFlag("--vectors");
  options.perTensor = line.takeFlag("--per-tensor");
  Expected<std::optional<int64_t>> least =
      line.takeInteger("--min-elements", 0, INT64_MAX);
  if (!least)
    return least.takeError();
  options.minElements = least->value_or(options.minElements);
  Expected<std::vector<std::string>> skip = line.takeValues("--skip");
  if (!skip)
    return skip.takeError();
  options.skip = std::move(*skip);
  Expected<std::optional<int64_t>> threads = line.takeInteger("-j", 1, 1024);
  if (!threads)
    return threads.takeError();
  options.threads = threads->value_or(0);
  return Error::success();
}

static Expected<CompressCommandOptions> parseOptions(CommandLine &line) {
  CompressCommandOptions options;
  options.asJson = line.takeFlag("--json");
  options.quiet = line.takeFlag("--quiet");
  if (Error error = takeMethod(line, options.compression))
    return std::move(error);
  if (Error error = takeSelection(line, options.compression))
    return std::move(error);
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
// Reports
//===----------------------------------------------------------------------===//

static std::string printable(StringRef text) {
  std::string result;
  llvm::raw_string_ostream os(result);
  os.write_escaped(text);
  return result;
}

static std::string formatShape(llvm::ArrayRef<int64_t> shape) {
  return llvm::join(
      llvm::map_range(shape, [](int64_t n) { return std::to_string(n); }), "x");
}

static std::string formatSnr(const ErrorReport &error) {
  return error.changed == 0 ? "exact"
                            : llvm::formatv("{0:F1}", error.snrDb).str();
}

/// Prints \p rows with columns as wide as their longest cell; the first two
/// are aligned to the left.
static void printTable(llvm::ArrayRef<std::vector<std::string>> rows) {
  std::vector<size_t> widths(rows.front().size());
  for (const std::vector<std::string> &row : rows)
    for (auto [width, cell] : llvm::zip(widths, row))
      width = std::max(width, cell.size());
  for (const std::vector<std::string> &row : rows) {
    std::string text;
    for (size_t i = 0; i != row.size(); ++i) {
      std::string padding(widths[i] - row[i].size(), ' ');
      text += (i ? "  " : "") + (i < 2 ? row[i] + padding : padding + row[i]);
    }
    llvm::outs() << StringRef(text).rtrim() << '\n';
  }
}

static void printText(const CompressionReport &report, uint64_t sizeBefore,
                      uint64_t sizeAfter) {
  auto kilobytes = [](uint64_t bytes) {
    return llvm::formatv("{0:F1}", bytes / 1000.0).str();
  };
  std::vector<std::vector<std::string>> rows = {
      {"layer", "weights", "shape", "bits", "KB before", "KB after", "SNR dB"}};
  for (const WeightReport &weight : report.weights)
    rows.push_back({printable(weight.layer), weight.field,
                    formatShape(weight.shape), std::to_string(weight.bits),
                    kilobytes(weight.bytesBefore), kilobytes(weight.bytesAfter),
                    formatSnr(weight.error)});
  printTable(rows);
  if (!report.skipped.empty()) {
    std::map<std::string, size_t> reasons;
    for (const SkippedWeight &weight : report.skipped)
      ++reasons[weight.reason];
    llvm::outs() << "left as they are:";
    for (const auto &[reason, count] : reasons)
      llvm::outs() << "  " << count << " (" << reason << ")";
    llvm::outs() << '\n';
  }
  uint64_t before = report.getBytesBefore(), after = report.getBytesAfter();
  llvm::outs() << llvm::formatv(
      "{0} weights: {1} KB to {2} KB{3}\n", report.weights.size(),
      kilobytes(before), kilobytes(after),
      after ? llvm::formatv(", {0:F2} times smaller", double(before) / after)
                  .str()
            : "");
  llvm::outs() << llvm::formatv(
      "file: {0} to {1} bytes, {2:F2} times smaller\n", sizeBefore, sizeAfter,
      double(sizeBefore) / sizeAfter);
}

/// JSON has no infinity; a missing SNR means that nothing changed.
static json::Value toJson(double number) {
  return std::isfinite(number) ? json::Value(number) : json::Value(nullptr);
}

static json::Object toJson(const WeightReport &weight) {
  json::Object object{{"layer", json::fixUTF8(weight.layer)},
                      {"kind", weight.kind},
                      {"field", weight.field},
                      {"shape", json::Array(weight.shape)},
                      {"method", getMethodName(weight.method)},
                      {"bits", int64_t(weight.bits)},
                      {"bytes_before", int64_t(weight.bytesBefore)},
                      {"bytes_after", int64_t(weight.bytesAfter)},
                      {"max_abs_error", toJson(weight.error.maxAbsError)},
                      {"mse", toJson(weight.error.mse)},
                      {"squared_error", toJson(weight.error.squaredError)},
                      {"snr_db", toJson(weight.error.snrDb)},
                      {"changed", int64_t(weight.error.changed)}};
  if (weight.certificate)
    object["certificate"] =
        json::Object{{"cost", toJson(weight.certificate->cost)},
                     {"lower_bound", toJson(weight.certificate->lowerBound)},
                     {"relative_gap", toJson(weight.certificate->relativeGap)},
                     {"locally_optimal", weight.certificate->locallyOptimal}};
  return object;
}

static void printJson(const CompressionReport &report, uint64_t sizeBefore,
                      uint64_t sizeAfter) {
  json::Array weights, skipped;
  for (const WeightReport &weight : report.weights)
    weights.push_back(toJson(weight));
  for (const SkippedWeight &weight : report.skipped)
    skipped.push_back(json::Object{{"layer", json::fixUTF8(weight.layer)},
                                   {"kind", weight.kind},
                                   {"field", weight.field},
                                   {"reason", weight.reason}});
  json::Value all =
      json::Object{{"weights", std::move(weights)},
                   {"skipped", std::move(skipped)},
                   {"weight_bytes_before", int64_t(report.getBytesBefore())},
                   {"weight_bytes_after", int64_t(report.getBytesAfter())},
                   {"file_bytes_before", int64_t(sizeBefore)},
                   {"file_bytes_after", int64_t(sizeAfter)}};
  llvm::outs() << llvm::formatv("{0:2}\n", all);
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

static Expected<CompressionReport>
compressWithProgress(ModelOp model, const CompressCommandOptions &options) {
  std::unique_ptr<Progress> line;
  ProgressOptions progressOptions;
  progressOptions.quiet = options.quiet;
  std::string method =
      llvm::formatv(" {0} {1}b", getMethodName(options.compression.method),
                    options.compression.bits);
  return compressWeights(
      model, options.compression, [&](const CompressionProgress &event) {
        if (!line)
          line = std::make_unique<Progress>(event.totalItems, event.totalWork,
                                            progressOptions);
        if (event.finished)
          line->advance(event.finished);
        else
          line->begin(event.begun + method);
      });
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
  Expected<MappedFile::Ref> file = MappedFile::open(options->input);
  if (!file)
    return file.takeError();
  mlir::MLIRContext context;
  DiagnosticCollector diagnostics(&context);
  mlir::OwningOpRef<mlir::ModuleOp> module =
      importModel(&context, (*file)->bytes(), *file, (*file)->name());
  if (!module)
    return diagnostics.takeError((*file)->name());
  auto model = llvm::cast<ModelOp>(module->getBody()->front());
  Expected<CompressionReport> report = compressWithProgress(model, *options);
  if (!report) {
    // What is wrong with the options is not about the file.
    Error error = report.takeError();
    if (exitCodeOf(error) == ExitCode::Usage)
      return std::move(error);
    return addContext((*file)->name(), std::move(error));
  }
  llvm::FailureOr<Rope> bytes = exportModel(*module);
  if (failed(bytes))
    return diagnostics.takeError((*file)->name());
  if (Error error = writeFileAtomically(options->output, bytes->getPieces()))
    return std::move(error);
  size_t before = (*file)->bytes().size();
  if (options->asJson)
    printJson(*report, before, bytes->size());
  else
    printText(*report, before, bytes->size());
  return ExitCode::Ok;
}

const Command mlmodel::compressCommand = {
    "compress", "store weights in fewer bits",
    R"(usage: mlmodel compress MODEL -o OUT (--quantize BITS | --palettize BITS)

Writes MODEL with smaller weights to OUT and prints what became of each weight.

  --quantize BITS     integers of 1 to 8 bits with a scale and a bias per output
                      channel
    --symmetric       let the integers span the same range on both sides of 0
    --per-tensor      one scale and bias for the whole weight
  --palettize BITS    indices of 1 to 8 bits into a table of 2^BITS values
    --mode MODE       kmeans (the table of least squared error; the default),
                      uniform, or unique (only weights with so few values)
  --min-elements N    weights with fewer values stay as they are (1024)
  --skip REGEX        layers whose name matches stay; may be repeated
  --vectors           also biases, statistics and constants
  -j N                threads; one per core by default
  --json              print the report as JSON
  --quiet             no progress

  mlmodel compress net.mlmodel -o small.mlmodel --palettize 4
  mlmodel compress net.mlmodel -o small.mlmodel --quantize 8 --skip '^conv1$'
)",
    run};
