//===- Sensitivity.cpp - mlmodel sensitivity ------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Sensitivity.h"
#include "Commands.h"
#include "CompressReport.h"
#include "MLModel/Support/Progress.h"
#include "ModelFile.h"
#include "RunOptions.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

using namespace mlmodel;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
namespace json = llvm::json;

//===----------------------------------------------------------------------===//
// Measuring
//===----------------------------------------------------------------------===//

static Expected<std::optional<SensitivityTrial>>
tryOne(OutputProbe &probe, const CompressionPlan &plan, size_t weight,
       const WeightScheme &scheme) {
  Expected<TrialResult> result = tryScheme(plan.weights[weight], scheme);
  if (!result)
    return result.takeError();
  if (!result->keepReason.empty())
    return std::nullopt;
  probe.set(weight, result->values);
  Expected<OutputError> output = probe.measure();
  if (!output)
    return output.takeError();
  return SensitivityTrial{scheme, result->bytes, result->error, *output};
}

Expected<std::vector<WeightTrials>>
mlmodel::measureSensitivity(OutputProbe &probe, const CompressionPlan &plan,
                            SchemesOf getSchemes, bool quiet) {
  std::vector<std::vector<WeightScheme>> schemes;
  size_t total = 0;
  for (const PlannedWeight &planned : plan.weights)
    total += schemes.emplace_back(getSchemes(planned)).size();
  ProgressOptions options;
  options.quiet = quiet;
  Progress progress(total, total, options);
  std::vector<WeightTrials> trials(plan.weights.size());
  for (size_t i = 0; i != trials.size(); ++i) {
    for (const WeightScheme &scheme : schemes[i]) {
      progress.begin(
          (plan.weights[i].slot.getLayerName() + " " + scheme.describe())
              .str());
      Expected<std::optional<SensitivityTrial>> trial =
          tryOne(probe, plan, i, scheme);
      if (!trial)
        return trial.takeError();
      if (*trial)
        trials[i].push_back(std::move(**trial));
      progress.advance(1);
    }
    probe.reset(i);
  }
  return trials;
}

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

Expected<ProbeInputs> mlmodel::takeProbeInputs(CommandLine &line) {
  ProbeInputs inputs;
  std::optional<std::string> path;
  std::optional<int64_t> random, seed;
  if (Error error = line.takeValue("--inputs").moveInto(path))
    return std::move(error);
  if (Error error = line.takeInteger("--random", 1, 1 << 24).moveInto(random))
    return std::move(error);
  if (Error error = line.takeInteger("--seed", 0, INT64_MAX).moveInto(seed))
    return std::move(error);
  if (path && (random || seed))
    return makeError(ExitCode::Usage,
                     "give one of --inputs PATH and --random N");
  inputs.path = path.value_or("");
  inputs.random = random.value_or(inputs.random);
  inputs.seed = seed.value_or(0);
  return inputs;
}

Error mlmodel::takeBits(CommandLine &line, StringRef name,
                        std::vector<unsigned> &bits) {
  std::optional<std::string> text;
  if (Error error = line.takeValue(name).moveInto(text))
    return error;
  if (!text)
    return Error::success();
  bits.clear();
  for (StringRef word : llvm::split(*text, ',')) {
    unsigned width;
    if (word.getAsInteger(10, width) || width < 1 || width > 8 ||
        llvm::is_contained(bits, width))
      return makeError(ExitCode::Usage,
                       "option " + name + " is '" + *text +
                           "', expected different widths from 1 to 8, as "
                           "8,4,2");
    bits.push_back(width);
  }
  return Error::success();
}

namespace {
struct SensitivityOptions {
  std::string path;
  CompressionOptions selection;
  std::vector<CompressionMethod> methods{CompressionMethod::Linear,
                                         CompressionMethod::KMeans};
  std::vector<unsigned> bits{8, 6, 4, 3, 2};
  ProbeInputs inputs;
  LoadOptions run;
  bool asJson = false, quiet = false;

  std::vector<WeightScheme> getSchemes() const;
};
} // namespace

std::vector<WeightScheme> SensitivityOptions::getSchemes() const {
  std::vector<WeightScheme> schemes;
  for (CompressionMethod method : methods)
    for (unsigned width : bits) {
      WeightScheme scheme;
      scheme.method = method;
      scheme.bits = width;
      schemes.push_back(scheme);
    }
  return schemes;
}

static Error takeMethods(CommandLine &line, SensitivityOptions &options) {
  std::optional<std::string> text;
  if (Error error = line.takeValue("--schemes").moveInto(text))
    return error;
  if (text) {
    options.methods.clear();
    for (StringRef word : llvm::split(*text, ',')) {
      std::optional<CompressionMethod> method = parseMethod(word);
      if (word != "linear" && word != "linear-symmetric" && word != "kmeans" &&
          word != "uniform")
        return makeError(ExitCode::Usage,
                         "option --schemes is '" + *text +
                             "', expected some of linear, linear-symmetric, "
                             "kmeans and uniform");
      options.methods.push_back(*method);
    }
  }
  if (Error error = takeBits(line, "--bits", options.bits))
    return error;
  for (const WeightScheme &scheme : options.getSchemes())
    if (Error error = scheme.check())
      return error;
  return Error::success();
}

static Expected<SensitivityOptions> parseOptions(CommandLine &line) {
  SensitivityOptions options;
  options.asJson = line.takeFlag("--json");
  options.quiet = line.takeFlag("--quiet");
  options.selection.scheme.emplace();
  if (Error error = takeMethods(line, options))
    return std::move(error);
  if (Error error = line.takeValues("--skip").moveInto(options.selection.skip))
    return std::move(error);
  std::optional<int64_t> least;
  if (Error error =
          line.takeInteger("--min-elements", 65, INT64_MAX).moveInto(least))
    return std::move(error);
  options.selection.minElements = least.value_or(options.selection.minElements);
  if (Error error = takeProbeInputs(line).moveInto(options.inputs))
    return std::move(error);
  if (Error error = takeRunOptions(line).moveInto(options.run))
    return std::move(error);
  Expected<std::vector<std::string>> positional = line.finish({"MODEL"});
  if (!positional)
    return positional.takeError();
  options.path = positional->front();
  return options;
}

//===----------------------------------------------------------------------===//
// Reports
//===----------------------------------------------------------------------===//

static std::string formatDb(double value) {
  return std::isinf(value) && value > 0 ? "exact"
                                        : llvm::formatv("{0:F1}", value).str();
}

static void printText(const CompressionPlan &plan,
                      llvm::ArrayRef<WeightScheme> schemes,
                      llvm::ArrayRef<WeightTrials> trials) {
  llvm::outs() << "SNR of the outputs in dB where one weight is compressed\n\n";
  std::vector<std::vector<std::string>> rows = {{"layer", "weights", "values"}};
  for (const WeightScheme &scheme : schemes)
    rows[0].push_back(
        llvm::formatv("{0} {1}", getMethodName(scheme.method), scheme.bits));
  for (auto [planned, row] : llvm::zip(plan.weights, trials)) {
    rows.push_back({printable(planned.slot.getLayerName()),
                    planned.slot.getField(),
                    std::to_string(planned.layout.getNumElements())});
    for (const SensitivityTrial &trial : row)
      rows.back().push_back(formatDb(trial.output.snrDb));
    rows.back().resize(rows[0].size(), "-");
  }
  printTable(rows, 2);
}

static void printJson(const CompressionPlan &plan,
                      llvm::ArrayRef<WeightTrials> trials) {
  json::Array weights;
  for (auto [planned, row] : llvm::zip(plan.weights, trials)) {
    json::Array list;
    for (const SensitivityTrial &trial : row)
      list.push_back(
          json::Object{{"method", getMethodName(trial.scheme.method)},
                       {"bits", int64_t(trial.scheme.bits)},
                       {"bytes", int64_t(trial.bytes)},
                       {"weight_snr_db", toJson(trial.error.snrDb)},
                       {"output_snr_db", toJson(trial.output.snrDb)},
                       {"agreement", trial.output.agreement}});
    weights.push_back(
        json::Object{{"layer", json::fixUTF8(planned.slot.getLayerName())},
                     {"kind", planned.slot.getLayerKind()},
                     {"field", planned.slot.getField()},
                     {"values", planned.layout.getNumElements()},
                     {"trials", std::move(list)}});
  }
  llvm::outs() << llvm::formatv(
      "{0:2}\n", json::Value(json::Object{{"weights", std::move(weights)}}));
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

static Expected<ExitCode> measure(mlir::ModuleOp module,
                                  const SensitivityOptions &options) {
  auto model = llvm::cast<ModelOp>(module.getBody()->front());
  Expected<CompressionPlan> plan = planCompression(model, options.selection);
  if (!plan)
    return plan.takeError();
  Expected<std::unique_ptr<OutputProbe>> probe =
      OutputProbe::create(module, *plan, options.inputs, options.run);
  if (!probe)
    return probe.takeError();
  std::vector<WeightScheme> schemes = options.getSchemes();
  Expected<std::vector<WeightTrials>> trials = measureSensitivity(
      **probe, *plan, [&](const PlannedWeight &) { return schemes; },
      options.quiet);
  if (!trials)
    return trials.takeError();
  if (options.asJson)
    printJson(*plan, *trials);
  else
    printText(*plan, schemes, *trials);
  return ExitCode::Ok;
}

static Expected<ExitCode> run(CommandLine &line) {
  Expected<SensitivityOptions> options = parseOptions(line);
  if (!options)
    return options.takeError();
  Expected<std::unique_ptr<ModelFile>> model = ModelFile::open(options->path);
  if (!model)
    return model.takeError();
  return measure(*(*model)->module, *options);
}

const Command mlmodel::sensitivityCommand = {
    "sensitivity", "what compressing each weight does to the outputs",
    R"(usage: mlmodel sensitivity MODEL [options]

Compresses one weight at a time, and tells the signal-to-noise ratio of the
output that suffers most, against the untouched model.

  --schemes LIST       of linear, linear-symmetric, kmeans, uniform
                       (linear,kmeans)
  --bits LIST          widths of a value (8,6,4,3,2)
  --min-elements N     weights with fewer values are left out (1024)
  --skip REGEX         layers to leave out; may be repeated
  --inputs PATH        what to measure on, as for mlmodel compare
  --random N           N inputs of random values (4)
  --seed S             for other random values (0)
  --json               one JSON object
  --quiet              no progress
)" MLMODEL_RUN_OPTIONS_HELP R"(
  mlmodel sensitivity net.mlmodel --inputs photos --bits 8,4
)",
    run};
