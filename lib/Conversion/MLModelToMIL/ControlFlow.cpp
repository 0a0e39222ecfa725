//===- ControlFlow.cpp - Rewrites of the chapter ControlFlow to scf -------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Branches, and loops that count, whose blobs keep their shapes. The bodies'
// layers are mil operations by the time the layer around them is rewritten.
// Jumps and loops with a condition are not rewritten: the runtime watches over
// them, because they may never end.
//
//===----------------------------------------------------------------------===//

#include "LayerRewriter.h"
#include "MLModel/Dialect/MLModel/IR/ControlFlowOps.h"
#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlmodel;

/// Moves what \p from holds to the end of \p to, which it leaves with
/// scf.yield.
static void moveBody(PatternRewriter &rewriter, Block &from, Block &to,
                     ValueRange arguments) {
  auto yield = cast<YieldOp>(from.getTerminator());
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(yield);
  scf::YieldOp::create(rewriter, yield.getLoc(), yield->getOperands());
  rewriter.eraseOp(yield);
  rewriter.mergeBlocks(&from, &to, arguments);
}

static LogicalResult requireYieldTypes(LayerRewriter &b, Region &region,
                                       TypeRange types) {
  if (region.empty() ||
      region.front().getTerminator()->getOperandTypes() == types)
    return success();
  return b.unsupported("a body that changes the shape of a blob is");
}

namespace {

struct BranchLayer : LayerPattern<BranchOp> {
  using LayerPattern::LayerPattern;

  /// Whether the one element of \p blob is greater than 0.
  static Value getCondition(PatternRewriter &rewriter, Location loc,
                            Value blob) {
    Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
    SmallVector<Value> first(cast<RankedTensorType>(blob.getType()).getRank(),
                             zero);
    Value element = tensor::ExtractOp::create(rewriter, loc, blob, first);
    Value none = arith::ConstantOp::create(rewriter, loc,
                                           rewriter.getF32FloatAttr(0.0f));
    return arith::CmpFOp::create(rewriter, loc, arith::CmpFPredicate::OGT,
                                 element, none);
  }

  LogicalResult rewrite(BranchOp op, LayerRewriter &b) const override {
    PatternRewriter &rewriter = b.getRewriter();
    TypeRange types = op->getResultTypes();
    if (failed(requireYieldTypes(b, op.getIfBranch(), types)) ||
        failed(requireYieldTypes(b, op.getElseBranch(), types)))
      return failure();
    Value condition = getCondition(rewriter, b.getLoc(), op->getOperand(0));
    auto branch = scf::IfOp::create(rewriter, b.getLoc(), types, condition,
                                    /*addThenBlock=*/true,
                                    /*addElseBlock=*/true);
    ValueRange before = op->getOperands().take_back(getNumCarriedOperands(op));
    std::pair<Region *, Block *> bodies[] = {
        {&op.getIfBranch(), branch.thenBlock()},
        {&op.getElseBranch(), branch.elseBlock()}};
    for (auto [region, block] : bodies) {
      OpBuilder::InsertionGuard guard(rewriter);
      rewriter.setInsertionPointToEnd(block);
      if (region->empty())
        scf::YieldOp::create(rewriter, b.getLoc(), before);
      else
        moveBody(rewriter, region->front(), *block, {});
    }
    rewriter.replaceOp(op, branch);
    return success();
  }
};

struct CountedLoopLayer : LayerPattern<LoopOp> {
  using LayerPattern::LayerPattern;

  LogicalResult rewrite(LoopOp op, LayerRewriter &b) const override {
    std::optional<int64_t> rounds = op.getFixedRounds();
    if (!rounds)
      return b.unsupported("a loop with a computed end is");
    ValueRange inits = op->getOperands();
    if (inits.getTypes() != op->getResultTypes() ||
        failed(requireYieldTypes(b, op.getBodyNetwork(), op->getResultTypes())))
      return b.unsupported("a loop that changes the shape of a blob is");
    PatternRewriter &rewriter = b.getRewriter();
    if (op.getBodyNetwork().empty()) {
      rewriter.replaceOp(op, inits);
      return success();
    }
    auto index = [&](int64_t value) -> Value {
      return arith::ConstantIndexOp::create(rewriter, b.getLoc(), value);
    };
    auto loop = scf::ForOp::create(rewriter, b.getLoc(), index(0),
                                   index(*rounds), index(1), inits);
    // A loop without state comes with a yield of its own.
    if (!loop.getBody()->empty())
      rewriter.eraseOp(loop.getBody()->getTerminator());
    moveBody(rewriter, op.getBodyNetwork().front(), *loop.getBody(),
             loop.getRegionIterArgs());
    rewriter.replaceOp(op, loop);
    return success();
  }
};

} // namespace

void mlmodel::populateControlFlowPatterns(RewritePatternSet &patterns) {
  patterns.add<BranchLayer, CountedLoopLayer>(patterns.getContext());
}
