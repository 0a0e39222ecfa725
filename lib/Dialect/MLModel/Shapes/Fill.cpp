//===- Fill.cpp - Shape rules of the chapter Fill -------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Helpers.h"
#include "MLModel/Dialect/MLModel/IR/FillOps.h"
#include <cmath>

using namespace mlir;
using namespace mlmodel;

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

static LogicalResult requireConstant(ShapeRule &rule, ArrayRef<int64_t> shape,
                                     WeightsAttr data) {
  if (failed(rules::requireShape(rule, shape, "shape")))
    return failure();
  return rule.requireWeights(data, "data", product(toDims(shape)),
                             shape.empty() ? 1 : shape[0]);
}

LogicalResult LoadConstantOp::inferShapes(ShapeRule &rule, Adaptor op) {
  ArrayRef<int64_t> shape = op.getShape();
  if (failed(rules::requireCount(rule, shape.size(), "shape", 3,
                                 "of C, H and W")) ||
      failed(requireConstant(rule, shape, op.getDataAttr())))
    return failure();
  Dims output{Dim(1), Dim(1)};
  llvm::append_range(output, toDims(shape));
  return rule.addOutput(output);
}

LogicalResult LoadConstantNDOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (failed(requireConstant(rule, op.getShape(), op.getDataAttr())))
    return failure();
  return rule.addOutput(toDims(op.getShape()));
}

//===----------------------------------------------------------------------===//
// Shapes by parameter or by input
//===----------------------------------------------------------------------===//

/// Answers the shape that a parameter gives.
static LogicalResult
inferFromParameter(ShapeRule &rule, ArrayRef<int64_t> shape, StringRef field) {
  if (shape.empty())
    return rule.fail(field + " is empty");
  if (failed(rules::requireShape(rule, shape, field)))
    return failure();
  return rule.addOutput(toDims(shape));
}

/// Answers the shape that the first input holds.
static LogicalResult inferFromInput(ShapeRule &rule, ValueRange inputs) {
  auto shape = rules::getShapeInput(rule, 0, inputs[0]);
  if (failed(shape))
    return failure();
  return *shape ? rule.addOutput(toDims(**shape)) : rule.unknown();
}

LogicalResult FillStaticOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return inferFromParameter(rule, op.getTargetShape(), "targetShape");
}

LogicalResult FillDynamicOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return inferFromInput(rule, op.getInputs());
}

//===----------------------------------------------------------------------===//
// Ranges
//===----------------------------------------------------------------------===//

/// Answers the shape of start, start + step ... before end.
static LogicalResult inferRange(ShapeRule &rule, double start, double end,
                                double step) {
  double count = std::ceil((end - start) / step);
  std::string range = "range from startValue " + std::to_string(start) +
                      " to endValue " + std::to_string(end) +
                      " by stepSizeValue " + std::to_string(step);
  if (!(count >= 1))
    return rule.fail(range + " is empty");
  if (count > static_cast<double>(kMaxBlobElements))
    return rule.fail(range + " is larger than the limit of " +
                         Twine(kMaxBlobElements) + " elements",
                     ErrorClass::Limit);
  return rule.addOutput({Dim(static_cast<int64_t>(count))});
}

LogicalResult RangeStaticOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return inferRange(rule, op.getStartValue(), op.getEndValue(),
                    op.getStepSizeValue());
}

LogicalResult RangeDynamicOp::inferShapes(ShapeRule &rule, Adaptor op) {
  // End, start and step; the last two may be parameters.
  std::optional<float> bounds[] = {std::nullopt, op.getStartValue(),
                                   op.getStepSizeValue()};
  for (auto [i, input] : llvm::enumerate(op.getInputs().take_front(3))) {
    auto value = rules::getConstant(input);
    bounds[i] = value && value->size() == 1 ? std::optional(value->front())
                                            : std::nullopt;
  }
  if (bounds[0] && bounds[1] && bounds[2])
    return inferRange(rule, *bounds[1], *bounds[0], *bounds[2]);
  return rule.addOutput({Dim::dynamic()});
}

//===----------------------------------------------------------------------===//
// Random values
//===----------------------------------------------------------------------===//

LogicalResult RandomNormalStaticOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return inferFromParameter(rule, op.getOutputShape(), "outputShape");
}

LogicalResult RandomNormalDynamicOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return inferFromInput(rule, op.getInputs());
}

LogicalResult RandomUniformStaticOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return inferFromParameter(rule, op.getOutputShape(), "outputShape");
}

LogicalResult RandomUniformDynamicOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return inferFromInput(rule, op.getInputs());
}

LogicalResult RandomBernoulliStaticOp::inferShapes(ShapeRule &rule,
                                                   Adaptor op) {
  return inferFromParameter(rule, op.getOutputShape(), "outputShape");
}

LogicalResult RandomBernoulliDynamicOp::inferShapes(ShapeRule &rule,
                                                    Adaptor op) {
  return inferFromInput(rule, op.getInputs());
}

LogicalResult CategoricalDistributionOp::inferShapes(ShapeRule &rule,
                                                     Adaptor op) {
  if (failed(rule.require(op.getNumSamples() > 0, "numSamples",
                          op.getNumSamples(), "must be positive")))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 1)))
    return failure();
  Dims shape = rule.getInput(0);
  shape.back() = Dim(op.getNumSamples());
  return rule.addOutput(shape);
}
