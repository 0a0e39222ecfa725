//===- Activation.cpp - Lower activations that look at several elements -*- C++
//-*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoweringUtils.h"
#include "MLModel/Dialect/MIL/IR/ActivationOps.h"
#include "Patterns.h"
#include <limits>

using namespace mlmodel::mil;

namespace {

struct LowerSoftmax : OpRewritePattern<SoftmaxOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SoftmaxOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType type = op.getX().getType();
    int64_t rank = type.getRank();
    int64_t axis = op.getAxis() < 0 ? op.getAxis() + rank : op.getAxis();
    AffineMap identity = rewriter.getMultiDimIdentityMap(rank);
    AffineMap reduced = getReducedMap(getContext(), rank, axis);

    Value maximum = createReduction(
        rewriter, loc, op.getX(), axis,
        -std::numeric_limits<double>::infinity(),
        [](const ScalarBuilder &s, Value a, Value x) { return s.max(a, x); });
    Value exp = createElementwise(rewriter, loc, type,
                                  {{op.getX(), identity}, {maximum, reduced}},
                                  [](const ScalarBuilder &s, ValueRange x) {
                                    return s.exp(s.sub(x[0], x[1]));
                                  });
    Value sum = createReduction(
        rewriter, loc, exp, axis, 0,
        [](const ScalarBuilder &s, Value a, Value x) { return s.add(a, x); });
    rewriter.replaceOp(
        op, createElementwise(rewriter, loc, type,
                              {{exp, identity}, {sum, reduced}},
                              [](const ScalarBuilder &s, ValueRange x) {
                                return s.div(x[0], x[1]);
                              }));
    return success();
  }
};

} // namespace

void mlmodel::mil::populateActivationPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerSoftmax>(patterns.getContext());
}
