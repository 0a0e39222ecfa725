//===- Elementwise.cpp - Shape rules of the chapter Elementwise -----------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/ElementwiseOps.h"
#include "MLModel/Dialect/MLModel/IR/ShapeRules.h"

using namespace mlir;
using namespace mlmodel;

/// Checks values that are broadcast to the channels, height and width of the
/// input. Their shape is one of [1], [C], [1, H, W], [C, H, W], or such with
/// more leading ones.
static LogicalResult verifyChannelValues(ShapeRule &rule, WeightsAttr weights,
                                         StringRef field,
                                         ArrayRef<int64_t> shape,
                                         StringRef shapeField) {
  if (shape.size() == 2 || shape.size() > kMaxRank)
    return rule.fail(shapeField + " has " + Twine(shape.size()) +
                     " entries, expected 1 or 3");
  for (int64_t size : shape)
    if (failed(rule.require(size > 0, shapeField, size,
                            "expected a positive number")))
      return failure();
  Dims dims = toDims(shape);
  if (failed(rule.requireWeights(weights, field, product(dims))))
    return failure();
  if (!rule.hasRank(0))
    return success();
  if (failed(rule.requireRank(0, 3)))
    return failure();
  if (dims.size() == 1)
    dims.append({Dim(1), Dim(1)});
  Dims input = rule.getInput(0);
  std::optional<Dims> result = rules::broadcast(input, dims);
  if (result && *result == input)
    return success();
  return rule.fail(shapeField + " is " + toString(toDims(shape)) +
                   ", which does not broadcast to " + rule.describeInput(0) +
                   " of shape " + toString(input));
}

LogicalResult ScaleOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (failed(verifyChannelValues(rule, op.getScaleAttr(), "scale",
                                 op.getShapeScale(), "shapeScale")))
    return failure();
  if (op.getHasBias() &&
      failed(verifyChannelValues(rule, op.getBiasAttr(), "bias",
                                 op.getShapeBias(), "shapeBias")))
    return failure();
  return rules::sameShapeAsInput(rule);
}

LogicalResult BiasOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (failed(verifyChannelValues(rule, op.getBiasAttr(), "bias", op.getShape(),
                                 "shape")))
    return failure();
  return rules::sameShapeAsInput(rule);
}
