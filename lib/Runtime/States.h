//===- States.h - State that recurrent layers keep --------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_RUNTIME_STATES_H
#define MLMODEL_LIB_RUNTIME_STATES_H

#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "MLModel/Runtime/Features.h"
#include "MLModel/Transforms/InferShapes.h"

namespace mlmodel {

/// Finds the recurrent layers that start from an input of the network and leave
/// their final state in an output of it. Layers between that only change the
/// state's shape do not matter.
std::vector<StatePair> findStatePairs(NetworkOp network);

/// Sets in \p shapes those of the inputs \p omitted that recurrent layers read
/// as their states: what the layers write back, for the batch that the other
/// inputs have. Declared shapes often mean a batch of 1. Others stay as they
/// are.
void fitOmittedStates(ModelOp model, llvm::ArrayRef<StatePair> pairs,
                      llvm::ArrayRef<llvm::StringRef> omitted,
                      InputShapes &shapes);

} // namespace mlmodel

#endif // MLMODEL_LIB_RUNTIME_STATES_H
