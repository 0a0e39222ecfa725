//===- SplitKernels.cpp - Kernels that compute a part of their results ----===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rounds of a kernel's outer independent loops are numbered in the order in
// which they run. The kernel takes two numbers and runs the rounds from the
// first up to the second:
//
//   for o in 0 to 4:                  for o in begin / 10 to ceil(end / 10):
//     scratch = f(o)            =>      scratch = f(o)
//     for i in 0 to 10:                 for i in max(begin - 10 o, 0)
//       y[o, i] = g(scratch)                  to min(end - 10 o, 10):
//                                         y[o, i] = g(scratch)
//
// So the nest stays as it was planned for one thread, and every result is
// computed by the same operations in the same order, whoever computes it. What
// a round does beside its inner loops (decoding a panel of weights) is repeated
// where two threads share the round; inner loops are split only where the outer
// ones have too few rounds.
//
//===----------------------------------------------------------------------===//

#include "IndependentLoops.h"
#include "MLModel/CodeGen/Passes.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlmodel {
#define GEN_PASS_DEF_SPLITKERNELS
#include "MLModel/CodeGen/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;

/// Rounds that are enough for threads to share them evenly; and how many are
/// enough where more would repeat work.
static constexpr int64_t kManyRounds = 64, kEnoughRounds = 8;

//===----------------------------------------------------------------------===//
// What can be split
//===----------------------------------------------------------------------===//

static bool isIndependent(Operation &op) {
  return op.hasAttr(mlmodel::kIndependentAttrName);
}

/// Whether \p value is memory that each call of the function has for itself.
static bool isScratch(Value value) {
  while (auto view = value.getDefiningOp<ViewLikeOpInterface>())
    value = view.getViewSource();
  return value.getDefiningOp<memref::AllocaOp>() != nullptr;
}

/// Whether several threads may do the same \p op: it changes nothing but memory
/// of their own.
static bool isRepeatable(Operation &op) {
  WalkResult result = op.walk([](Operation *inner) {
    if (inner->hasTrait<OpTrait::HasRecursiveMemoryEffects>())
      return WalkResult::advance();
    auto effects = dyn_cast<MemoryEffectOpInterface>(inner);
    if (!effects)
      return isMemoryEffectFree(inner) ? WalkResult::advance()
                                       : WalkResult::interrupt();
    SmallVector<MemoryEffects::EffectInstance> all;
    effects.getEffects(all);
    for (const MemoryEffects::EffectInstance &effect : all) {
      bool isHarmless = isa<MemoryEffects::Read>(effect.getEffect()) ||
                        isa<memref::AllocaOp>(inner) ||
                        (effect.getValue() && isScratch(effect.getValue()));
      if (!isHarmless)
        return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return !result.wasInterrupted();
}

namespace {

/// The independent loops of a block, which together are all that it is for.
struct Level {
  SmallVector<scf::ForOp> loops;
  /// Whether the block does more than to run them.
  bool hasOtherWork = false;
};

} // namespace

/// No loops if the block cannot be split.
static Level findLevel(Block &block) {
  Level level;
  for (Operation &op : block.without_terminator()) {
    if (isIndependent(op))
      level.loops.push_back(cast<scf::ForOp>(op));
    else if (!isRepeatable(op))
      return {};
    else
      level.hasOtherWork |= op.getNumRegions() != 0;
  }
  return level;
}

/// The rounds of \p loop in groups that stay together.
static int64_t countGroups(scf::ForOp loop) {
  int64_t begin = *getConstantIntValue(loop.getLowerBound());
  int64_t end = *getConstantIntValue(loop.getUpperBound());
  int64_t step = *getConstantIntValue(loop.getStep());
  auto together =
      loop->getAttrOfType<IntegerAttr>(mlmodel::kIndependentAttrName);
  return llvm::divideCeilSigned(end - begin, step * together.getInt());
}

/// The rounds of \p block where \p depth loops inside of loops are split; 0 if
/// it cannot be.
static int64_t countRounds(Block &block, unsigned depth);

/// For one group of \p loop.
static int64_t countInnerRounds(scf::ForOp loop, unsigned depth) {
  if (depth == 0 ||
      *getConstantIntValue(loop->getAttr(mlmodel::kIndependentAttrName)) != 1)
    return 1;
  return std::max<int64_t>(countRounds(*loop.getBody(), depth - 1), 1);
}

static int64_t countRounds(Block &block, unsigned depth) {
  int64_t rounds = 0;
  for (scf::ForOp loop : findLevel(block).loops)
    rounds += countGroups(loop) * countInnerRounds(loop, depth);
  return rounds;
}

/// Whether splitting \p depth levels of loops inside of \p block would repeat
/// what the blocks at the last one do.
static bool repeatsWork(Block &block, unsigned depth) {
  Level level = findLevel(block);
  if (depth == 0)
    return level.hasOtherWork;
  return llvm::any_of(level.loops, [&](scf::ForOp loop) {
    return repeatsWork(*loop.getBody(), depth - 1);
  });
}

/// How many levels of loops inside of the outer ones to split.
static unsigned chooseDepth(Block &block) {
  unsigned depth = 0;
  for (int64_t rounds = countRounds(block, depth);; ++depth) {
    int64_t more = countRounds(block, depth + 1);
    int64_t enough =
        repeatsWork(block, depth + 1) ? kEnoughRounds : kManyRounds;
    if (rounds >= enough || more == rounds)
      return depth;
    rounds = more;
  }
}

//===----------------------------------------------------------------------===//
// Splitting
//===----------------------------------------------------------------------===//

namespace {

/// Restricts the loops of a kernel to a range of rounds.
class Splitter {
public:
  explicit Splitter(func::FuncOp kernel)
      : builder(kernel.getContext()), loc(kernel.getLoc()) {}

  /// The rounds of \p block from \p begin up to \p end.
  void split(Block &block, unsigned depth, Value begin, Value end);

private:
  void split(scf::ForOp loop, unsigned depth, Value begin, Value end);

  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  }
  Value add(Value a, int64_t b) {
    return b == 0 ? a : arith::AddIOp::create(builder, loc, a, index(b));
  }
  Value multiply(Value a, int64_t b) {
    return b == 1 ? a : arith::MulIOp::create(builder, loc, a, index(b));
  }
  Value divide(Value a, int64_t b) {
    return b == 1 ? a : arith::DivSIOp::create(builder, loc, a, index(b));
  }
  Value subtract(Value a, Value b) {
    return arith::SubIOp::create(builder, loc, a, b);
  }
  Value least(Value a, int64_t b) {
    return arith::MinSIOp::create(builder, loc, a, index(b));
  }
  Value greatest(Value a, int64_t b) {
    return arith::MaxSIOp::create(builder, loc, a, index(b));
  }

  OpBuilder builder;
  Location loc;
};

} // namespace

void Splitter::split(Block &block, unsigned depth, Value begin, Value end) {
  Level level = findLevel(block);
  int64_t before = 0;
  for (scf::ForOp loop : level.loops) {
    builder.setInsertionPoint(loop);
    int64_t rounds = countGroups(loop) * countInnerRounds(loop, depth);
    bool isOnly = level.loops.size() == 1;
    Value first = isOnly ? begin : greatest(add(begin, -before), 0);
    Value last = isOnly ? end : least(greatest(add(end, -before), 0), rounds);
    split(loop, depth, first, last);
    before += rounds;
  }
}

/// \p begin and \p end count the rounds of \p loop and those inside of it;
/// \p begin may be behind the last one.
void Splitter::split(scf::ForOp loop, unsigned depth, Value begin, Value end) {
  int64_t inner = countInnerRounds(loop, depth);
  int64_t start = *getConstantIntValue(loop.getLowerBound());
  int64_t stop = *getConstantIntValue(loop.getUpperBound());
  int64_t step = *getConstantIntValue(loop.getStep());
  int64_t group =
      step * *getConstantIntValue(loop->getAttr(mlmodel::kIndependentAttrName));
  Value first = divide(begin, inner);
  Value last = divide(add(end, inner - 1), inner);
  loop.setLowerBound(add(multiply(first, group), start));
  Value bound = add(multiply(last, group), start);
  loop.setUpperBound((stop - start) % group == 0 ? bound : least(bound, stop));
  loop->removeAttr(mlmodel::kIndependentAttrName);
  if (inner == 1)
    return;
  builder.setInsertionPointToStart(loop.getBody());
  Value round = divide(add(loop.getInductionVar(), -start), step);
  Value before = multiply(round, inner);
  Value innerBegin = greatest(subtract(begin, before), 0);
  Value innerEnd = least(subtract(end, before), inner);
  split(*loop.getBody(), depth - 1, innerBegin, innerEnd);
}

namespace {

struct SplitKernels : mlmodel::impl::SplitKernelsBase<SplitKernels> {
  using SplitKernelsBase::SplitKernelsBase;

  void runOnOperation() override {
    // Asked for each kernel, the uses would be looked for in the whole module.
    SymbolTableCollection tables;
    SymbolUserMap users(tables, getOperation());
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isExternal())
        continue;
      auto cycles =
          function->getAttrOfType<IntegerAttr>(mlmodel::kCyclesAttrName);
      bool isKernel = function->hasAttr(mlmodel::kKernelAttrName);
      if (isKernel && cycles && cycles.getInt() >= leastCycles)
        split(function, users.getUsers(function));
      function->removeAttr(mlmodel::kCyclesAttrName);
      simplify(function);
    }
  }

private:
  void split(func::FuncOp kernel, ArrayRef<Operation *> users) {
    bool isOnlyCalled =
        kernel.isPrivate() && llvm::all_of(users, llvm::IsaPred<func::CallOp>);
    Block &body = kernel.getBody().front();
    unsigned depth = chooseDepth(body);
    int64_t rounds = countRounds(body, depth);
    if (!isOnlyCalled || rounds < 2)
      return;
    OpBuilder builder(kernel.getContext());
    Type type = builder.getIndexType();
    unsigned count = kernel.getNumArguments();
    if (failed(kernel.insertArguments({count, count}, {type, type}, {{}, {}},
                                      {kernel.getLoc(), kernel.getLoc()})))
      return signalPassFailure();
    kernel->setAttr(mlmodel::kRoundsAttrName,
                    builder.getI64IntegerAttr(rounds));
    Splitter(kernel).split(body, depth, kernel.getArgument(count),
                           kernel.getArgument(count + 1));
    for (Operation *call : users) {
      builder.setInsertionPoint(call);
      for (int64_t bound : {int64_t(0), rounds})
        call->insertOperands(
            call->getNumOperands(),
            arith::ConstantIndexOp::create(builder, call->getLoc(), bound)
                .getResult());
    }
  }

  /// Removes marks that are no longer needed, and loops of one round that are
  /// only there to be marked.
  static void simplify(func::FuncOp function) {
    IRRewriter rewriter(function.getContext());
    SmallVector<scf::ForOp> marked;
    function.walk([&](scf::ForOp loop) {
      if (isIndependent(*loop))
        marked.push_back(loop);
    });
    for (scf::ForOp loop : marked) {
      loop->removeAttr(mlmodel::kIndependentAttrName);
      (void)loop.promoteIfSingleIteration(rewriter);
    }
  }
};

} // namespace
