//===- ShapeRules.h - Shape rules that families of layers share -*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_SHAPERULES_H
#define MLMODEL_DIALECT_MLMODEL_IR_SHAPERULES_H

#include "MLModel/Dialect/MLModel/IR/ShapeRule.h"

namespace mlmodel::rules {

/// The output has the shape of the first input.
llvm::LogicalResult sameShapeAsInput(ShapeRule &rule);
/// NumPy broadcasting over all inputs.
llvm::LogicalResult broadcastAllInputs(ShapeRule &rule);
/// Reduction over \p axes (all if \p reduceAll, or if there are none).
llvm::LogicalResult reduceOverAxes(ShapeRule &rule,
                                   llvm::ArrayRef<int64_t> axes, bool keepDims,
                                   bool reduceAll);

template <typename Adaptor>
llvm::LogicalResult sameShape(ShapeRule &rule, Adaptor &) {
  return sameShapeAsInput(rule);
}

template <typename Adaptor>
llvm::LogicalResult broadcastInputs(ShapeRule &rule, Adaptor &) {
  return broadcastAllInputs(rule);
}

template <typename Adaptor>
llvm::LogicalResult reduceAxes(ShapeRule &rule, Adaptor &op) {
  return reduceOverAxes(rule, op.getAxes(), op.getKeepDims(),
                        op.getReduceAll());
}

/// Broadcasts \p a with \p b by NumPy's rule; nothing if they do not match.
std::optional<Dims> broadcast(llvm::ArrayRef<Dim> a, llvm::ArrayRef<Dim> b);

} // namespace mlmodel::rules

#endif // MLMODEL_DIALECT_MLMODEL_IR_SHAPERULES_H
