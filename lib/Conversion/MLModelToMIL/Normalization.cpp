//===- Normalization.cpp - Rewrites of the chapter Normalization to mil ---===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerRewriter.h"
#include "MLModel/Dialect/MIL/IR/ElementwiseOps.h"
#include "MLModel/Dialect/MIL/IR/NormalizationOps.h"
#include "MLModel/Dialect/MIL/IR/ReductionOps.h"
#include "MLModel/Dialect/MLModel/IR/NormalizationOps.h"
#include "Patterns.h"

using namespace mlir;
using namespace mlmodel;

namespace {

/// A parameter for which zero means a default.
static APFloat orDefault(float value, float defaultValue) {
  return APFloat(value != 0 ? value : defaultValue);
}

struct ConvertBatchnorm : LayerPattern<BatchnormOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(BatchnormOp op, LayerRewriter &b) const override {
    int64_t channels = op.getChannels();
    Value gamma = b.weights(op.getGammaAttr(), channels);
    Value beta = b.weights(op.getBetaAttr(), channels);
    if (!gamma || !beta)
      return failure();
    if (op.getInstanceNormalization()) {
      Value x = b.foldLeading(b.getInput(0), 3);
      return b.replaceReshaped(b.create<mil::InstanceNormOp>(
          x, gamma, beta, orDefault(op.getEpsilon(), 1e-5f)));
    }
    Value mean, variance;
    if (op.getComputeMeanVar()) {
      std::tie(mean, variance) = getMoments(b, channels);
    } else {
      mean = b.weights(op.getMeanAttr(), channels);
      variance = b.weights(op.getVarianceAttr(), channels);
    }
    int64_t axis = int64_t(b.getInputShape(0).size()) - 3;
    return b.replace(
        b.create<mil::BatchNormOp>(b.getInput(0), mean, variance, gamma, beta,
                                   orDefault(op.getEpsilon(), 1e-5f), axis));
  }

private:
  /// Mean and variance of each channel over the whole batch.
  static std::pair<Value, Value> getMoments(LayerRewriter &b,
                                            int64_t channels) {
    int64_t rank = b.getInputShape(0).size();
    SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(0, rank));
    axes.erase(axes.begin() + rank - 3);
    Value x = b.getInput(0);
    Value mean = b.create<mil::ReduceMeanOp>(x, axes, true);
    Value centered = b.create<mil::SubOp>(x, mean);
    Value variance = b.create<mil::ReduceMeanOp>(
        b.create<mil::SquareOp>(centered), axes, false);
    return {b.reshape(mean, channels), variance};
  }
};

struct ConvertMVN : LayerPattern<MVNOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(MVNOp op, LayerRewriter &b) const override {
    SmallVector<int64_t> axes{-2, -1};
    if (op.getAcrossChannels())
      axes.insert(axes.begin(), -3);
    Value x = b.getInput(0);
    if (op.getNormalizeVariance())
      return b.replace(
          b.create<mil::LayerNormOp>(x, OptionalValue(), OptionalValue(), axes,
                                     orDefault(op.getEpsilon(), 1e-6f)));
    Value mean = b.create<mil::ReduceMeanOp>(x, axes, true);
    return b.replace(b.create<mil::SubOp>(x, mean));
  }
};

struct ConvertL2Normalize : LayerPattern<L2NormalizeOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(L2NormalizeOp op, LayerRewriter &b) const override {
    SmallVector<int64_t> axes{-3, -2, -1};
    return b.replace(b.create<mil::L2NormOp>(
        b.getInput(0), axes, orDefault(op.getEpsilon(), 1e-6f)));
  }
};

struct ConvertLRN : LayerPattern<LRNOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(LRNOp op, LayerRewriter &b) const override {
    int64_t axis = int64_t(b.getInputShape(0).size()) - 3;
    return b.replace(b.create<mil::LocalResponseNormOp>(
        b.getInput(0), op.getLocalSize(), APFloat(op.getAlpha()),
        APFloat(op.getBeta()), orDefault(op.getK(), 1), axis));
  }
};

struct ConvertLayerNormalization : LayerPattern<LayerNormalizationOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(LayerNormalizationOp op,
                        LayerRewriter &b) const override {
    ArrayRef<int64_t> shape = op.getNormalizedShape();
    SmallVector<int64_t> axes =
        llvm::to_vector(llvm::seq<int64_t>(-int64_t(shape.size()), 0));
    return b.replace(b.create<mil::LayerNormOp>(
        b.getInput(0), b.weights(op.getGammaAttr(), shape),
        b.weights(op.getBetaAttr(), shape), axes, APFloat(op.getEps())));
  }
};
} // namespace

void mlmodel::populateNormalizationPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertBatchnorm, ConvertMVN, ConvertL2Normalize, ConvertLRN,
               ConvertLayerNormalization>(patterns.getContext());
}
