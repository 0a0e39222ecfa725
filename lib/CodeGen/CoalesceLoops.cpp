//===- CoalesceLoops.cpp - Loops that walk along memory as one ------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pixels of a 1x1 convolution are one long row. Vectors then cross the ends
// of the image's rows, and an image of 7 x 7 pixels fills six vectors of eight
// instead of seven that lack one.
//
//===----------------------------------------------------------------------===//

#include "CoalesceLoops.h"
#include "MLModel/CodeGen/OpenSizes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlmodel;

/// \p expr of the place in the joined \p loops, which takes the place of the
/// last one. Null if \p expr needs more than that.
static AffineExpr getOfJoined(AffineExpr expr, ArrayRef<int64_t> loops,
                              ArrayRef<int64_t> sizes, unsigned numLoops) {
  // Simplifying could take others out of the form that planning knows.
  if (llvm::none_of(loops,
                    [&](unsigned loop) { return expr.isFunctionOfDim(loop); }))
    return expr;
  AffineExpr last = getAffineDimExpr(loops.back(), expr.getContext());
  AffineExpr own = last;
  int64_t stride = sizes[loops.back()];
  for (int64_t loop : llvm::reverse(loops.drop_back())) {
    own = own - getAffineDimExpr(loop, expr.getContext()) * stride;
    stride *= sizes[loop];
  }
  expr = simplifyAffineExpr(expr.replace(last, own), numLoops, 0);
  for (int64_t loop : loops.drop_back())
    if (expr.isFunctionOfDim(loop))
      return {};
  return expr;
}

/// Whether \p operand walks along \p outer and \p inner as one loop.
static bool walksAsOne(const LoopNest &nest, const LoopNest::Operand &operand,
                       unsigned outer, unsigned inner) {
  AffineMap map = operand.map;
  for (unsigned i = 0; i + 1 < map.getNumResults(); ++i) {
    bool isPair =
        map.getResult(i) == getAffineDimExpr(outer, map.getContext()) &&
        map.getResult(i + 1) == getAffineDimExpr(inner, map.getContext());
    if (!isPair)
      continue;
    for (auto [k, expr] : llvm::enumerate(map.getResults()))
      if (k != i && k != i + 1 &&
          (expr.isFunctionOfDim(outer) || expr.isFunctionOfDim(inner)))
        return false;
    if (operand.strides.empty())
      return true;
    int64_t rows[] = {operand.strides[i], operand.strides[i + 1],
                      operand.shape[i + 1]};
    return llvm::none_of(rows, ShapedType::isDynamic) &&
           rows[0] == rows[1] * rows[2];
  }
  return llvm::all_of(map.getResults(), [&](AffineExpr expr) {
    // How far apart the rounds of the outer loop are, no number tells.
    if (nest.isOpen(inner))
      return !expr.isFunctionOfDim(outer) && !expr.isFunctionOfDim(inner);
    return bool(getOfJoined(expr, {int64_t(outer), int64_t(inner)}, nest.sizes,
                            map.getNumDims()));
  });
}

SmallVector<ReassociationIndices>
mlmodel::findCoalescible(const LoopNest &nest) {
  SmallVector<ReassociationIndices> groups;
  for (unsigned outer = 0; outer + 1 < nest.sizes.size(); ++outer) {
    unsigned inner = outer + 1;
    bool asOne = nest.isResultLoop(outer) && nest.isResultLoop(inner) &&
                 walksAsOne(nest, nest.result, outer, inner) &&
                 llvm::all_of(nest.inputs, [&](const auto &input) {
                   return walksAsOne(nest, input, outer, inner);
                 });
    if (!asOne)
      continue;
    if (!groups.empty() && groups.back().back() == int64_t(outer))
      groups.back().push_back(inner);
    else
      groups.push_back({int64_t(outer), int64_t(inner)});
  }
  return groups;
}

/// The loops of the epilogue that go along with \p groups of the reduction's.
static SmallVector<ReassociationIndices>
translate(ArrayRef<ReassociationIndices> groups, AffineMap resultMap) {
  SmallVector<ReassociationIndices> translated;
  for (const ReassociationIndices &group : groups) {
    ReassociationIndices loops;
    for (int64_t loop : group)
      loops.push_back(*resultMap.getResultPosition(
          getAffineDimExpr(loop, resultMap.getContext())));
    translated.push_back(loops);
  }
  return translated;
}

namespace {

/// The loops of a nest, some of which become one.
class Renumbering {
public:
  Renumbering(ArrayRef<int64_t> sizes, ArrayRef<ReassociationIndices> groups)
      : sizes(sizes), groups(groups) {
    unsigned numOldLoops = sizes.size();
    for (const ReassociationIndices &group : groups)
      for (int64_t loop : ArrayRef(group).drop_front())
        joined.insert(loop);
    for (unsigned loop = 0; loop < numOldLoops; ++loop) {
      if (!joined.contains(loop))
        ++numLoops;
      newLoops.push_back(numLoops - 1);
    }
  }

  /// Whether \p loop becomes a part of the one before it.
  bool isJoined(unsigned loop) const { return joined.contains(loop); }
  /// The number of \p loop afterwards.
  unsigned operator[](unsigned loop) const { return newLoops[loop]; }

  /// The map of an operand whose dimensions are joined as well; \p dims says
  /// how.
  AffineMap apply(AffineMap map,
                  SmallVectorImpl<ReassociationIndices> &dims) const {
    SmallVector<AffineExpr> loops, exprs;
    for (int64_t loop : newLoops)
      loops.push_back(getAffineDimExpr(loop, map.getContext()));
    for (auto [dim, expr] : llvm::enumerate(map.getResults())) {
      auto loop = dyn_cast<AffineDimExpr>(expr);
      if (loop && isJoined(loop.getPosition())) {
        dims.back().push_back(dim);
        continue;
      }
      dims.push_back({int64_t(dim)});
      AffineExpr joinedExpr = expr;
      if (!loop)
        for (const ReassociationIndices &group : groups)
          joinedExpr = getOfJoined(joinedExpr, group, sizes, sizes.size());
      exprs.push_back(joinedExpr.replaceDims(loops));
    }
    return AffineMap::get(numLoops, 0, exprs, map.getContext());
  }

private:
  SmallVector<int64_t> sizes;
  ArrayRef<ReassociationIndices> groups;
  llvm::SmallDenseSet<unsigned> joined;
  SmallVector<int64_t> newLoops;
  int64_t numLoops = 0;
};

} // namespace

LoopNest mlmodel::coalesce(const LoopNest &nest) {
  SmallVector<ReassociationIndices> groups = findCoalescible(nest);
  Renumbering renumbering(nest.sizes, groups);
  LoopNest joined = nest;
  joined.sizes.clear();
  joined.iterators.clear();
  for (unsigned loop = 0; loop < nest.sizes.size(); ++loop) {
    if (renumbering.isJoined(loop)) {
      joined.sizes.back() *= nest.sizes[loop];
      if (nest.isOpen(loop))
        joined.open.set(joined.sizes.size() - 1);
      continue;
    }
    joined.open[joined.sizes.size()] = nest.isOpen(loop);
    joined.sizes.push_back(nest.sizes[loop]);
    joined.iterators.push_back(nest.iterators[loop]);
  }
  joined.open.resize(joined.sizes.size());
  SmallVector<ReassociationIndices> dims;
  for (LoopNest::Operand &input : joined.inputs)
    input.map = renumbering.apply(input.map, dims);
  joined.result.map = renumbering.apply(joined.result.map, dims);
  for (LoopNest::Work &work : joined.works) {
    llvm::SmallBitVector loops(joined.sizes.size());
    for (unsigned loop : work.loops.set_bits())
      loops.set(renumbering[loop]);
    work.loops = loops;
  }
  return joined;
}

/// The typical sizes of \p op once its loops are joined.
static SmallVector<int64_t> joinTypicalSizes(linalg::LinalgOp op,
                                             const Renumbering &renumbering) {
  SmallVector<int64_t> joined;
  for (auto [loop, size] : llvm::enumerate(getTypicalSizes(op)))
    if (renumbering.isJoined(loop))
      joined.back() *= size;
    else
      joined.push_back(size);
  return joined;
}

/// Rewrites an operation on buffers so that groups of its loops are one each.
static linalg::LinalgOp collapse(RewriterBase &rewriter, linalg::LinalgOp op,
                                 ArrayRef<ReassociationIndices> groups) {
  rewriter.setInsertionPoint(op);
  Renumbering renumbering(op.getStaticLoopRanges(), groups);
  SmallVector<Value> operands;
  SmallVector<AffineMap> maps;
  for (OpOperand &operand : op->getOpOperands()) {
    SmallVector<ReassociationIndices> dims;
    AffineMap map = op.getMatchingIndexingMap(&operand);
    maps.push_back(renumbering.apply(map, dims));
    Value value = operand.get();
    if (dims.size() != map.getNumResults())
      value =
          memref::CollapseShapeOp::create(rewriter, op.getLoc(), value, dims);
    operands.push_back(value);
  }
  SmallVector<utils::IteratorType> iterators;
  for (auto [loop, kind] : llvm::enumerate(op.getIteratorTypesArray()))
    if (!renumbering.isJoined(loop))
      iterators.push_back(kind);
  ArrayRef<Value> all(operands);
  auto collapsed = linalg::GenericOp::create(
      rewriter, op.getLoc(), TypeRange(), all.take_front(op.getNumDpsInputs()),
      all.drop_front(op.getNumDpsInputs()), maps, iterators);
  rewriter.inlineRegionBefore(op->getRegion(0), collapsed.getRegion(),
                              collapsed.getRegion().end());
  collapsed->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  if (op->hasAttr(kTypicalSizesAttrName))
    collapsed->setAttr(
        kTypicalSizesAttrName,
        rewriter.getDenseI64ArrayAttr(joinTypicalSizes(op, renumbering)));
  for (auto index : collapsed.getBody()->getOps<linalg::IndexOp>())
    index.setDim(renumbering[index.getDim()]);
  rewriter.eraseOp(op);
  return collapsed;
}

/// Whether the body of \p op asks for the place in a loop of \p groups.
static bool needsIndexOf(linalg::LinalgOp op,
                         ArrayRef<ReassociationIndices> groups) {
  for (auto index : op.getBlock()->getOps<linalg::IndexOp>())
    for (const ReassociationIndices &group : groups)
      if (llvm::is_contained(group, int64_t(index.getDim())))
        return true;
  return false;
}

void mlmodel::coalesceLoops(RewriterBase &rewriter, Reduction &reduction) {
  SmallVector<ReassociationIndices> groups =
      findCoalescible(LoopNest(reduction.op));
  if (groups.empty() || needsIndexOf(reduction.op, groups))
    return;
  if (reduction.epilogue) {
    AffineMap resultMap =
        reduction.op.getMatchingIndexingMap(reduction.op.getDpsInitOperand(0));
    SmallVector<ReassociationIndices> own = translate(groups, resultMap);
    SmallVector<ReassociationIndices> possible =
        findCoalescible(LoopNest(reduction.epilogue));
    // A group is possible if it is a part of one that is.
    bool isPossible = llvm::all_of(own, [&](const ReassociationIndices &group) {
      return llvm::any_of(possible, [&](const ReassociationIndices &larger) {
        return llvm::all_of(group, [&](int64_t loop) {
          return llvm::is_contained(larger, loop);
        });
      });
    });
    if (!isPossible)
      return;
    reduction.epilogue = collapse(rewriter, reduction.epilogue, own);
  }
  reduction.op = collapse(rewriter, reduction.op, groups);
}

void mlmodel::coalesceFill(RewriterBase &rewriter, Reduction &reduction) {
  Value result = reduction.op.getDpsInits().front();
  if (!reduction.fill || reduction.fill.getDpsInits().front() == result)
    return;
  rewriter.setInsertionPoint(reduction.op);
  auto fill = linalg::FillOp::create(rewriter, reduction.fill.getLoc(),
                                     getFillValue(reduction.fill), result);
  rewriter.eraseOp(reduction.fill);
  reduction.fill = fill;
}
