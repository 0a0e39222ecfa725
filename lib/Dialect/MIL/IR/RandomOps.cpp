//===- RandomOps.cpp - mil ops: Random ------------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/RandomOps.h"
#include "MLModel/Dialect/MIL/IR/ShapeInference.h"

using namespace mlmodel::mil;

/// The arguments of every inferReturnTypes.
#define MIL_INFER(OP)                                                          \
  LogicalResult OP::inferReturnTypes(                                          \
      MLIRContext *context, std::optional<Location> loc, Adaptor adaptor,      \
      SmallVectorImpl<Type> &types)
static LogicalResult inferFromShape(MLIRContext *context,
                                    std::optional<Location> loc,
                                    ArrayRef<int64_t> shape,
                                    SmallVectorImpl<Type> &types) {
  if (failed(checkRange(loc, shape, "shape", 0)))
    return failure();
  return appendTensor(context, loc, shape, types);
}

MIL_INFER(RandomNormalOp) {
  return inferFromShape(context, loc, adaptor.getShape(), types);
}

MIL_INFER(RandomUniformOp) {
  return inferFromShape(context, loc, adaptor.getShape(), types);
}

MIL_INFER(RandomBernoulliOp) {
  return inferFromShape(context, loc, adaptor.getShape(), types);
}

MIL_INFER(RandomCategoricalOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x", 1);
  int64_t size = adaptor.getSize();
  if (failed(x) || failed(checkRange(loc, size, "size", 1)))
    return failure();
  SmallVector<int64_t> shape(*x);
  shape.back() = size;
  return appendTensor(context, loc, shape, types);
}

//===----------------------------------------------------------------------===//
// Generated definitions
//===----------------------------------------------------------------------===//

#define GET_OP_CLASSES
#include "MLModel/Dialect/MIL/IR/RandomOps.cpp.inc"

void MILDialect::registerRandomOps() {
  addOperations<
#define GET_OP_LIST
#include "MLModel/Dialect/MIL/IR/RandomOps.cpp.inc"
      >();
}
