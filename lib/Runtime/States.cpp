//===- States.cpp - State that recurrent layers keep ----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "States.h"
#include "MLModel/Dialect/MLModel/IR/RecurrentOps.h"
#include "MLModel/Dialect/MLModel/IR/ShapeOps.h"

using namespace mlir;
using namespace mlmodel;

/// Whether \p op gives the elements of its only input in their order.
static bool onlyChangesShape(Operation *op) {
  return isa<CopyOp, ExpandDimsOp, RankPreservingReshapeOp, ReshapeStaticOp,
             SqueezeOp>(op);
}

/// The network's input that \p value is, if it is one.
static std::optional<std::string> traceInput(NetworkOp network, Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!onlyChangesShape(op))
      return std::nullopt;
    value = op->getOperand(0);
  }
  auto argument = cast<BlockArgument>(value);
  if (argument.getOwner() != &network.getBody().front())
    return std::nullopt;
  return cast<StringAttr>(network.getInputNames()[argument.getArgNumber()])
      .str();
}

/// The network's output that \p value becomes, if it does.
static std::optional<std::string> traceOutput(NetworkOp network, Value value) {
  for (OpOperand &use : value.getUses()) {
    Operation *user = use.getOwner();
    if (isa<OutputOp>(user))
      return cast<StringAttr>(network.getOutputNames()[use.getOperandNumber()])
          .str();
    if (onlyChangesShape(user))
      if (auto output = traceOutput(network, user->getResult(0)))
        return output;
  }
  return std::nullopt;
}

std::vector<StatePair> mlmodel::findStatePairs(NetworkOp network) {
  std::vector<StatePair> pairs;
  network.walk([&](Operation *op) {
    if (!isa<SimpleRecurrentOp, GRUOp, UniDirectionalLSTMOp,
             BiDirectionalLSTMOp>(op))
      return;
    // The sequence comes first, then each state at the same place of inputs
    // and outputs.
    unsigned count = std::min(op->getNumOperands(), op->getNumResults());
    for (unsigned i = 1; i < count; ++i) {
      auto input = traceInput(network, op->getOperand(i));
      auto output = traceOutput(network, op->getResult(i));
      if (input && output)
        pairs.push_back({*input, *output});
    }
  });
  return pairs;
}
