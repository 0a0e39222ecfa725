//===- Fusion.cpp - Fusion of loops on tensors ------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/CodeGen/Passes.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlmodel {
#define GEN_PASS_DEF_DROPUNITLOOPS
#define GEN_PASS_DEF_FUSEDECODE
#define GEN_PASS_DEF_FUSEELEMENTWISE
#include "MLModel/CodeGen/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;

/// The loops of one round that can go: each operand that they index is indexed
/// by them alone in that dimension.
static SmallVector<unsigned> findDroppableLoops(Operation *op) {
  SmallVector<unsigned> loops;
  auto generic = dyn_cast<linalg::GenericOp>(op);
  if (!generic) {
    auto pad = dyn_cast<tensor::PadOp>(op);
    int64_t rank = pad ? pad.getResultType().getRank() : 0;
    return llvm::to_vector(llvm::seq<unsigned>(0, rank));
  }
  // The tag of these tells of their shape.
  if (op->hasAttr(mlmodel::kDecodeAttrName))
    return {};
  for (auto [loop, size] : llvm::enumerate(generic.getStaticLoopRanges())) {
    bool isAlone = llvm::all_of(
        generic.getIndexingMapsArray(), [&, loop = loop](AffineMap map) {
          return llvm::all_of(map.getResults(), [&](AffineExpr expr) {
            return isa<AffineDimExpr>(expr) || !expr.isFunctionOfDim(loop);
          });
        });
    if (size == 1 && isAlone)
      loops.push_back(loop);
  }
  return loops;
}

/// The loops of `consumer` that only `operand` is indexed by.
static SmallVector<unsigned> findLoopsOnlyIn(linalg::GenericOp consumer,
                                             OpOperand &operand) {
  llvm::SmallBitVector covered(consumer.getNumLoops());
  for (OpOperand &other : consumer->getOpOperands()) {
    if (&other == &operand)
      continue;
    for (AffineExpr expr : consumer.getMatchingIndexingMap(&other).getResults())
      if (auto loop = dyn_cast<AffineDimExpr>(expr))
        covered.set(loop.getPosition());
  }
  SmallVector<unsigned> loops;
  for (unsigned i = 0; i < covered.size(); ++i)
    if (!covered[i])
      loops.push_back(i);
  return loops;
}

/// Gives `consumer` one more operand without values, with the sizes of `loops`.
static linalg::GenericOp addShapeOperand(RewriterBase &rewriter,
                                         linalg::GenericOp consumer,
                                         ArrayRef<unsigned> loops) {
  SmallVector<int64_t> ranges = consumer.getStaticLoopRanges();
  SmallVector<int64_t> shape;
  SmallVector<AffineExpr> exprs;
  for (unsigned loop : loops) {
    shape.push_back(ranges[loop]);
    exprs.push_back(rewriter.getAffineDimExpr(loop));
  }
  Location loc = consumer.getLoc();
  Value empty =
      tensor::EmptyOp::create(rewriter, loc, shape, rewriter.getF32Type());
  SmallVector<Value> inputs(consumer.getInputs());
  SmallVector<AffineMap> maps = consumer.getIndexingMapsArray();
  AffineMap map =
      AffineMap::get(consumer.getNumLoops(), 0, exprs, rewriter.getContext());
  maps.insert(maps.begin() + inputs.size(), map);
  inputs.push_back(empty);

  auto widened = linalg::GenericOp::create(
      rewriter, loc, consumer.getResultTypes(), inputs, consumer.getOutputs(),
      maps, consumer.getIteratorTypesArray());
  Block *body = consumer.getBody();
  body->insertArgument(inputs.size() - 1, rewriter.getF32Type(), loc);
  rewriter.inlineRegionBefore(consumer.getRegion(), widened.getRegion(),
                              widened.getRegion().begin());
  rewriter.replaceOp(consumer, widened.getResults());
  return widened;
}

/// Moves `producer` into `consumer` and replaces the latter.
static LogicalResult fuse(RewriterBase &rewriter, OpOperand &operand) {
  Operation *producer = operand.get().getDefiningOp();
  Operation *consumer = operand.getOwner();
  auto fused = linalg::fuseElementwiseOps(rewriter, &operand);
  if (failed(fused))
    return failure();
  for (auto [from, to] : fused->replacements)
    rewriter.replaceUsesWithIf(from, to, [&](OpOperand &use) {
      return use.get().getDefiningOp() != producer;
    });
  rewriter.eraseOp(consumer);
  return success();
}

namespace {

struct DropUnitLoops : mlmodel::impl::DropUnitLoopsBase<DropUnitLoops> {
  using DropUnitLoopsBase::DropUnitLoopsBase;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    linalg::ControlDropUnitDims options;
    options.controlFn = findDroppableLoops;
    linalg::populateFoldUnitExtentDimsPatterns(patterns, options);
    linalg::populateFoldUnitExtentDimsCanonicalizationPatterns(patterns,
                                                               options);
    linalg::populateMoveInitOperandsToInputPattern(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

struct FuseDecodePattern : OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::GenericOp consumer,
                                PatternRewriter &rewriter) const override {
    for (OpOperand *operand : consumer.getDpsInputOperands()) {
      Operation *producer = operand->get().getDefiningOp();
      if (!producer || !producer->hasAttr(mlmodel::kDecodeAttrName))
        continue;
      SmallVector<unsigned> loops = findLoopsOnlyIn(consumer, *operand);
      if (!loops.empty()) {
        rewriter.setInsertionPoint(consumer);
        addShapeOperand(rewriter, consumer, loops);
        return success();
      }
      if (!linalg::areElementwiseOpsFusable(operand))
        continue;
      // With other users, fusion would keep the decoded weights as a result.
      if (!producer->hasOneUse()) {
        rewriter.setInsertionPoint(producer);
        Operation *own = rewriter.clone(*producer);
        rewriter.modifyOpInPlace(consumer,
                                 [&] { operand->set(own->getResult(0)); });
        return success();
      }
      return fuse(rewriter, *operand);
    }
    return failure();
  }
};

struct FuseDecode : mlmodel::impl::FuseDecodeBase<FuseDecode> {
  using FuseDecodeBase::FuseDecodeBase;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FuseDecodePattern>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

struct FuseElementwise : mlmodel::impl::FuseElementwiseBase<FuseElementwise> {
  using FuseElementwiseBase::FuseElementwiseBase;

  /// Whether the consumer reads each element of the operand exactly once, and
  /// nobody else reads it.
  static bool isReadOnce(OpOperand *operand) {
    auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
    return consumer && operand->get().hasOneUse() &&
           consumer.getMatchingIndexingMap(operand).isPermutation();
  }

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    linalg::populateElementwiseOpsFusionPatterns(patterns, isReadOnce);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
