//===- Normalization.cpp - Shape rules of the chapter Normalization -------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/NormalizationOps.h"
#include "MLModel/Dialect/MLModel/IR/ShapeRules.h"

using namespace mlir;
using namespace mlmodel;

LogicalResult BatchnormOp::inferShapes(ShapeRule &rule, Adaptor op) {
  int64_t channels = op.getChannels();
  if (failed(rule.require(channels > 0, "channels", channels,
                          "expected a positive number")) ||
      failed(rule.requireWeights(op.getGammaAttr(), "gamma", channels)) ||
      failed(rule.requireWeights(op.getBetaAttr(), "beta", channels)))
    return failure();
  if (op.getInstanceNormalization() && !op.getComputeMeanVar())
    return rule.fail("instanceNormalization is true but computeMeanVar is not");
  if (!op.getComputeMeanVar() &&
      (failed(rule.requireWeights(op.getMeanAttr(), "mean", channels)) ||
       failed(rule.requireWeights(op.getVarianceAttr(), "variance", channels))))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 3)))
    return failure();
  Dims shape = rule.getInput(0);
  Dim actual = shape[shape.size() - 3];
  if (!actual.mayEqual(channels))
    return rule.require(false, "channels", channels,
                        "but " + rule.describeInput(0) + " has " +
                            toString(actual) + " channels");
  return rule.addOutput(shape);
}

/// The rule of layers over channels, height and width.
static LogicalResult keepImages(ShapeRule &rule) {
  if (rule.hasRank(0) && failed(rule.requireRank(0, 3)))
    return failure();
  return rules::sameShapeAsInput(rule);
}

LogicalResult MVNOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return keepImages(rule);
}

LogicalResult L2NormalizeOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return keepImages(rule);
}

LogicalResult LRNOp::inferShapes(ShapeRule &rule, Adaptor op) {
  // More channels than this there cannot be.
  int64_t size = op.getLocalSize();
  if (failed(rule.require(size > 0 && size <= kMaxBlobElements, "localSize",
                          size, "expected 1 to " + Twine(kMaxBlobElements))))
    return failure();
  if (op.getK() < 0)
    return rule.fail("k is negative, expected a positive number");
  return keepImages(rule);
}

LogicalResult LayerNormalizationOp::inferShapes(ShapeRule &rule, Adaptor op) {
  ArrayRef<int64_t> normalized = op.getNormalizedShape();
  if (normalized.empty() || normalized.size() > kMaxRank)
    return rule.fail("normalizedShape has " + Twine(normalized.size()) +
                     " entries, expected 1 to " + Twine(kMaxRank));
  for (int64_t size : normalized)
    if (failed(rule.require(size > 0, "normalizedShape", size,
                            "expected a positive number")))
      return failure();
  Dims dims = toDims(normalized);
  if (failed(rule.requireWeights(op.getGammaAttr(), "gamma", product(dims))) ||
      failed(rule.requireWeights(op.getBetaAttr(), "beta", product(dims))))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, dims.size())))
    return failure();
  Dims shape = rule.getInput(0);
  for (auto [actual, size] :
       llvm::zip(ArrayRef<Dim>(shape).take_back(dims.size()), dims))
    if (!actual.mayEqual(size))
      return rule.fail("normalizedShape is " + toString(dims) + " but " +
                       rule.describeInput(0) + " has shape " + toString(shape));
  return rule.addOutput(shape);
}
