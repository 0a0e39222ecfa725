//===- Message.cpp - Parameter messages of a layer ------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/Message.h"
#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"

using namespace mlir;
using namespace mlmodel;

bool Message::getBool(StringRef name) const {
  auto attr = dyn_cast_or_null<BoolAttr>(get(name));
  return attr && attr.getValue();
}

int64_t Message::getInt(StringRef name) const {
  auto attr = dyn_cast_or_null<IntegerAttr>(get(name));
  return attr && attr.getValue().getBitWidth() <= 64
             ? attr.getValue().getSExtValue()
             : 0;
}

float Message::getFloat(StringRef name) const {
  auto attr = dyn_cast_or_null<FloatAttr>(get(name));
  return attr ? static_cast<float>(attr.getValueAsDouble()) : 0.0f;
}

StringRef Message::getString(StringRef name, StringRef defaultValue) const {
  auto attr = dyn_cast_or_null<StringAttr>(get(name));
  return attr ? attr.getValue() : defaultValue;
}

ArrayRef<int64_t> Message::getInts(StringRef name) const {
  auto attr = dyn_cast_or_null<DenseI64ArrayAttr>(get(name));
  return attr ? attr.asArrayRef() : ArrayRef<int64_t>();
}

WeightsAttr Message::getWeights(StringRef name) const {
  return dyn_cast_or_null<WeightsAttr>(get(name));
}

std::vector<Message> Message::getMessages(StringRef name) const {
  auto array = dyn_cast_or_null<ArrayAttr>(get(name));
  return array ? std::vector<Message>(array.begin(), array.end())
               : std::vector<Message>();
}
