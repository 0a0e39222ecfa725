//===- ControlFlow.cpp - Shape rules of the chapter ControlFlow -----------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/ControlFlowOps.h"
#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "MLModel/Dialect/MLModel/IR/ShapeRules.h"

using namespace mlir;
using namespace mlmodel;

LogicalResult BranchOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (rule.hasRank(0) && !product(rule.getInput(0)).mayEqual(Dim(1)))
    return rule.fail("condition " + rule.describeInput(0) + " has shape " +
                     toString(rule.getInput(0)) + ", expected one element");
  return rule.unknown();
}

LogicalResult LoopOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (failed(rule.require(op.getMaxLoopIterations() >= 0, "maxLoopIterations",
                          op.getMaxLoopIterations(), "which is too large")))
    return failure();
  return rule.unknown();
}

LogicalResult LoopBreakOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult LoopContinueOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

bool LoopOp::hasCondition() {
  return !getConditionNetwork().empty() && !getConditionVar().empty();
}

std::optional<int64_t> LoopOp::getFixedRounds() {
  if (hasCondition() || !getLayerInputs(*this).empty())
    return std::nullopt;
  return getMaxLoopIterations();
}
