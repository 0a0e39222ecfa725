//===- Reduction.cpp - Shape rules of the chapter Reduction ---------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Helpers.h"
#include "MLModel/Dialect/MLModel/IR/ReductionOps.h"

using namespace mlir;
using namespace mlmodel;

LogicalResult ReduceOp::inferShapes(ShapeRule &rule, Adaptor op) {
  StringRef axis = op.getAxis();
  if (op.getMode() == "ARGMAX" && axis.size() != 1)
    return rule.fail("mode ARGMAX with axis " + axis +
                     ", expected one of C, H, W");
  if (!rule.hasRank(0))
    return rule.unknown();
  // "CHW" and "HW" name the last axes, "C", "H" and "W" one of them.
  int64_t first = axis.starts_with("C") ? 3 : axis.starts_with("H") ? 2 : 1;
  if (failed(rule.requireRank(0, first)))
    return failure();
  Dims shape = rule.getInput(0);
  for (size_t i = 0; i < axis.size(); ++i)
    shape[shape.size() - first + i] = Dim(1);
  return rule.addOutput(shape);
}

static LogicalResult inferArgReduce(ShapeRule &rule, int64_t axis,
                                    bool removeDim) {
  if (!rule.hasRank(0))
    return rule.unknown();
  Dims shape = rule.getInput(0);
  FailureOr<int64_t> reduced = rule.requireAxis(axis, shape.size());
  if (failed(reduced))
    return failure();
  if (removeDim)
    shape.erase(shape.begin() + *reduced);
  else
    shape[*reduced] = Dim(1);
  return rule.addOutput(shape);
}

LogicalResult ArgMinOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return inferArgReduce(rule, op.getAxis(), op.getRemoveDim());
}

LogicalResult ArgMaxOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return inferArgReduce(rule, op.getAxis(), op.getRemoveDim());
}

LogicalResult CumSumOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (!rule.hasRank(0))
    return rule.unknown();
  Dims shape = rule.getInput(0);
  // A second input takes the parameter's place.
  if (rule.getNumInputs() == 1 &&
      failed(rule.requireAxis(op.getAxis(), shape.size())))
    return failure();
  return rule.addOutput(shape);
}
