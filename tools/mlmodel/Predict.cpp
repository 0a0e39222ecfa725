//===- Predict.cpp - mlmodel predict --------------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "MLModel/Support/AtomicFile.h"
#include "RunOptions.h"
#include "Values.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlmodel;
using llvm::StringRef;
namespace json = llvm::json;

namespace {
struct PredictOptions {
  std::string model, outputDir;
  std::vector<std::string> inputs, inputFiles;
  LoadOptions run;
};
} // namespace

static llvm::Expected<PredictOptions> parseOptions(CommandLine &line) {
  PredictOptions options;
  llvm::Expected<std::vector<std::string>> inputs = line.takeValues("--input");
  if (!inputs)
    return inputs.takeError();
  options.inputs = std::move(*inputs);
  llvm::Expected<std::vector<std::string>> files = line.takeValues("--inputs");
  if (!files)
    return files.takeError();
  options.inputFiles = std::move(*files);
  llvm::Expected<std::optional<std::string>> dir =
      line.takeValue("--output-dir");
  if (!dir)
    return dir.takeError();
  options.outputDir = dir->value_or("");
  llvm::Expected<std::optional<std::string>> state =
      line.takeValue("--state-dir");
  if (!state)
    return state.takeError();
  if (*state)
    return makeError(ExitCode::Unsupported,
                     "--state-dir: models with states cannot be run yet");
  llvm::Expected<std::optional<std::string>> precision =
      line.takeValue("--precision");
  if (!precision)
    return precision.takeError();
  if (precision->value_or("f32") != "f32")
    return makeError(ExitCode::Unsupported, "--precision: only f32 is offered");
  llvm::Expected<std::optional<int64_t>> threads =
      line.takeInteger("--threads", 1, 1024);
  if (!threads)
    return threads.takeError();
  llvm::Expected<LoadOptions> run = takeRunOptions(line);
  if (!run)
    return run.takeError();
  options.run = *run;
  llvm::Expected<std::vector<std::string>> positional = line.finish({"MODEL"});
  if (!positional)
    return positional.takeError();
  options.model = positional->front();
  return options;
}

static llvm::Error writeResults(const Model &model, const FeatureMap &features,
                                StringRef directory) {
  if (!directory.empty())
    if (std::error_code error = llvm::sys::fs::create_directories(directory))
      return makeError(ExitCode::IO, directory + ": " + error.message());
  json::Object results;
  for (const auto &[name, value] : features) {
    const FeatureDescription *feature = nullptr;
    for (const FeatureDescription &output : model.outputs())
      if (output.name == name)
        feature = &output;
    llvm::Expected<json::Value> result =
        writeOutput(feature, name, value, directory);
    if (!result)
      return result.takeError();
    results[json::isUTF8(name) ? name : json::fixUTF8(name)] =
        std::move(*result);
  }
  std::string text =
      llvm::formatv("{0:2}\n", json::Value(std::move(results))).str();
  if (!directory.empty())
    return writeFileAtomically((directory + "/outputs.json").str(),
                               StringRef(text));
  llvm::outs() << text;
  return llvm::Error::success();
}

static llvm::Expected<ExitCode> run(CommandLine &line) {
  llvm::Expected<PredictOptions> options = parseOptions(line);
  if (!options)
    return options.takeError();
  llvm::Expected<std::unique_ptr<Model>> model =
      Model::load(options->model, options->run);
  if (!model)
    return model.takeError();
  FeatureMap inputs;
  for (StringRef file : options->inputFiles)
    if (llvm::Error error = addInputsFromFile(**model, file, inputs))
      return std::move(error);
  for (StringRef input : options->inputs)
    if (llvm::Error error = addInput(**model, input, inputs))
      return std::move(error);
  llvm::Expected<FeatureMap> outputs = (*model)->predict(inputs);
  if (!outputs)
    return outputs.takeError();
  if (llvm::Error error = writeResults(**model, *outputs, options->outputDir))
    return std::move(error);
  return ExitCode::Ok;
}

const Command mlmodel::predictCommand = {
    "predict", "run a model on given inputs",
    R"(usage: mlmodel predict MODEL --input NAME=VALUE... [--output-dir DIR]

Runs MODEL once and prints its outputs as JSON, arrays shortened; with
--output-dir, outputs.json and the arrays themselves go to DIR.

  --input NAME=VALUE   VALUE is a .npy, .npz, .png, .jpg or .json file, numbers
                       with commas between, text, random:SEED, or zeros
  --inputs FILE.json   many inputs at once: {"NAME": value or file name, ...}
  --output-dir DIR     where outputs are written; images also as .png
  --threads N          accepted; networks run on one thread for now
  --precision f32      the only precision for now
)" MLMODEL_RUN_OPTIONS_HELP R"(
  mlmodel predict digits.mlmodel --input image=seven.png
  mlmodel predict net.mlmodel --input x=x.npy --input y=1,2,3 --output-dir out
)",
    run};
