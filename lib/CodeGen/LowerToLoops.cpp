//===- LowerToLoops.cpp - Lower linalg on buffers to loops ------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CoalesceLoops.h"
#include "DecodeRows.h"
#include "IndependentLoops.h"
#include "MLModel/CodeGen/Passes.h"
#include "SparsePlan.h"
#include "TileEmitter.h"
#include "Winograd.h"
#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlmodel {
#define GEN_PASS_DEF_LOWERTOLOOPS
#include "MLModel/CodeGen/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;

static bool indexesResult(linalg::LinalgOp op, unsigned loop) {
  return llvm::any_of(op.getDpsInitsMutable(), [&](OpOperand &init) {
    return op.getMatchingIndexingMap(&init).isFunctionOfDim(loop);
  });
}

namespace {

/// Lowers one linalg op on buffers to a nest of scf loops in iterator order.
class LoopBuilder {
public:
  LoopBuilder(RewriterBase &rewriter, linalg::LinalgOp op)
      : rewriter(rewriter), op(op), loc(op.getLoc()) {}

  /// Emits what the first loops surround, at these places of theirs.
  void build(ArrayRef<Value> outer) {
    indices.assign(outer.begin(), outer.end());
    SmallVector<Range> ranges = op.createLoopRanges(rewriter, loc);
    for (Range &range : ranges)
      sizes.push_back(
          getValueOrCreateConstantIndexOp(rewriter, loc, range.size));
    zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
    one = arith::ConstantIndexOp::create(rewriter, loc, 1);
    carriedFrom = findFirstCarriedLoop();
    buildOuter(outer.size());
    rewriter.eraseOp(op);
  }

private:
  /// The first of the innermost loops that no result is indexed by.
  unsigned findFirstCarriedLoop() {
    unsigned first = op.getNumLoops();
    while (first > 0 && !indexesResult(op, first - 1))
      --first;
    return first;
  }

  /// Loops without carried values, down to the one before `carriedFrom`.
  void buildOuter(unsigned depth) {
    if (depth == carriedFrom) {
      SmallVector<Value> accumulators;
      for (OpOperand &init : op.getDpsInitsMutable())
        accumulators.push_back(needsOldValue(init) ? load(init) : Value());
      SmallVector<Value> results = buildCarried(depth, accumulators);
      for (auto [init, result] : llvm::zip(op.getDpsInitsMutable(), results))
        store(init, result);
      return;
    }
    auto loop = scf::ForOp::create(rewriter, loc, zero, sizes[depth], one);
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(loop.getBody());
    indices.push_back(loop.getInductionVar());
    buildOuter(depth + 1);
    indices.pop_back();
  }

  /// Loops that carry the accumulators, and in the innermost the body.
  SmallVector<Value> buildCarried(unsigned depth, ValueRange accumulators) {
    if (depth == op.getNumLoops())
      return inlineBody(accumulators);
    auto loop = scf::ForOp::create(rewriter, loc, zero, sizes[depth], one,
                                   accumulators);
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(loop.getBody());
    indices.push_back(loop.getInductionVar());
    SmallVector<Value> next = buildCarried(depth + 1, loop.getRegionIterArgs());
    indices.pop_back();
    scf::YieldOp::create(rewriter, loc, next);
    return llvm::to_vector_of<Value>(loop.getResults());
  }

  SmallVector<Value> inlineBody(ValueRange accumulators) {
    IRMapping mapping;
    Block *body = op.getBlock();
    for (OpOperand *input : op.getDpsInputOperands()) {
      BlockArgument argument = op.getMatchingBlockArgument(input);
      if (!argument.use_empty())
        mapping.map(argument, load(*input));
    }
    for (auto [init, value] : llvm::zip(op.getDpsInitsMutable(), accumulators))
      if (value)
        mapping.map(op.getMatchingBlockArgument(&init), value);
    for (Operation &inner : body->without_terminator()) {
      if (auto index = dyn_cast<linalg::IndexOp>(inner))
        mapping.map(index.getResult(), indices[index.getDim()]);
      else
        rewriter.clone(inner, mapping);
    }
    SmallVector<Value> results;
    for (Value yielded : body->getTerminator()->getOperands())
      results.push_back(mapping.lookupOrDefault(yielded));
    return results;
  }

  SmallVector<Value> getIndices(OpOperand &operand) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    SmallVector<Value> padded(indices);
    // Loops inside the current one do not index results.
    padded.resize(op.getNumLoops(), zero);
    SmallVector<Value> result;
    for (AffineExpr expr : map.getResults()) {
      if (auto loop = dyn_cast<AffineDimExpr>(expr))
        result.push_back(padded[loop.getPosition()]);
      else
        result.push_back(affine::expandAffineExpr(rewriter, loc, expr, padded,
                                                  ValueRange()));
    }
    return result;
  }

  /// Whether the body, or a loop around it, starts from what was stored.
  bool needsOldValue(OpOperand &init) {
    return carriedFrom < op.getNumLoops() ||
           !op.getMatchingBlockArgument(&init).use_empty();
  }

  Value load(OpOperand &operand) {
    if (!isa<MemRefType>(operand.get().getType()))
      return operand.get();
    return memref::LoadOp::create(rewriter, loc, operand.get(),
                                  getIndices(operand));
  }

  void store(OpOperand &operand, Value value) {
    memref::StoreOp::create(rewriter, loc, value, operand.get(),
                            getIndices(operand));
  }

  RewriterBase &rewriter;
  linalg::LinalgOp op;
  Location loc;
  SmallVector<Value> sizes;
  SmallVector<Value> indices;
  Value zero, one;
  unsigned carriedFrom = 0;
};

} // namespace

/// Whether each round of \p loop has results of its own, those at its number in
/// the dimension \p loop.
static bool walksAlongResults(linalg::LinalgOp op, unsigned loop) {
  AffineMap map = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  if (op.getNumDpsInits() != 1 || loop >= map.getNumResults())
    return false;
  for (auto [dim, expr] : llvm::enumerate(map.getResults()))
    if (dim == loop ? expr != getAffineDimExpr(loop, op.getContext())
                    : expr.isFunctionOfDim(loop))
      return false;
  return true;
}

/// How many outer loops \p ops, which change the same results one after the
/// other, can have in common.
static unsigned countCommonLoops(ArrayRef<linalg::LinalgOp> ops) {
  unsigned count = 0;
  auto isCommon = [&](linalg::LinalgOp op) {
    return count < op.getNumLoops() &&
           op.getIteratorTypesArray()[count] == utils::IteratorType::parallel &&
           !ShapedType::isDynamic(op.getStaticLoopRanges()[count]) &&
           (ops.size() == 1 ? indexesResult(op, count)
                            : walksAlongResults(op, count));
  };
  while (llvm::all_of(ops, isCommon))
    ++count;
  return count;
}

/// Lowers \p ops, which change the same results one after the other, to plain
/// loops. Their outer loops over results are the same ones and independent.
static void lowerTogether(RewriterBase &rewriter,
                          ArrayRef<linalg::LinalgOp> ops) {
  // Rounds of an innermost loop that stay together: a multiple of what LLVM
  // makes one round of, so that the same ones are left over behind the last.
  constexpr int64_t kVectorRun = 256;
  // What stands between them is what the last one needs.
  linalg::LinalgOp last = ops.back();
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(last);
  SmallVector<Value> outer;
  for (unsigned loop = 0, end = countCommonLoops(ops); loop < end; ++loop) {
    Location loc = last.getLoc();
    auto index = [&](int64_t value) {
      return arith::ConstantIndexOp::create(rewriter, loc, value);
    };
    Value begin = index(0), stop = index(last.getStaticLoopRanges()[loop]);
    auto nest = scf::ForOp::create(rewriter, loc, begin, stop, index(1));
    mlmodel::markIndependent(nest,
                             loop + 1 == last.getNumLoops() ? kVectorRun : 1);
    rewriter.setInsertionPointToStart(nest.getBody());
    outer.push_back(nest.getInductionVar());
  }
  for (linalg::LinalgOp op : ops)
    LoopBuilder(rewriter, op).build(outer);
}

/// Whether tiles of \p plan may compute results of \p nest again; see
/// TileEmitter.cpp.
static bool repeatsResults(const mlmodel::LoopNest &nest,
                           const mlmodel::TilePlan &plan) {
  return (plan.lanesAreResults && nest.isOpen(plan.lanesLoop)) ||
         llvm::any_of(plan.rows, [&](const mlmodel::Unrolled &rows) {
           return nest.isOpen(rows.loop);
         });
}

/// Moves \p reduction to where its loop \p loop, of open size, has room for a
/// vector of \p lanes; where it has none, a copy of it stays that is no tile.
static void moveWhereVectorsFit(RewriterBase &rewriter,
                                const mlmodel::Reduction &reduction,
                                unsigned loop, int64_t lanes) {
  SmallVector<linalg::LinalgOp> parts;
  for (linalg::LinalgOp part :
       {reduction.fill, reduction.op, reduction.epilogue})
    if (part)
      parts.push_back(part);
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(parts.back());
  linalg::LinalgOp op = reduction.op;
  Location loc = op.getLoc();
  Value size = getValueOrCreateConstantIndexOp(
      rewriter, loc, op.createLoopRanges(rewriter, loc)[loop].size);
  Value least = arith::ConstantIndexOp::create(rewriter, loc, lanes);
  Value fits = arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::sge,
                                     size, least);
  auto choice = scf::IfOp::create(rewriter, loc, fits, /*withElseRegion=*/true);
  rewriter.setInsertionPointToStart(choice.elseBlock());
  for (linalg::LinalgOp part : parts)
    rewriter.clone(*part);
  for (linalg::LinalgOp part : parts)
    rewriter.moveOpBefore(part, choice.thenBlock()->getTerminator());
}

/// Allows LLVM to reorder the sum of a reduction, which vectorizing needs, and
/// to fuse products into it.
static void relaxSums(linalg::LinalgOp op) {
  using arith::FastMathFlags;
  if (op.getNumReductionLoops() == 0)
    return;
  auto flags = [&](FastMathFlags value) {
    return arith::FastMathFlagsAttr::get(op.getContext(), value);
  };
  for (Value yielded : op.getBlock()->getTerminator()->getOperands()) {
    auto sum = yielded.getDefiningOp<arith::AddFOp>();
    if (!sum)
      continue;
    sum.setFastmathAttr(
        flags(FastMathFlags::contract | FastMathFlags::reassoc));
    for (Value term : sum->getOperands())
      if (auto product = term.getDefiningOp<arith::MulFOp>())
        product.setFastmathAttr(flags(FastMathFlags::contract));
  }
}

namespace {

struct LowerToLoops : mlmodel::impl::LowerToLoopsBase<LowerToLoops> {
  using LowerToLoopsBase::LowerToLoopsBase;

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    estimateTime();
    if (lanes != 0)
      emitReductions(rewriter);
    SmallVector<linalg::LinalgOp> reductions, ops;
    WalkResult result = getOperation().walk([&](linalg::LinalgOp op) {
      if (!op.hasPureBufferSemantics()) {
        op.emitOpError("is not on buffers");
        return WalkResult::interrupt();
      }
      (op.getNumReductionLoops() ? reductions : ops).push_back(op);
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return signalPassFailure();
    for (linalg::LinalgOp op : reductions) {
      relaxSums(op);
      mlmodel::Reduction reduction = mlmodel::findReduction(op);
      SmallVector<linalg::LinalgOp> together;
      for (linalg::LinalgOp part : {reduction.fill, op, reduction.epilogue})
        if (part)
          together.push_back(part);
      llvm::erase_if(ops, [&](linalg::LinalgOp other) {
        return llvm::is_contained(together, other);
      });
      ++numNests[op->getBlock()];
      lowerTogether(rewriter, together);
    }
    for (linalg::LinalgOp op : ops) {
      ++numNests[op->getBlock()];
      lowerTogether(rewriter, op);
    }
    keepOrder();
  }

private:
  /// Loops that several nests became may need each other's results: only those
  /// of one nest may run at the same time.
  void keepOrder() {
    for (auto [block, count] : numNests)
      if (count > 1)
        for (auto loop : block->getOps<scf::ForOp>())
          loop->removeAttr(mlmodel::kIndependentAttrName);
    numNests.clear();
  }

  /// Tells mlmodel-split-kernels how long the function runs.
  void estimateTime() {
    double cycles = 0;
    getOperation().walk([&](linalg::LinalgOp op) {
      cycles += mlmodel::estimateCycles(op, lanes);
    });
    constexpr double kMost = 1e15;
    if (cycles >= 1)
      getOperation()->setAttr(
          mlmodel::kCyclesAttrName,
          Builder(&getContext()).getI64IntegerAttr(std::min(cycles, kMost)));
  }

  /// Lowers the reductions that fit vector registers, with what surrounds them.
  void emitReductions(IRRewriter &rewriter) {
    mlmodel::RegisterFile processor{lanes, registers, permutes};
    SmallVector<linalg::LinalgOp> reductions;
    getOperation().walk([&](linalg::LinalgOp op) {
      if (op.hasPureBufferSemantics() && op.getNumReductionLoops() != 0)
        reductions.push_back(op);
    });
    for (linalg::LinalgOp op : reductions) {
      mlmodel::Reduction reduction = mlmodel::findReduction(op);
      Block *around = op->getBlock();
      if (mlmodel::isColumns(op)) {
        emitColumns(rewriter, reduction, processor);
        ++numNests[around];
        continue;
      }
      if (op->hasAttr(mlmodel::kWinogradAttrName) &&
          succeeded(emitWinograd(rewriter, reduction, processor))) {
        ++numNests[around];
        continue;
      }
      coalesceLoops(rewriter, reduction);
      if (mlmodel::isSparse(reduction.op)) {
        relaxSums(reduction.op);
        Block *block = reduction.op->getBlock();
        if (succeeded(emitSparse(rewriter, reduction, processor))) {
          ++numNests[block];
          continue;
        }
      }
      std::optional<mlmodel::TilePlan> plan =
          planTiles(reduction.op, processor);
      if (!plan) {
        coalesceFill(rewriter, reduction);
        continue;
      }
      Block *block = reduction.op->getBlock();
      if (auto rest = decodeRows(rewriter, reduction, processor, *plan))
        plan = rest;
      mlmodel::LoopNest nest(reduction.op);
      if (repeatsResults(nest, *plan) && !reduction.fill)
        continue;
      ++numNests[block];
      relaxSums(reduction.op);
      if (plan->lanesAreResults && nest.isOpen(plan->lanesLoop))
        moveWhereVectorsFit(rewriter, reduction, plan->lanesLoop, lanes);
      emitTiles(rewriter, reduction, processor, *plan);
    }
  }

  /// How many nests were lowered in each block.
  llvm::SmallDenseMap<Block *, unsigned> numNests;
};

} // namespace
