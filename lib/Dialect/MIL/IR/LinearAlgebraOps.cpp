//===- LinearAlgebraOps.cpp - mil ops: LinearAlgebra ------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/LinearAlgebraOps.h"

using namespace mlmodel::mil;

#define GET_OP_CLASSES
#include "MLModel/Dialect/MIL/IR/LinearAlgebraOps.cpp.inc"

void MILDialect::registerLinearAlgebraOps() {
  addOperations<
#define GET_OP_LIST
#include "MLModel/Dialect/MIL/IR/LinearAlgebraOps.cpp.inc"
      >();
}

/// Whether two dimensions can be the same at run time.
static bool mayBeEqual(int64_t a, int64_t b) {
  return a == b || ShapedType::isDynamic(a) || ShapedType::isDynamic(b);
}

//===----------------------------------------------------------------------===//
// linear
//===----------------------------------------------------------------------===//

LogicalResult LinearOp::inferReturnTypes(MLIRContext *context,
                                         std::optional<Location> location,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  auto x = dyn_cast<RankedTensorType>(adaptor.getX().getType());
  auto weight = dyn_cast<RankedTensorType>(adaptor.getWeight().getType());
  if (!x || !weight || x.getRank() < 1 || weight.getRank() != 2)
    return emitOptionalError(
        location, "x must have rank 1 or more and weight rank 2, but they are ",
        adaptor.getX().getType(), " and ", adaptor.getWeight().getType());
  if (!mayBeEqual(x.getShape().back(), weight.getDimSize(1)))
    return emitOptionalError(location, "the last dimension of x (", x,
                             ") and of weight (", weight, ") differ");
  if (Value bias = adaptor.getBias()) {
    auto type = dyn_cast<RankedTensorType>(bias.getType());
    if (!type || type.getRank() != 1 ||
        !mayBeEqual(type.getDimSize(0), weight.getDimSize(0)))
      return emitOptionalError(location, "bias (", bias.getType(),
                               ") has not one element per row of weight (",
                               weight, ")");
  }
  SmallVector<int64_t> shape(x.getShape().drop_back());
  shape.push_back(weight.getDimSize(0));
  types.push_back(getTensorType(context, shape));
  return success();
}

//===----------------------------------------------------------------------===//
// matmul
//===----------------------------------------------------------------------===//

LogicalResult MatmulOp::inferReturnTypes(MLIRContext *context,
                                         std::optional<Location> location,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  auto x = dyn_cast<RankedTensorType>(adaptor.getX().getType());
  auto y = dyn_cast<RankedTensorType>(adaptor.getY().getType());
  if (!x || !y || x.getRank() < 2 || y.getRank() < 2)
    return emitOptionalError(location,
                             "x and y must have rank 2 or more, but "
                             "they are ",
                             adaptor.getX().getType(), " and ",
                             adaptor.getY().getType());
  ArrayRef<int64_t> xMatrix = x.getShape().take_back(2);
  ArrayRef<int64_t> yMatrix = y.getShape().take_back(2);
  bool transposeX = adaptor.getTransposeX(),
       transposeY = adaptor.getTransposeY();
  if (!mayBeEqual(xMatrix[transposeX ? 0 : 1], yMatrix[transposeY ? 1 : 0]))
    return emitOptionalError(location, "the dimensions to sum over differ in ",
                             x, " and ", y);
  auto shape =
      broadcastShapes(x.getShape().drop_back(2), y.getShape().drop_back(2));
  if (failed(shape))
    return emitOptionalError(location, "the batch dimensions of ", x, " and ",
                             y, " do not broadcast");
  shape->push_back(xMatrix[transposeX ? 1 : 0]);
  shape->push_back(yMatrix[transposeY ? 0 : 1]);
  types.push_back(getTensorType(context, *shape));
  return success();
}
