//===- Fill.cpp - Lower mil's chapter Fill ----------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/FillOps.h"
#include "Patterns.h"
#include "TensorBuilders.h"

using namespace mlir;
using namespace mlmodel;
using namespace mlmodel::mil;

namespace {

struct FillPattern : OpRewritePattern<mil::FillOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(mil::FillOp op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOp(
        op, TensorBuilder(rewriter, op.getLoc())
                .filled(op.getShape(), op.getValue().convertToDouble()));
    return success();
  }
};

struct Range1dPattern : OpRewritePattern<Range1dOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(Range1dOp op,
                                PatternRewriter &rewriter) const override {
    double start = op.getStart().convertToDouble();
    double step = op.getStep().convertToDouble();
    auto emit = [&](OpBuilder &b, Location loc, ValueRange) -> Value {
      auto constant = [&](double value) -> Value {
        return arith::ConstantOp::create(b, loc, b.getF64FloatAttr(value));
      };
      Value i = arith::IndexCastOp::create(b, loc, b.getI64Type(),
                                           linalg::IndexOp::create(b, loc, 0));
      Value count = arith::SIToFPOp::create(b, loc, b.getF64Type(), i);
      Value y = arith::MulFOp::create(b, loc, count, constant(step));
      y = arith::AddFOp::create(b, loc, y, constant(start));
      return arith::TruncFOp::create(b, loc, b.getF32Type(), y);
    };
    // The type may have been declared less precisely than it is.
    if (failed(requireStatic(rewriter, op)))
      return failure();
    rewriter.replaceOp(op,
                       TensorBuilder(rewriter, op.getLoc())
                           .parallel(op.getType().getShape(), {}, {}, emit));
    return success();
  }
};

} // namespace

void mlmodel::mil::populateFillPatterns(RewritePatternSet &patterns) {
  patterns.add<FillPattern, Range1dPattern>(patterns.getContext());
}
