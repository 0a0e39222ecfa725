//===- CompactOperands.cpp - Leave out what is not read -------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A 1x1 convolution of stride 2 reads `x[c, 2 h, 2 w]`. Neither are its pixels
// one long row then, nor does a vector of them lie together. With
//
//   compact[c, h, w] = x[c, 2 h, 2 w]
//
// read once for each output channel instead, both is so.
//
//===----------------------------------------------------------------------===//

#include "CoalesceLoops.h"
#include "PackOperands.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlmodel;

/// The loop of \p expr if it is a multiple of one, 0 included.
static std::optional<unsigned> getOnlyLoop(AffineExpr expr) {
  auto product = dyn_cast<AffineBinaryOpExpr>(expr);
  if (product && product.getKind() == AffineExprKind::Mul &&
      isa<AffineConstantExpr>(product.getRHS()))
    expr = product.getLHS();
  if (auto loop = dyn_cast<AffineDimExpr>(expr))
    return loop.getPosition();
  return std::nullopt;
}

/// The map of an operand once it holds only what is read: one dimension for
/// each loop, in the order in which \p map has them. Null where \p map leaves
/// nothing out or adds loops up.
static AffineMap getCompactMap(AffineMap map) {
  SmallVector<AffineExpr> loops;
  for (AffineExpr expr : map.getResults()) {
    std::optional<unsigned> loop = getOnlyLoop(expr);
    if (!loop)
      return {};
    loops.push_back(getAffineDimExpr(*loop, map.getContext()));
    if (llvm::is_contained(ArrayRef(loops).drop_back(), loops.back()))
      return {};
  }
  auto compact = AffineMap::get(map.getNumDims(), 0, loops, map.getContext());
  return compact == map ? AffineMap() : compact;
}

/// A loop nest that gathers what \p map reads of \p value, in the order of the
/// loops of \p compact.
static Value gather(OpBuilder &builder, Location loc, Value value,
                    AffineMap map, AffineMap compact, ArrayRef<int64_t> shape) {
  unsigned rank = shape.size();
  SmallVector<AffineExpr> newLoops(map.getNumDims());
  for (auto [i, expr] : llvm::enumerate(compact.getResults()))
    newLoops[cast<AffineDimExpr>(expr).getPosition()] =
        builder.getAffineDimExpr(i);
  SmallVector<AffineExpr> source;
  for (AffineExpr expr : map.getResults())
    source.push_back(expr.replaceDims(newLoops));
  AffineMap maps[] = {AffineMap::get(rank, 0, source, builder.getContext()),
                      builder.getMultiDimIdentityMap(rank)};
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  Value empty = tensor::EmptyOp::create(builder, loc, shape,
                                        getElementTypeOrSelf(value.getType()));
  auto body = [](OpBuilder &nested, Location loc, ValueRange x) {
    linalg::YieldOp::create(nested, loc, x[0]);
  };
  return linalg::GenericOp::create(builder, loc, empty.getType(), value, empty,
                                   maps, iterators, body)
      .getResult(0);
}

/// The estimated cycles of a nest; without vectors, every element takes two
/// loads and a sum.
static double estimate(linalg::GenericOp op, const LoopNest &nest,
                       const RegisterFile &registers) {
  if (std::optional<TilePlan> plan = planTiles(op, coalesce(nest), registers))
    return plan->cycles;
  double cycles = 2;
  for (int64_t size : nest.sizes)
    cycles *= size;
  return cycles;
}

void mlmodel::compactOperands(linalg::GenericOp op,
                              const RegisterFile &registers) {
  constexpr double kPerElement = 2;
  LoopNest nest(op);
  if (op.getNumDpsInits() != 1 || op.getNumReductionLoops() == 0 ||
      llvm::any_of(nest.sizes, ShapedType::isDynamic))
    return;
  SmallVector<int64_t> sizes = op.getStaticLoopRanges();
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  for (OpOperand *input : op.getDpsInputOperands()) {
    unsigned index = input->getOperandNumber();
    AffineMap map = maps[index], compactMap = getCompactMap(map);
    if (!compactMap)
      continue;
    SmallVector<int64_t> shape;
    double elements = 1;
    for (AffineExpr expr : compactMap.getResults()) {
      unsigned loop = cast<AffineDimExpr>(expr).getPosition();
      shape.push_back(sizes[loop]);
      elements *= nest.sizes[loop];
    }
    LoopNest compact = nest;
    compact.inputs[index].map = compactMap;
    double gain =
        estimate(op, nest, registers) - estimate(op, compact, registers);
    if (gain <= kPerElement * elements)
      continue;
    OpBuilder builder(op);
    input->set(
        gather(builder, op.getLoc(), input->get(), map, compactMap, shape));
    maps[index] = compactMap;
    op.setIndexingMapsAttr(builder.getAffineMapArrayAttr(maps));
    nest = compact;
  }
}
