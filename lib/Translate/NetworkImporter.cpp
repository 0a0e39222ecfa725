//===- NetworkImporter.cpp - Layers to operations -------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NetworkImporter.h"
#include "MLModel/Translate/Translate.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include <google/protobuf/descriptor.h>

using namespace mlir;
using namespace mlmodel;
using google::protobuf::FieldDescriptor;

//===----------------------------------------------------------------------===//
// LayerTable
//===----------------------------------------------------------------------===//

LayerTable::LayerTable(MLIRContext *context) {
  context->loadDialect<MLModelDialect>();
  for (RegisteredOperationName name :
       context->getRegisteredOperationsByDialect("mlmodel")) {
    auto *layer = name.getInterface<LayerOpInterface>();
    if (!layer)
      continue;
    layers.emplace_back(layer->getLayerField(), name);
    byField.try_emplace(layer->getLayerField(), name);
  }
}

std::optional<RegisteredOperationName> LayerTable::find(StringRef field) const {
  auto it = byField.find(field);
  if (it == byField.end())
    return std::nullopt;
  return it->second;
}

StringRef mlmodel::attributeForField(StringRef name) {
  return name == "type" ? "kind" : name;
}

StringRef mlmodel::fieldForAttribute(StringRef name) {
  return name == "kind" ? "type" : name;
}

//===----------------------------------------------------------------------===//
// BlobScope
//===----------------------------------------------------------------------===//

Value BlobScope::lookup(StringRef name) const {
  for (const BlobScope *scope = this; scope; scope = scope->outer)
    if (auto it = scope->blobs.find(name); it != scope->blobs.end())
      return it->second;
  return {};
}

//===----------------------------------------------------------------------===//
// NetworkImporter
//===----------------------------------------------------------------------===//

/// A layer on its way from the wire to an operation.
struct NetworkImporter::Layer {
  StringRef name;
  StringRef field = "unknown layer";
  SmallVector<StringRef> inputs, outputs;
  /// Blobs that a branch or loop leaves behind; see BlobScope.
  SmallVector<StringRef> carried;
  OperationState *state = nullptr;
};

LogicalResult NetworkImporter::fail(const Layer &layer, const Twine &message,
                                    ErrorClass errorClass) {
  std::string path = llvm::join(context.path, ".");
  std::string who = layer.name.empty() ? "without a name (" + path + ")"
                                       : "'" + layer.name.str() + "'";
  return emitClassified(context.fileLoc, errorClass,
                        "layer " + who + " (" + layer.field + "): " + message);
}

LogicalResult NetworkImporter::importLayers(Block *block,
                                            ArrayRef<WireField> layers,
                                            BlobScope &scope, bool isTopLevel) {
  OpBuilder::InsertionGuard guard(builder);
  llvm::StringSet<> names;
  for (auto [i, layer] : llvm::enumerate(layers)) {
    builder.setInsertionPointToEnd(block);
    context.path.push_back("layers[" + std::to_string(i) + "]");
    if (failed(importLayer(layer.payload, scope, isTopLevel)))
      return failure();
    context.path.pop_back();
    if (!isTopLevel)
      continue;
    // Layer names identify layers in options and reports.
    StringRef name = cast<NameLoc>(block->back().getLoc()).getName();
    if (!name.empty() && !names.insert(name).second)
      return emitClassified(context.fileLoc, ErrorClass::Invalid,
                            "layer '" + name +
                                "': another layer has the same name");
  }
  return success();
}

LogicalResult NetworkImporter::readIdentity(MessageReader &reader,
                                            Layer &layer) {
  FailureOr<StringRef> name = reader.takeString("name");
  if (failed(name))
    return failure();
  layer.name = *name;
  FailureOr<SmallVector<StringRef>> inputs = reader.takeStrings("input");
  FailureOr<SmallVector<StringRef>> outputs = reader.takeStrings("output");
  if (failed(inputs) || failed(outputs))
    return failure();
  layer.inputs = std::move(*inputs);
  layer.outputs = std::move(*outputs);
  return success();
}

LogicalResult NetworkImporter::resolveInputs(Layer &layer,
                                             const BlobScope &scope) {
  for (StringRef input : layer.inputs) {
    Value value = scope.lookup(input);
    if (!value && conditionBlobs.contains(input))
      return fail(layer,
                  "reads blob '" + input +
                      "' of a loop's conditionNetwork, which other networks "
                      "cannot see",
                  ErrorClass::Unsupported);
    if (!value)
      return fail(layer, "reads blob '" + input +
                             "', which no input or earlier layer produces");
    layer.state->addOperands(value);
  }
  return success();
}

/// A jump takes along what the loop around carries.
void NetworkImporter::addCarriedOperands(Layer &layer, const BlobScope &scope) {
  bool jumps = layer.field == "loopBreak" || layer.field == "loopContinue";
  if (!jumps || loops.empty())
    return;
  for (StringRef name : loops.back())
    layer.state->addOperands(scope.lookup(name));
}

LogicalResult NetworkImporter::importLayer(Bytes bytes, BlobScope &scope,
                                           bool isTopLevel) {
  MessageReader reader(context, getDescriptor("NeuralNetworkLayer"));
  Layer layer;
  if (failed(reader.read(bytes)) || failed(readIdentity(reader, layer)))
    return failure();
  const FieldDescriptor *field = reader.whichOneof("layer");
  std::optional<RegisteredOperationName> opName;
  if (field) {
    layer.field = field->name();
    opName = table.find(field->name());
  }
  Location loc = NameLoc::get(builder.getStringAttr(layer.name));
  OperationState state(
      loc, opName ? OperationName(*opName)
                  : OperationName("mlmodel.unknown_layer", context.context));
  layer.state = &state;

  std::optional<Bytes> params;
  if (field)
    params = reader.takeMessage(field->name());
  NamedAttrList extra;
  if (failed(reader.decodeRest(extra)))
    return failure();
  if (!reader.getUnknown().empty())
    extra.set(kUnknownFields, builder.getStringAttr(reader.getUnknown()));
  SmallVector<StringAttr> outputs;
  for (StringRef output : layer.outputs)
    outputs.push_back(builder.getStringAttr(output));
  state.addAttribute(
      "layer", LayerAttr::get(
                   context.context, builder.getStringAttr(layer.name), outputs,
                   extra.empty() ? DictionaryAttr()
                                 : extra.getDictionary(context.context)));

  if (failed(resolveInputs(layer, scope)))
    return failure();
  addCarriedOperands(layer, scope);
  if (field && failed(importParameters(layer, *params, scope)))
    return failure();
  ArrayRef<StringRef> results = state.regions.empty()
                                    ? ArrayRef<StringRef>(layer.outputs)
                                    : layer.carried;
  state.addTypes(SmallVector<Type>(
      results.size(), UnrankedTensorType::get(builder.getF32Type())));
  return defineOutputs(layer, builder.create(state), scope, isTopLevel);
}

LogicalResult NetworkImporter::importParameters(Layer &layer, Bytes bytes,
                                                BlobScope &scope) {
  const auto *descriptor = getDescriptor("NeuralNetworkLayer")
                               ->FindFieldByName(layer.field.str())
                               ->message_type();
  // Weights are named after layer and field in the resources.
  SmallVector<std::string> outerPath = std::move(context.path);
  context.path = {layer.name.empty() ? outerPath.back() : layer.name.str()};
  MessageReader params(context, descriptor);
  NamedAttrList attributes;
  LogicalResult decoded = params.read(bytes);
  std::swap(context.path, outerPath);
  if (failed(decoded) || failed(importBodies(layer, params, scope)))
    return failure();
  std::swap(context.path, outerPath);
  decoded = params.decodeRest(attributes);
  std::swap(context.path, outerPath);
  if (failed(decoded))
    return failure();
  if (!params.getUnknown().empty())
    attributes.set(kUnknownFields, builder.getStringAttr(params.getUnknown()));
  for (NamedAttribute attribute : attributes)
    layer.state->addAttribute(attributeForField(attribute.getName()),
                              attribute.getValue());
  return success();
}

LogicalResult NetworkImporter::defineOutputs(Layer &layer, Operation *op,
                                             BlobScope &scope,
                                             bool isTopLevel) {
  if (op->getNumRegions()) {
    for (auto [name, value] : llvm::zip(layer.carried, op->getResults()))
      scope.set(name, value);
    return success();
  }
  for (auto [name, value] : llvm::zip(layer.outputs, op->getResults())) {
    if (name.empty())
      return fail(layer, "writes a blob without a name");
    if (isTopLevel && scope.lookup(name))
      return fail(layer, "writes blob '" + name +
                             "', which an input or an earlier layer already "
                             "produces");
    scope.set(name, value);
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Bodies of branch and loop
//===----------------------------------------------------------------------===//

/// Collects the names that the layers of a network write, nested bodies
/// included.
LogicalResult NetworkImporter::collectWritten(Bytes network,
                                              llvm::SetVector<StringRef> &names,
                                              unsigned depth) {
  // One nested network is three messages: layer, control flow and network.
  if (depth * 3 > kMaxMessageDepth)
    return emitClassified(context.fileLoc, ErrorClass::Limit,
                          "networks are nested deeper than the limit of " +
                              Twine(kMaxMessageDepth) + " messages");
  MessageReader reader(context, getDescriptor("NeuralNetwork"));
  if (failed(reader.read(network)))
    return failure();
  for (const WireField &field : reader.take("layers")) {
    MessageReader layer(context, getDescriptor("NeuralNetworkLayer"));
    if (failed(layer.read(field.payload)))
      return failure();
    FailureOr<SmallVector<StringRef>> outputs = layer.takeStrings("output");
    if (failed(outputs))
      return failure();
    names.insert(outputs->begin(), outputs->end());
    const FieldDescriptor *kind = layer.whichOneof("layer");
    if (!kind)
      continue;
    MessageReader params(context, kind->message_type());
    std::optional<Bytes> bytes = layer.takeMessage(kind->name());
    bool mayNest = false;
    for (int i = 0; i < kind->message_type()->field_count(); ++i)
      mayNest |= kind->message_type()->field(i)->message_type() ==
                 getDescriptor("NeuralNetwork");
    if (!mayNest)
      continue;
    if (failed(params.read(*bytes)))
      return failure();
    for (int i = 0; i < kind->message_type()->field_count(); ++i) {
      const FieldDescriptor *body = kind->message_type()->field(i);
      if (body->message_type() != getDescriptor("NeuralNetwork"))
        continue;
      if (std::optional<Bytes> nested = params.takeMessage(body->name()))
        if (failed(collectWritten(*nested, names, depth + 1)))
          return failure();
    }
  }
  return success();
}

LogicalResult NetworkImporter::importBodies(Layer &layer, MessageReader &params,
                                            BlobScope &scope) {
  const auto *descriptor = getDescriptor("NeuralNetworkLayer")
                               ->FindFieldByName(layer.field.str())
                               ->message_type();
  SmallVector<std::pair<const FieldDescriptor *, std::optional<Bytes>>> bodies;
  llvm::SetVector<StringRef> written;
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor *field = descriptor->field(i);
    if (field->message_type() != getDescriptor("NeuralNetwork"))
      continue;
    bodies.emplace_back(field, params.takeMessage(field->name()));
    if (bodies.back().second &&
        failed(collectWritten(*bodies.back().second, written, 1)))
      return failure();
    // It comes first: nothing else is written yet.
    if (field->name() == "conditionNetwork")
      for (StringRef name : written)
        conditionBlobs.insert(name);
  }
  if (bodies.empty())
    return success();

  bool isLoop = layer.field == "loop";
  for (StringRef name : written)
    if (scope.lookup(name))
      layer.carried.push_back(name);
  bool hasAbsentBody =
      llvm::any_of(bodies, [](auto &body) { return !body.second; });
  if (isLoop || hasAbsentBody)
    for (StringRef name : layer.carried)
      layer.state->addOperands(scope.lookup(name));
  if (isLoop)
    loops.push_back(layer.carried);
  // A branch also defines what both of its bodies write.
  SmallVector<BlobScope> inner(bodies.size(), BlobScope(&scope));
  for (auto [i, body] : llvm::enumerate(bodies)) {
    Region *region = layer.state->addRegion();
    if (!body.second)
      continue;
    context.path.push_back(body.first->name());
    if (failed(importBody(layer, *region, *body.second, scope, layer.carried,
                          isLoop, inner[i])))
      return failure();
    context.path.pop_back();
  }
  if (isLoop)
    loops.pop_back();
  else
    for (StringRef name : written)
      if (!scope.lookup(name) &&
          llvm::all_of(inner, [&](BlobScope &s) { return s.defines(name); }))
        layer.carried.push_back(name);

  for (auto [i, region] : llvm::enumerate(layer.state->regions)) {
    if (region->empty())
      continue;
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(&region->front());
    SmallVector<Value> values;
    for (StringRef name : layer.carried)
      values.push_back(inner[i].lookup(name));
    YieldOp::create(builder, layer.state->location, values);
  }
  SmallVector<Attribute> names;
  for (StringRef name : layer.carried)
    names.push_back(builder.getStringAttr(name));
  layer.state->addAttribute("carried", builder.getArrayAttr(names));
  return success();
}

LogicalResult NetworkImporter::importBody(Layer &layer, Region &region,
                                          Bytes bytes, const BlobScope &outer,
                                          ArrayRef<StringRef> carried,
                                          bool isLoop, BlobScope &inner) {
  MessageReader network(context, getDescriptor("NeuralNetwork"));
  if (failed(network.read(bytes)))
    return failure();
  Block &block = region.emplaceBlock();
  if (isLoop)
    for (StringRef name : carried)
      inner.set(name,
                block.addArgument(outer.lookup(name).getType(),
                                  NameLoc::get(builder.getStringAttr(name))));
  if (failed(importLayers(&block, network.take("layers"), inner,
                          /*isTopLevel=*/false)))
    return failure();
  NamedAttrList rest;
  if (failed(network.decodeRest(rest)))
    return failure();
  // How features become blobs: a body has no features.
  rest.erase("arrayInputShapeMapping");
  rest.erase("imageInputShapeMapping");
  if (rest.empty() && network.getUnknown().empty())
    return success();
  return fail(layer,
              "a body network has " +
                  (rest.empty() ? StringRef("unknown fields")
                                : rest.begin()->getName().getValue()) +
                  ", which only the network of a model can have",
              ErrorClass::Unsupported);
}
