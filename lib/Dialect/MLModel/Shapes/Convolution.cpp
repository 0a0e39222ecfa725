//===- Convolution.cpp - Shape rules of the chapter Convolution -----------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/ConvolutionOps.h"
#include "MLModel/Dialect/MLModel/IR/ShapeRules.h"
#include "MLModel/Dialect/MLModel/IR/Window.h"

using namespace mlir;
using namespace mlmodel;

namespace {
/// What convolutions over two and three axes have in common.
struct Kernels {
  int64_t outputChannels;
  int64_t inputChannels; // per group, unless transposed
  int64_t groups;
  bool transposed;
  StringRef inputField; // the name of the field inputChannels comes from
  Window window;
};
} // namespace

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

static LogicalResult verifyKernels(ShapeRule &rule, const Kernels &kernels,
                                   size_t numAxes) {
  int64_t outputs = kernels.outputChannels, groups = kernels.groups;
  if (failed(rule.require(outputs > 0, "outputChannels", outputs,
                          "expected a positive number")) ||
      failed(rule.require(kernels.inputChannels > 0, kernels.inputField,
                          kernels.inputChannels,
                          "expected a positive number")) ||
      failed(rule.require(groups > 0, "nGroups", groups,
                          "expected a positive number")) ||
      failed(rule.require(outputs % groups == 0, "nGroups", groups,
                          "which does not divide outputChannels " +
                              Twine(outputs))))
    return failure();
  return verifyWindow(rule, kernels.window, numAxes);
}

/// The number of weights; \p perKernel channels belong to each of \p kernels.
static LogicalResult verifyKernelWeights(ShapeRule &rule,
                                         const Kernels &kernels,
                                         WeightsAttr weights) {
  Dim perGroup(kernels.outputChannels / kernels.groups);
  Dim count = kernels.transposed
                  ? Dim(kernels.inputChannels) * perGroup
                  : Dim(kernels.outputChannels) * kernels.inputChannels;
  for (int64_t size : kernels.window.kernel)
    count = count * size;
  // A transposed convolution's scales run along its second axis.
  int64_t channels =
      kernels.transposed ? perGroup.get() : kernels.outputChannels;
  return rule.requireWeights(weights, "weights", count, channels);
}

//===----------------------------------------------------------------------===//
// Output sizes
//===----------------------------------------------------------------------===//

/// Demands that \p size elements can be held in memory.
static LogicalResult requireLimit(ShapeRule &rule, Dim count,
                                  const Twine &what) {
  if (count.isDynamic() ||
      (count.isStatic() && count.get() <= kMaxBlobElements))
    return success();
  return rule.fail(what + " is larger than the limit of " +
                       Twine(kMaxBlobElements) + " elements",
                   ErrorClass::Limit);
}

/// Replaces the spatial sizes at the end of \p shape by those of the output.
static LogicalResult slide(ShapeRule &rule, const Window &window, Dims &shape) {
  size_t numAxes = window.kernel.size();
  MutableArrayRef<Dim> sizes = MutableArrayRef<Dim>(shape).take_back(numAxes);
  Dims padded = shape;
  for (size_t i = 0; i < numAxes; ++i) {
    auto [begin, end] = window.getPadding(i, sizes[i]);
    Dim size = sizes[i] + begin + end, reach = window.getReach(i);
    if (size.isStatic() && (reach.isOverflow() || reach.get() > size.get()))
      return rule.fail("the kernel covers " + toString(reach) +
                       " elements but the padded " + rule.describeInput(0) +
                       " has only " + toString(size));
    padded[shape.size() - numAxes + i] = size;
  }
  if (failed(requireLimit(rule, product(padded),
                          "the padded input of shape " + toString(padded))))
    return failure();
  for (size_t i = 0; i < numAxes; ++i)
    sizes[i] = window.getOutput(i, sizes[i]);
  return success();
}

/// The same for a transposed convolution.
static LogicalResult slideTransposed(ShapeRule &rule, const Window &window,
                                     Dims &shape) {
  size_t numAxes = window.kernel.size();
  MutableArrayRef<Dim> sizes = MutableArrayRef<Dim>(shape).take_back(numAxes);
  Dims full = shape;
  for (size_t i = 0; i < numAxes; ++i) {
    Dim size = (sizes[i] - 1) * window.stride[i] + window.getReach(i);
    full[shape.size() - numAxes + i] = size;
    Dim output = window.getTransposedOutput(i, sizes[i]);
    auto [begin, end] = window.getCrop(i, sizes[i]);
    if (begin.isStatic() && size.isStatic() && begin.get() >= size.get())
      return rule.fail("paddingAmounts crops " + toString(begin) + " of " +
                       toString(size) + " output elements");
    sizes[i] = output;
  }
  return requireLimit(rule, product(full),
                      "the uncropped output of shape " + toString(full));
}

/// Checks the input against the kernels and answers the output's shape.
static LogicalResult addConvolved(ShapeRule &rule, const Kernels &kernels) {
  size_t numAxes = kernels.window.kernel.size();
  Dims shape = rule.getInput(0);
  Dim &channels = shape[shape.size() - numAxes - 1];
  Dim expected = kernels.transposed
                     ? Dim(kernels.inputChannels)
                     : Dim(kernels.inputChannels) * kernels.groups;
  if (!channels.mayEqual(expected)) {
    std::string groups;
    if (kernels.groups != 1 && !kernels.transposed)
      groups = " in " + std::to_string(kernels.groups) + " groups";
    return rule.require(false, kernels.inputField, kernels.inputChannels,
                        "but " + rule.describeInput(0) + " has " +
                            toString(channels) + " channels" + groups);
  }
  if (kernels.transposed && kernels.inputChannels % kernels.groups != 0)
    return rule.require(false, "nGroups", kernels.groups,
                        "which does not divide " + kernels.inputField + " " +
                            Twine(kernels.inputChannels));
  channels = kernels.outputChannels;
  if (failed(kernels.transposed ? slideTransposed(rule, kernels.window, shape)
                                : slide(rule, kernels.window, shape)))
    return failure();
  return rule.addOutput(shape);
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

/// The second input of a convolution: its kernels, computed at run time.
static LogicalResult verifyDynamicKernels(ShapeRule &rule,
                                          const Kernels &kernels) {
  if (kernels.transposed)
    return rule.fail("isDeconvolution is true but the layer has 2 inputs; "
                     "weights must be a parameter then");
  if (!rule.hasRank(1))
    return success();
  if (failed(rule.requireRank(1, 4, 4)))
    return failure();
  Dims expected = {kernels.outputChannels, kernels.inputChannels,
                   kernels.window.kernel[0], kernels.window.kernel[1]};
  Dims actual = rule.getInput(1);
  for (auto [a, e] : llvm::zip(actual, expected))
    if (!a.mayEqual(e))
      return rule.fail("the parameters describe weights of shape " +
                       toString(expected) + " but " + rule.describeInput(1) +
                       " has shape " + toString(actual));
  return success();
}

LogicalResult ConvolutionOp::inferShapes(ShapeRule &rule, Adaptor op) {
  Kernels kernels{static_cast<int64_t>(op.getOutputChannels()),
                  static_cast<int64_t>(op.getKernelChannels()),
                  op.getNGroups() ? static_cast<int64_t>(op.getNGroups()) : 1,
                  op.getIsDeconvolution(),
                  "kernelChannels",
                  getWindow(op)};
  if (failed(verifyKernels(rule, kernels, 2)))
    return failure();
  bool isDynamic = rule.getNumInputs() == 2;
  if (failed(isDynamic
                 ? verifyDynamicKernels(rule, kernels)
                 : verifyKernelWeights(rule, kernels, op.getWeightsAttr())))
    return failure();
  if (op.getHasBias() && failed(rule.requireWeights(op.getBiasAttr(), "bias",
                                                    kernels.outputChannels)))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 3)))
    return failure();
  return addConvolved(rule, kernels);
}

LogicalResult Convolution3dOp::inferShapes(ShapeRule &rule, Adaptor op) {
  int64_t groups = op.getNGroups() ? op.getNGroups() : 1;
  int64_t inputs = op.getInputChannels();
  Kernels kernels{static_cast<int64_t>(op.getOutputChannels()),
                  inputs,
                  groups,
                  op.getIsDeconvolution(),
                  "inputChannels",
                  getWindow(op)};
  if (failed(verifyKernels(rule, kernels, 3)))
    return failure();
  if (inputs % groups != 0)
    return rule.require(false, "nGroups", groups,
                        "which does not divide inputChannels " + Twine(inputs));
  if (!kernels.transposed)
    kernels.inputChannels /= groups;
  if (failed(verifyKernelWeights(rule, kernels, op.getWeightsAttr())))
    return failure();
  if (op.getHasBias() && failed(rule.requireWeights(op.getBiasAttr(), "bias",
                                                    kernels.outputChannels)))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 5, 5)))
    return failure();
  return addConvolved(rule, kernels);
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

LogicalResult PoolingOp::inferShapes(ShapeRule &rule, Adaptor op) {
  Window window = getWindow(op);
  if (failed(verifyWindow(rule, window, 2)))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 3)))
    return failure();
  Dims shape = rule.getInput(0);
  if (op.getGlobalPooling())
    shape[shape.size() - 2] = shape[shape.size() - 1] = 1;
  else if (failed(slide(rule, window, shape)))
    return failure();
  return rule.addOutput(shape);
}

LogicalResult Pooling3dOp::inferShapes(ShapeRule &rule, Adaptor op) {
  Window window = getWindow(op);
  if (failed(verifyWindow(rule, window, 3)))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 5, 5)))
    return failure();
  Dims shape = rule.getInput(0);
  if (failed(slide(rule, window, shape)))
    return failure();
  return rule.addOutput(shape);
}

LogicalResult GlobalPooling3dOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 5, 5)))
    return failure();
  Dims shape = rule.getInput(0);
  shape[2] = shape[3] = shape[4] = 1;
  return rule.addOutput(shape);
}
