//===- SimplifyControlFlow.cpp - Fewer branches and loops -----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A body takes the place of its branch or loop. Bodies may write blobs of the
// networks around them again, which layers of the outermost network may not: a
// body is only moved there if the blobs can be told apart by new names, so that
// the model can still be written.
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/ControlFlowOps.h"
#include "MLModel/Dialect/MLModel/IR/CustomOps.h"
#include "MLModel/Dialect/MLModel/IR/KnownValues.h"
#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "MLModel/Transforms/Passes.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/StringSet.h"

namespace mlmodel {
#define GEN_PASS_DEF_SIMPLIFYCONTROLFLOWPASS
#include "MLModel/Transforms/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;
using namespace mlmodel;

static bool isTopLevel(Operation *op) {
  return isa<NetworkOp>(op->getParentOp());
}

static bool hasJumps(Operation *op) {
  return op
      ->walk([](Operation *nested) {
        return isa<LoopBreakOp, LoopContinueOp>(nested)
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}

static ValueRange getCarriedOperands(Operation *op) {
  return op->getOperands().take_back(getNumCarriedOperands(op));
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// The names of all blobs that \p op and the layers in it write.
static llvm::StringSet<> getWrittenNames(Operation *op) {
  llvm::StringSet<> names;
  op->walk([&](Operation *nested) {
    for (StringAttr name : getResultNames(nested))
      names.insert(name.getValue());
  });
  return names;
}

/// Whether layers that write \p names may stand beside \p op: in the outermost
/// network, no input and no other branch or loop may go by one of them.
static bool mayMoveBeside(Operation *op, const llvm::StringSet<> &names) {
  if (!isTopLevel(op))
    return true;
  auto network = cast<NetworkOp>(op->getParentOp());
  for (auto name : network.getInputNames().getAsRange<StringAttr>())
    if (names.contains(name.getValue()))
      return false;
  for (Operation &other : *op->getBlock())
    if (&other != op && other.getNumRegions())
      for (StringAttr name : getResultNames(&other))
        if (names.contains(name.getValue()))
          return false;
  return true;
}

namespace {
/// Gives the layers of a network and the blobs they write different names.
/// Whoever writes a blob last keeps its name: outputs go by it.
class Renamer {
public:
  explicit Renamer(NetworkOp network) : network(network) {
    for (auto name : network.getInputNames().getAsRange<StringAttr>())
      taken.insert(name.getValue());
    for (auto &name : getWrittenNames(network))
      taken.insert(name.getKey());
    network.walk([&](LayerOpInterface layer) {
      taken.insert(layer.getLayer().getName().getValue());
    });
  }

  void run() {
    llvm::StringSet<> blobs, layers;
    for (Operation &op : llvm::reverse(network.getBody().front())) {
      auto layer = dyn_cast<LayerOpInterface>(op);
      if (!layer)
        continue;
      LayerAttr identity = layer.getLayer();
      StringAttr name = pick(identity.getName(), layers);
      SmallVector<StringAttr> outputs;
      for (StringAttr output : identity.getOutputs())
        outputs.push_back(pick(output, blobs));
      op.setAttr("layer", LayerAttr::get(op.getContext(), name, outputs,
                                         identity.getExtra()));
      op.setLoc(NameLoc::get(name));
    }
  }

private:
  /// \p name, or a new one if it is in \p seen.
  StringAttr pick(StringAttr name, llvm::StringSet<> &seen) {
    if (name.getValue().empty() || seen.insert(name.getValue()).second)
      return name;
    for (unsigned i = 1;; ++i) {
      std::string fresh = (name.getValue() + "_" + Twine(i)).str();
      if (taken.insert(fresh).second)
        return StringAttr::get(name.getContext(), fresh);
    }
  }

  NetworkOp network;
  llvm::StringSet<> taken;
};
} // namespace

//===----------------------------------------------------------------------===//
// Bodies in place of branches and loops
//===----------------------------------------------------------------------===//

/// Copies \p body before \p op and returns what it yields.
static SmallVector<Value> copyBody(Region &body, Operation *op,
                                   ValueRange arguments) {
  OpBuilder builder(op);
  IRMapping map;
  map.map(body.getArguments(), arguments);
  for (Operation &nested : body.front().without_terminator())
    builder.clone(nested, map);
  return llvm::map_to_vector(
      body.front().getTerminator()->getOperands(),
      [&](Value value) { return map.lookupOrDefault(value); });
}

static void replaceBy(Operation *op, ValueRange values) {
  op->replaceAllUsesWith(values);
  op->erase();
}

/// A branch whose condition is constant.
static bool foldBranch(BranchOp branch) {
  auto condition = getKnownElements(branch->getOperand(0));
  if (!condition || condition->size() != 1 ||
      !mayMoveBeside(branch, getWrittenNames(branch)))
    return false;
  Region &body =
      condition->front() > 0 ? branch.getIfBranch() : branch.getElseBranch();
  replaceBy(branch, body.empty()
                        ? SmallVector<Value>(getCarriedOperands(branch))
                        : copyBody(body, branch, {}));
  return true;
}

/// The number of rounds, if it is known and no jump changes it.
static std::optional<int64_t> getNumRounds(LoopOp loop) {
  std::optional<int64_t> rounds = loop.getFixedRounds();
  if (rounds && loop.getBodyNetwork().empty())
    return 0;
  return hasJumps(loop) ? std::nullopt : rounds;
}

/// A loop of few rounds, or of none.
static bool unrollLoop(LoopOp loop, int64_t most) {
  std::optional<int64_t> rounds = getNumRounds(loop);
  if (!rounds || *rounds > most || !mayMoveBeside(loop, getWrittenNames(loop)))
    return false;
  SmallVector<Value> carried(getCarriedOperands(loop));
  for (int64_t i = 0; i < *rounds; ++i)
    carried = copyBody(loop.getBodyNetwork(), loop, carried);
  replaceBy(loop, carried);
  return true;
}

//===----------------------------------------------------------------------===//
// Layers that compute the same in every round
//===----------------------------------------------------------------------===//

/// Whether two runs of \p op on the same blobs write the same.
static bool isRepeatable(Operation &op) {
  return isa<LayerOpInterface>(op) && op.getNumRegions() == 0 &&
         op.getNumResults() != 0 && !op.hasAttr("seed") &&
         !llvm::is_contained(op.getRegisteredInfo()->getAttributeNames(),
                             "seed") &&
         !isa<CustomOp>(op);
}

/// Moves layers that read nothing of the loop in front of it. Only of loops
/// that run their body: a layer that never runs may not even fit.
static bool hoistLayers(LoopOp loop) {
  std::optional<int64_t> rounds = getNumRounds(loop);
  if (!rounds || *rounds == 0)
    return false;
  bool changed = false;
  for (Operation &op :
       llvm::make_early_inc_range(loop.getBodyNetwork().front())) {
    bool readsOutside = llvm::all_of(op.getOperands(), [&](Value value) {
      return !loop->isAncestor(value.getParentRegion()->getParentOp());
    });
    // A carried blob is another one before the loop.
    auto isCarried = [&](StringAttr name) {
      return llvm::is_contained(getResultNames(loop), name);
    };
    if (!readsOutside || !isRepeatable(op) ||
        llvm::any_of(getResultNames(&op), isCarried) ||
        !mayMoveBeside(loop, getWrittenNames(&op)))
      continue;
    op.moveBefore(loop);
    changed = true;
  }
  return changed;
}

//===----------------------------------------------------------------------===//
// Pass
//===----------------------------------------------------------------------===//

namespace {
struct SimplifyControlFlowPass
    : mlmodel::impl::SimplifyControlFlowPassBase<SimplifyControlFlowPass> {
  using SimplifyControlFlowPassBase::SimplifyControlFlowPassBase;

  void runOnOperation() override {
    getOperation().walk([&](NetworkOp network) {
      bool changed = false;
      while (simplifyOne(network))
        changed = true;
      if (changed)
        Renamer(network).run();
    });
  }

private:
  /// Simplifies the first thing that can be; inner bodies come first, so that
  /// what is simple already is copied.
  bool simplifyOne(NetworkOp network) {
    return network
        ->walk<WalkOrder::PostOrder>([&](Operation *op) {
          bool changed = false;
          if (auto branch = dyn_cast<BranchOp>(op))
            changed = foldBranch(branch);
          else if (auto loop = dyn_cast<LoopOp>(op))
            changed = hoistLayers(loop) || unrollLoop(loop, unroll);
          return changed ? WalkResult::interrupt() : WalkResult::advance();
        })
        .wasInterrupted();
  }
};
} // namespace
