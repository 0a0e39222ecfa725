//===- Shape.cpp - Shape rules of the chapter Shape ----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/ShapeOps.h"
#include "MLModel/Dialect/MLModel/IR/ShapeRules.h"

using namespace mlir;
using namespace mlmodel;

LogicalResult ReshapeOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult FlattenOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult PermuteOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult ConcatOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult SplitOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult SequenceRepeatOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult ReorganizeDataOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult PaddingOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult ConstantPadOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult TileOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult StackOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult ReverseOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult ReverseSeqOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult SplitNDOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult ConcatNDOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult TransposeOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult SlidingWindowsOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult GetShapeOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult BroadcastToLikeOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult BroadcastToStaticOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult BroadcastToDynamicOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult SqueezeOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult ExpandDimsOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult FlattenTo2DOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult ReshapeLikeOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult ReshapeStaticOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult ReshapeDynamicOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}

LogicalResult RankPreservingReshapeOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rule.unknown();
}
