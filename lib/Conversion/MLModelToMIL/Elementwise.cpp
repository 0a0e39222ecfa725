//===- Elementwise.cpp - Rewrites of the chapter Elementwise to mil -------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerRewriter.h"
#include "MLModel/Dialect/MIL/IR/ElementwiseOps.h"
#include "MLModel/Dialect/MLModel/IR/ElementwiseOps.h"
#include "Patterns.h"

using namespace mlir;
using namespace mlmodel;

namespace {

//===----------------------------------------------------------------------===//
// Families
//===----------------------------------------------------------------------===//

/// Layers that fold any number of inputs with one binary op.
template <typename LayerT, typename MilT>
struct FoldPattern : LayerPattern<LayerT> {
  using LayerPattern<LayerT>::LayerPattern;
  LogicalResult rewrite(LayerT op, LayerRewriter &b) const override {
    return b.replace(fold(b));
  }

  static Value fold(LayerRewriter &b) {
    Value result = b.getInput(0);
    for (size_t i = 1; i < b.getNumInputs(); ++i)
      result = b.create<MilT>(result, b.getInput(i));
    return result;
  }
};

/// The same, with the parameter alpha as the other operand of a single input.
template <typename LayerT, typename MilT>
struct FoldOrAlphaPattern : LayerPattern<LayerT> {
  using LayerPattern<LayerT>::LayerPattern;
  LogicalResult rewrite(LayerT op, LayerRewriter &b) const override {
    if (b.getNumInputs() == 1)
      return b.replace(b.create<MilT>(b.getInput(0), b.scalar(op.getAlpha())));
    return b.replace(FoldPattern<LayerT, MilT>::fold(b));
  }
};

struct ConvertAverage : LayerPattern<AverageOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(AverageOp op, LayerRewriter &b) const override {
    Value sum = FoldPattern<AverageOp, mil::AddOp>::fold(b);
    return b.replace(
        b.create<mil::MulOp>(sum, b.scalar(1.0f / float(b.getNumInputs()))));
  }
};

//===----------------------------------------------------------------------===//
// Unary functions with parameters
//===----------------------------------------------------------------------===//

struct ConvertUnary : LayerPattern<UnaryOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(UnaryOp op, LayerRewriter &b) const override {
    return b.replace(apply(op, b, scaleAndShift(op, b)));
  }

private:
  static Value scaleAndShift(UnaryOp op, LayerRewriter &b) {
    Value x = b.getInput(0);
    if (op.getScale() != 0 && op.getScale() != 1)
      x = b.create<mil::MulOp>(x, b.scalar(op.getScale()));
    if (op.getShift() != 0)
      x = b.create<mil::AddOp>(x, b.scalar(op.getShift()));
    return x;
  }

  static Value apply(UnaryOp op, LayerRewriter &b, Value x) {
    StringRef kind = op.getKind();
    APFloat epsilon(op.getEpsilon() != 0 ? op.getEpsilon() : 1e-6f);
    if (kind == "SQRT")
      return b.create<mil::SqrtOp>(x);
    if (kind == "RSQRT")
      return b.create<mil::RsqrtOp>(x, epsilon);
    if (kind == "INVERSE")
      return b.create<mil::InverseOp>(x, epsilon);
    if (kind == "EXP")
      return b.create<mil::ExpOp>(x);
    if (kind == "LOG")
      return b.create<mil::LogOp>(x, epsilon);
    if (kind == "ABS")
      return b.create<mil::AbsOp>(x);
    if (kind == "THRESHOLD")
      return b.create<mil::ThresholdOp>(x, APFloat(op.getAlpha()));
    return power(b, x, op.getAlpha());
  }

  static Value power(LayerRewriter &b, Value x, float exponent) {
    if (exponent == 1)
      return x;
    if (exponent == 2)
      return b.create<mil::SquareOp>(x);
    return b.create<mil::PowOp>(x, b.scalar(exponent));
  }
};

struct ConvertClip : LayerPattern<ClipOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(ClipOp op, LayerRewriter &b) const override {
    return b.replace(b.create<mil::ClipOp>(
        b.getInput(0), APFloat(op.getMinVal()), APFloat(op.getMaxVal())));
  }
};

//===----------------------------------------------------------------------===//
// Scale and bias
//===----------------------------------------------------------------------===//

/// Values of shape [1], [C], [1, H, W] or [C, H, W] so that they broadcast.
static Value getChannelValues(LayerRewriter &b, WeightsAttr weights,
                              ArrayRef<int64_t> shape) {
  SmallVector<int64_t> aligned(shape);
  if (aligned.empty())
    aligned.push_back(1);
  if (aligned.size() == 1)
    aligned.append({1, 1});
  return b.weights(weights, aligned);
}

struct ConvertScale : LayerPattern<ScaleOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(ScaleOp op, LayerRewriter &b) const override {
    Value result = b.create<mil::MulOp>(
        b.getInput(0),
        getChannelValues(b, op.getScaleAttr(), op.getShapeScale()));
    if (op.getHasBias())
      result = b.create<mil::AddOp>(
          result, getChannelValues(b, op.getBiasAttr(), op.getShapeBias()));
    return b.replace(result);
  }
};

struct ConvertBias : LayerPattern<BiasOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(BiasOp op, LayerRewriter &b) const override {
    return b.replace(b.create<mil::AddOp>(
        b.getInput(0), getChannelValues(b, op.getBiasAttr(), op.getShape())));
  }
};
} // namespace

static void populateUnary(RewritePatternSet &patterns) {
  patterns.add<
      ConvertUnary, ConvertClip, OneToOnePattern<CeilOp, mil::CeilOp>,
      OneToOnePattern<FloorOp, mil::FloorOp>,
      OneToOnePattern<SignOp, mil::SignOp>,
      OneToOnePattern<RoundOp, mil::RoundOp>,
      OneToOnePattern<Exp2Op, mil::Exp2Op>, OneToOnePattern<SinOp, mil::SinOp>,
      OneToOnePattern<CosOp, mil::CosOp>, OneToOnePattern<TanOp, mil::TanOp>,
      OneToOnePattern<AsinOp, mil::AsinOp>,
      OneToOnePattern<AcosOp, mil::AcosOp>,
      OneToOnePattern<AtanOp, mil::AtanOp>,
      OneToOnePattern<SinhOp, mil::SinhOp>,
      OneToOnePattern<CoshOp, mil::CoshOp>,
      OneToOnePattern<TanhOp, mil::TanhOp>,
      OneToOnePattern<AsinhOp, mil::AsinhOp>,
      OneToOnePattern<AcoshOp, mil::AcoshOp>,
      OneToOnePattern<AtanhOp, mil::AtanhOp>,
      OneToOnePattern<ErfOp, mil::ErfOp>,
      OneToOnePattern<LogicalNotOp, mil::LogicalNotOp>>(patterns.getContext());
}

static void populateBinary(RewritePatternSet &patterns) {
  patterns.add<FoldOrAlphaPattern<EqualOp, mil::EqualOp>,
               FoldOrAlphaPattern<NotEqualOp, mil::NotEqualOp>,
               FoldOrAlphaPattern<LessThanOp, mil::LessOp>,
               FoldOrAlphaPattern<LessEqualOp, mil::LessEqualOp>,
               FoldOrAlphaPattern<GreaterThanOp, mil::GreaterOp>,
               FoldOrAlphaPattern<GreaterEqualOp, mil::GreaterEqualOp>,
               OneToOnePattern<LogicalOrOp, mil::LogicalOrOp>,
               OneToOnePattern<LogicalXorOp, mil::LogicalXorOp>,
               OneToOnePattern<LogicalAndOp, mil::LogicalAndOp>,
               OneToOnePattern<ModBroadcastableOp, mil::ModOp>,
               OneToOnePattern<PowBroadcastableOp, mil::PowOp>,
               OneToOnePattern<DivideBroadcastableOp, mil::RealDivOp>,
               OneToOnePattern<FloorDivBroadcastableOp, mil::FloorDivOp>,
               OneToOnePattern<SubtractBroadcastableOp, mil::SubOp>>(
      patterns.getContext());
}

void mlmodel::populateElementwisePatterns(RewritePatternSet &patterns) {
  populateUnary(patterns);
  populateBinary(patterns);
  patterns.add<FoldOrAlphaPattern<AddOp, mil::AddOp>,
               FoldOrAlphaPattern<MultiplyOp, mil::MulOp>,
               FoldPattern<MaxOp, mil::MaximumOp>,
               FoldPattern<MinOp, mil::MinimumOp>,
               FoldPattern<MinBroadcastableOp, mil::MinimumOp>,
               FoldPattern<MaxBroadcastableOp, mil::MaximumOp>,
               FoldPattern<AddBroadcastableOp, mil::AddOp>,
               FoldPattern<MultiplyBroadcastableOp, mil::MulOp>, ConvertAverage,
               ConvertScale, ConvertBias>(patterns.getContext());
}
