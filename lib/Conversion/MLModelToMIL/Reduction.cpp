//===- Reduction.cpp - Rewrites of the chapter Reduction to mil -----------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConstantInputs.h"
#include "LayerRewriter.h"
#include "MLModel/Dialect/MIL/IR/ElementwiseOps.h"
#include "MLModel/Dialect/MIL/IR/ReductionOps.h"
#include "MLModel/Dialect/MLModel/IR/ReductionOps.h"
#include "Patterns.h"

using namespace mlir;
using namespace mlmodel;

namespace {

/// Reduction over any axes.
template <typename LayerT, typename MilT>
struct ReducePattern : LayerPattern<LayerT> {
  using LayerPattern<LayerT>::LayerPattern;
  LogicalResult rewrite(LayerT op, LayerRewriter &b) const override {
    // No axes mean all of them to mil as well.
    ArrayRef<int64_t> axes = op.getAxes();
    if (op.getReduceAll())
      axes = {};
    return b.replaceReshaped(reduce(b, axes, op.getKeepDims()));
  }

private:
  static Value reduce(LayerRewriter &b, ArrayRef<int64_t> axes, bool keepDims) {
    if constexpr (std::is_same_v<MilT, mil::ReduceLogSumOp>)
      return b.create<MilT>(b.getInput(0), axes, keepDims, APFloat(0.0f));
    else
      return b.create<MilT>(b.getInput(0), axes, keepDims);
  }
};

/// The reduction of the format's first version, over the last axes.
struct ReduceLayer : LayerPattern<ReduceOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(ReduceOp op, LayerRewriter &b) const override {
    StringRef name = op.getAxis();
    int64_t first = name.starts_with("C")   ? -3
                    : name.starts_with("H") ? -2
                                            : -1;
    auto axes = llvm::to_vector(
        llvm::seq<int64_t>(first, first + static_cast<int64_t>(name.size())));
    return b.replace(reduce(op, b, axes));
  }

private:
  static Value reduce(ReduceOp op, LayerRewriter &b, ArrayRef<int64_t> axes) {
    Value x = b.getInput(0);
    StringRef mode = op.getMode();
    if (mode == "AVG")
      return b.create<mil::ReduceMeanOp>(x, axes, true);
    if (mode == "PROD")
      return b.create<mil::ReduceProdOp>(x, axes, true);
    if (mode == "SUMSQUARE")
      return b.create<mil::ReduceSumSquareOp>(x, axes, true);
    if (mode == "L1")
      return b.create<mil::ReduceL1NormOp>(x, axes, true);
    if (mode == "L2")
      return b.create<mil::ReduceL2NormOp>(x, axes, true);
    if (mode == "MAX")
      return b.create<mil::ReduceMaxOp>(x, axes, true);
    if (mode == "MIN")
      return b.create<mil::ReduceMinOp>(x, axes, true);
    if (mode == "ARGMAX")
      return b.create<mil::ReduceArgmaxOp>(x, axes[0], true);
    // The sum of logarithms, not the logarithm of the sum.
    if (mode == "LOGSUM") {
      float epsilon = op.getEpsilon() == 0 ? 1e-6f : op.getEpsilon();
      x = b.create<mil::LogOp>(x, APFloat(epsilon));
    }
    return b.create<mil::ReduceSumOp>(x, axes, true);
  }
};

template <typename LayerT, typename MilT>
struct ArgPattern : LayerPattern<LayerT> {
  using LayerPattern<LayerT>::LayerPattern;
  LogicalResult rewrite(LayerT op, LayerRewriter &b) const override {
    int64_t axis = normalize(op.getAxis(), b.getInputShape(0).size());
    return b.replaceReshaped(
        b.create<MilT>(b.getInput(0), axis, !op.getRemoveDim()));
  }
};

struct CumSumLayer : LayerPattern<CumSumOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(CumSumOp op, LayerRewriter &b) const override {
    int64_t rank = b.getInputShape(0).size();
    auto sumAlong = [&](int64_t axis) {
      return b.create<mil::CumsumOp>(b.getInput(0), axis,
                                     op.getExcludeFinalSum(), op.getReverse());
    };
    if (b.getNumInputs() == 1)
      return b.replace(sumAlong(normalize(op.getAxis(), rank)));
    if (auto constant = getConstantInts(b.getInput(1));
        constant && constant->size() == 1 && constant->front() >= -rank &&
        constant->front() < rank)
      return b.replace(sumAlong(normalize(constant->front(), rank)));
    // The axis is computed: the sums along each axis, of which one is chosen.
    Value axis = b.reshape(b.getInput(1), {});
    Value chosen = sumAlong(0);
    for (int64_t i = 1; i < rank; ++i) {
      Value isAxis = b.create<mil::LogicalOrOp>(
          b.create<mil::EqualOp>(axis, b.scalar(i)),
          b.create<mil::EqualOp>(axis, b.scalar(i - rank)));
      chosen = b.create<mil::SelectOp>(isAxis, sumAlong(i), chosen);
    }
    return b.replace(chosen);
  }
};

} // namespace

void mlmodel::populateReductionPatterns(RewritePatternSet &patterns) {
  patterns
      .add<ReduceLayer, CumSumLayer, ArgPattern<ArgMaxOp, mil::ReduceArgmaxOp>,
           ArgPattern<ArgMinOp, mil::ReduceArgminOp>,
           ReducePattern<ReduceL1Op, mil::ReduceL1NormOp>,
           ReducePattern<ReduceL2Op, mil::ReduceL2NormOp>,
           ReducePattern<ReduceMaxOp, mil::ReduceMaxOp>,
           ReducePattern<ReduceMinOp, mil::ReduceMinOp>,
           ReducePattern<ReduceSumOp, mil::ReduceSumOp>,
           ReducePattern<ReduceProdOp, mil::ReduceProdOp>,
           ReducePattern<ReduceMeanOp, mil::ReduceMeanOp>,
           ReducePattern<ReduceLogSumOp, mil::ReduceLogSumOp>,
           ReducePattern<ReduceSumSquareOp, mil::ReduceSumSquareOp>,
           ReducePattern<ReduceLogSumExpOp, mil::ReduceLogSumExpOp>>(
          patterns.getContext());
}
