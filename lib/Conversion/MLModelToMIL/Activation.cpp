//===- Activation.cpp - Rewrites of the chapter Activation to mil ---------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Activation.h"
#include "MLModel/Dialect/MIL/IR/ActivationOps.h"
#include "MLModel/Dialect/MIL/IR/ElementwiseOps.h"
#include "MLModel/Dialect/MLModel/IR/ActivationOps.h"
#include "MLModel/Dialect/MLModel/IR/WeightsView.h"
#include "Patterns.h"

using namespace mlir;
using namespace mlmodel;

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

static APFloat getFloat(Message message, StringRef field) {
  return APFloat(message.getFloat(field));
}

/// Functions with one or two scalar parameters.
static Value applyScaled(LayerRewriter &b, Message function, Value x) {
  if (Message f = function.getMessage("linear"))
    return b.create<mil::LinearActivationOp>(x, getFloat(f, "alpha"),
                                             getFloat(f, "beta"));
  if (Message f = function.getMessage("leakyReLU"))
    return b.create<mil::LeakyReluOp>(x, getFloat(f, "alpha"));
  if (Message f = function.getMessage("thresholdedReLU"))
    return b.create<mil::ThresholdedReluOp>(x, getFloat(f, "alpha"));
  if (Message f = function.getMessage("scaledTanh"))
    return b.create<mil::ScaledTanhOp>(x, getFloat(f, "alpha"),
                                       getFloat(f, "beta"));
  if (Message f = function.getMessage("sigmoidHard"))
    return b.create<mil::SigmoidHardOp>(x, getFloat(f, "alpha"),
                                        getFloat(f, "beta"));
  if (Message f = function.getMessage("ELU"))
    return b.create<mil::EluOp>(x, getFloat(f, "alpha"));
  return {};
}

Value mlmodel::applyActivation(LayerRewriter &b, Message function, Value x) {
  if (function.has("ReLU"))
    return b.create<mil::ReluOp>(x);
  if (function.has("tanh"))
    return b.create<mil::TanhOp>(x);
  if (function.has("sigmoid"))
    return b.create<mil::SigmoidOp>(x);
  if (function.has("softsign"))
    return b.create<mil::SoftsignOp>(x);
  if (function.has("softplus"))
    return b.create<mil::SoftplusOp>(x);
  return applyScaled(b, function, x);
}

namespace {
struct ConvertActivation : LayerPattern<ActivationOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(ActivationOp op, LayerRewriter &b) const override {
    if (op.getPReLUAttr() || op.getParametricSoftplusAttr())
      return b.replace(applyPerChannel(op, b));
    return b.replace(
        applyActivation(b, op->getAttrDictionary(), b.getInput(0)));
  }

private:
  /// Functions with a parameter per channel, or one for all.
  static Value applyPerChannel(ActivationOp op, LayerRewriter &b) {
    Value x = b.getInput(0);
    ArrayRef<int64_t> shape = b.getInputShape(0);
    int64_t axis = int64_t(shape.size()) - 3;
    auto get = [&](Message f, StringRef field) {
      WeightsAttr values = f.getWeights(field);
      bool isScalar = checkWeights(values, 1, 1).empty();
      return b.weights(values, isScalar ? 1 : shape[axis]);
    };
    if (Message f = op.getPReLUAttr())
      return b.create<mil::PreluOp>(x, get(f, "alpha"), axis);
    Message f = op.getParametricSoftplusAttr();
    return b.create<mil::SoftplusParametricOp>(x, get(f, "alpha"),
                                               get(f, "beta"), axis);
  }
};

struct ConvertGelu : LayerPattern<GeluOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(GeluOp op, LayerRewriter &b) const override {
    return b.replace(b.create<mil::GeluOp>(b.getInput(0), op.getMode()));
  }
};

struct ConvertClampedReLU : LayerPattern<ClampedReLUOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(ClampedReLUOp op, LayerRewriter &b) const override {
    return b.replace(b.create<mil::ClampedReluOp>(
        b.getInput(0), APFloat(op.getAlpha()), APFloat(op.getBeta())));
  }
};

struct ConvertSoftmax : LayerPattern<SoftmaxOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(SoftmaxOp op, LayerRewriter &b) const override {
    return b.replace(b.create<mil::SoftmaxOp>(b.getInput(0), int64_t(-3)));
  }
};

struct ConvertSoftmaxND : LayerPattern<SoftmaxNDOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(SoftmaxNDOp op, LayerRewriter &b) const override {
    return b.replace(b.create<mil::SoftmaxOp>(b.getInput(0), op.getAxis()));
  }
};
} // namespace

void mlmodel::populateActivationPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertActivation, ConvertGelu, ConvertClampedReLU,
               ConvertSoftmax, ConvertSoftmaxND>(patterns.getContext());
}
