//===- ReductionOps.cpp - mil ops: Reduction --------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/ReductionOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include <limits>

using namespace mlmodel::mil;

#define GET_OP_CLASSES
#include "MLModel/Dialect/MIL/IR/ReductionOps.cpp.inc"

void MILDialect::registerReductionOps() {
  addOperations<
#define GET_OP_LIST
#include "MLModel/Dialect/MIL/IR/ReductionOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// reduce_log_sum_exp
//===----------------------------------------------------------------------===//

LogicalResult ReduceLogSumExpOp::inferReturnTypes(
    MLIRContext *, std::optional<Location> location, Adaptor adaptor,
    SmallVectorImpl<Type> &types) {
  return inferReduction(location, adaptor.getX(), adaptor.getAxes(),
                        adaptor.getKeepDims(), types);
}

LogicalResult ReduceLogSumExpOp::verify() {
  return success(succeeded(
      normalizeAxes(getLoc(), getAxes(), getX().getType().getRank())));
}

//===----------------------------------------------------------------------===//
// reduce_argmax, reduce_argmin
//===----------------------------------------------------------------------===//

static LogicalResult verifyArgOp(Operation *op, Value x, int64_t axis) {
  auto type = cast<RankedTensorType>(x.getType());
  auto position = normalizeAxis(op->getLoc(), axis, type.getRank());
  if (failed(position))
    return failure();
  if (type.getDimSize(*position) == 0)
    return op->emitOpError("dimension ")
           << *position << " of " << type << " has no element to choose";
  return success();
}

LogicalResult ReduceArgmaxOp::inferReturnTypes(MLIRContext *,
                                               std::optional<Location> location,
                                               Adaptor adaptor,
                                               SmallVectorImpl<Type> &types) {
  return inferReduction(location, adaptor.getX(), adaptor.getAxis(),
                        adaptor.getKeepDims(), types);
}

LogicalResult ReduceArgmaxOp::verify() {
  return verifyArgOp(*this, getX(), getAxis());
}

LogicalResult ReduceArgminOp::inferReturnTypes(MLIRContext *,
                                               std::optional<Location> location,
                                               Adaptor adaptor,
                                               SmallVectorImpl<Type> &types) {
  return inferReduction(location, adaptor.getX(), adaptor.getAxis(),
                        adaptor.getKeepDims(), types);
}

LogicalResult ReduceArgminOp::verify() {
  return verifyArgOp(*this, getX(), getAxis());
}

//===----------------------------------------------------------------------===//
// cumsum
//===----------------------------------------------------------------------===//

LogicalResult CumsumOp::verify() {
  return success(succeeded(
      normalizeAxis(getLoc(), getAxis(), getX().getType().getRank())));
}
