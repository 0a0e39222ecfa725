//===- States.cpp - State that recurrent layers keep ----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "States.h"
#include "MLModel/Dialect/MLModel/IR/RecurrentOps.h"
#include "MLModel/Dialect/MLModel/IR/ShapeOps.h"
#include "mlir/IR/OwningOpRef.h"

using namespace mlir;
using namespace mlmodel;

static bool isRecurrent(Operation *op) {
  return isa<SimpleRecurrentOp, GRUOp, UniDirectionalLSTMOp,
             BiDirectionalLSTMOp>(op);
}

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
    if (!isRecurrent(op))
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

/// The shape of what a recurrent layer writes back for its state \p argument.
static std::optional<SmallVector<int64_t>> getStateShape(Value argument) {
  for (OpOperand &use : argument.getUses()) {
    Operation *layer = use.getOwner();
    unsigned i = use.getOperandNumber();
    if (!isRecurrent(layer) || i == 0 || i >= layer->getNumResults())
      continue;
    auto type = dyn_cast<RankedTensorType>(layer->getResult(i).getType());
    if (type && type.hasStaticShape())
      return llvm::to_vector(type.getShape());
  }
  return std::nullopt;
}

void mlmodel::fitOmittedStates(ModelOp model, ArrayRef<StatePair> pairs,
                               ArrayRef<StringRef> omitted,
                               InputShapes &shapes) {
  InputShapes known = shapes;
  bool hasStates = false;
  for (const StatePair &pair : pairs)
    if (llvm::is_contained(omitted, pair.input)) {
      known[pair.input] = {};
      hasStates = true;
    }
  if (!hasStates)
    return;
  OwningOpRef<ModelOp> copy = model.clone();
  // What does not fit is told when the shapes are used.
  ScopedDiagnosticHandler silence(model.getContext(),
                                  [](Diagnostic &) { return success(); });
  if (failed(inferShapes(*copy, known)))
    return;
  auto network = cast<NetworkOp>(copy->getContent().getOperation());
  for (auto [argument, name] :
       llvm::zip(network.getBody().getArguments(),
                 network.getInputNames().getAsRange<StringAttr>()))
    if (known.lookup(name.getValue()).empty())
      if (auto shape = getStateShape(argument))
        shapes[name.getValue()] = *shape;
}
