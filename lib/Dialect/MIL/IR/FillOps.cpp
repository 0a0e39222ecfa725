//===- FillOps.cpp - mil ops: Fill ------------------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/FillOps.h"
#include "MLModel/Dialect/MIL/IR/ShapeInference.h"
#include <cmath>

using namespace mlmodel::mil;

/// The arguments of every inferReturnTypes.
#define MIL_INFER(OP)                                                          \
  LogicalResult OP::inferReturnTypes(                                          \
      MLIRContext *context, std::optional<Location> loc, Adaptor adaptor,      \
      SmallVectorImpl<Type> &types)

MIL_INFER(FillOp) {
  if (failed(checkRange(loc, adaptor.getShape(), "shape", 0)))
    return failure();
  return appendTensor(context, loc, adaptor.getShape(), types);
}

MIL_INFER(Range1dOp) {
  double start = adaptor.getStart().convertToDouble();
  double end = adaptor.getEnd().convertToDouble();
  double step = adaptor.getStep().convertToDouble();
  double count = std::ceil((end - start) / step);
  // Written so that NaN fails as well.
  if (!(count >= 1 && count <= double(maxExtent)))
    return emitOptionalError(loc, "the range is empty or too long");
  return appendTensor(context, loc, int64_t(count), types);
}

//===----------------------------------------------------------------------===//
// Generated definitions
//===----------------------------------------------------------------------===//

#define GET_OP_CLASSES
#include "MLModel/Dialect/MIL/IR/FillOps.cpp.inc"

void MILDialect::registerFillOps() {
  addOperations<
#define GET_OP_LIST
#include "MLModel/Dialect/MIL/IR/FillOps.cpp.inc"
      >();
}
