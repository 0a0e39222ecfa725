//===- Shared.cpp - Shape rules that families of layers share -------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/ShapeRules.h"

using namespace mlir;
using namespace mlmodel;

LogicalResult rules::sameShapeAsInput(ShapeRule &rule) {
  if (!rule.hasRank(0))
    return rule.unknown();
  return rule.addOutput(rule.getInput(0));
}

std::optional<Dims> rules::broadcast(ArrayRef<Dim> a, ArrayRef<Dim> b) {
  if (a.size() < b.size())
    std::swap(a, b);
  Dims result(a.begin(), a.end());
  for (auto [out, other] :
       llvm::zip(MutableArrayRef<Dim>(result).take_back(b.size()), b)) {
    if (out == Dim(1))
      out = other;
    else if (other == Dim(1) || other.isDynamic())
      continue;
    else if (out.isDynamic())
      out = other;
    else if (out != other)
      return std::nullopt;
  }
  return result;
}

LogicalResult rules::broadcastAllInputs(ShapeRule &rule) {
  if (!rule.hasRanks() || rule.getNumInputs() == 0)
    return rule.unknown();
  Dims shape = rule.getInput(0);
  for (size_t i = 1, e = rule.getNumInputs(); i < e; ++i) {
    std::optional<Dims> wider = broadcast(shape, rule.getInput(i));
    if (!wider)
      return rule.fail(rule.describeInput(i) + " of shape " +
                       toString(rule.getInput(i)) +
                       " does not broadcast with shape " + toString(shape));
    shape = *wider;
  }
  return rule.addOutput(shape);
}

LogicalResult rules::reduceOverAxes(ShapeRule &rule, ArrayRef<int64_t> axes,
                                    bool keepDims, bool reduceAll) {
  if (!rule.hasRank(0))
    return rule.unknown();
  Dims input = rule.getInput(0);
  SmallVector<int64_t> reduced;
  if (reduceAll || axes.empty()) {
    llvm::append_range(reduced, llvm::seq<int64_t>(0, input.size()));
  } else {
    FailureOr<SmallVector<int64_t>> normal =
        rule.requireAxes(axes, input.size());
    if (failed(normal))
      return failure();
    reduced = *normal;
  }
  Dims shape;
  for (auto [axis, dim] : llvm::enumerate(input)) {
    if (!llvm::is_contained(reduced, axis))
      shape.push_back(dim);
    else if (keepDims)
      shape.push_back(1);
  }
  return rule.addOutput(shape);
}
