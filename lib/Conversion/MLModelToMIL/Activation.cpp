//===- Activation.cpp - Rewrites of the chapter Activation to mil
//-----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerRewriter.h"
#include "MLModel/Dialect/MIL/IR/ActivationOps.h"
#include "MLModel/Dialect/MIL/IR/ElementwiseOps.h"
#include "MLModel/Dialect/MLModel/IR/ActivationOps.h"
#include "MLModel/Dialect/MLModel/IR/Message.h"
#include "MLModel/Dialect/MLModel/IR/WeightsView.h"
#include "Patterns.h"

using namespace mlir;
using namespace mlmodel;

namespace {

struct ConvertActivation : LayerPattern<ActivationOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(ActivationOp op, LayerRewriter &b) const override {
    Value x = b.getInput(0);
    Value result = applyScaled(op, b, x);
    if (!result)
      result = applyPlain(op, b, x);
    if (!result)
      result = applyPerChannel(op, b, x);
    return b.replace(result);
  }

private:
  static APFloat get(Message message, StringRef field) {
    return APFloat(message.getFloat(field));
  }

  /// Functions with one or two scalar parameters.
  static Value applyScaled(ActivationOp op, LayerRewriter &b, Value x) {
    if (Message f = op.getLinearAttr())
      return b.create<mil::LinearActivationOp>(x, get(f, "alpha"),
                                               get(f, "beta"));
    if (Message f = op.getLeakyReLUAttr())
      return b.create<mil::LeakyReluOp>(x, get(f, "alpha"));
    if (Message f = op.getThresholdedReLUAttr())
      return b.create<mil::ThresholdedReluOp>(x, get(f, "alpha"));
    if (Message f = op.getScaledTanhAttr())
      return b.create<mil::ScaledTanhOp>(x, get(f, "alpha"), get(f, "beta"));
    if (Message f = op.getSigmoidHardAttr())
      return b.create<mil::SigmoidHardOp>(x, get(f, "alpha"), get(f, "beta"));
    if (Message f = op.getELUAttr())
      return b.create<mil::EluOp>(x, get(f, "alpha"));
    return {};
  }

  /// Functions without parameters.
  static Value applyPlain(ActivationOp op, LayerRewriter &b, Value x) {
    if (op.getReLUAttr())
      return b.create<mil::ReluOp>(x);
    if (op.getTanhAttr())
      return b.create<mil::TanhOp>(x);
    if (op.getSigmoidAttr())
      return b.create<mil::SigmoidOp>(x);
    if (op.getSoftsignAttr())
      return b.create<mil::SoftsignOp>(x);
    if (op.getSoftplusAttr())
      return b.create<mil::SoftplusOp>(x);
    return {};
  }

  /// Functions with a parameter per channel, or one for all.
  static Value applyPerChannel(ActivationOp op, LayerRewriter &b, Value x) {
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
