//===- Recurrent.cpp - Shape rules of the chapter Recurrent ---------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/Message.h"
#include "MLModel/Dialect/MLModel/IR/RecurrentOps.h"
#include "MLModel/Dialect/MLModel/IR/ShapeRules.h"

using namespace mlir;
using namespace mlmodel;

namespace {
/// The sizes of a recurrent layer's vectors.
struct VectorSizes {
  int64_t input;
  int64_t output;
};

/// One matrix or vector of weights, with the name of its field.
struct NamedWeights {
  StringRef field;
  WeightsAttr weights;
};
} // namespace

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

static LogicalResult verifySizes(ShapeRule &rule, VectorSizes sizes) {
  if (failed(rule.require(sizes.input > 0, "inputVectorSize", sizes.input,
                          "expected a positive number")))
    return failure();
  return rule.require(sizes.output > 0, "outputVectorSize", sizes.output,
                      "expected a positive number");
}

/// Checks that each of \p all has a row of \p columns values per output.
static LogicalResult verifyWeights(ShapeRule &rule, VectorSizes sizes,
                                   ArrayRef<NamedWeights> all,
                                   int64_t columns) {
  for (const NamedWeights &one : all)
    if (failed(rule.requireWeights(one.weights, one.field,
                                   Dim(sizes.output) * columns, sizes.output)))
      return failure();
  return success();
}

/// The functions a recurrent layer can apply.
static LogicalResult verifyActivation(ShapeRule &rule, Message activation,
                                      StringRef field) {
  StringRef known[] = {"linear",     "sigmoid",     "tanh",
                       "scaledTanh", "sigmoidHard", "ReLU"};
  auto isSet = [&](StringRef name) { return activation.has(name); };
  if (llvm::count_if(known, isSet) == 1)
    return success();
  return rule.fail(field + " is not one of linear, sigmoid, tanh, scaledTanh, "
                           "sigmoidHard and ReLU");
}

static LogicalResult verifyActivations(ShapeRule &rule, ArrayAttr activations,
                                       StringRef field, size_t count) {
  size_t actual = activations ? activations.size() : 0;
  if (actual != count)
    return rule.fail(field + " has " + Twine(actual) + " entries, expected " +
                     Twine(count));
  for (Attribute activation : activations)
    if (failed(verifyActivation(rule, activation, field)))
      return failure();
  return success();
}

/// The weights of one LSTM: \p fields from the message \p weights.
static LogicalResult verifyLSTMFields(ShapeRule &rule, VectorSizes sizes,
                                      Message weights,
                                      ArrayRef<StringRef> fields,
                                      int64_t columns) {
  for (StringRef field : fields)
    if (failed(verifyWeights(rule, sizes, {{field, weights.getWeights(field)}},
                             columns)))
      return failure();
  return success();
}

static LogicalResult verifyLSTMWeights(ShapeRule &rule, VectorSizes sizes,
                                       Message params, Message weights) {
  if (failed(
          verifyLSTMFields(rule, sizes, weights,
                           {"inputGateWeightMatrix", "forgetGateWeightMatrix",
                            "blockInputWeightMatrix", "outputGateWeightMatrix"},
                           sizes.input)) ||
      failed(verifyLSTMFields(
          rule, sizes, weights,
          {"inputGateRecursionMatrix", "forgetGateRecursionMatrix",
           "blockInputRecursionMatrix", "outputGateRecursionMatrix"},
          sizes.output)))
    return failure();
  if (params.getBool("hasBiasVectors") &&
      failed(verifyLSTMFields(rule, sizes, weights,
                              {"inputGateBiasVector", "forgetGateBiasVector",
                               "blockInputBiasVector", "outputGateBiasVector"},
                              1)))
    return failure();
  if (params.getBool("hasPeepholeVectors"))
    return verifyLSTMFields(rule, sizes, weights,
                            {"inputGatePeepholeVector",
                             "forgetGatePeepholeVector",
                             "outputGatePeepholeVector"},
                            1);
  return success();
}

//===----------------------------------------------------------------------===//
// Inputs and outputs
//===----------------------------------------------------------------------===//

/// Checks an initial state, which is [1, Batch, Size, 1, 1]. Ones may stand
/// elsewhere: the numbers lie in the same order.
static LogicalResult verifyState(ShapeRule &rule, size_t i, Dim batch,
                                 int64_t size) {
  if (!rule.hasRank(i))
    return success();
  if (failed(rule.requireRank(i, 5, 5)))
    return failure();
  Dims actual = rule.getInput(i), expected = {1, batch, size, 1, 1};
  auto isNotOne = [](Dim dim) { return dim != Dim(1); };
  bool isKnown =
      llvm::none_of(actual, [](Dim dim) { return dim.isDynamic(); }) &&
      !batch.isDynamic();
  Dims left, right;
  llvm::copy_if(actual, std::back_inserter(left), isNotOne);
  llvm::copy_if(expected, std::back_inserter(right), isNotOne);
  if (!isKnown || left == right)
    return success();
  return rule.fail(rule.describeInput(i) + " has shape " + toString(actual) +
                   ", expected " + toString(expected));
}

/// Checks the sequence and the states, and answers the sequence of outputs
/// (\p directions vectors each) and all final states.
static LogicalResult addSequence(ShapeRule &rule, VectorSizes sizes,
                                 bool sequenceOutput, size_t numStates,
                                 int64_t directions = 1) {
  size_t inputs = rule.getNumInputs(), outputs = rule.getNumOutputs();
  if (inputs != 1 && inputs != 1 + numStates)
    return rule.fail("has " + Twine(inputs) + " inputs, expected 1 or " +
                     Twine(1 + numStates));
  if (outputs != 1 && outputs != 1 + numStates)
    return rule.fail("has " + Twine(outputs) + " outputs, expected 1 or " +
                     Twine(1 + numStates));
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 5, 5)))
    return failure();
  Dims shape = rule.getInput(0);
  Dim vector = product(ArrayRef<Dim>(shape).take_back(3));
  if (!vector.mayEqual(sizes.input))
    return rule.require(false, "inputVectorSize", sizes.input,
                        "but " + rule.describeInput(0) + " of shape " +
                            toString(shape) + " has vectors of " +
                            toString(vector) + " elements");
  for (size_t i = 1; i < inputs; ++i)
    if (failed(verifyState(rule, i, shape[1], sizes.output)))
      return failure();
  Dim length = sequenceOutput ? shape[0] : Dim(1);
  if (failed(rule.addOutput(
          {length, shape[1], Dim(sizes.output) * directions, 1, 1})))
    return failure();
  for (size_t i = 1; i < outputs; ++i)
    if (failed(rule.addOutput({1, shape[1], sizes.output, 1, 1})))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

LogicalResult SimpleRecurrentOp::inferShapes(ShapeRule &rule, Adaptor op) {
  VectorSizes sizes{static_cast<int64_t>(op.getInputVectorSize()),
                    static_cast<int64_t>(op.getOutputVectorSize())};
  if (failed(verifySizes(rule, sizes)) ||
      failed(verifyActivation(rule, op.getActivationAttr(), "activation")) ||
      failed(verifyWeights(rule, sizes,
                           {{"weightMatrix", op.getWeightMatrixAttr()}},
                           sizes.input)) ||
      failed(verifyWeights(rule, sizes,
                           {{"recursionMatrix", op.getRecursionMatrixAttr()}},
                           sizes.output)))
    return failure();
  if (op.getHasBiasVector() &&
      failed(verifyWeights(rule, sizes,
                           {{"biasVector", op.getBiasVectorAttr()}}, 1)))
    return failure();
  return addSequence(rule, sizes, op.getSequenceOutput(), 1);
}

LogicalResult GRUOp::inferShapes(ShapeRule &rule, Adaptor op) {
  VectorSizes sizes{static_cast<int64_t>(op.getInputVectorSize()),
                    static_cast<int64_t>(op.getOutputVectorSize())};
  NamedWeights weights[] = {
      {"updateGateWeightMatrix", op.getUpdateGateWeightMatrixAttr()},
      {"resetGateWeightMatrix", op.getResetGateWeightMatrixAttr()},
      {"outputGateWeightMatrix", op.getOutputGateWeightMatrixAttr()}};
  NamedWeights recursion[] = {
      {"updateGateRecursionMatrix", op.getUpdateGateRecursionMatrixAttr()},
      {"resetGateRecursionMatrix", op.getResetGateRecursionMatrixAttr()},
      {"outputGateRecursionMatrix", op.getOutputGateRecursionMatrixAttr()}};
  NamedWeights bias[] = {
      {"updateGateBiasVector", op.getUpdateGateBiasVectorAttr()},
      {"resetGateBiasVector", op.getResetGateBiasVectorAttr()},
      {"outputGateBiasVector", op.getOutputGateBiasVectorAttr()}};
  if (failed(verifySizes(rule, sizes)) ||
      failed(
          verifyActivations(rule, op.getActivationsAttr(), "activations", 2)) ||
      failed(verifyWeights(rule, sizes, weights, sizes.input)) ||
      failed(verifyWeights(rule, sizes, recursion, sizes.output)))
    return failure();
  if (op.getHasBiasVectors() && failed(verifyWeights(rule, sizes, bias, 1)))
    return failure();
  return addSequence(rule, sizes, op.getSequenceOutput(), 1);
}

LogicalResult UniDirectionalLSTMOp::inferShapes(ShapeRule &rule, Adaptor op) {
  VectorSizes sizes{static_cast<int64_t>(op.getInputVectorSize()),
                    static_cast<int64_t>(op.getOutputVectorSize())};
  Message params = op.getParamsAttr();
  if (failed(verifySizes(rule, sizes)) ||
      failed(
          verifyActivations(rule, op.getActivationsAttr(), "activations", 3)) ||
      failed(verifyLSTMWeights(rule, sizes, params, op.getWeightParamsAttr())))
    return failure();
  return addSequence(rule, sizes, params.getBool("sequenceOutput"), 2);
}

LogicalResult BiDirectionalLSTMOp::inferShapes(ShapeRule &rule, Adaptor op) {
  VectorSizes sizes{static_cast<int64_t>(op.getInputVectorSize()),
                    static_cast<int64_t>(op.getOutputVectorSize())};
  Message params = op.getParamsAttr();
  if (failed(verifySizes(rule, sizes)) ||
      failed(verifyActivations(rule, op.getActivationsForwardLSTMAttr(),
                               "activationsForwardLSTM", 3)) ||
      failed(verifyActivations(rule, op.getActivationsBackwardLSTMAttr(),
                               "activationsBackwardLSTM", 3)))
    return failure();
  ArrayAttr weights = op.getWeightParamsAttr();
  if (!weights || weights.size() != 2)
    return rule.fail("weightParams has " + Twine(weights ? weights.size() : 0) +
                     " entries, expected 2");
  for (Attribute direction : weights)
    if (failed(verifyLSTMWeights(rule, sizes, params, direction)))
      return failure();
  return addSequence(rule, sizes, params.getBool("sequenceOutput"), 4, 2);
}
