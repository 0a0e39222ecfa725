//===- RunOptions.cpp - Options of all commands that run models -----------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RunOptions.h"
#include "MLModel/Runtime/CustomLayer.h"
#include "MLModel/Support/Errors.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlmodel;

llvm::Error mlmodel::takeCustomLayerOptions(CommandLine &line,
                                            LoadOptions &options) {
  llvm::Expected<std::vector<std::string>> rules =
      line.takeValues("--custom-rules");
  if (!rules)
    return rules.takeError();
  options.customRules = std::move(*rules);
  llvm::Expected<std::vector<std::string>> libraries =
      line.takeValues("--custom-library");
  if (!libraries)
    return libraries.takeError();
  if (libraries->empty())
    return llvm::Error::success();
  auto registry = std::make_shared<CustomLayerRegistry>();
  for (const std::string &library : *libraries)
    if (llvm::Error error = registry->addLibrary(library))
      return error;
  options.customLayers = std::move(registry);
  return llvm::Error::success();
}

static llvm::Error takeCacheOptions(CommandLine &line, LoadOptions &options) {
  bool isOff = line.takeFlag("--no-cache");
  llvm::Expected<std::optional<std::string>> directory =
      line.takeValue("--cache-dir");
  if (!directory)
    return directory.takeError();
  if (isOff && *directory)
    return makeError(ExitCode::Usage,
                     "--cache-dir and --no-cache exclude each other");
  if (!isOff)
    options.cacheDirectory = directory->value_or(getDefaultCacheDirectory());
  return llvm::Error::success();
}

llvm::Error mlmodel::takeThreads(CommandLine &line, LoadOptions &options) {
  llvm::Expected<std::optional<int64_t>> threads =
      line.takeInteger("--threads", 1, 1024);
  if (!threads)
    return threads.takeError();
  options.threads = threads->value_or(getDefaultThreads());
  return llvm::Error::success();
}

llvm::Expected<LoadOptions> mlmodel::takeRunOptions(CommandLine &line) {
  LoadOptions options;
  options.warn = [](llvm::StringRef text) {
    llvm::errs() << "mlmodel: warning: " << text << '\n';
  };
  if (llvm::Error error = takeCustomLayerOptions(line, options))
    return std::move(error);
  if (llvm::Error error = takeCacheOptions(line, options))
    return std::move(error);
  options.shareCode = !line.takeFlag("--each-shape");
  llvm::Expected<std::optional<int64_t>> rounds =
      line.takeInteger("--max-loop-iterations", 1, INT64_MAX);
  if (!rounds)
    return rounds.takeError();
  if (*rounds)
    options.maxLoopIterations = **rounds;
  llvm::Expected<std::optional<std::string>> deadline =
      line.takeValue("--deadline");
  if (!deadline)
    return deadline.takeError();
  if (*deadline && (llvm::StringRef(**deadline).getAsDouble(options.deadline) ||
                    !(options.deadline > 0)))
    return makeError(ExitCode::Usage, "--deadline: '" + **deadline +
                                          "' is no positive number of seconds");
  return options;
}
