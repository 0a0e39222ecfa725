//===- ExplicitDefaults.cpp - Fields that say nothing ---------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExplicitDefaults.h"
#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "MLModel/Translate/MessageCodec.h"
#include "NetworkImporter.h"
#include <google/protobuf/descriptor.h>

using namespace mlir;
using namespace mlmodel;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

/// The message whose fields are the attributes of \p op; null if none is.
static const Descriptor *getMessageType(Operation *op) {
  if (isa<ModelOp>(op))
    return getDescriptor("Model");
  if (isa<PipelineOp>(op))
    return getDescriptor("Pipeline");
  if (auto network = dyn_cast<NetworkOp>(op))
    return getDescriptor("Model")
        ->FindFieldByName(network.getKind().str())
        ->message_type();
  if (auto layer = dyn_cast<LayerOpInterface>(op))
    return getDescriptor("NeuralNetworkLayer")
        ->FindFieldByName(layer.getLayerField().str())
        ->message_type();
  return nullptr;
}

static bool isDefault(const FieldDescriptor *field, Attribute value) {
  if (auto list = dyn_cast<DenseArrayAttr>(value))
    return list.empty();
  if (auto flag = dyn_cast<BoolAttr>(value))
    return !flag.getValue();
  if (auto integer = dyn_cast<IntegerAttr>(value))
    return integer.getValue().isZero();
  if (auto number = dyn_cast<FloatAttr>(value))
    return number.getValue().isPosZero();
  auto text = dyn_cast<StringAttr>(value);
  if (!text || !field->enum_type())
    return text && text.empty();
  const auto *known = field->enum_type()->FindValueByName(text.str());
  return known && known->number() == 0;
}

static SmallVector<StringAttr> findDefaults(Operation *op) {
  SmallVector<StringAttr> names;
  const Descriptor *type = getMessageType(op);
  if (!type)
    return names;
  for (NamedAttribute attribute : op->getAttrs()) {
    StringRef name = fieldForAttribute(attribute.getName());
    const FieldDescriptor *field = type->FindFieldByName(name.str());
    if (field && isDefault(field, attribute.getValue()))
      names.push_back(attribute.getName());
  }
  return names;
}

bool mlmodel::hasExplicitDefaults(Operation *root) {
  return root
      ->walk([](Operation *op) {
        return findDefaults(op).empty() ? WalkResult::advance()
                                        : WalkResult::interrupt();
      })
      .wasInterrupted();
}

void mlmodel::dropExplicitDefaults(Operation *root) {
  root->walk([](Operation *op) {
    for (StringAttr name : findDefaults(op))
      op->removeAttr(name);
  });
}
