//===- CustomLayerHost.cpp - The custom layers of a context ---------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CustomLayerHost.h"
#include "Guard.h"
#include "MLModel/Dialect/MLModel/IR/CustomParameters.h"
#include "MLModel/Dialect/MLModel/IR/WeightsView.h"

using namespace mlir;
using namespace mlmodel;
using llvm::Error;
using llvm::Expected;

/// An instance of a class, and who may use it.
struct CustomLayerHost::Layer {
  std::unique_ptr<CustomLayer> implementation;
  /// "class 'C' of libc.so", for messages.
  std::string description;
  /// "layer 'l' (custom)"
  std::string name;
  std::mutex mutex;
};

CustomLayerHost::CustomLayerHost(
    Dialect *dialect, std::shared_ptr<const CustomLayerRegistry> registry)
    : CustomLayerInterface(dialect), registry(std::move(registry)) {}

CustomLayerHost::~CustomLayerHost() = default;

void CustomLayerHost::attach(
    MLIRContext *context, std::shared_ptr<const CustomLayerRegistry> registry) {
  auto *dialect = context->getOrLoadDialect<MLModelDialect>();
  dialect->addInterface(
      std::make_unique<CustomLayerHost>(dialect, std::move(registry)));
}

bool CustomLayerHost::knows(StringRef className) const {
  return registry->contains(className);
}

//===----------------------------------------------------------------------===//
// From attributes to layers
//===----------------------------------------------------------------------===//

static CustomParameter readParameter(Attribute value) {
  if (auto truth = dyn_cast<BoolAttr>(value))
    return truth.getValue();
  if (auto integer = dyn_cast<IntegerAttr>(value))
    return integer.getInt();
  if (auto number = dyn_cast<FloatAttr>(value))
    return number.getValueAsDouble();
  if (auto text = dyn_cast<StringAttr>(value))
    return text.str();
  // The entry is there, but its value is not set.
  return std::string();
}

/// Values of fewer than 8 bits do not tell their number: as many as the bytes
/// hold, in equal shares for all channels.
static Expected<std::vector<float>> readWeights(WeightsAttr weights) {
  int64_t count = weights.getData().getNumElements(), channels = 1;
  if (auto lut = dyn_cast_or_null<LookupTableAttr>(weights.getQuantization())) {
    count = count * 8 / std::max<int64_t>(lut.getBits(), 1);
  } else if (auto linear = dyn_cast_or_null<LinearQuantizationAttr>(
                 weights.getQuantization())) {
    channels = std::max<int64_t>(linear.getScale().size(), 1);
    if (getStorage(weights) == WeightStorage::Raw)
      count = count * 8 / std::max<int64_t>(linear.getBits(), 1);
    count -= count % channels;
  }
  std::string problem = checkWeights(weights, count, channels);
  if (!problem.empty())
    return makeError(ExitCode::InvalidModel, problem);
  return decodeWeights(weights, count);
}

static Expected<CustomLayerDefinition>
readDefinition(const CustomLayerAttributes &layer) {
  CustomLayerDefinition definition;
  definition.name = layer.layer.getName().str();
  definition.className = layer.className.str();
  definition.numInputs = layer.numInputs;
  definition.numOutputs = layer.layer.getOutputs().size();
  for (auto [name, value] : CustomParameters(layer.parameters))
    definition.parameters[name.str()] = readParameter(value);
  for (auto [i, attribute] : llvm::enumerate(
           layer.weights ? layer.weights.getValue() : ArrayRef<Attribute>())) {
    auto weights = dyn_cast<WeightsAttr>(attribute);
    if (!weights)
      return makeError(ExitCode::InvalidModel,
                       "weights " + Twine(i) + " are no weights");
    Expected<std::vector<float>> values = readWeights(weights);
    if (!values)
      return addContext("weights " + Twine(i), values.takeError());
    definition.weights.push_back(std::move(*values));
  }
  return definition;
}

/// "layer 'l' (custom)"; the name is from the file and printed with escapes.
static std::string describeLayer(const CustomLayerAttributes &layer) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "layer '";
  os.write_escaped(layer.layer.getName().getValue()) << "' (custom)";
  return text;
}

Expected<CustomLayerHost::Layer *>
CustomLayerHost::getLayer(const CustomLayerAttributes &layer) const {
  Key key{
      layer.layer.getAsOpaquePointer(), layer.className.getAsOpaquePointer(),
      layer.weights.getAsOpaquePointer(), layer.parameters.getAsOpaquePointer(),
      reinterpret_cast<const void *>(layer.numInputs)};
  std::lock_guard<std::mutex> lock(mutex);
  std::unique_ptr<Layer> &slot = layers[key];
  if (slot)
    return slot.get();
  auto made = std::make_unique<Layer>();
  made->name = describeLayer(layer);
  llvm::raw_string_ostream text(made->description);
  text << "class '";
  text.write_escaped(layer.className.getValue());
  text << "' of " << registry->getOrigin(layer.className);
  Expected<CustomLayerDefinition> definition = readDefinition(layer);
  if (!definition)
    return addContext(made->description, definition.takeError());
  Expected<std::unique_ptr<CustomLayer>> implementation =
      guardCall([&]() -> Expected<std::unique_ptr<CustomLayer>> {
        return registry->create(std::move(*definition));
      });
  if (!implementation)
    return addContext(made->description, implementation.takeError());
  made->implementation = std::move(*implementation);
  slot = std::move(made);
  return slot.get();
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

static ErrorClass classify(ExitCode code) {
  return code == ExitCode::InvalidModel ? ErrorClass::Invalid
         : code == ExitCode::Limit      ? ErrorClass::Limit
                                        : ErrorClass::Unsupported;
}

static LogicalResult fail(ShapeRule &rule, Error error) {
  ExitCode code;
  std::string message = takeMessage(std::move(error), code);
  return rule.fail(message, classify(code));
}

static Error checkShapes(ArrayRef<CustomShape> shapes, size_t numOutputs) {
  if (shapes.size() != numOutputs)
    return makeError(ExitCode::Unsupported,
                     "gives shapes for " + Twine(shapes.size()) +
                         " outputs, the layer has " + Twine(numOutputs));
  for (auto [i, shape] : llvm::enumerate(shapes)) {
    if (shape.empty() || static_cast<int64_t>(shape.size()) > kMaxRank)
      return makeError(ExitCode::Unsupported,
                       "gives output " + Twine(i) + " rank " +
                           Twine(shape.size()) + ", expected 1 to " +
                           Twine(kMaxRank));
    if (!llvm::all_of(shape, [](int64_t size) { return size > 0; }))
      return makeError(ExitCode::Unsupported,
                       "gives output " + Twine(i) + " the shape " +
                           toString(toDims(shape)) +
                           ", whose sizes must be positive");
  }
  return Error::success();
}

LogicalResult
CustomLayerHost::inferShapes(ShapeRule &rule,
                             const CustomLayerAttributes &layer) const {
  Expected<Layer *> instance = getLayer(layer);
  if (!instance)
    return fail(rule, instance.takeError());
  std::vector<CustomShape> inputs;
  for (size_t i = 0; i < rule.getNumInputs(); ++i) {
    SmallVector<int64_t> sizes = toSizes(rule.getInput(i));
    inputs.emplace_back(sizes.begin(), sizes.end());
  }
  std::lock_guard<std::mutex> lock((*instance)->mutex);
  Expected<std::vector<CustomShape>> shapes = guardCall(
      [&] { return (*instance)->implementation->inferShapes(inputs); });
  Error error =
      shapes ? checkShapes(*shapes, rule.getNumOutputs()) : shapes.takeError();
  if (error)
    return fail(rule, addContext((*instance)->description, std::move(error)));
  for (const CustomShape &shape : *shapes)
    if (failed(rule.addOutput(toDims(shape))))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

static std::vector<CustomShape> getShapes(TypeRange types) {
  std::vector<CustomShape> shapes;
  for (Type type : types)
    shapes.push_back(cast<RankedTensorType>(type).getShape().vec());
  return shapes;
}

FailureOr<int64_t> CustomLayerHost::addCall(Location loc,
                                            const CustomLayerAttributes &layer,
                                            TypeRange inputs,
                                            TypeRange outputs) const {
  Expected<Layer *> instance = getLayer(layer);
  if (!instance) {
    ExitCode code;
    std::string message = takeMessage(instance.takeError(), code);
    return emitClassified(loc, classify(code),
                          describeLayer(layer) + ": " + message);
  }
  Call call{*instance, getShapes(inputs), getShapes(outputs)};
  std::lock_guard<std::mutex> lock(mutex);
  auto same = llvm::find_if(calls, [&](const Call &known) {
    return known.layer == call.layer && known.inputs == call.inputs &&
           known.outputs == call.outputs;
  });
  int64_t number = same - calls.begin();
  if (same == calls.end())
    calls.push_back(std::move(call));
  return number;
}

Error CustomLayerHost::evaluateLayer(const Call &call,
                                     ArrayRef<CustomInput> inputs,
                                     ArrayRef<CustomOutput> outputs) const {
  std::lock_guard<std::mutex> lock(call.layer->mutex);
  return addContext(
      call.layer->name + ": " + call.layer->description, guardCall([&] {
        return call.layer->implementation->evaluate(inputs, outputs);
      }));
}

Error CustomLayerHost::evaluate(int64_t number,
                                const int64_t *addresses) const {
  const Call *call;
  {
    // A deque's elements stay where they are.
    std::lock_guard<std::mutex> lock(mutex);
    call = &calls[number];
  }
  std::vector<CustomInput> inputs;
  for (const CustomShape &shape : call->inputs)
    inputs.push_back({reinterpret_cast<const float *>(*addresses++), shape});
  std::vector<CustomOutput> outputs;
  for (const CustomShape &shape : call->outputs)
    outputs.push_back({reinterpret_cast<float *>(*addresses++), shape});
  Error error = evaluateLayer(*call, inputs, outputs);
  // The rest of the network still runs on them.
  if (error)
    for (const CustomOutput &output : outputs)
      std::fill_n(output.data, product(toDims(output.shape)).get(), 0.0f);
  return error;
}

static void evaluateFromCompiledCode(int64_t call, int64_t addresses) {
  EngineRun &run = EngineRun::current();
  const auto *host = static_cast<const CustomLayerHost *>(run.hostData());
  if (Error error =
          host->evaluate(call, reinterpret_cast<const int64_t *>(addresses)))
    run.fail(std::move(error));
}

void CustomLayerHost::bind(MLIRContext *context, EngineOptions &options) {
  const CustomLayerInterface *interface = CustomLayerInterface::get(context);
  if (!interface)
    return;
  options.hostFunctions.push_back(
      {kCustomLayerFunction.str(),
       reinterpret_cast<void *>(&evaluateFromCompiledCode)});
  options.hostData = static_cast<const CustomLayerHost *>(interface);
}
