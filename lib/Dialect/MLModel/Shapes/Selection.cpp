//===- Selection.cpp - Shape rules of the chapter Selection --------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/SelectionOps.h"
#include "MLModel/Dialect/MLModel/IR/ShapeRules.h"

using namespace mlir;
using namespace mlmodel;

LogicalResult TopKOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult ArgSortOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult NonMaximumSuppressionOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}
