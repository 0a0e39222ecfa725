//===- Image.cpp - Shape rules of the chapter Image -----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/ImageOps.h"
#include "MLModel/Dialect/MLModel/IR/ShapeRules.h"
#include <cmath>

using namespace mlir;
using namespace mlmodel;

/// The height and width of an image, at the end of its shape.
static MutableArrayRef<Dim> getSizes(Dims &shape) {
  return MutableArrayRef<Dim>(shape).take_back(2);
}

/// Checks a list of one entry per axis, or none at all.
static LogicalResult verifyPair(ShapeRule &rule, ArrayRef<int64_t> values,
                                StringRef field, int64_t least) {
  if (values.size() != 2 && !values.empty())
    return rule.fail(field + " has " + Twine(values.size()) +
                     " entries, expected 2");
  for (int64_t value : values)
    if (failed(rule.require(value >= least, field, value,
                            "expected at least " + Twine(least))))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Crop
//===----------------------------------------------------------------------===//

/// Cuts off the amounts that the layer gives.
static LogicalResult cropByAmounts(ShapeRule &rule, ArrayRef<int64_t> amounts) {
  if (amounts.size() != 4 && !amounts.empty())
    return rule.fail("cropAmounts has " + Twine(amounts.size() / 2) +
                     " entries, expected 2");
  for (int64_t amount : amounts)
    if (failed(rule.require(amount >= 0, "cropAmounts", amount,
                            "expected at least 0")))
      return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 3)))
    return failure();
  Dims shape = rule.getInput(0);
  if (amounts.empty())
    return rule.addOutput(shape);
  for (auto [i, size] : llvm::enumerate(getSizes(shape))) {
    Dim rest = size - amounts[2 * i] - amounts[2 * i + 1];
    if (rest.isOverflow() || (rest.isStatic() && rest.get() <= 0))
      return rule.fail("cropAmounts " + Twine(amounts[2 * i]) + " and " +
                       Twine(amounts[2 * i + 1]) + " leave nothing of " +
                       rule.describeInput(0) + " of size " + toString(size));
    size = rest;
  }
  return rule.addOutput(shape);
}

/// Cuts the first input to the size of the second.
static LogicalResult cropToReference(ShapeRule &rule,
                                     ArrayRef<int64_t> offset) {
  if (failed(verifyPair(rule, offset, "offset", 0)))
    return failure();
  if (!rule.hasRanks())
    return rule.unknown();
  if (failed(rule.requireRank(0, 3)) || failed(rule.requireRank(1, 3)))
    return failure();
  Dims shape = rule.getInput(0), reference = rule.getInput(1);
  for (auto [i, size, wanted] :
       llvm::enumerate(getSizes(shape), getSizes(reference))) {
    Dim start = offset.empty() ? 0 : offset[i];
    Dim rest = size - start - wanted;
    if (rest.isOverflow() || (rest.isStatic() && rest.get() < 0))
      return rule.fail("offset is " + toString(start) + " and " +
                       rule.describeInput(1) + " has size " + toString(wanted) +
                       ", but " + rule.describeInput(0) + " has only " +
                       toString(size));
    size = wanted;
  }
  return rule.addOutput(shape);
}

LogicalResult CropOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (rule.getNumInputs() == 2)
    return cropToReference(rule, op.getOffset());
  DenseI64ArrayAttr amounts = op.getCropAmountsAttr();
  return cropByAmounts(rule,
                       amounts ? amounts.asArrayRef() : ArrayRef<int64_t>());
}

//===----------------------------------------------------------------------===//
// Resizing
//===----------------------------------------------------------------------===//

static LogicalResult verifyFactors(ShapeRule &rule, ArrayRef<float> factors) {
  if (factors.size() != 2)
    return rule.fail("fractionalScalingFactor has " + Twine(factors.size()) +
                     " entries, expected 2");
  for (float factor : factors)
    if (!std::isfinite(factor) || factor <= 0)
      return rule.fail("fractionalScalingFactor is " + std::to_string(factor) +
                       ", expected a positive number");
  return success();
}

/// floor(size * factor)
static Dim scale(Dim size, float factor) {
  if (!size.isStatic())
    return size;
  double scaled = std::floor(double(size.get()) * double(factor));
  return scaled < double(kMaxBlobElements) * 2 ? Dim(int64_t(scaled))
                                               : Dim::overflow();
}

LogicalResult UpsampleOp::inferShapes(ShapeRule &rule, Adaptor op) {
  ArrayRef<float> fractions = op.getFractionalScalingFactor();
  ArrayRef<int64_t> factors = op.getScalingFactor();
  if (!fractions.empty() && !factors.empty())
    return rule.fail(
        "scalingFactor and fractionalScalingFactor are both given");
  if (failed(verifyPair(rule, factors, "scalingFactor", 1)) ||
      (!fractions.empty() && failed(verifyFactors(rule, fractions))))
    return failure();
  if (op.getMode() != "BILINEAR" && op.getLinearUpsampleMode() != "DEFAULT")
    return rule.fail("linearUpsampleMode is " + op.getLinearUpsampleMode() +
                     " but mode is " + op.getMode());
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 3)))
    return failure();
  Dims shape = rule.getInput(0);
  for (auto [i, size] : llvm::enumerate(getSizes(shape))) {
    if (!fractions.empty())
      size = scale(size, fractions[i]);
    else if (!factors.empty())
      size = size * factors[i];
  }
  return rule.addOutput(shape);
}

/// Replaces height and width by the target size.
static void resizeTo(Dims &shape, ArrayRef<int64_t> target) {
  for (auto [i, size] : llvm::enumerate(getSizes(shape)))
    size = target.empty() ? 1 : target[i];
}

LogicalResult ResizeBilinearOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (failed(verifyPair(rule, op.getTargetSize(), "targetSize", 1)))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 3)))
    return failure();
  Dims shape = rule.getInput(0);
  resizeTo(shape, op.getTargetSize());
  return rule.addOutput(shape);
}

LogicalResult CropResizeOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (failed(verifyPair(rule, op.getTargetSize(), "targetSize", 1)))
    return failure();
  if (!rule.hasRanks())
    return rule.unknown();
  if (failed(rule.requireRank(0, 5, 5)) || failed(rule.requireRank(1, 5, 5)))
    return failure();
  Dims shape = rule.getInput(0), boxes = rule.getInput(1);
  if (!shape[0].mayEqual(1))
    return rule.fail(rule.describeInput(0) + " has shape " + toString(shape) +
                     ", expected the first size to be 1");
  bool hasIndices = boxes[2] == Dim(5);
  bool isBox = hasIndices || boxes[2].mayEqual(4);
  if (!isBox || !boxes[1].mayEqual(1) || !boxes[3].mayEqual(1) ||
      !boxes[4].mayEqual(1))
    return rule.fail(rule.describeInput(1) + " has shape " + toString(boxes) +
                     ", expected Nx1x4x1x1 or Nx1x5x1x1");
  shape[0] = boxes[0];
  if (hasIndices)
    shape[1] = 1;
  else if (boxes[2].isDynamic())
    shape[1] = Dim::dynamic();
  resizeTo(shape, op.getTargetSize());
  return rule.addOutput(shape);
}
