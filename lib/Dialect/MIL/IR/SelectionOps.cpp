//===- SelectionOps.cpp - mil ops: Selection ------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/SelectionOps.h"
#include "MLModel/Dialect/MIL/IR/ShapeInference.h"

using namespace mlmodel::mil;

/// The arguments of every inferReturnTypes.
#define MIL_INFER(OP)                                                          \
  LogicalResult OP::inferReturnTypes(                                          \
      MLIRContext *context, std::optional<Location> loc, Adaptor adaptor,      \
      SmallVectorImpl<Type> &types)

MIL_INFER(ArgsortOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x", 1);
  if (failed(x) || failed(normalizeAxis(loc, adaptor.getAxis(), x->size())))
    return failure();
  return appendTensor(context, loc, *x, types);
}

MIL_INFER(TopkOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x", 1);
  if (failed(x))
    return failure();
  auto axis = normalizeAxis(loc, adaptor.getAxis(), x->size());
  if (failed(axis))
    return failure();
  int64_t size = (*x)[*axis], k = adaptor.getK();
  int64_t most = ShapedType::isDynamic(size) ? maxExtent : size;
  if (failed(checkRange(loc, k, "k", 1, most)))
    return failure();
  SmallVector<int64_t> shape(*x);
  shape[*axis] = k;
  return failure(failed(appendTensor(context, loc, shape, types)) ||
                 failed(appendTensor(context, loc, shape, types)));
}

LogicalResult NonMaximumSuppressionOp::verify() {
  ArrayRef<int64_t> boxes = getBoxes().getType().getShape();
  ArrayRef<int64_t> scores = getScores().getType().getShape();
  if (boxes.size() != 3 || scores.size() != 3 || boxes[2] != 4 ||
      boxes[0] != scores[0] || boxes[1] != scores[1])
    return emitOpError("expects boxes [B, N, 4] and scores [B, N, C]");
  int64_t most = getMaxBoxes();
  if (failed(checkRange(getLoc(), most, "max_boxes", 1)))
    return failure();
  for (Value threshold : {getIouThreshold(), getScoreThreshold()})
    if (cast<RankedTensorType>(threshold.getType()).getShape() !=
        ArrayRef<int64_t>{1})
      return emitOpError("expects thresholds of shape [1]");
  int64_t kept[] = {boxes[0], most, 4},
          keptScores[] = {boxes[0], most, scores[2]};
  if (getKept().getType().getShape() != ArrayRef<int64_t>(kept) ||
      getKeptScores().getType().getShape() != ArrayRef<int64_t>(keptScores) ||
      getIndices().getType().getShape() !=
          ArrayRef<int64_t>(kept).drop_back() ||
      getCount().getType().getShape() != boxes.take_front())
    return emitOpError("has results of the wrong shapes");
  return success();
}

//===----------------------------------------------------------------------===//
// Generated definitions
//===----------------------------------------------------------------------===//

#define GET_OP_CLASSES
#include "MLModel/Dialect/MIL/IR/SelectionOps.cpp.inc"

void MILDialect::registerSelectionOps() {
  addOperations<
#define GET_OP_LIST
#include "MLModel/Dialect/MIL/IR/SelectionOps.cpp.inc"
      >();
}
