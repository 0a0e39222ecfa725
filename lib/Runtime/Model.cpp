//===- Model.cpp - Load, describe, predict --------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Runtime/Model.h"
#include "Description.h"
#include "MLModel/Conversion/Passes.h"
#include "MLModel/Runtime/DiagnosticCollector.h"
#include "MLModel/Runtime/Engine.h"
#include "MLModel/Transforms/InferShapes.h"
#include "MLModel/Translate/Translate.h"
#include "Preprocessing.h"
#include "mlir/Pass/PassManager.h"
#include <chrono>
#include <random>

using namespace mlir;
using namespace mlmodel;

namespace {
double now() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// A network compiled for one set of input shapes.
struct CompiledNetwork {
  std::unique_ptr<Engine> engine;
  std::vector<FloatTensor> outputs;
};
} // namespace

struct Model::Impl {
  LoadOptions options;
  MappedFile::Ref file;
  // Engines read weights that the context owns, so they are destroyed first:
  // members go in reverse order.
  std::unique_ptr<MLIRContext> context;
  OwningOpRef<ModuleOp> module;
  std::vector<FeatureDescription> inputs, outputs, states;
  std::map<std::string, CompiledNetwork> compiled;
  ModelTimes times;

  ModelOp getModel() {
    return cast<ModelOp>(module->getBody()->front());
  }
  StringRef fileName() const { return file->name(); }

  llvm::Error load();
  llvm::Expected<NetworkOp> getNetwork();
  llvm::Expected<InputShapes> getShapes(NetworkOp network,
                                        const FeatureMap &features);
  llvm::Expected<CompiledNetwork *> getCompiled(const InputShapes &shapes);
  llvm::Expected<OwningOpRef<ModuleOp>> lower(const InputShapes &shapes);
  llvm::Expected<std::unique_ptr<Engine>> compile(const InputShapes &shapes);
  llvm::Expected<FeatureMap> collect(NetworkOp network,
                                     ArrayRef<FloatTensor> blobs);
  llvm::Error addClasses(NetworkOp network, const FloatTensor &probabilities,
                         FeatureMap &features);
};

static ArrayRef<float> getValues(const FloatTensor &tensor) {
  return {tensor.data(), static_cast<size_t>(tensor.numElements())};
}

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

llvm::Error Model::Impl::load() {
  double start = now();
  context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
  DiagnosticCollector diagnostics(context.get());
  ImportOptions importOptions;
  importOptions.keepWire = false;
  module = importModel(context.get(), file->bytes(), file, fileName(),
                       importOptions);
  if (!module)
    return diagnostics.takeError(fileName());
  inputs = describeFeatures(getModel(), "input");
  outputs = describeFeatures(getModel(), "output");
  states = describeFeatures(getModel(), "state");
  times.load = now() - start;
  return llvm::Error::success();
}

llvm::Expected<NetworkOp> Model::Impl::getNetwork() {
  ModelTypeOpInterface content = getModel().getContent();
  if (auto network = dyn_cast<NetworkOp>(*content))
    return network;
  return makeError(ExitCode::Unsupported,
                   fileName() + ": models of type " + content.getModelField() +
                       " cannot be run yet");
}

llvm::Error Model::checkShapes() {
  DiagnosticCollector diagnostics(impl->context.get());
  OwningOpRef<ModuleOp> copy = impl->module->clone();
  if (failed(inferShapes(cast<ModelOp>(copy->getBody()->front()))))
    return diagnostics.takeError(impl->fileName());
  return llvm::Error::success();
}

llvm::Error Model::checkRunnable() {
  if (llvm::Error error = checkShapes())
    return error;
  llvm::Expected<NetworkOp> network = impl->getNetwork();
  if (!network)
    return network.takeError();
  return impl->lower({}).takeError();
}

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

llvm::Expected<InputShapes>
Model::Impl::getShapes(NetworkOp network, const FeatureMap &features) {
  InputShapes shapes;
  for (const FeatureDescription &feature : inputs) {
    auto it = features.find(feature.name);
    if (it == features.end())
      return makeError(feature.isOptional ? ExitCode::Unsupported
                                          : ExitCode::Usage,
                       "input '" + feature.name + "' (" + feature.describe() +
                           ") is missing");
    llvm::Expected<SmallVector<int64_t>> actual =
        getActualShape(feature, it->second);
    if (!actual)
      return actual.takeError();
    DictionaryAttr entry = findFeature(getModel(), "input", feature.name);
    std::optional<SmallVector<int64_t>> shape =
        getInputBlobShape(network, entry, *actual);
    if (shape)
      shapes[feature.name] = *shape;
  }
  for (const auto &[name, value] : features)
    if (llvm::none_of(inputs, [&](auto &input) { return input.name == name; }))
      return makeError(ExitCode::Usage, "the model has no input '" + name + "'");
  if (!states.empty())
    return makeError(ExitCode::Unsupported,
                     fileName() + ": state '" + states.front().name +
                         "': models with states cannot be run yet");
  return shapes;
}

/// The network as a function of mil operations, for the given input shapes.
llvm::Expected<OwningOpRef<ModuleOp>>
Model::Impl::lower(const InputShapes &shapes) {
  DiagnosticCollector diagnostics(context.get());
  OwningOpRef<ModuleOp> copy = module->clone();
  if (failed(inferShapes(cast<ModelOp>(copy->getBody()->front()), shapes)))
    return diagnostics.takeError(fileName());
  PassManager passes(context.get());
  passes.addPass(createConvertMLModelToMIL());
  if (failed(passes.run(*copy)))
    return diagnostics.takeError(fileName());
  return copy;
}

llvm::Expected<std::unique_ptr<Engine>>
Model::Impl::compile(const InputShapes &shapes) {
  double start = now();
  llvm::Expected<OwningOpRef<ModuleOp>> lowered = lower(shapes);
  if (!lowered)
    return lowered.takeError();
  EngineOptions engineOptions;
  engineOptions.optLevel = options.optLevel;
  llvm::Expected<std::unique_ptr<Engine>> engine =
      Engine::create(**lowered, engineOptions);
  if (!engine)
    return addContext(fileName(), engine.takeError());
  times.compile += now() - start;
  return engine;
}

llvm::Expected<CompiledNetwork *>
Model::Impl::getCompiled(const InputShapes &shapes) {
  std::string key;
  for (const FeatureDescription &input : inputs)
    key += shapeToString(shapes.lookup(input.name)) + ";";
  auto it = compiled.find(key);
  if (it != compiled.end())
    return &it->second;
  llvm::Expected<std::unique_ptr<Engine>> engine = compile(shapes);
  if (!engine)
    return engine.takeError();
  CompiledNetwork &network = compiled[key];
  network.engine = std::move(*engine);
  return &network;
}

//===----------------------------------------------------------------------===//
// Predicting
//===----------------------------------------------------------------------===//

llvm::Error Model::Impl::addClasses(NetworkOp network,
                                    const FloatTensor &probabilities,
                                    FeatureMap &features) {
  std::vector<Label> labels = getClassLabels(network);
  ArrayRef<float> values = getValues(probabilities);
  if (labels.size() != values.size())
    return makeError(ExitCode::InvalidModel,
                     fileName() + ": the classifier has " +
                         Twine(labels.size()) +
                         " class labels but its probabilities have " +
                         Twine(values.size()) + " values");
  DictionaryAttr description = getModel().getDescriptionAttr();
  auto nameOf = [&](StringRef field) -> std::string {
    auto name = description.getAs<StringAttr>(field);
    return name ? name.str() : "";
  };
  std::string label = nameOf("predictedFeatureName");
  std::string dictionary = nameOf("predictedProbabilitiesName");
  if (!label.empty() && !labels.empty()) {
    const Label &best = labels[std::max_element(values.begin(), values.end()) -
                               values.begin()];
    if (const auto *text = std::get_if<std::string>(&best))
      features[label] = *text;
    else
      features[label] = std::get<int64_t>(best);
  }
  if (!dictionary.empty()) {
    Dictionary entries;
    for (auto [key, value] : llvm::zip(labels, values))
      entries.emplace_back(key, value);
    features[dictionary] = std::move(entries);
  }
  return llvm::Error::success();
}

llvm::Expected<FeatureMap>
Model::Impl::collect(NetworkOp network, ArrayRef<FloatTensor> blobs) {
  FeatureMap features;
  bool hasExactRank =
      network.getArrayInputShapeMapping() == "EXACT_ARRAY_MAPPING";
  bool isClassifier = network.getKind() == "neuralNetworkClassifier";
  for (auto [i, name] :
       llvm::enumerate(network.getOutputNames().getAsRange<StringAttr>())) {
    auto feature = llvm::find_if(
        outputs, [&](auto &output) { return output.name == name.getValue(); });
    if (feature == outputs.end() || feature->kind == FeatureKind::Dictionary)
      continue;
    llvm::Expected<FeatureValue> value = makeOutput(
        *feature, getValues(blobs[i]), blobs[i].shape(), hasExactRank);
    if (!value)
      return addContext(fileName(), value.takeError());
    features[feature->name] = std::move(*value);
  }
  // The importer puts a classifier's probabilities last unless they are an
  // output of their own.
  if (isClassifier) {
    StringRef blob = network.getLabelProbabilityLayerName();
    size_t index = blobs.size() - 1;
    for (auto [i, name] :
         llvm::enumerate(network.getOutputNames().getAsRange<StringAttr>()))
      if (name.getValue() == blob)
        index = i;
    if (llvm::Error error = addClasses(network, blobs[index], features))
      return std::move(error);
  }
  return features;
}

llvm::Error Model::compile(const FeatureMap &inputs) {
  llvm::Expected<NetworkOp> network = impl->getNetwork();
  if (!network)
    return network.takeError();
  llvm::Expected<InputShapes> shapes = impl->getShapes(*network, inputs);
  if (!shapes)
    return shapes.takeError();
  return impl->getCompiled(*shapes).takeError();
}

llvm::Expected<FeatureMap> Model::predict(const FeatureMap &inputs) {
  llvm::Expected<NetworkOp> network = impl->getNetwork();
  if (!network)
    return network.takeError();
  llvm::Expected<InputShapes> shapes = impl->getShapes(*network, inputs);
  if (!shapes)
    return shapes.takeError();
  llvm::Expected<CompiledNetwork *> compiled = impl->getCompiled(*shapes);
  if (!compiled)
    return compiled.takeError();

  std::vector<std::vector<float>> blobs;
  std::vector<TensorView> views;
  for (auto name : network->getInputNames().getAsRange<StringAttr>()) {
    auto feature = llvm::find_if(impl->inputs, [&](auto &input) {
      return input.name == name.getValue();
    });
    llvm::Expected<std::vector<float>> blob =
        makeBlob(*network, *feature, inputs.at(feature->name));
    if (!blob)
      return blob.takeError();
    blobs.push_back(std::move(*blob));
    views.push_back(
        {blobs.back().data(), (*compiled)->engine->inputs()[views.size()]});
  }
  if (llvm::Error error =
          (*compiled)->engine->run(views, (*compiled)->outputs))
    return std::move(error);
  return impl->collect(*network, (*compiled)->outputs);
}

llvm::Expected<FeatureMap>
Model::makeInputs(std::optional<uint64_t> seed) const {
  std::mt19937_64 random(seed.value_or(0));
  FeatureMap features;
  for (const FeatureDescription &input : impl->inputs) {
    bool isImage = input.kind == FeatureKind::Image;
    if (input.kind == FeatureKind::Int64 || input.kind == FeatureKind::Double) {
      features[input.name] = 0.0;
      continue;
    }
    if (!isImage && input.kind != FeatureKind::MultiArray)
      return makeError(ExitCode::Unsupported,
                       "input '" + input.name + "' is " + input.describe() +
                           "; no values can be made for it");
    std::vector<int64_t> shape = input.shape;
    if (isImage)
      shape = {input.height, input.width};
    if (isImage && input.colorSpace != ColorSpace::Gray)
      shape.push_back(3);
    if (shape.empty())
      shape = {1};
    llvm::Expected<Tensor> tensor = Tensor::create(
        isImage ? ElementType::UInt8 : ElementType::Float32, shape);
    if (!tensor)
      return tensor.takeError();
    // Built from the generator's bits: distributions differ between libraries.
    if (seed && isImage)
      for (uint8_t &pixel : tensor->mutableBytes())
        pixel = random() >> 56;
    else if (seed)
      for (float &value : tensor->mutableData<float>())
        value = static_cast<int64_t>(random() >> 40) * 0x1p-23f - 1.0f;
    features[input.name] = std::move(*tensor);
  }
  return features;
}

//===----------------------------------------------------------------------===//
// The class itself
//===----------------------------------------------------------------------===//

Model::Model(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
Model::~Model() = default;

llvm::Expected<std::unique_ptr<Model>>
Model::load(StringRef path, const LoadOptions &options) {
  llvm::Expected<MappedFile::Ref> file = MappedFile::open(path);
  if (!file)
    return file.takeError();
  return load(std::move(*file), options);
}

llvm::Expected<std::unique_ptr<Model>>
Model::load(MappedFile::Ref file, const LoadOptions &options) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  impl->file = std::move(file);
  if (llvm::Error error = impl->load())
    return std::move(error);
  return std::unique_ptr<Model>(new Model(std::move(impl)));
}

ArrayRef<FeatureDescription> Model::inputs() const { return impl->inputs; }
ArrayRef<FeatureDescription> Model::outputs() const { return impl->outputs; }
ArrayRef<FeatureDescription> Model::states() const { return impl->states; }
ModelTimes Model::times() const { return impl->times; }
ModuleOp Model::getModule() const { return *impl->module; }
