//===- LowerToLoops.cpp - Lower linalg on buffers to loops ------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CoalesceLoops.h"
#include "MLModel/CodeGen/Passes.h"
#include "SparsePlan.h"
#include "TileEmitter.h"
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

namespace {

/// Lowers one linalg op on buffers to a nest of scf loops in iterator order.
class LoopBuilder {
public:
  LoopBuilder(RewriterBase &rewriter, linalg::LinalgOp op)
      : rewriter(rewriter), op(op), loc(op.getLoc()) {}

  void build() {
    rewriter.setInsertionPoint(op);
    SmallVector<Range> ranges = op.createLoopRanges(rewriter, loc);
    for (Range &range : ranges)
      sizes.push_back(
          getValueOrCreateConstantIndexOp(rewriter, loc, range.size));
    zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
    one = arith::ConstantIndexOp::create(rewriter, loc, 1);
    carriedFrom = findFirstCarriedLoop();
    buildOuter(0);
    rewriter.eraseOp(op);
  }

private:
  /// The first of the innermost loops that no result is indexed by.
  unsigned findFirstCarriedLoop() {
    unsigned first = op.getNumLoops();
    auto indexesResult = [&](unsigned loop) {
      return llvm::any_of(op.getDpsInitsMutable(), [&](OpOperand &init) {
        return op.getMatchingIndexingMap(&init).isFunctionOfDim(loop);
      });
    };
    while (first > 0 && !indexesResult(first - 1))
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
    // Copies between layouts would become calls into a runtime library.
    SmallVector<memref::CopyOp> copies;
    getOperation().walk([&](memref::CopyOp copy) {
      if (isa<MemRefType>(copy.getSource().getType()) &&
          isa<MemRefType>(copy.getTarget().getType()))
        copies.push_back(copy);
    });
    for (memref::CopyOp copy : copies)
      lowerCopy(rewriter, copy);

    if (lanes != 0)
      emitReductions(rewriter);
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    for (linalg::LinalgOp op : ops) {
      if (!op.hasPureBufferSemantics()) {
        op.emitOpError("is not on buffers");
        return signalPassFailure();
      }
      relaxSums(op);
      LoopBuilder(rewriter, op).build();
    }
  }

private:
  /// Lowers the reductions that fit vector registers, with what surrounds them.
  void emitReductions(IRRewriter &rewriter) {
    mlmodel::RegisterFile processor{lanes, registers, permutesBytes};
    SmallVector<linalg::LinalgOp> reductions;
    getOperation().walk([&](linalg::LinalgOp op) {
      if (op.hasPureBufferSemantics() && op.getNumReductionLoops() != 0)
        reductions.push_back(op);
    });
    for (linalg::LinalgOp op : reductions) {
      mlmodel::Reduction reduction = mlmodel::findReduction(op);
      coalesceLoops(rewriter, reduction);
      if (mlmodel::isSparse(reduction.op)) {
        relaxSums(reduction.op);
        if (succeeded(emitSparse(rewriter, reduction, processor)))
          continue;
      }
      std::optional<mlmodel::TilePlan> plan =
          planTiles(reduction.op, processor);
      if (!plan)
        continue;
      relaxSums(reduction.op);
      emitTiles(rewriter, reduction, processor, *plan);
    }
  }

  static void lowerCopy(IRRewriter &rewriter, memref::CopyOp copy) {
    auto source = cast<MemRefType>(copy.getSource().getType());
    auto target = cast<MemRefType>(copy.getTarget().getType());
    if (source.getLayout().isIdentity() && target.getLayout().isIdentity())
      return;
    rewriter.setInsertionPoint(copy);
    linalg::makeMemRefCopyOp(rewriter, copy.getLoc(), copy.getSource(),
                             copy.getTarget());
    rewriter.eraseOp(copy);
  }
};

} // namespace
