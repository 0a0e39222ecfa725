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

namespace mlmodel {

/// Finds the recurrent layers that start from an input of the network and leave
/// their final state in an output of it. Layers between that only change the
/// state's shape do not matter.
std::vector<StatePair> findStatePairs(NetworkOp network);

} // namespace mlmodel

#endif // MLMODEL_LIB_RUNTIME_STATES_H
