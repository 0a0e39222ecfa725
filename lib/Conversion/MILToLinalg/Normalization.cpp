//===- Normalization.cpp - Lower normalizations -----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoweringUtils.h"
#include "MLModel/Dialect/MIL/IR/NormalizationOps.h"
#include "Patterns.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlmodel::mil;

static Value addUp(const ScalarBuilder &s, Value acc, Value x) {
  return s.add(acc, x);
}

/// The sum of x * x along `axes`, which vanish.
static Value createSquareSum(OpBuilder &builder, Location loc, Value x,
                             ArrayRef<int64_t> axes) {
  return createReduction(builder, loc, x, axes, 0,
                         [](const ScalarBuilder &s, Value acc, Value x) {
                           return s.add(acc, s.mul(x, x));
                         });
}

/// (x - mean) / sqrt(variance + epsilon) * gamma + beta over `axes` (sorted).
/// The parameters, where there, are read at `parameterMap`.
static Value normalize(OpBuilder &builder, Location loc, Value x,
                       ArrayRef<int64_t> axes, const APFloat &epsilon,
                       Value gamma, Value beta, AffineMap parameterMap) {
  auto type = cast<RankedTensorType>(x.getType());
  int64_t rank = type.getRank();
  AffineMap identity = builder.getMultiDimIdentityMap(rank);
  AffineMap reduced = getReducedMap(builder.getContext(), rank, axes);
  Value count = createCount(builder, loc, x, axes);

  Value sum = createReduction(builder, loc, x, axes, 0, addUp);
  auto reducedType = cast<RankedTensorType>(sum.getType());
  AffineMap small = builder.getMultiDimIdentityMap(reducedType.getRank());
  Value mean = createElementwise(
      builder, loc, reducedType, {{sum, small}},
      [&](const ScalarBuilder &s, ValueRange v) { return s.div(v[0], count); });
  Value centered = createElementwise(
      builder, loc, type, {{x, identity}, {mean, reduced}},
      [](const ScalarBuilder &s, ValueRange v) { return s.sub(v[0], v[1]); });
  Value squares = createSquareSum(builder, loc, centered, axes);
  Value scale = createElementwise(builder, loc, reducedType, {{squares, small}},
                                  [&](const ScalarBuilder &s, ValueRange v) {
                                    Value variance = s.div(v[0], count);
                                    Value deviation = s.sqrt(
                                        s.add(variance, s.constant(epsilon)));
                                    return s.div(s.constant(1), deviation);
                                  });

  SmallVector<MappedOperand> operands = {{centered, identity},
                                         {scale, reduced}};
  if (gamma)
    operands.push_back({gamma, parameterMap});
  if (beta)
    operands.push_back({beta, parameterMap});
  return createElementwise(builder, loc, type, operands,
                           [&](const ScalarBuilder &s, ValueRange v) {
                             Value y = s.mul(v[0], v[1]);
                             if (gamma)
                               y = s.mul(y, v[2]);
                             return beta ? s.add(y, v.back()) : y;
                           });
}

namespace {

struct LowerInstanceNorm : OpRewritePattern<InstanceNormOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(InstanceNormOp op,
                                PatternRewriter &rewriter) const override {
    int64_t rank = op.getX().getType().getRank();
    auto axes = llvm::to_vector(llvm::seq<int64_t>(2, rank));
    AffineMap channel = AffineMap::get(rank, 0, rewriter.getAffineDimExpr(1));
    rewriter.replaceOp(op, normalize(rewriter, op.getLoc(), op.getX(), axes,
                                     op.getEpsilon(), op.getGamma(),
                                     op.getBeta(), channel));
    return success();
  }
};

struct LowerLayerNorm : OpRewritePattern<LayerNormOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(LayerNormOp op,
                                PatternRewriter &rewriter) const override {
    int64_t rank = op.getX().getType().getRank();
    SmallVector<int64_t> axes = *normalizeAxes(op.getLoc(), op.getAxes(), rank);
    SmallVector<AffineExpr> exprs;
    for (int64_t axis : axes)
      exprs.push_back(rewriter.getAffineDimExpr(axis));
    AffineMap along = AffineMap::get(rank, 0, exprs, getContext());
    rewriter.replaceOp(op, normalize(rewriter, op.getLoc(), op.getX(), axes,
                                     op.getEpsilon(), op.getGamma(),
                                     op.getBeta(), along));
    return success();
  }
};

struct LowerL2Norm : OpRewritePattern<L2NormOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(L2NormOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType type = op.getX().getType();
    int64_t rank = type.getRank();
    SmallVector<int64_t> axes = *normalizeAxes(loc, op.getAxes(), rank);
    Value sum = createSquareSum(rewriter, loc, op.getX(), axes);
    auto reducedType = cast<RankedTensorType>(sum.getType());
    AffineMap small = rewriter.getMultiDimIdentityMap(reducedType.getRank());
    Value norm = createElementwise(
        rewriter, loc, reducedType, {{sum, small}},
        [&](const ScalarBuilder &s, ValueRange v) {
          return s.sqrt(s.add(v[0], s.constant(op.getEpsilon())));
        });
    rewriter.replaceOp(
        op,
        createElementwise(rewriter, loc, type,
                          {{op.getX(), rewriter.getMultiDimIdentityMap(rank)},
                           {norm, getReducedMap(getContext(), rank, axes)}},
                          [](const ScalarBuilder &s, ValueRange v) {
                            return s.div(v[0], v[1]);
                          }));
    return success();
  }
};

/// Sums squares over a window that slides along the channels of the padded
/// input, then divides.
struct LowerLocalResponseNorm : OpRewritePattern<LocalResponseNormOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(LocalResponseNormOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType type = op.getX().getType();
    int64_t rank = type.getRank();
    int64_t axis = op.getAxis() < 0 ? op.getAxis() + rank : op.getAxis();
    int64_t below = op.getSize() / 2, above = (op.getSize() - 1) / 2;
    // A window cannot reach further than there are channels.
    if (!type.isDynamicDim(axis)) {
      int64_t furthest = std::max<int64_t>(type.getDimSize(axis) - 1, 0);
      below = std::min(below, furthest);
      above = std::min(above, furthest);
    }
    Value padded = createPadded(rewriter, loc, op.getX(), axis, below, above);
    Value sum = createWindowSum(rewriter, loc, padded, op.getX(), axis,
                                below + above + 1);
    AffineMap identity = rewriter.getMultiDimIdentityMap(rank);
    double factor =
        double(op.getAlpha().convertToFloat()) / double(op.getSize());
    rewriter.replaceOp(
        op, createElementwise(
                rewriter, loc, type, {{op.getX(), identity}, {sum, identity}},
                [&](const ScalarBuilder &s, ValueRange v) {
                  Value base = s.add(s.constant(op.getK()),
                                     s.mul(s.constant(factor), v[1]));
                  return s.div(v[0], s.call<math::PowFOp>(
                                         base, s.constant(op.getBeta())));
                }));
    return success();
  }

  static Value createPadded(OpBuilder &builder, Location loc, Value x,
                            int64_t axis, int64_t below, int64_t above) {
    auto type = cast<RankedTensorType>(x.getType());
    SmallVector<OpFoldResult> low(type.getRank(), builder.getIndexAttr(0));
    SmallVector<OpFoldResult> high(low);
    low[axis] = builder.getIndexAttr(below);
    high[axis] = builder.getIndexAttr(above);
    SmallVector<int64_t> shape(type.getShape());
    if (!type.isDynamicDim(axis))
      shape[axis] += below + above;
    Value zero = ScalarBuilder(builder, loc).constant(0);
    return tensor::PadOp::create(builder, loc,
                                 getTensorType(builder.getContext(), shape), x,
                                 low, high, zero);
  }

  static Value createWindowSum(OpBuilder &builder, Location loc, Value padded,
                               Value x, int64_t axis, int64_t window) {
    auto type = cast<RankedTensorType>(x.getType());
    int64_t rank = type.getRank();
    SmallVector<AffineExpr> exprs;
    for (int64_t i = 0; i < rank; ++i)
      exprs.push_back(builder.getAffineDimExpr(i));
    AffineMap output = AffineMap::get(rank + 1, 0, exprs, builder.getContext());
    exprs[axis] = exprs[axis] + builder.getAffineDimExpr(rank);
    AffineMap maps[] = {
        AffineMap::get(rank + 1, 0, exprs, builder.getContext()),
        AffineMap::get(rank + 1, 0, builder.getAffineDimExpr(rank)), output};
    SmallVector<utils::IteratorType> iterators(rank,
                                               utils::IteratorType::parallel);
    iterators.push_back(utils::IteratorType::reduction);
    AffineMap identity = builder.getMultiDimIdentityMap(rank);
    Value start =
        createFilled(builder, loc, type, 0,
                     getDynamicSizes(builder, loc, type, {{x, identity}}));
    Value shape =
        createEmpty(builder, loc, getTensorType(builder.getContext(), window));
    auto body = [](OpBuilder &nested, Location loc, ValueRange v) {
      ScalarBuilder s(nested, loc);
      linalg::YieldOp::create(nested, loc, s.add(v[2], s.mul(v[0], v[0])));
    };
    return linalg::GenericOp::create(builder, loc, TypeRange(type),
                                     ValueRange{padded, shape}, start, maps,
                                     iterators, body)
        .getResult(0);
  }
};

} // namespace

void mlmodel::mil::populateNormalizationPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerInstanceNorm, LowerLayerNorm, LowerL2Norm,
               LowerLocalResponseNorm>(patterns.getContext());
}
