//===- Simplify.cpp - What older converters had no layer for --------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/ActivationOps.h"
#include "MLModel/Dialect/MIL/IR/ElementwiseOps.h"
#include "Patterns.h"

using namespace mlmodel::mil;

/// The operand of `value` if that is its negative.
static Value getNegated(Value value) {
  auto linear = value.getDefiningOp<LinearActivationOp>();
  bool isNegative = linear && linear.getAlpha().isExactlyValue(-1.0) &&
                    linear.getBeta().isZero();
  return isNegative ? linear.getX() : Value();
}

namespace {

/// Before there was a clip layer, min(x, b) was written as -max(-x, -b), as in
/// the ReLU6 of MobileNet: four times the operations.
struct RecognizeUpperBound : OpRewritePattern<LinearActivationOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(LinearActivationOp op,
                                PatternRewriter &rewriter) const override {
    Value maximum = getNegated(op.getResult());
    auto threshold =
        maximum ? maximum.getDefiningOp<ThresholdOp>() : ThresholdOp();
    Value x = threshold ? getNegated(threshold.getX()) : Value();
    if (!x || threshold.getAlpha().isNaN())
      return failure();
    const llvm::fltSemantics &semantics = threshold.getAlpha().getSemantics();
    rewriter.replaceOpWithNewOp<ClipOp>(
        op, x, APFloat::getInf(semantics, /*Negative=*/true),
        neg(threshold.getAlpha()));
    return success();
  }
};

} // namespace

void mlmodel::mil::populateSimplifyPatterns(RewritePatternSet &patterns) {
  patterns.add<RecognizeUpperBound>(patterns.getContext());
}
