//===- Custom.cpp - Shape rules of the chapter Custom --------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/CustomOps.h"
#include "MLModel/Dialect/MLModel/IR/ShapeRules.h"

using namespace mlir;
using namespace mlmodel;

LogicalResult CustomOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}
