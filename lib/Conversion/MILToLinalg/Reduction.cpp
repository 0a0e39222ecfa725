//===- Reduction.cpp - Lower reductions and scans ---------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoweringUtils.h"
#include "MLModel/Dialect/MIL/IR/ReductionOps.h"
#include "Patterns.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include <limits>

using namespace mlmodel::mil;

/// Gives a reduced tensor the type that the op promises.
static Value finish(OpBuilder &builder, Location loc, Value reduced,
                    ArrayRef<int64_t> axes, bool keepDims, Value result) {
  auto type = cast<RankedTensorType>(result.getType());
  if (keepDims)
    return expandReduced(builder, loc, reduced, axes, type);
  return castTo(builder, loc, reduced, type);
}

namespace {

/// Any op that folds its elements in one pass.
struct LowerReduction : OpInterfaceRewritePattern<ReductionOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(ReductionOpInterface op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value x = op->getOperand(0);
    SmallVector<int64_t> axes = op.getReducedAxes();
    Value count = createCount(rewriter, loc, x, axes);
    Value total = createReduction(
        rewriter, loc, x, axes, op.getInit(),
        [&](const ScalarBuilder &s, Value acc, Value element) {
          Value mapped = op.emitPre(s.getBuilder(), s.getLoc(), element);
          return op.emitCombine(s.getBuilder(), s.getLoc(), acc, mapped);
        });
    auto type = cast<RankedTensorType>(total.getType());
    AffineMap identity = rewriter.getMultiDimIdentityMap(type.getRank());
    Value mapped = createElementwise(
        rewriter, loc, type, {{total, identity}},
        [&](const ScalarBuilder &s, ValueRange scalars) {
          return op.emitPost(s.getBuilder(), s.getLoc(), scalars[0], count);
        });
    bool keepDims = op->getAttrOfType<BoolAttr>("keep_dims").getValue();
    rewriter.replaceOp(
        op, finish(rewriter, loc, mapped, axes, keepDims, op->getResult(0)));
    return success();
  }
};

struct LowerLogSumExp : OpRewritePattern<ReduceLogSumExpOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ReduceLogSumExpOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType type = op.getX().getType();
    int64_t rank = type.getRank();
    SmallVector<int64_t> axes = *normalizeAxes(loc, op.getAxes(), rank);
    // The maximum is clamped to finite values: inf - inf would give NaN.
    constexpr double highest = std::numeric_limits<float>::max();
    Value maximum =
        createReduction(rewriter, loc, op.getX(), axes, -highest,
                        [](const ScalarBuilder &s, Value a, Value x) {
                          return s.max(a, s.atMost(x, s.constant(highest)));
                        });
    AffineMap identity = rewriter.getMultiDimIdentityMap(rank);
    Value exp =
        createElementwise(rewriter, loc, type,
                          {{op.getX(), identity},
                           {maximum, getReducedMap(getContext(), rank, axes)}},
                          [](const ScalarBuilder &s, ValueRange x) {
                            return s.exp(s.sub(x[0], x[1]));
                          });
    Value sum = createReduction(
        rewriter, loc, exp, axes, 0,
        [](const ScalarBuilder &s, Value a, Value x) { return s.add(a, x); });
    auto reducedType = cast<RankedTensorType>(sum.getType());
    AffineMap reducedIdentity =
        rewriter.getMultiDimIdentityMap(reducedType.getRank());
    Value result =
        createElementwise(rewriter, loc, reducedType,
                          {{sum, reducedIdentity}, {maximum, reducedIdentity}},
                          [](const ScalarBuilder &s, ValueRange x) {
                            return s.add(s.log(x[0]), x[1]);
                          });
    rewriter.replaceOp(op, finish(rewriter, loc, result, axes, op.getKeepDims(),
                                  op.getResult()));
    return success();
  }
};

/// A loop that carries the best value so far and where it was.
template <typename OpTy, bool isMax> struct LowerArg : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType type = op.getX().getType();
    int64_t rank = type.getRank();
    int64_t axis = op.getAxis() < 0 ? op.getAxis() + rank : op.getAxis();
    SmallVector<int64_t> shape;
    SmallVector<Value> sizes;
    SmallVector<utils::IteratorType> iterators(rank,
                                               utils::IteratorType::parallel);
    iterators[axis] = utils::IteratorType::reduction;
    for (int64_t i = 0; i < rank; ++i) {
      if (i == axis)
        continue;
      shape.push_back(type.getDimSize(i));
      if (type.isDynamicDim(i))
        sizes.push_back(tensor::DimOp::create(rewriter, loc, op.getX(), i));
    }
    auto reducedType = RankedTensorType::get(shape, type.getElementType());
    double worst = std::numeric_limits<double>::infinity() * (isMax ? -1 : 1);
    Value inits[] = {createFilled(rewriter, loc, reducedType, worst, sizes),
                     createFilled(rewriter, loc, reducedType, 0, sizes)};
    AffineMap reduced = getReducedMap(op.getContext(), rank, axis);
    AffineMap maps[] = {rewriter.getMultiDimIdentityMap(rank), reduced,
                        reduced};
    auto body = [&](OpBuilder &nested, Location loc, ValueRange x) {
      ScalarBuilder s(nested, loc);
      Value index = s.call<linalg::IndexOp>(axis);
      Value integer = s.call<arith::IndexCastOp>(nested.getI64Type(), index);
      Value where = s.call<arith::SIToFPOp>(nested.getF32Type(), integer);
      Value better = isMax ? s.greater(x[0], x[1]) : s.less(x[0], x[1]);
      linalg::YieldOp::create(nested, loc,
                              ValueRange{s.select(better, x[0], x[1]),
                                         s.select(better, where, x[2])});
    };
    auto loop = linalg::GenericOp::create(
        rewriter, loc, TypeRange{reducedType, reducedType}, op.getX(), inits,
        maps, iterators, body);
    rewriter.replaceOp(op, finish(rewriter, loc, loop.getResult(1), axis,
                                  op.getKeepDims(), op.getResult()));
    return success();
  }
};

/// sum + x, in the buffer of \p sum.
static Value addInPlace(OpBuilder &builder, Location loc, Value sum, Value x) {
  int64_t rank = cast<RankedTensorType>(x.getType()).getRank();
  AffineMap identity = builder.getMultiDimIdentityMap(rank);
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             builder, loc, sum.getType(), x, sum, {identity, identity},
             iterators,
             [](OpBuilder &b, Location loc, ValueRange v) {
               Value total = arith::AddFOp::create(b, loc, v[1], v[0]);
               linalg::YieldOp::create(b, loc, total);
             })
      .getResult(0);
}

/// One loop along the axis: each slice of the result is the one before plus a
/// slice of x.
struct LowerCumsum : OpRewritePattern<CumsumOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(CumsumOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value x = op.getX();
    RankedTensorType type = op.getX().getType();
    int64_t axis =
        op.getAxis() < 0 ? op.getAxis() + type.getRank() : op.getAxis();
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, x);
    Value length = getValueOrCreateConstantIndexOp(rewriter, loc, sizes[axis]);
    sizes[axis] = rewriter.getIndexAttr(1);
    SmallVector<int64_t> sliceShape(type.getShape());
    sliceShape[axis] = 1;
    auto sliceType = RankedTensorType::get(sliceShape, type.getElementType());
    SmallVector<Value> wholeSizes, sliceSizes;
    for (int64_t i = 0; i < type.getRank(); ++i) {
      if (!type.isDynamicDim(i))
        continue;
      wholeSizes.push_back(tensor::DimOp::create(rewriter, loc, x, i));
      if (i != axis)
        sliceSizes.push_back(wholeSizes.back());
    }
    Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
    Value one = arith::ConstantIndexOp::create(rewriter, loc, 1);
    Value inits[] = {createEmpty(rewriter, loc, type, wholeSizes),
                     createFilled(rewriter, loc, sliceType, 0, sliceSizes)};
    SmallVector<OpFoldResult> strides(type.getRank(), rewriter.getIndexAttr(1));
    SmallVector<OpFoldResult> offsets(type.getRank(), rewriter.getIndexAttr(0));

    auto step = [&](OpBuilder &b, Location loc, Value i, ValueRange carried) {
      Value position = i;
      if (op.getReverse()) {
        Value last = arith::SubIOp::create(b, loc, length, one);
        position = arith::SubIOp::create(b, loc, last, i);
      }
      offsets[axis] = position;
      Value element = tensor::ExtractSliceOp::create(b, loc, sliceType, x,
                                                     offsets, sizes, strides);
      auto insert = [&](Value slice) -> Value {
        return tensor::InsertSliceOp::create(b, loc, slice, carried[0], offsets,
                                             sizes, strides);
      };
      // The old sum is written first, so that the new one can take its place.
      Value result = op.getExclusive() ? insert(carried[1]) : Value();
      Value sum = addInPlace(b, loc, carried[1], element);
      if (!result)
        result = insert(sum);
      scf::YieldOp::create(b, loc, ValueRange{result, sum});
    };
    auto loop =
        scf::ForOp::create(rewriter, loc, zero, length, one, inits, step);
    rewriter.replaceOp(op, loop.getResult(0));
    return success();
  }
};

} // namespace

void mlmodel::mil::populateReductionPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerReduction, LowerLogSumExp, LowerArg<ReduceArgmaxOp, true>,
               LowerArg<ReduceArgminOp, false>, LowerCumsum>(
      patterns.getContext());
}
