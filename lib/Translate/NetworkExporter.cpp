//===- NetworkExporter.cpp - Operations to layers -------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NetworkExporter.h"
#include "MLModel/Translate/MessageCodec.h"
#include "NetworkImporter.h"
#include <google/protobuf/descriptor.h>

using namespace mlir;
using namespace mlmodel;
using google::protobuf::FieldDescriptor;

static LogicalResult writeIdentity(MessageWriter &writer, Operation *op,
                                   LayerAttr layer) {
  if (!layer.getName().getValue().empty())
    writer.addString("name", layer.getName().getValue());
  for (Value input : getLayerInputs(op)) {
    StringRef name = getBlobName(input);
    if (name.empty())
      return op->emitError("input ")
             << input << " has no blob name, so it cannot be written";
    writer.addString("input", name);
  }
  for (StringAttr output : layer.getOutputs())
    writer.addString("output", output.getValue());
  if (DictionaryAttr extra = layer.getExtra())
    return writer.add(extra.getValue());
  return success();
}

/// The attributes of a layer that are fields of its parameters.
static bool isParameter(StringRef name) {
  return name != "layer" && name != "carried";
}

static FailureOr<Rope> writeLayer(Operation *op, LayerAttr layer) {
  MessageWriter writer(getDescriptor("NeuralNetworkLayer"), op->getLoc());
  if (failed(writeIdentity(writer, op, layer)))
    return failure();
  auto known = dyn_cast<LayerOpInterface>(op);
  if (!known)
    return writer.finish();

  const auto *descriptor = getDescriptor("NeuralNetworkLayer")
                               ->FindFieldByName(known.getLayerField().str())
                               ->message_type();
  MessageWriter params(descriptor, op->getLoc());
  for (NamedAttribute attribute : op->getAttrs())
    if (isParameter(attribute.getName()) &&
        failed(params.add(fieldForAttribute(attribute.getName()),
                          attribute.getValue())))
      return failure();
  unsigned region = 0;
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor *field = descriptor->field(i);
    if (field->message_type() != getDescriptor("NeuralNetwork"))
      continue;
    Region &body = op->getRegion(region++);
    if (body.empty())
      continue;
    FailureOr<Rope> layers = exportLayers(body.front());
    if (failed(layers))
      return failure();
    params.addMessage(field->name(), std::move(*layers));
  }
  writer.addMessage(known.getLayerField(), params.finish());
  return writer.finish();
}

FailureOr<Rope> mlmodel::exportLayers(Block &block) {
  MessageWriter writer(getDescriptor("NeuralNetwork"),
                       block.getParentOp()->getLoc());
  for (Operation &op : block) {
    if (isa<OutputOp, YieldOp>(op))
      continue;
    LayerAttr layer;
    if (auto known = dyn_cast<LayerOpInterface>(op))
      layer = known.getLayer();
    else if (auto unknown = dyn_cast<UnknownLayerOp>(op))
      layer = unknown.getLayer();
    else
      return op.emitError("is not a layer, so it cannot be written");
    FailureOr<Rope> message = writeLayer(&op, layer);
    if (failed(message))
      return failure();
    writer.addMessage("layers", std::move(*message));
  }
  return writer.finish();
}
