//===- LinearAlgebra.cpp - Shape rules of the chapter LinearAlgebra -------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/LinearAlgebraOps.h"
#include "MLModel/Dialect/MLModel/IR/ShapeRules.h"
#include "MLModel/Dialect/MLModel/IR/WeightsView.h"

using namespace mlir;
using namespace mlmodel;

//===----------------------------------------------------------------------===//
// Parameters that these layers share
//===----------------------------------------------------------------------===//

static LogicalResult requirePositive(ShapeRule &rule, StringRef field,
                                     int64_t value) {
  return rule.require(value > 0, field, value, "expected a positive number");
}

/// Checks a matrix with a row per output, and the bias if there is one.
static LogicalResult verifyMatrix(ShapeRule &rule, WeightsAttr weights,
                                  bool hasBias, WeightsAttr bias,
                                  int64_t outputs, int64_t inputs) {
  if (failed(rule.requireWeights(weights, "weights", Dim(outputs) * inputs,
                                 outputs)))
    return failure();
  return hasBias ? rule.requireWeights(bias, "bias", outputs) : success();
}

/// What int8DynamicQuantize demands of the weights.
static LogicalResult verifyDynamicQuantization(ShapeRule &rule,
                                               WeightsAttr weights) {
  if (!weights || getStorage(weights) != WeightStorage::Int8)
    return rule.fail("int8DynamicQuantize is true but weights have no "
                     "int8RawValue");
  auto linear =
      dyn_cast_or_null<LinearQuantizationAttr>(weights.getQuantization());
  if (!linear || linear.getScale().size() != 1 ||
      (linear.getBias() && linear.getBias().size() != 0))
    return rule.fail("int8DynamicQuantize is true but weights are not "
                     "quantized with one scale and no bias");
  return success();
}

//===----------------------------------------------------------------------===//
// Inner product and embeddings
//===----------------------------------------------------------------------===//

LogicalResult InnerProductOp::inferShapes(ShapeRule &rule, Adaptor op) {
  int64_t inputs = op.getInputChannels(), outputs = op.getOutputChannels();
  if (failed(requirePositive(rule, "inputChannels", inputs)) ||
      failed(requirePositive(rule, "outputChannels", outputs)) ||
      failed(verifyMatrix(rule, op.getWeightsAttr(), op.getHasBias(),
                          op.getBiasAttr(), outputs, inputs)))
    return failure();
  if (op.getInt8DynamicQuantize() &&
      failed(verifyDynamicQuantization(rule, op.getWeightsAttr())))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 1)))
    return failure();
  // From rank 4 on, channels, height and width are one vector.
  Dims shape = rule.getInput(0);
  size_t vectorRank = shape.size() >= 4 ? 3 : 1;
  Dim size = product(ArrayRef<Dim>(shape).take_back(vectorRank));
  if (!size.mayEqual(inputs))
    return rule.require(false, "inputChannels", inputs,
                        "but " + rule.describeInput(0) + " of shape " +
                            toString(shape) + " has vectors of " +
                            toString(size) + " elements");
  shape.truncate(shape.size() - vectorRank);
  shape.push_back(outputs);
  shape.append(vectorRank - 1, Dim(1));
  return rule.addOutput(shape);
}

LogicalResult EmbeddingOp::inferShapes(ShapeRule &rule, Adaptor op) {
  int64_t inputs = op.getInputDim(), outputs = op.getOutputChannels();
  if (failed(requirePositive(rule, "inputDim", inputs)) ||
      failed(requirePositive(rule, "outputChannels", outputs)) ||
      failed(verifyMatrix(rule, op.getWeightsAttr(), op.getHasBias(),
                          op.getBiasAttr(), outputs, inputs)))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 4, 5)))
    return failure();
  Dims shape = rule.getInput(0);
  for (Dim dim : ArrayRef<Dim>(shape).take_back(3))
    if (!dim.mayEqual(1))
      return rule.fail(rule.describeInput(0) + " has shape " + toString(shape) +
                       ", expected the last three sizes to be 1");
  shape[shape.size() - 3] = outputs;
  return rule.addOutput(shape);
}

LogicalResult EmbeddingNDOp::inferShapes(ShapeRule &rule, Adaptor op) {
  int64_t inputs = op.getVocabSize(), outputs = op.getEmbeddingSize();
  if (failed(requirePositive(rule, "vocabSize", inputs)) ||
      failed(requirePositive(rule, "embeddingSize", outputs)) ||
      failed(verifyMatrix(rule, op.getWeightsAttr(), op.getHasBias(),
                          op.getBiasAttr(), outputs, inputs)))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 2)))
    return failure();
  Dims shape = rule.getInput(0);
  if (!shape.back().mayEqual(1))
    return rule.fail(rule.describeInput(0) + " has shape " + toString(shape) +
                     ", expected the last size to be 1");
  shape.back() = outputs;
  return rule.addOutput(shape);
}

//===----------------------------------------------------------------------===//
// Matrix products
//===----------------------------------------------------------------------===//

/// One input times a matrix of weights, which is stored transposed.
static LogicalResult multiplyByWeights(ShapeRule &rule,
                                       BatchedMatmulOpAdaptor op) {
  int64_t inputs = op.getWeightMatrixFirstDimension(),
          outputs = op.getWeightMatrixSecondDimension();
  if (failed(requirePositive(rule, "weightMatrixFirstDimension", inputs)) ||
      failed(requirePositive(rule, "weightMatrixSecondDimension", outputs)) ||
      failed(verifyMatrix(rule, op.getWeightsAttr(), op.getHasBias(),
                          op.getBiasAttr(), outputs, inputs)))
    return failure();
  if (op.getInt8DynamicQuantize() &&
      failed(verifyDynamicQuantization(rule, op.getWeightsAttr())))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 1)))
    return failure();
  Dims shape = rule.getInput(0);
  if (!shape.back().mayEqual(inputs))
    return rule.require(false, "weightMatrixFirstDimension", inputs,
                        "but the last size of " + rule.describeInput(0) +
                            " is " + toString(shape.back()));
  shape.back() = outputs;
  return rule.addOutput(shape);
}

/// The shape of an operand as (a batch of) matrices.
static Dims getMatrices(ShapeRule &rule, size_t i, bool transpose) {
  Dims shape = rule.getInput(i);
  if (shape.size() == 1)
    shape.insert(i == 0 ? shape.begin() : shape.end(), Dim(1));
  if (transpose)
    std::swap(shape[shape.size() - 1], shape[shape.size() - 2]);
  return shape;
}

LogicalResult BatchedMatmulOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (rule.getNumInputs() == 1)
    return multiplyByWeights(rule, op);
  if (op.getHasBias())
    return rule.fail("hasBias is true but the layer has 2 inputs; a bias needs "
                     "a matrix of weights");
  if (op.getInt8DynamicQuantize())
    return rule.fail("int8DynamicQuantize is true but the layer has 2 inputs");
  if (!rule.hasRanks())
    return rule.unknown();
  if (failed(rule.requireRank(0, 1)) || failed(rule.requireRank(1, 1)))
    return failure();
  Dims a = getMatrices(rule, 0, op.getTransposeA());
  Dims b = getMatrices(rule, 1, op.getTransposeB());
  std::optional<Dims> shape = rules::broadcast(ArrayRef<Dim>(a).drop_back(2),
                                               ArrayRef<Dim>(b).drop_back(2));
  if (!shape || !a.back().mayEqual(b[b.size() - 2]))
    return rule.fail("cannot multiply matrices of shapes " + toString(a) +
                     " and " + toString(b));
  shape->push_back(a[a.size() - 2]);
  shape->push_back(b.back());
  return rule.addOutput(*shape);
}

LogicalResult DotOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (!rule.hasRanks())
    return rule.unknown();
  for (size_t i : {0, 1}) {
    if (failed(rule.requireRank(i, 3)))
      return failure();
    Dims shape = rule.getInput(i);
    for (Dim dim : ArrayRef<Dim>(shape).take_back(2))
      if (!dim.mayEqual(1))
        return rule.fail(rule.describeInput(i) + " has shape " +
                         toString(shape) +
                         ", expected the last two sizes to be 1");
  }
  std::optional<Dims> shape =
      rules::broadcast(rule.getInput(0), rule.getInput(1));
  if (!shape)
    return rule.fail("inputs have shapes " + toString(rule.getInput(0)) +
                     " and " + toString(rule.getInput(1)));
  (*shape)[shape->size() - 3] = 1;
  return rule.addOutput(*shape);
}

//===----------------------------------------------------------------------===//
// Bands of matrices
//===----------------------------------------------------------------------===//

static LogicalResult keepMatrices(ShapeRule &rule) {
  if (rule.hasRank(0) && failed(rule.requireRank(0, 2)))
    return failure();
  return rules::sameShapeAsInput(rule);
}

LogicalResult MatrixBandPartOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return keepMatrices(rule);
}

LogicalResult LowerTriangularOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return keepMatrices(rule);
}

LogicalResult UpperTriangularOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return keepMatrices(rule);
}
