//===- Compare.cpp - mlmodel compare --------------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "CompareLayers.h"
#include "DataSet.h"
#include "Differences.h"
#include "MLModel/Support/Progress.h"
#include "RunOptions.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>
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
struct CompareOptions {
  std::string a, b;
  std::string inputs, labels;
  size_t random = 0;
  uint64_t seed = 0;
  size_t top = 5;
  std::optional<double> minSnr, minAgreement;
  bool asJson = false, quiet = false;
  LoadOptions run;
  bool byLayer = false;
  std::optional<double> maxRelativeError;
};
} // namespace

static Error takeText(CommandLine &line, StringRef name, std::string &text) {
  Expected<std::optional<std::string>> value = line.takeValue(name);
  if (!value)
    return value.takeError();
  text = value->value_or("");
  return Error::success();
}

static Expected<CompareOptions> parseOptions(CommandLine &line) {
  CompareOptions options;
  options.asJson = line.takeFlag("--json");
  options.quiet = line.takeFlag("--quiet");
  options.byLayer = line.takeFlag("--layers");
  if (Error error = takeText(line, "--inputs", options.inputs))
    return std::move(error);
  if (Error error = takeText(line, "--labels", options.labels))
    return std::move(error);
  if (Error error = line.takeNumber("--min-snr").moveInto(options.minSnr))
    return std::move(error);
  if (Error error =
          line.takeNumber("--min-agreement").moveInto(options.minAgreement))
    return std::move(error);
  if (Error error = line.takeNumber("--max-relative-error")
                        .moveInto(options.maxRelativeError))
    return std::move(error);
  Expected<std::optional<int64_t>> random =
      line.takeInteger("--random", 1, 1 << 24);
  if (!random)
    return random.takeError();
  Expected<std::optional<int64_t>> seed =
      line.takeInteger("--seed", 0, INT64_MAX);
  if (!seed)
    return seed.takeError();
  Expected<std::optional<int64_t>> top = line.takeInteger("--top", 2, 1 << 20);
  if (!top)
    return top.takeError();
  options.top = top->value_or(options.top);
  Expected<LoadOptions> run = takeRunOptions(line);
  if (!run)
    return run.takeError();
  options.run = *run;
  if (Error error = takeThreads(line, options.run))
    return std::move(error);
  Expected<std::vector<std::string>> positional = line.finish({"A", "B"});
  if (!positional)
    return positional.takeError();
  if (options.inputs.empty() != random->has_value())
    return makeError(ExitCode::Usage,
                     "give one of --inputs PATH and --random N");
  if (!options.labels.empty() && options.inputs.empty())
    return makeError(ExitCode::Usage, "--labels goes with --inputs");
  if (options.maxRelativeError && !options.byLayer)
    return makeError(ExitCode::Usage,
                     "--max-relative-error goes with --layers");
  if (options.byLayer &&
      (!options.labels.empty() || options.minSnr || options.minAgreement))
    return makeError(ExitCode::Usage,
                     "--layers goes without --labels, --min-snr and "
                     "--min-agreement");
  options.random = random->value_or(0);
  options.seed = seed->value_or(0);
  options.a = (*positional)[0];
  options.b = (*positional)[1];
  return options;
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

namespace {
/// One of the two models and what is measured of it.
struct Side {
  std::string path;
  uint64_t bytes = 0;
  std::unique_ptr<Model> model;
  std::vector<double> milliseconds;
  size_t correct = 0;

  Error open(const LoadOptions &options);
  Expected<FeatureMap> predict(const FeatureMap &inputs);
  double getMedian() const;
};

struct Comparison {
  Side a, b;
  size_t samples = 0;
  std::vector<int64_t> labels;
  std::vector<std::pair<std::string, OutputDifference>> outputs;
  /// Equal first choices, if there is an output that tells one.
  std::string choiceOutput;
  size_t agreed = 0;
  /// A's best among the `top` best of B, if there is an output that ranks more
  /// classes than that.
  std::string rankingOutput;
  size_t top = 5, agreedTop = 0;

  Error check();
  Error run(const DataSet &data, bool quiet);
  Error addSample(const FeatureMap &inputs, size_t index);
  void addRanking(const FeatureValue &left, const FeatureValue &right);
  double getFraction(size_t count) const { return double(count) / samples; }
};
} // namespace

Error Side::open(const LoadOptions &options) {
  Expected<std::unique_ptr<Model>> loaded = Model::load(path, options);
  if (!loaded)
    return loaded.takeError();
  model = std::move(*loaded);
  if (std::error_code error = llvm::sys::fs::file_size(path, bytes))
    return makeError(ExitCode::IO, path + ": " + error.message());
  return Error::success();
}

Expected<FeatureMap> Side::predict(const FeatureMap &inputs) {
  // The first prediction for a shape compiles; that is not its latency.
  if (Error error = model->compile(inputs))
    return std::move(error);
  auto start = std::chrono::steady_clock::now();
  Expected<FeatureMap> outputs = model->predict(inputs);
  std::chrono::duration<double, std::milli> time =
      std::chrono::steady_clock::now() - start;
  milliseconds.push_back(time.count());
  return outputs;
}

double Side::getMedian() const {
  std::vector<double> sorted = milliseconds;
  llvm::sort(sorted);
  size_t middle = sorted.size() / 2;
  return sorted.size() % 2 ? sorted[middle]
                           : (sorted[middle - 1] + sorted[middle]) / 2;
}

Error Comparison::check() {
  for (const FeatureDescription &output : a.model->outputs()) {
    bool found =
        llvm::any_of(b.model->outputs(), [&](const FeatureDescription &other) {
          return other.name == output.name && other.kind == output.kind;
        });
    if (!found)
      return makeError(ExitCode::ComparisonFailed,
                       b.path + ": has no output '" + output.name + "' (" +
                           output.describe() + ")");
    outputs.push_back({output.name, {}});
  }
  if (const FeatureDescription *choice = findChoiceOutput(a.model->outputs()))
    choiceOutput = choice->name;
  if (const FeatureDescription *ranking = findRankingOutput(a.model->outputs()))
    rankingOutput = ranking->name;
  if (!labels.empty() && choiceOutput.empty())
    return makeError(ExitCode::Usage,
                     "--labels: the model has no output that tells a class");
  return Error::success();
}

void Comparison::addRanking(const FeatureValue &left,
                            const FeatureValue &right) {
  std::vector<std::string> best = getBest(left, top + 1);
  if (best.size() <= top)
    rankingOutput.clear();
  else
    agreedTop += llvm::is_contained(getBest(right, top), best.front());
}

Error Comparison::addSample(const FeatureMap &inputs, size_t index) {
  Expected<FeatureMap> left = a.predict(inputs);
  if (!left)
    return left.takeError();
  Expected<FeatureMap> right = b.predict(inputs);
  if (!right)
    return right.takeError();
  for (auto &[name, difference] : outputs)
    if (Error error = difference.add(name, (*left)[name], (*right)[name]))
      return error;
  if (!rankingOutput.empty())
    addRanking((*left)[rankingOutput], (*right)[rankingOutput]);
  if (choiceOutput.empty())
    return Error::success();
  std::optional<std::string> first = getChoice((*left)[choiceOutput]);
  std::optional<std::string> second = getChoice((*right)[choiceOutput]);
  agreed += first == second;
  if (labels.empty())
    return Error::success();
  std::string expected = std::to_string(labels[index]);
  a.correct += first == expected;
  b.correct += second == expected;
  return Error::success();
}

Error Comparison::run(const DataSet &data, bool quiet) {
  ProgressOptions options;
  options.quiet = quiet;
  samples = data.size();
  Progress progress(samples, samples, options);
  for (size_t i = 0; i != samples; ++i) {
    progress.begin("predict");
    Expected<FeatureMap> inputs = data.get(i);
    if (!inputs)
      return inputs.takeError();
    if (Error error = addSample(*inputs, i))
      return error;
    progress.advance(1);
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Reports
//===----------------------------------------------------------------------===//

static std::string formatDb(double value) {
  return std::isinf(value) && value > 0
             ? "exact"
             : llvm::formatv("{0:F1} dB", value).str();
}

static void printText(const Comparison &c) {
  auto &os = llvm::outs();
  os << llvm::formatv("{0} inputs\n\n", c.samples);
  for (const Side *side : {&c.a, &c.b})
    os << llvm::formatv("{0}  {1,10} bytes  median {2:F3} ms  {3}\n",
                        side == &c.a ? "A" : "B", side->bytes,
                        side->getMedian(), side->path);
  os << '\n';
  for (const auto &[name, difference] : c.outputs) {
    os << name << ':';
    if (difference.hasNumbers())
      os << llvm::formatv(
          "  max error {0:E2}, SNR {1}, PSNR {2}", difference.getMaxError(),
          formatDb(difference.getSnr()), formatDb(difference.getPsnr()));
    if (difference.hasChoices())
      os << llvm::formatv("  same choice {0:P1}", difference.getAgreement());
    os << '\n';
  }
  if (!c.choiceOutput.empty())
    os << llvm::formatv("\ntop-1 agreement: {0} of {1} ({2:P2})\n", c.agreed,
                        c.samples, c.getFraction(c.agreed));
  if (!c.rankingOutput.empty())
    os << llvm::formatv("top-{0} agreement: {1} of {2} ({3:P2})\n", c.top,
                        c.agreedTop, c.samples, c.getFraction(c.agreedTop));
  if (!c.labels.empty())
    os << llvm::formatv("top-1 accuracy: A {0} of {2} ({3:P2}), B {1} of {2} "
                        "({4:P2})\n",
                        c.a.correct, c.b.correct, c.samples,
                        c.getFraction(c.a.correct), c.getFraction(c.b.correct));
}

/// JSON has no infinity; a missing SNR means that nothing differs.
static json::Value toJson(double number) {
  return std::isfinite(number) ? json::Value(number) : json::Value(nullptr);
}

static json::Object toJson(const Comparison &c, const Side &side) {
  json::Object object{{"file", json::fixUTF8(side.path)},
                      {"bytes", int64_t(side.bytes)},
                      {"median_ms", side.getMedian()}};
  if (!c.labels.empty())
    object["accuracy"] = c.getFraction(side.correct);
  return object;
}

static void printJson(const Comparison &c) {
  json::Object outputs;
  for (const auto &[name, difference] : c.outputs) {
    json::Object object;
    if (difference.hasNumbers()) {
      object["max_abs_error"] = toJson(difference.getMaxError());
      object["snr_db"] = toJson(difference.getSnr());
      object["psnr_db"] = toJson(difference.getPsnr());
    }
    if (difference.hasChoices())
      object["agreement"] = difference.getAgreement();
    outputs[json::fixUTF8(name)] = std::move(object);
  }
  json::Object all{{"inputs", int64_t(c.samples)},
                   {"a", toJson(c, c.a)},
                   {"b", toJson(c, c.b)},
                   {"outputs", std::move(outputs)}};
  if (!c.choiceOutput.empty())
    all["agreement"] = c.getFraction(c.agreed);
  if (!c.rankingOutput.empty()) {
    all["top_k"] = int64_t(c.top);
    all["top_k_agreement"] = c.getFraction(c.agreedTop);
  }
  llvm::outs() << llvm::formatv("{0:2}\n", json::Value(std::move(all)));
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

/// True if all thresholds are met; says on standard error which is not.
static bool meetsThresholds(const Comparison &c,
                            const CompareOptions &options) {
  bool isMet = true;
  for (const auto &[name, difference] : c.outputs) {
    if (!options.minSnr || !difference.hasNumbers() ||
        difference.getSnr() >= *options.minSnr)
      continue;
    llvm::errs() << llvm::formatv(
        "output '{0}': SNR is {1:F2} dB, expected at least {2:F2}\n", name,
        difference.getSnr(), *options.minSnr);
    isMet = false;
  }
  if (options.minAgreement &&
      !(c.getFraction(c.agreed) >= *options.minAgreement)) {
    llvm::errs() << llvm::formatv(
        "top-1 agreement is {0:F4}, expected at least {1:F4}\n",
        c.getFraction(c.agreed), *options.minAgreement);
    isMet = false;
  }
  return isMet;
}

static Expected<ExitCode> run(CommandLine &line) {
  Expected<CompareOptions> options = parseOptions(line);
  if (!options)
    return options.takeError();
  auto makeInputs = [&](const Model &model) -> Expected<DataSet> {
    if (options->random)
      return DataSet::random(model, options->random, options->seed);
    return DataSet::open(model, options->inputs);
  };
  if (options->byLayer)
    return compareLayers({options->a, options->b,
                          options->maxRelativeError.value_or(1e-3),
                          options->asJson, options->run, makeInputs});
  Comparison comparison;
  comparison.a.path = options->a;
  comparison.b.path = options->b;
  comparison.top = options->top;
  for (Side *side : {&comparison.a, &comparison.b})
    if (Error error = side->open(options->run))
      return std::move(error);
  Expected<DataSet> data = makeInputs(*comparison.a.model);
  if (!data)
    return data.takeError();
  if (!options->labels.empty()) {
    Expected<std::vector<int64_t>> labels =
        readLabels(options->labels, data->size());
    if (!labels)
      return labels.takeError();
    comparison.labels = std::move(*labels);
  }
  if (Error error = comparison.check())
    return std::move(error);
  if (Error error = comparison.run(*data, options->quiet))
    return std::move(error);
  if (options->asJson)
    printJson(comparison);
  else
    printText(comparison);
  return meetsThresholds(comparison, *options) ? ExitCode::Ok
                                               : ExitCode::ComparisonFailed;
}

const Command mlmodel::compareCommand = {
    "compare", "how the predictions of two models differ",
    R"(usage: mlmodel compare A B (--inputs PATH | --random N) [options]

Runs both models on the same inputs. Tells for each output the greatest error,
the signal-to-noise ratio of B with A as the signal, and the PSNR; for
classifiers how often both choose the same class, and how often the choice of A
is among the best of B; size and latency of both.

  --inputs PATH        a directory of .png, .jpg and .npy files, one .npy whose
                       first axis counts the inputs, or a .json with a list
                       [{"NAME": value or file name, ...}, ...]
  --labels FILE.npy    the true classes; tells the accuracy of both models
  --random N           N inputs of random values
  --seed S             for other random values (0)
  --top K              also tell how often the choice of A is among the K best
                       of B (5)
  --min-snr DB         exit with 1 if an output's SNR is less
  --min-agreement F    exit with 1 if less than this fraction agrees, as 0.99
  --layers             compare what each layer of A writes with the blob of the
                       same name of B, and name the first layer that differs;
                       B may be a directory that predict --dump wrote, or one
                       with a file BLOB.npy for each blob known of one input
  --max-relative-error E
                       with --layers: exit with 1 if a blob's greatest error is
                       more than this fraction of its greatest value (0.001)
  --json               one JSON object
  --quiet              no progress
)" MLMODEL_THREADS_HELP MLMODEL_RUN_OPTIONS_HELP R"(
  mlmodel compare net.mlmodel small.mlmodel --inputs photos --min-agreement 0.99
  mlmodel compare --layers net.mlmodel reference --inputs x.json
)",
    run};
