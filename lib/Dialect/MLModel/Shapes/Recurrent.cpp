//===- Recurrent.cpp - Shape rules of the chapter Recurrent --------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/RecurrentOps.h"
#include "MLModel/Dialect/MLModel/IR/ShapeRules.h"

using namespace mlir;
using namespace mlmodel;

LogicalResult SimpleRecurrentOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult GRUOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult UniDirectionalLSTMOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult BiDirectionalLSTMOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}
