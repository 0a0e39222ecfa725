//===- Fill.cpp - Rewrites of the chapter Fill to mil ---------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConstantInputs.h"
#include "LayerRewriter.h"
#include "MLModel/Dialect/MIL/IR/ElementwiseOps.h"
#include "MLModel/Dialect/MIL/IR/FillOps.h"
#include "MLModel/Dialect/MIL/IR/RandomOps.h"
#include "MLModel/Dialect/MLModel/IR/FillOps.h"
#include "Patterns.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace mlmodel;

namespace {

//===----------------------------------------------------------------------===//
// Constants and ranges
//===----------------------------------------------------------------------===//

template <typename LayerT> struct LoadPattern : LayerPattern<LayerT> {
  using LayerPattern<LayerT>::LayerPattern;
  LogicalResult rewrite(LayerT op, LayerRewriter &b) const override {
    return b.replaceReshaped(b.weights(op.getDataAttr(), op.getShape()));
  }
};

/// Whether the shape comes from a parameter or an input, it is known by now.
template <typename LayerT> struct FillPattern : LayerPattern<LayerT> {
  using LayerPattern<LayerT>::LayerPattern;
  LogicalResult rewrite(LayerT op, LayerRewriter &b) const override {
    return b.replace(
        b.create<mil::FillOp>(b.getOutputShape(), APFloat(op.getValue())));
  }
};

Value createRange(LayerRewriter &b, float start, float end, float step) {
  return b.create<mil::Range1dOp>(APFloat(end), APFloat(start), APFloat(step));
}

struct RangeStaticLayer : LayerPattern<RangeStaticOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(RangeStaticOp op, LayerRewriter &b) const override {
    return b.replace(createRange(b, op.getStartValue(), op.getEndValue(),
                                 op.getStepSizeValue()));
  }
};

struct RangeDynamicLayer : LayerPattern<RangeDynamicOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(RangeDynamicOp op, LayerRewriter &b) const override {
    // End, start and step; the last two may be parameters.
    float bounds[] = {0, op.getStartValue(), op.getStepSizeValue()};
    for (size_t i = 0; i < b.getNumInputs(); ++i) {
      auto value = getConstantFloats(b.getInput(i));
      if (!value || value->size() != 1)
        return b.unsupported("a range with computed bounds is");
      bounds[i] = value->front();
    }
    return b.replace(createRange(b, bounds[1], bounds[0], bounds[2]));
  }
};

//===----------------------------------------------------------------------===//
// Random values
//===----------------------------------------------------------------------===//

/// The seed of a layer; -1 asks for any, which differs from layer to layer so
/// that two of them do not give the same numbers.
int64_t getSeed(LayerAttr layer, int64_t seed) {
  return seed == -1 ? static_cast<int64_t>(
                          llvm::xxh3_64bits(layer.getName().getValue()))
                    : seed;
}

template <typename LayerT> struct NormalPattern : LayerPattern<LayerT> {
  using LayerPattern<LayerT>::LayerPattern;
  LogicalResult rewrite(LayerT op, LayerRewriter &b) const override {
    return b.replace(b.create<mil::RandomNormalOp>(
        b.getOutputShape(), APFloat(op.getMean()), APFloat(op.getStdDev()),
        getSeed(op.getLayer(), op.getSeed())));
  }
};

template <typename LayerT> struct UniformPattern : LayerPattern<LayerT> {
  using LayerPattern<LayerT>::LayerPattern;
  LogicalResult rewrite(LayerT op, LayerRewriter &b) const override {
    return b.replace(b.create<mil::RandomUniformOp>(
        b.getOutputShape(), APFloat(op.getMinVal()), APFloat(op.getMaxVal()),
        getSeed(op.getLayer(), op.getSeed())));
  }
};

template <typename LayerT> struct BernoulliPattern : LayerPattern<LayerT> {
  using LayerPattern<LayerT>::LayerPattern;
  LogicalResult rewrite(LayerT op, LayerRewriter &b) const override {
    return b.replace(b.create<mil::RandomBernoulliOp>(
        b.getOutputShape(), APFloat(op.getProb()),
        getSeed(op.getLayer(), op.getSeed())));
  }
};

struct CategoricalDistributionLayer : LayerPattern<CategoricalDistributionOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(CategoricalDistributionOp op,
                        LayerRewriter &b) const override {
    Value logits = b.getInput(0);
    if (!op.getIsLogits())
      logits = b.create<mil::LogOp>(
          logits, APFloat(op.getEps() == 0 ? 1e-10f : op.getEps()));
    float temperature = op.getTemperature();
    if (temperature != 0 && temperature != 1)
      logits = b.create<mil::RealDivOp>(logits, b.scalar(temperature));
    return b.replace(b.create<mil::RandomCategoricalOp>(
        logits, "logits", b.getOutputShape().back(),
        getSeed(op.getLayer(), op.getSeed())));
  }
};

} // namespace

void mlmodel::populateFillPatterns(RewritePatternSet &patterns) {
  patterns.add<
      LoadPattern<LoadConstantOp>, LoadPattern<LoadConstantNDOp>,
      FillPattern<FillLikeOp>, FillPattern<FillStaticOp>,
      FillPattern<FillDynamicOp>, RangeStaticLayer, RangeDynamicLayer,
      NormalPattern<RandomNormalLikeOp>, NormalPattern<RandomNormalStaticOp>,
      NormalPattern<RandomNormalDynamicOp>, UniformPattern<RandomUniformLikeOp>,
      UniformPattern<RandomUniformStaticOp>,
      UniformPattern<RandomUniformDynamicOp>,
      BernoulliPattern<RandomBernoulliLikeOp>,
      BernoulliPattern<RandomBernoulliStaticOp>,
      BernoulliPattern<RandomBernoulliDynamicOp>, CategoricalDistributionLayer>(
      patterns.getContext());
}
