//===- Predict.cpp - mlmodel predict --------------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "DataSet.h"
#include "LayerDump.h"
#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "MLModel/Support/Json.h"
#include "RunOptions.h"
#include "StateDir.h"
#include "Values.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlmodel;
using llvm::StringRef;
namespace json = llvm::json;

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

namespace {
struct PredictOptions {
  std::string model, outputDir, stateDir;
  /// Which layers to write, and where to.
  std::string dumpLayers, dumpDir;
  std::vector<std::string> inputs, inputFiles;
  bool isStateful = false;
  LoadOptions run;
};
} // namespace

static llvm::Error takeText(CommandLine &line, StringRef name,
                            std::string &text) {
  llvm::Expected<std::optional<std::string>> value = line.takeValue(name);
  if (!value)
    return value.takeError();
  text = value->value_or("");
  return llvm::Error::success();
}

static llvm::Error takeTexts(CommandLine &line, StringRef name,
                             std::vector<std::string> &texts) {
  llvm::Expected<std::vector<std::string>> values = line.takeValues(name);
  if (!values)
    return values.takeError();
  texts = std::move(*values);
  return llvm::Error::success();
}

/// Takes "--dump REGEX:DIR" apart.
static llvm::Error takeDump(CommandLine &line, PredictOptions &options) {
  std::string text;
  if (llvm::Error error = takeText(line, "--dump", text))
    return error;
  if (text.empty())
    return llvm::Error::success();
  auto [layers, directory] = StringRef(text).rsplit(':');
  std::string message;
  if (layers.empty() || directory.empty())
    return makeError(ExitCode::Usage,
                     "--dump: '" + text + "' is not of the form REGEX:DIR");
  if (!llvm::Regex(layers).isValid(message))
    return makeError(ExitCode::Usage, "--dump: '" + layers + "': " + message);
  options.dumpLayers = layers.str();
  options.dumpDir = directory.str();
  return llvm::Error::success();
}

static llvm::Expected<PredictOptions> parseOptions(CommandLine &line) {
  PredictOptions options;
  std::string precision;
  if (llvm::Error error = takeTexts(line, "--input", options.inputs))
    return std::move(error);
  if (llvm::Error error = takeTexts(line, "--inputs", options.inputFiles))
    return std::move(error);
  if (llvm::Error error = takeText(line, "--output-dir", options.outputDir))
    return std::move(error);
  if (llvm::Error error = takeText(line, "--state-dir", options.stateDir))
    return std::move(error);
  if (llvm::Error error = takeText(line, "--precision", precision))
    return std::move(error);
  if (llvm::Error error = takeDump(line, options))
    return std::move(error);
  options.isStateful = line.takeFlag("--stateful") || !options.stateDir.empty();
  if (!precision.empty() && precision != "f32")
    return makeError(ExitCode::Unsupported, "--precision: only f32 is offered");
  llvm::Expected<LoadOptions> run = takeRunOptions(line);
  if (!run)
    return run.takeError();
  options.run = *run;
  if (llvm::Error error = takeThreads(line, options.run))
    return std::move(error);
  llvm::Expected<std::vector<std::string>> positional = line.finish({"MODEL"});
  if (!positional)
    return positional.takeError();
  options.model = positional->front();
  return options;
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

namespace {
/// The inputs of one prediction, or of each of a sequence of predictions.
struct Inputs {
  FeatureMap common;
  std::optional<DataSet> sequence;

  size_t size() const { return sequence ? sequence->size() : 1; }
  llvm::Expected<FeatureMap> get(size_t index) const;
  llvm::Error addFile(const Model &model, StringRef path);
};
} // namespace

llvm::Expected<FeatureMap> Inputs::get(size_t index) const {
  if (!sequence)
    return common;
  llvm::Expected<FeatureMap> inputs = sequence->get(index);
  if (inputs)
    inputs->insert(common.begin(), common.end());
  return inputs;
}

llvm::Error Inputs::addFile(const Model &model, StringRef path) {
  auto addSequence = [&](llvm::Expected<DataSet> data) -> llvm::Error {
    if (!data)
      return data.takeError();
    if (sequence)
      return makeError(ExitCode::Usage,
                       "--inputs: only one sequence of inputs can be given");
    sequence = std::move(*data);
    return llvm::Error::success();
  };
  if (!path.ends_with_insensitive(".json"))
    return addSequence(DataSet::open(model, path));
  llvm::Expected<json::Value> file = readJsonFile(path);
  if (!file)
    return file.takeError();
  if (const json::Object *object = file->getAsObject())
    return addInputs(model, *object, common);
  return addSequence(DataSet::fromJson(model, path, *file));
}

static llvm::Expected<Inputs> readInputs(const Model &model,
                                         const PredictOptions &options) {
  Inputs inputs;
  for (StringRef file : options.inputFiles)
    if (llvm::Error error = inputs.addFile(model, file))
      return std::move(error);
  for (StringRef input : options.inputs)
    if (llvm::Error error = addInput(model, input, inputs.common))
      return std::move(error);
  return inputs;
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

static llvm::Error checkDump(const Model &model,
                             const PredictOptions &options) {
  llvm::Regex pattern(options.dumpLayers);
  mlir::WalkResult result = model.getModule().walk([&](LayerOpInterface layer) {
    return pattern.match(layer.getLayer().getName().getValue())
               ? mlir::WalkResult::interrupt()
               : mlir::WalkResult::advance();
  });
  if (result.wasInterrupted())
    return llvm::Error::success();
  return makeError(ExitCode::Usage, "--dump: no layer's name matches '" +
                                        options.dumpLayers + "'");
}

/// Predicts for all inputs; a sequence's outputs go to numbered directories.
static llvm::Expected<json::Array> predictAll(Model &model,
                                              const Inputs &inputs,
                                              const PredictOptions &options,
                                              FeatureMap &state) {
  json::Array results;
  for (size_t i = 0; i != inputs.size(); ++i) {
    llvm::Expected<FeatureMap> values = inputs.get(i);
    if (!values)
      return values.takeError();
    llvm::Expected<FeatureMap> outputs = options.isStateful
                                             ? model.predict(*values, state)
                                             : model.predict(*values);
    if (!outputs)
      return outputs.takeError();
    std::string number = inputs.sequence ? "/" + std::to_string(i) : "";
    if (!options.dumpDir.empty())
      if (llvm::Error error =
              writeLayerDump(model.layerBlobs(), options.dumpDir + number))
        return std::move(error);
    std::string directory =
        options.outputDir.empty() ? "" : options.outputDir + number;
    llvm::Expected<json::Object> result =
        writeOutputs(model.outputs(), *outputs, directory);
    if (!result)
      return result.takeError();
    results.push_back(std::move(*result));
  }
  return results;
}

static llvm::Expected<ExitCode> run(CommandLine &line) {
  llvm::Expected<PredictOptions> options = parseOptions(line);
  if (!options)
    return options.takeError();
  if (!options->dumpDir.empty())
    options->run.observe = [pattern = options->dumpLayers](StringRef layer) {
      return llvm::Regex(pattern).match(layer);
    };
  llvm::Expected<std::unique_ptr<Model>> model =
      Model::load(options->model, options->run);
  if (!model)
    return model.takeError();
  if (!options->dumpDir.empty())
    if (llvm::Error error = checkDump(**model, *options))
      return std::move(error);
  if (options->isStateful && (*model)->statePairs().empty())
    return makeError(ExitCode::Usage,
                     options->model +
                         ": no recurrent layer has an input of the model as "
                         "its state and leaves it in an output");
  llvm::Expected<Inputs> inputs = readInputs(**model, *options);
  if (!inputs)
    return inputs.takeError();
  FeatureMap state;
  if (!options->stateDir.empty()) {
    llvm::Expected<FeatureMap> kept = readState(**model, options->stateDir);
    if (!kept)
      return kept.takeError();
    state = std::move(*kept);
  }
  llvm::Expected<json::Array> results =
      predictAll(**model, *inputs, *options, state);
  if (!results)
    return results.takeError();
  if (!options->stateDir.empty())
    if (llvm::Error error = writeState(state, options->stateDir))
      return std::move(error);
  if (options->outputDir.empty())
    llvm::outs() << llvm::formatv(
        "{0:2}\n",
        inputs->sequence ? json::Value(std::move(*results)) : results->front());
  return ExitCode::Ok;
}

const Command mlmodel::predictCommand = {
    "predict", "run a model on given inputs",
    R"(usage: mlmodel predict MODEL --input NAME=VALUE... [--output-dir DIR]

Runs MODEL once and prints its outputs as JSON, arrays shortened; with
--output-dir, outputs.json and the arrays themselves go to DIR.

  --input NAME=VALUE   VALUE is a .npy, .npz, .png, .jpg or .json file, numbers
                       with commas between, text, random:SEED, or zeros
  --inputs PATH        a .json with many inputs at once:
                         {"NAME": value or file name, ...}
                       or the inputs of a sequence of predictions: a .json with
                       a list of such objects, a directory of images and .npy
                       files, or one .npy whose first axis counts the inputs
  --output-dir DIR     where outputs are written, images also as .png; those of
                       a sequence in DIR/0, DIR/1 ...
  --dump REGEX:DIR     also write what the layers whose names match wrote, as
                       DIR/BLOB.npy and a list of them in DIR/layers.json;
                       in loops, also DIR/BLOB.1.npy and so on
  --stateful           each prediction of a sequence starts from the state that
                       the recurrent layers left in the one before; from zeros
                       where the first is given none
  --state-dir DIR      --stateful that starts from the state in DIR, if there is
                       one, and leaves it there
  --precision f32      the only precision for now
)" MLMODEL_THREADS_HELP MLMODEL_RUN_OPTIONS_HELP R"(
Optional arrays may be left out; they are their default value, or zeros.

  mlmodel predict digits.mlmodel --input image=seven.png
  mlmodel predict net.mlmodel --input x=x.npy --input y=1,2,3 --output-dir out
  mlmodel predict lstm.mlmodel --inputs words.npy --stateful --output-dir out
)",
    run};
