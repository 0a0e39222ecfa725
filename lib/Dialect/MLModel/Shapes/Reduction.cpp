//===- Reduction.cpp - Shape rules of the chapter Reduction --------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/ReductionOps.h"
#include "MLModel/Dialect/MLModel/IR/ShapeRules.h"

using namespace mlir;
using namespace mlmodel;

LogicalResult ReduceOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult ArgMinOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult ArgMaxOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult CumSumOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}
