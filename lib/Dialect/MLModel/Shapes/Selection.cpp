//===- Selection.cpp - Shape rules of the chapter Selection ---------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Helpers.h"
#include "MLModel/Dialect/MLModel/IR/SelectionOps.h"

using namespace mlir;
using namespace mlmodel;

/// The count that input \p i holds if there is one, else \p parameter.
static FailureOr<Dim> getCount(ShapeRule &rule, ValueRange inputs, size_t i,
                               int64_t parameter, StringRef field) {
  std::optional<int64_t> count = parameter;
  if (i < inputs.size()) {
    auto value = rules::getConstantInts(inputs[i]);
    count = value && value->size() == 1 ? std::optional(value->front())
                                        : std::nullopt;
  }
  if (!count)
    return Dim::dynamic();
  if (failed(rule.require(*count > 0, field, *count, "must be positive")))
    return failure();
  return Dim(*count);
}

LogicalResult TopKOp::inferShapes(ShapeRule &rule, Adaptor op) {
  FailureOr<Dim> count = getCount(rule, op.getInputs(), 1, op.getK(), "K");
  if (failed(count))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  Dims shape = rule.getInput(0);
  FailureOr<int64_t> axis = rule.requireAxis(op.getAxis(), shape.size());
  if (failed(axis))
    return failure();
  Dim &size = shape[*axis];
  if (count->isStatic() && size.isStatic() &&
      failed(rule.require(count->get() <= size.get(), "K", count->get(),
                          "but the axis has size " + Twine(size.get()))))
    return failure();
  size = *count;
  return failed(rule.addOutput(shape)) ? failure() : rule.addOutput(shape);
}

LogicalResult ArgSortOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (!rule.hasRank(0))
    return rule.unknown();
  Dims shape = rule.getInput(0);
  if (failed(rule.requireAxis(op.getAxis(), shape.size())))
    return failure();
  return rule.addOutput(shape);
}

LogicalResult NonMaximumSuppressionOp::inferShapes(ShapeRule &rule,
                                                   Adaptor op) {
  FailureOr<Dim> boxes =
      getCount(rule, op.getInputs(), 4, op.getMaxBoxes(), "maxBoxes");
  if (failed(boxes))
    return failure();
  if (!rule.hasRank(0) || !rule.hasRank(1))
    return rule.unknown();
  if (failed(rule.requireRank(0, 3, 3)) || failed(rule.requireRank(1, 3, 3)))
    return failure();
  Dims coordinates = rule.getInput(0), scores = rule.getInput(1);
  Dim batch = coordinates[0], candidates = coordinates[1];
  if (failed(rules::requireInputShape(rule, 0, {batch, candidates, Dim(4)})) ||
      failed(rules::requireInputShape(rule, 1, {batch, candidates, scores[2]})))
    return failure();
  for (Dims shape :
       {Dims{batch, *boxes, Dim(4)}, Dims{batch, *boxes, scores[2]},
        Dims{batch, *boxes}, Dims{batch}})
    if (failed(rule.addOutput(shape)))
      return failure();
  return success();
}
