//===- LinearAlgebra.cpp - Lower matrix products ----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoweringUtils.h"
#include "MLModel/Dialect/MIL/IR/LinearAlgebraOps.h"
#include "Patterns.h"

using namespace mlmodel::mil;

static constexpr auto kParallel = utils::IteratorType::parallel;
static constexpr auto kReduction = utils::IteratorType::reduction;

/// The bias along the last dimension of every row, or zeros.
static Value createStart(OpBuilder &builder, Location loc, Value bias,
                         RankedTensorType type, ValueRange sizes) {
  if (!bias)
    return createFilled(builder, loc, type, 0, sizes);
  int64_t rank = type.getRank();
  AffineMap last = AffineMap::get(rank, 0, builder.getAffineDimExpr(rank - 1));
  AffineMap maps[] = {last, builder.getMultiDimIdentityMap(rank)};
  SmallVector<utils::IteratorType> iterators(rank, kParallel);
  Value empty = createEmpty(builder, loc, type, sizes);
  auto body = [](OpBuilder &nested, Location loc, ValueRange x) {
    linalg::YieldOp::create(nested, loc, x[0]);
  };
  return linalg::GenericOp::create(builder, loc, TypeRange(type), bias, empty,
                                   maps, iterators, body)
      .getResult(0);
}

namespace {

/// Dot products: both operands are contiguous along k, and one row of weights
/// meets all rows of x while it is in the cache.
struct LowerLinear : OpRewritePattern<LinearOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(LinearOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getResult().getType());
    int64_t batch = type.getRank() - 1;
    // The loops are (n, batch..., k).
    AffineExpr n = rewriter.getAffineDimExpr(0);
    AffineExpr k = rewriter.getAffineDimExpr(batch + 1);
    SmallVector<AffineExpr> x, y;
    SmallVector<Value> sizes;
    for (int64_t i = 0; i < batch; ++i) {
      x.push_back(rewriter.getAffineDimExpr(i + 1));
      y.push_back(x.back());
      if (type.isDynamicDim(i))
        sizes.push_back(tensor::DimOp::create(rewriter, loc, op.getX(), i));
    }
    x.push_back(k);
    y.push_back(n);
    if (type.isDynamicDim(batch))
      sizes.push_back(tensor::DimOp::create(rewriter, loc, op.getWeight(), 0));
    auto map = [&](ArrayRef<AffineExpr> exprs) {
      return AffineMap::get(batch + 2, 0, exprs, getContext());
    };
    AffineMap maps[] = {map(x), map({n, k}), map(y)};
    SmallVector<utils::IteratorType> iterators(batch + 1, kParallel);
    iterators.push_back(kReduction);
    Value start = createStart(rewriter, loc, op.getBias(), type, sizes);
    rewriter.replaceOp(op, createContraction(rewriter, loc, op.getX(),
                                             op.getWeight(), start, maps,
                                             iterators));
    return success();
  }
};

/// Rows of y scaled and added (m, k, n) where y is contiguous along n, dot
/// products (m, n, k) where it is contiguous along k.
struct LowerMatmul : OpRewritePattern<MatmulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(MatmulOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getResult().getType());
    int64_t batch = type.getRank() - 2;
    bool dot = op.getTransposeY();
    AffineExpr m = rewriter.getAffineDimExpr(batch);
    AffineExpr n = rewriter.getAffineDimExpr(batch + (dot ? 1 : 2));
    AffineExpr k = rewriter.getAffineDimExpr(batch + (dot ? 2 : 1));

    auto operandMap = [&](Value operand, AffineExpr row, AffineExpr column,
                          bool transpose) {
      auto operandType = cast<RankedTensorType>(operand.getType());
      int64_t own = operandType.getRank() - 2;
      SmallVector<AffineExpr> exprs;
      for (int64_t i = 0; i < own; ++i)
        exprs.push_back(operandType.getDimSize(i) == 1
                            ? rewriter.getAffineConstantExpr(0)
                            : rewriter.getAffineDimExpr(batch - own + i));
      exprs.push_back(transpose ? column : row);
      exprs.push_back(transpose ? row : column);
      return AffineMap::get(batch + 3, 0, exprs, getContext());
    };
    SmallVector<AffineExpr> result;
    for (int64_t i = 0; i < batch; ++i)
      result.push_back(rewriter.getAffineDimExpr(i));
    result.append({m, n});
    AffineMap maps[] = {operandMap(op.getX(), m, k, op.getTransposeX()),
                        operandMap(op.getY(), k, n, op.getTransposeY()),
                        AffineMap::get(batch + 3, 0, result, getContext())};
    SmallVector<utils::IteratorType> iterators(batch + 3, kParallel);
    iterators[cast<AffineDimExpr>(k).getPosition()] = kReduction;

    SmallVector<Value> sizes = getSizes(rewriter, loc, op, type, maps);
    Value start = createFilled(rewriter, loc, type, 0, sizes);
    rewriter.replaceOp(op,
                       createContraction(rewriter, loc, op.getX(), op.getY(),
                                         start, maps, iterators));
    return success();
  }

  /// The dynamic dimensions of the result, by the loop each one stands for.
  static SmallVector<Value> getSizes(OpBuilder &builder, Location loc,
                                     MatmulOp op, RankedTensorType type,
                                     ArrayRef<AffineMap> maps) {
    SmallVector<Value> sizes;
    Value operands[] = {op.getX(), op.getY()};
    for (auto [i, expr] : llvm::enumerate(maps[2].getResults())) {
      if (!type.isDynamicDim(i))
        continue;
      for (auto [operand, map] : llvm::zip(operands, maps)) {
        auto position = map.getResultPosition(expr);
        if (!position)
          continue;
        sizes.push_back(
            tensor::DimOp::create(builder, loc, operand, *position));
        break;
      }
    }
    return sizes;
  }
};

} // namespace

void mlmodel::mil::populateLinearAlgebraPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerLinear, LowerMatmul>(patterns.getContext());
}
