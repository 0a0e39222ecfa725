//===- ConstantInputs.cpp - Inputs that are known in advance --------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConstantInputs.h"
#include "MLModel/Dialect/MIL/IR/ConstantsOps.h"
#include "MLModel/Dialect/MIL/IR/ShapeOps.h"
#include "MLModel/Dialect/MLModel/IR/WeightsView.h"
#include <cmath>

using namespace mlir;
using namespace mlmodel;

/// Lists of axes, sizes and bounds are not longer than this.
constexpr int64_t kMaxElements = 64;

std::optional<SmallVector<float>> mlmodel::getConstantFloats(Value value) {
  while (auto reshape = value.getDefiningOp<mil::ReshapeOp>())
    value = reshape.getX();
  auto constant = value.getDefiningOp<mil::ConstOp>();
  if (!constant || constant.getValue().getNumElements() > kMaxElements)
    return std::nullopt;
  std::vector<char> storage;
  std::optional<ArrayRef<char>> bytes =
      getRawBytes(constant.getValue(), storage);
  if (!bytes)
    return std::nullopt;
  SmallVector<float> values;
  for (size_t i = 0; i < bytes->size() / sizeof(float); ++i)
    values.push_back(loadFloat(*bytes, i));
  return values;
}

std::optional<SmallVector<int64_t>> mlmodel::getConstantInts(Value value) {
  std::optional<SmallVector<float>> values = getConstantFloats(value);
  if (!values)
    return std::nullopt;
  SmallVector<int64_t> ints;
  for (float v : *values) {
    if (!(std::abs(v) < 0x1p62f) || v != std::trunc(v))
      return std::nullopt;
    ints.push_back(static_cast<int64_t>(v));
  }
  return ints;
}
