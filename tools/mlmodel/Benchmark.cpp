//===- Benchmark.cpp - mlmodel benchmark ----------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "MLModel/Runtime/Model.h"
#include "Profile.h"
#include "RunOptions.h"
#include "Values.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <fstream>
#include <iostream>
#include <unistd.h>

using namespace mlmodel;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
namespace json = llvm::json;

namespace {
struct BenchmarkOptions {
  std::string model;
  int64_t runs = 20, warmup = 3;
  uint64_t seed = 0;
  /// "NAME=VALUE" each, in place of random ones.
  std::vector<std::string> inputs;
  bool asJson = false;
  /// Waits for a line on standard input before each run.
  bool isStepwise = false;
  LoadOptions run;
};

struct BenchmarkResult {
  uint64_t bytes = 0;
  double load = 0, compile = 0, resident = 0;
  MemoryUse memory;
  std::optional<Profile> profile;
  CacheUse cache;
  /// Sorted.
  std::vector<double> milliseconds;

  double getQuantile(double fraction) const {
    return milliseconds[static_cast<size_t>(fraction *
                                            (milliseconds.size() - 1))];
  }
  double getMedian() const {
    size_t n = milliseconds.size();
    return (milliseconds[n / 2] + milliseconds[(n - 1) / 2]) / 2;
  }
};
} // namespace

static Expected<BenchmarkOptions> parseOptions(CommandLine &line) {
  BenchmarkOptions options;
  options.asJson = line.takeFlag("--json");
  options.isStepwise = line.takeFlag("--stepwise");
  std::pair<StringRef, int64_t *> counts[] = {{"--runs", &options.runs},
                                              {"--warmup", &options.warmup}};
  for (auto [name, count] : counts) {
    Expected<std::optional<int64_t>> value =
        line.takeInteger(name, name == "--runs" ? 1 : 0, 1 << 24);
    if (!value)
      return value.takeError();
    *count = value->value_or(*count);
  }
  Expected<std::optional<int64_t>> seed =
      line.takeInteger("--seed", 0, INT64_MAX);
  if (!seed)
    return seed.takeError();
  options.seed = seed->value_or(0);
  Expected<std::vector<std::string>> inputs = line.takeValues("--input");
  if (!inputs)
    return inputs.takeError();
  options.inputs = std::move(*inputs);
  Expected<LoadOptions> run = takeRunOptions(line);
  if (!run)
    return run.takeError();
  options.run = *run;
  if (Error error = takeThreads(line, options.run))
    return std::move(error);
  options.run.profile = line.takeFlag("--profile");
  Expected<std::vector<std::string>> positional = line.finish({"MODEL"});
  if (!positional)
    return positional.takeError();
  options.model = positional->front();
  return options;
}

/// Megabytes of this process in memory, or 0 where the system does not tell.
static double getResidentMegabytes() {
  std::ifstream file("/proc/self/statm");
  uint64_t total = 0, resident = 0;
  file >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

/// Milliseconds of one prediction.
static Expected<double> timePrediction(Model &model, const FeatureMap &inputs) {
  auto start = std::chrono::steady_clock::now();
  Expected<FeatureMap> outputs = model.predict(inputs);
  std::chrono::duration<double, std::milli> time =
      std::chrono::steady_clock::now() - start;
  if (!outputs)
    return outputs.takeError();
  return time.count();
}

/// Takes turns with another program: the first line on standard output says
/// that the model is ready; then each line on standard input asks for one
/// prediction and is answered with its milliseconds.
static Error runStepwise(Model &model, const FeatureMap &inputs) {
  llvm::outs() << "ready\n";
  llvm::outs().flush();
  for (std::string line; std::getline(std::cin, line);) {
    Expected<double> time = timePrediction(model, inputs);
    if (!time)
      return time.takeError();
    llvm::outs() << llvm::formatv("{0:F4}\n", *time);
    llvm::outs().flush();
  }
  return Error::success();
}

static Expected<BenchmarkResult> measure(const BenchmarkOptions &options) {
  BenchmarkResult result;
  Expected<std::unique_ptr<Model>> model =
      Model::load(options.model, options.run);
  if (!model)
    return model.takeError();
  if (std::error_code error =
          llvm::sys::fs::file_size(options.model, result.bytes))
    return makeError(ExitCode::IO, options.model + ": " + error.message());
  Expected<FeatureMap> inputs = (*model)->makeInputs(options.seed);
  if (!inputs)
    return inputs.takeError();
  for (const std::string &input : options.inputs) {
    inputs->erase(StringRef(input).split('=').first.str());
    if (Error error = addInput(**model, input, *inputs))
      return std::move(error);
  }
  if (Error error = (*model)->compile(*inputs))
    return std::move(error);
  if (options.isStepwise) {
    if (Error error = runStepwise(**model, *inputs))
      return std::move(error);
    return result;
  }
  std::vector<LayerProfile> before;
  for (int64_t i = -options.warmup; i < options.runs; ++i) {
    if (i == 0)
      before = (*model)->profile();
    Expected<double> time = timePrediction(**model, *inputs);
    if (!time)
      return time.takeError();
    if (i >= 0)
      result.milliseconds.push_back(*time);
  }
  llvm::sort(result.milliseconds);
  if (options.run.profile)
    result.profile.emplace((*model)->profile(), before, options.runs,
                           measureMachinePeak(options.run.threads));
  result.load = (*model)->times().load * 1e3;
  result.compile = (*model)->times().compile * 1e3;
  result.memory = (*model)->memoryUse();
  result.cache = (*model)->cacheUse();
  result.resident = getResidentMegabytes();
  return result;
}

static void printJson(const BenchmarkOptions &options,
                      const BenchmarkResult &result) {
  json::Value all =
      json::Object{{"file", json::fixUTF8(options.model)},
                   {"bytes", int64_t(result.bytes)},
                   {"median_ms", result.getMedian()},
                   {"min_ms", result.milliseconds.front()},
                   {"max_ms", result.milliseconds.back()},
                   {"p90_ms", result.getQuantile(0.9)},
                   {"load_ms", result.load},
                   {"compile_ms", result.compile},
                   {"resident_mb", result.resident},
                   {"weight_bytes", int64_t(result.memory.weights)},
                   {"arena_bytes", int64_t(result.memory.arena)},
                   {"code_bytes", int64_t(result.memory.code)},
                   {"cache_hits", result.cache.hits},
                   {"cache_misses", result.cache.misses},
                   {"threads", int64_t(options.run.threads)},
                   {"runs", options.runs}};
  if (result.profile)
    (*all.getAsObject())["profile"] = result.profile->toJson();
  llvm::outs() << llvm::formatv("{0:2}\n", all);
}

static void printText(const BenchmarkOptions &options,
                      const BenchmarkResult &result) {
  llvm::outs() << llvm::formatv(
      "latency   median {0:F3} ms, least {1:F3} ms, 90% below {2:F3} ms "
      "({3} runs, {12} thread{13})\n"
      "load      {4:F1} ms\ncompile   {5:F1} ms{6}\nresident  {7:F1} MB\n"
      "weights   {8} bytes\narena     {9} bytes\ncode      {10} bytes\n"
      "file      {11} bytes\n",
      result.getMedian(), result.milliseconds.front(), result.getQuantile(0.9),
      options.runs, result.load, result.compile,
      result.cache.hits ? " (from the cache)" : "", result.resident,
      result.memory.weights, result.memory.arena, result.memory.code,
      result.bytes, options.run.threads, options.run.threads == 1 ? "" : "s");
  if (result.profile)
    result.profile->print(llvm::outs());
}

static Expected<ExitCode> run(CommandLine &line) {
  Expected<BenchmarkOptions> options = parseOptions(line);
  if (!options)
    return options.takeError();
  Expected<BenchmarkResult> result = measure(*options);
  if (!result)
    return result.takeError();
  if (options->isStepwise)
    return ExitCode::Ok;
  if (options->asJson)
    printJson(*options, *result);
  else
    printText(*options, *result);
  return ExitCode::Ok;
}

const Command mlmodel::benchmarkCommand = {
    "benchmark", "how fast a model runs",
    R"(usage: mlmodel benchmark MODEL [--runs N] [--warmup N] [--profile]
                         [--json]

Runs MODEL on random inputs of its declared shapes and prints the latency of one
prediction, the time to load and to compile it, and the memory in use.

  --runs N      predictions that count (20)
  --warmup N    predictions before them (3)
  --seed S      for other random inputs (0)
  --input NAME=VALUE
                 as for predict: another value, or another shape
  --profile     also the time of each layer, and what the machine could do with
                as many threads
  --json        one JSON object
  --stepwise    print "ready", then predict once for each line on standard input
                and print the milliseconds: for turns with another program
)" MLMODEL_THREADS_HELP MLMODEL_RUN_OPTIONS_HELP R"(
  mlmodel benchmark net.mlmodel --runs 100 --json
)",
    run};
