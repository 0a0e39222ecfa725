//===- Model.cpp - Load, describe, predict --------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Runtime/Model.h"
#include "CodeCache.h"
#include "CustomLayerHost.h"
#include "CustomLayerUses.h"
#include "Description.h"
#include "MLModel/Conversion/MLModelToMIL.h"
#include "MLModel/Conversion/Passes.h"
#include "MLModel/Runtime/DiagnosticCollector.h"
#include "MLModel/Transforms/InferShapes.h"
#include "MLModel/Translate/Translate.h"
#include "NetworkExecutor.h"
#include "Preprocessing.h"
#include "States.h"
#include "ThreadPool.h"
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
} // namespace

struct Model::Impl {
  LoadOptions options;
  MappedFile::Ref file;
  // Engines read weights that the context owns, so they are destroyed first:
  // members go in reverse order.
  std::unique_ptr<MLIRContext> context;
  OwningOpRef<ModuleOp> module;
  std::vector<FeatureDescription> inputs, outputs, states;
  std::vector<StatePair> statePairs;
  CustomLayerUses customLayers;
  std::unique_ptr<CodeCache> cache;
  std::unique_ptr<NetworkExecutor> executor;
  /// What the inputs' values were converted to. Memory that is given back after
  /// each prediction has to be mapped anew for the next.
  std::vector<std::vector<float>> buffers;
  double loadSeconds = 0;

  ModelOp getModel() { return cast<ModelOp>(module->getBody()->front()); }
  StringRef fileName() const { return file->name(); }

  llvm::Error load();
  llvm::Expected<NetworkOp> getNetwork();
  bool isState(StringRef input) const;
  /// The shapes of all inputs' blobs. \p makesStates: inputs that are states
  /// may be missing, as optional arrays may.
  llvm::Expected<InputShapes> getShapes(NetworkOp network,
                                        const FeatureMap &features,
                                        bool makesStates = false);
  /// Finds layers that nothing here can run, before any of the others does.
  llvm::Error checkLayers(NetworkOp network);
  llvm::Expected<NetworkExecutor *> getExecutor(NetworkOp network);
  llvm::Error checkLowering(ModuleOp inferred);
  llvm::Expected<FeatureMap> collect(NetworkOp network,
                                     ArrayRef<TensorView> blobs);
  llvm::Error addClasses(NetworkOp network, const TensorView &probabilities,
                         FeatureMap &features);
};

static const FeatureDescription *
findByName(ArrayRef<FeatureDescription> features, StringRef name) {
  const auto *it = llvm::find_if(
      features, [&](auto &feature) { return feature.name == name; });
  return it == features.end() ? nullptr : it;
}

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

llvm::Error Model::Impl::load() {
  double start = now();
  if (!options.cacheDirectory.empty())
    cache = std::make_unique<CodeCache>(options, file);
  context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
  if (options.customLayers)
    CustomLayerHost::attach(context.get(), options.customLayers);
  DiagnosticCollector diagnostics(context.get());
  ImportOptions importOptions;
  importOptions.keepWire = false;
  module = importModel(context.get(), file->bytes(), file, fileName(),
                       importOptions);
  if (!module)
    return diagnostics.takeError(fileName());
  if (llvm::Error error = customLayers.resolve(*module, options))
    return error;
  inputs = describeFeatures(getModel(), "input");
  outputs = describeFeatures(getModel(), "output");
  states = describeFeatures(getModel(), "state");
  ModelTypeOpInterface content = getModel().getContent();
  if (auto network = dyn_cast<NetworkOp>(*content))
    statePairs = findStatePairs(network);
  llvm::erase_if(statePairs, [&](const StatePair &pair) {
    const FeatureDescription *input = findByName(inputs, pair.input);
    const FeatureDescription *output = findByName(outputs, pair.output);
    return !input || input->kind != FeatureKind::MultiArray || !output ||
           output->kind != FeatureKind::MultiArray;
  });
  loadSeconds = now() - start;
  return llvm::Error::success();
}

llvm::Expected<NetworkOp> Model::Impl::getNetwork() {
  ModelTypeOpInterface content = getModel().getContent();
  if (auto network = dyn_cast<NetworkOp>(*content))
    return network;
  return makeError(ExitCode::Unsupported, fileName() + ": models of type " +
                                              content.getModelField() +
                                              " cannot be run yet");
}

llvm::Error Model::checkShapes() {
  DiagnosticCollector diagnostics(impl->context.get());
  OwningOpRef<ModuleOp> copy = impl->module->clone();
  if (failed(inferShapes(cast<ModelOp>(copy->getBody()->front()))))
    return diagnostics.takeError(impl->fileName());
  return llvm::Error::success();
}

llvm::Error Model::Impl::checkLayers(NetworkOp network) {
  if (llvm::Error error = customLayers.check(fileName()))
    return error;
  DiagnosticCollector diagnostics(context.get());
  if (failed(checkLayerKinds(network)))
    return diagnostics.takeError(fileName());
  return llvm::Error::success();
}

/// Tries the rewrite to mil, which finds what it cannot express. Only where all
/// shapes are known, because it asks for that.
llvm::Error Model::Impl::checkLowering(ModuleOp inferred) {
  bool isStatic = true;
  inferred.walk([&](LayerOpInterface layer) {
    isStatic &= layer->getNumRegions() == 0;
    for (Type type : layer->getResultTypes()) {
      auto tensor = dyn_cast<RankedTensorType>(type);
      isStatic &= tensor && tensor.hasStaticShape();
    }
  });
  if (!isStatic)
    return llvm::Error::success();
  DiagnosticCollector diagnostics(context.get());
  PassManager passes(context.get());
  passes.addPass(createConvertMLModelToMIL());
  if (failed(passes.run(inferred)))
    return diagnostics.takeError(fileName());
  return llvm::Error::success();
}

llvm::Error Model::checkRunnable() {
  OwningOpRef<ModuleOp> copy = impl->module->clone();
  DiagnosticCollector diagnostics(impl->context.get());
  if (failed(inferShapes(cast<ModelOp>(copy->getBody()->front()))))
    return diagnostics.takeError(impl->fileName());
  llvm::Expected<NetworkOp> network = impl->getNetwork();
  if (!network)
    return network.takeError();
  if (llvm::Error error = impl->checkLayers(*network))
    return error;
  return impl->checkLowering(*copy);
}

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

bool Model::Impl::isState(StringRef input) const {
  return llvm::any_of(
      statePairs, [&](const StatePair &pair) { return pair.input == input; });
}

llvm::Expected<InputShapes> Model::Impl::getShapes(NetworkOp network,
                                                   const FeatureMap &features,
                                                   bool makesStates) {
  InputShapes shapes;
  SmallVector<StringRef> omitted;
  for (const FeatureDescription &feature : inputs) {
    auto it = features.find(feature.name);
    bool isArray = feature.kind == FeatureKind::MultiArray;
    bool mayMiss = feature.isOptional || (makesStates && isState(feature.name));
    if (it == features.end())
      omitted.push_back(feature.name);
    if (it == features.end() && !(mayMiss && isArray))
      return makeError(feature.isOptional ? ExitCode::Unsupported
                                          : ExitCode::Usage,
                       "input '" + feature.name + "' (" + feature.describe() +
                           ") is missing");
    // An optional array that is missing has its declared shape.
    SmallVector<int64_t> actual;
    if (it != features.end()) {
      llvm::Expected<SmallVector<int64_t>> given =
          getActualShape(feature, it->second);
      if (!given)
        return given.takeError();
      actual = std::move(*given);
    }
    DictionaryAttr entry = findFeature(getModel(), "input", feature.name);
    std::optional<SmallVector<int64_t>> shape =
        getInputBlobShape(network, entry, actual);
    if (!shape && it == features.end())
      return makeError(ExitCode::Usage, "input '" + feature.name + "' (" +
                                            feature.describe() +
                                            ") is missing, and the model "
                                            "declares no shape for it");
    if (shape)
      shapes[feature.name] = *shape;
  }
  for (const auto &[name, value] : features)
    if (!findByName(inputs, name))
      return makeError(ExitCode::Usage,
                       "the model has no input '" + name + "'");
  if (!states.empty())
    return makeError(ExitCode::Unsupported,
                     fileName() + ": state '" + states.front().name +
                         "': models with states cannot be run yet");
  fitOmittedStates(getModel(), statePairs, omitted, shapes);
  return shapes;
}

llvm::Expected<NetworkExecutor *> Model::Impl::getExecutor(NetworkOp network) {
  if (executor)
    return executor.get();
  if (llvm::Error error = checkLayers(network))
    return std::move(error);
  executor = std::make_unique<NetworkExecutor>(network, fileName(), options,
                                               cache.get());
  return executor.get();
}

//===----------------------------------------------------------------------===//
// Predicting
//===----------------------------------------------------------------------===//

llvm::Error Model::Impl::addClasses(NetworkOp network,
                                    const TensorView &probabilities,
                                    FeatureMap &features) {
  std::vector<Label> labels = getClassLabels(network);
  ArrayRef<float> values = getElements(probabilities);
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
    const Label &best =
        labels[std::max_element(values.begin(), values.end()) - values.begin()];
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

llvm::Expected<FeatureMap> Model::Impl::collect(NetworkOp network,
                                                ArrayRef<TensorView> blobs) {
  FeatureMap features;
  bool hasExactRank =
      network.getArrayInputShapeMapping() == "EXACT_ARRAY_MAPPING";
  bool isClassifier = network.getKind() == "neuralNetworkClassifier";
  // Observed blobs, which may be outputs too, have names behind these.
  ArrayRef<Attribute> names =
      network.getOutputNames().getValue().take_front(blobs.size());
  for (auto [i, name] : llvm::enumerate(names)) {
    const FeatureDescription *feature =
        findByName(outputs, cast<StringAttr>(name).getValue());
    if (!feature || feature->kind == FeatureKind::Dictionary)
      continue;
    llvm::Expected<FeatureValue> value = makeOutput(
        *feature, getElements(blobs[i]), blobs[i].shape, hasExactRank);
    if (!value)
      return addContext(fileName(), value.takeError());
    features[feature->name] = std::move(*value);
  }
  // The importer puts a classifier's probabilities last unless they are an
  // output of their own.
  if (isClassifier) {
    StringRef blob = network.getLabelProbabilityLayerName();
    size_t index = blobs.size() - 1;
    for (auto [i, name] : llvm::enumerate(names))
      if (cast<StringAttr>(name).getValue() == blob)
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
  SmallVector<SmallVector<int64_t>> inOrder;
  for (auto name : network->getInputNames().getAsRange<StringAttr>())
    inOrder.push_back(shapes->lookup(name.getValue()));
  llvm::Expected<NetworkExecutor *> executor = impl->getExecutor(*network);
  if (!executor)
    return executor.takeError();
  return (*executor)->compile(inOrder);
}

/// The blob of an optional array that is not given, in \p buffer.
static llvm::Expected<ArrayRef<float>>
makeDefault(const FeatureDescription &feature, ArrayRef<int64_t> shape,
            std::vector<float> &buffer) {
  // What a file declares costs nothing yet.
  constexpr int64_t kMaxElements = int64_t(1) << 28;
  std::optional<int64_t> count = elementCount(shape);
  if (!count || *count > kMaxElements)
    return makeError(ExitCode::Limit,
                     "input '" + feature.name + "' (" + feature.describe() +
                         ") is missing, and too large to make up");
  buffer.assign(*count, feature.defaultValue);
  return ArrayRef<float>(buffer);
}

llvm::Expected<FeatureMap> Model::predict(const FeatureMap &inputs) {
  llvm::Expected<NetworkOp> network = impl->getNetwork();
  if (!network)
    return network.takeError();
  llvm::Expected<InputShapes> shapes = impl->getShapes(*network, inputs);
  if (!shapes)
    return shapes.takeError();
  auto names = network->getInputNames().getAsRange<StringAttr>();
  std::vector<TensorView> views;
  impl->buffers.resize(network->getInputNames().size());
  for (auto [name, buffer] : llvm::zip_equal(names, impl->buffers)) {
    const FeatureDescription *feature =
        findByName(impl->inputs, name.getValue());
    ArrayRef<int64_t> shape = (*shapes)[feature->name];
    auto value = inputs.find(feature->name);
    llvm::Expected<ArrayRef<float>> blob =
        value != inputs.end()
            ? makeBlob(*network, *feature, value->second, buffer)
            : makeDefault(*feature, shape, buffer);
    if (!blob)
      return blob.takeError();
    views.push_back({blob->data(), shape});
  }
  llvm::Expected<NetworkExecutor *> executor = impl->getExecutor(*network);
  if (!executor)
    return executor.takeError();
  llvm::Expected<std::vector<TensorView>> outputs = (*executor)->run(views);
  if (!outputs)
    return outputs.takeError();
  return impl->collect(*network, *outputs);
}

/// A state in the shape that \p input declares, if it has as many elements.
static llvm::Error takeDeclaredShape(const FeatureDescription &input,
                                     Tensor &state) {
  if (input.shape.empty() || elementCount(input.shape) != state.size())
    return llvm::Error::success();
  return state.reshape(input.shape);
}

llvm::Expected<FeatureMap> Model::predict(const FeatureMap &inputs,
                                          FeatureMap &state) {
  llvm::Expected<NetworkOp> network = impl->getNetwork();
  if (!network)
    return network.takeError();
  FeatureMap all = inputs;
  for (const StatePair &pair : impl->statePairs)
    if (auto last = state.find(pair.input); last != state.end())
      all.insert(*last); // unless it is given
  llvm::Expected<InputShapes> shapes =
      impl->getShapes(*network, all, /*makesStates=*/true);
  if (!shapes)
    return shapes.takeError();
  for (const StatePair &pair : impl->statePairs) {
    const FeatureDescription *input = findByName(impl->inputs, pair.input);
    // An optional one starts from its default.
    if (all.count(pair.input) || input->isOptional)
      continue;
    llvm::Expected<Tensor> zeros =
        Tensor::create(ElementType::Float32, shapes->lookup(pair.input));
    if (!zeros)
      return zeros.takeError();
    all.emplace(pair.input, std::move(*zeros));
  }
  llvm::Expected<FeatureMap> outputs = predict(all);
  if (!outputs)
    return outputs.takeError();
  for (const StatePair &pair : impl->statePairs) {
    Tensor next = std::get<Tensor>(outputs->at(pair.output));
    if (llvm::Error error =
            takeDeclaredShape(*findByName(impl->inputs, pair.input), next))
      return std::move(error);
    state[pair.input] = std::move(next);
  }
  return outputs;
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

unsigned mlmodel::getDefaultThreads() { return ThreadPool::getNumCores(); }

Model::Model(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
Model::~Model() = default;

llvm::Expected<std::unique_ptr<Model>> Model::load(StringRef path,
                                                   const LoadOptions &options) {
  llvm::Expected<MappedFile::Ref> file = MappedFile::open(path);
  if (!file)
    return file.takeError();
  return load(std::move(*file), options);
}

llvm::Expected<std::unique_ptr<Model>> Model::load(MappedFile::Ref file,
                                                   const LoadOptions &options) {
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
ArrayRef<StatePair> Model::statePairs() const { return impl->statePairs; }
ArrayRef<LayerBlob> Model::layerBlobs() const {
  return impl->executor ? impl->executor->getLayerBlobs()
                        : ArrayRef<LayerBlob>();
}
ModelTimes Model::times() const {
  double compile = impl->executor ? impl->executor->getCompileSeconds() : 0;
  return {impl->loadSeconds, compile};
}
std::vector<LayerProfile> Model::profile() const {
  return impl->executor ? impl->executor->getProfile()
                        : std::vector<LayerProfile>();
}

std::string Model::shareProblem() const {
  return impl->executor ? impl->executor->getRangeProblem().str() : "";
}

MemoryUse Model::memoryUse() const {
  return impl->executor ? impl->executor->getMemoryUse() : MemoryUse();
}

llvm::Expected<CompiledNetwork> Model::getCompiledNetwork() const {
  assert(impl->executor && "compile() comes first");
  return impl->executor->getCompiledNetwork();
}

CacheUse Model::cacheUse() const {
  return impl->cache ? impl->cache->use() : CacheUse();
}
ArrayRef<CustomLayerUse> Model::customLayers() const {
  return impl->customLayers.get();
}
ModuleOp Model::getModule() const { return *impl->module; }
