//===- Activation.cpp - Shape rules of the chapter Activation -----------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/ActivationOps.h"
#include "MLModel/Dialect/MLModel/IR/Message.h"
#include "MLModel/Dialect/MLModel/IR/ShapeRules.h"
#include "MLModel/Dialect/MLModel/IR/WeightsView.h"

using namespace mlir;
using namespace mlmodel;

/// Checks weights that hold one value, or one per channel of \p input (not
/// known if empty).
static LogicalResult verifyPerChannel(ShapeRule &rule, WeightsAttr weights,
                                      StringRef field, ArrayRef<Dim> input) {
  if (!weights)
    return rule.fail(field + " is missing");
  if (input.empty())
    return rule.requireWeights(weights, field, Dim::dynamic());
  Dim channels = input[input.size() - 3];
  if (channels.isDynamic() || checkWeights(weights, 1, 1).empty())
    return success();
  return rule.requireWeights(weights, field, channels, channels.get());
}

static LogicalResult verifyFunction(ShapeRule &rule, ActivationOpAdaptor op,
                                    ArrayRef<Dim> input) {
  if (Message prelu = op.getPReLUAttr())
    return verifyPerChannel(rule, prelu.getWeights("alpha"), "PReLU.alpha",
                            input);
  Message softplus = op.getParametricSoftplusAttr();
  if (!softplus)
    return success();
  if (failed(verifyPerChannel(rule, softplus.getWeights("alpha"),
                              "parametricSoftplus.alpha", input)))
    return failure();
  return verifyPerChannel(rule, softplus.getWeights("beta"),
                          "parametricSoftplus.beta", input);
}

LogicalResult ActivationOp::inferShapes(ShapeRule &rule, Adaptor op) {
  Attribute functions[] = {op.getLinearAttr(),
                           op.getReLUAttr(),
                           op.getLeakyReLUAttr(),
                           op.getThresholdedReLUAttr(),
                           op.getPReLUAttr(),
                           op.getTanhAttr(),
                           op.getScaledTanhAttr(),
                           op.getSigmoidAttr(),
                           op.getSigmoidHardAttr(),
                           op.getELUAttr(),
                           op.getSoftsignAttr(),
                           op.getSoftplusAttr(),
                           op.getParametricSoftplusAttr()};
  int64_t count = llvm::count_if(functions, [](Attribute f) { return !!f; });
  if (count != 1)
    return rule.fail("names " + Twine(count) + " functions, expected 1");
  if (failed(verifyFunction(rule, op, {})))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  if (op.getPReLUAttr() || op.getParametricSoftplusAttr()) {
    if (failed(rule.requireRank(0, 3)) ||
        failed(verifyFunction(rule, op, rule.getInput(0))))
      return failure();
  }
  return rule.addOutput(rule.getInput(0));
}

LogicalResult SoftmaxOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (rule.hasRank(0) && failed(rule.requireRank(0, 3)))
    return failure();
  return rules::sameShapeAsInput(rule);
}

LogicalResult SoftmaxNDOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireAxis(op.getAxis(), rule.getInput(0).size())))
    return failure();
  return rule.addOutput(rule.getInput(0));
}
