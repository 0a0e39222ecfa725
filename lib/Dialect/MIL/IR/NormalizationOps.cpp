//===- NormalizationOps.cpp - mil ops: Normalization ------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/NormalizationOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"
#include <limits>

using namespace mlmodel::mil;

#define GET_OP_CLASSES
#include "MLModel/Dialect/MIL/IR/NormalizationOps.cpp.inc"

void MILDialect::registerNormalizationOps() {
  addOperations<
#define GET_OP_LIST
#include "MLModel/Dialect/MIL/IR/NormalizationOps.cpp.inc"
      >();
}

/// Checks that an optional parameter has the given shape.
static LogicalResult verifyParameter(Operation *op, Value parameter,
                                     ArrayRef<int64_t> shape, StringRef name) {
  if (!parameter)
    return success();
  auto type = cast<RankedTensorType>(parameter.getType());
  if (failed(verifyCompatibleShape(type.getShape(), shape)))
    return op->emitOpError() << name << " is " << type << ", but must be "
                             << getTensorType(op->getContext(), shape);
  return success();
}

LogicalResult InstanceNormOp::verify() {
  RankedTensorType type = getX().getType();
  if (type.getRank() < 3)
    return emitOpError("x must have rank 3 or more, but is ") << type;
  ArrayRef<int64_t> channels = type.getShape().slice(1, 1);
  if (failed(verifyParameter(*this, getGamma(), channels, "gamma")))
    return failure();
  return verifyParameter(*this, getBeta(), channels, "beta");
}

LogicalResult LayerNormOp::verify() {
  RankedTensorType type = getX().getType();
  auto axes = normalizeAxes(getLoc(), getAxes(), type.getRank());
  if (failed(axes))
    return failure();
  SmallVector<int64_t> shape;
  for (int64_t axis : *axes)
    shape.push_back(type.getDimSize(axis));
  if (failed(verifyParameter(*this, getGamma(), shape, "gamma")))
    return failure();
  return verifyParameter(*this, getBeta(), shape, "beta");
}

LogicalResult L2NormOp::verify() {
  return success(succeeded(
      normalizeAxes(getLoc(), getAxes(), getX().getType().getRank())));
}

LogicalResult LocalResponseNormOp::verify() {
  // The bound keeps window arithmetic within range whatever the model says.
  if (getSize() < 1 || getSize() > std::numeric_limits<int32_t>::max())
    return emitOpError("size must be in [1, 2^31), but is ") << getSize();
  return success(succeeded(
      normalizeAxis(getLoc(), getAxis(), getX().getType().getRank())));
}
