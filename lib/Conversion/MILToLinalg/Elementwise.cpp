//===- Elementwise.cpp - Lower every elementwise op -------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoweringUtils.h"
#include "MLModel/Dialect/MIL/IR/MIL.h"
#include "Patterns.h"

using namespace mlmodel::mil;

namespace {

/// Any op that computes each element on its own, activations included.
struct LowerElementwise : OpInterfaceRewritePattern<ElementwiseOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(ElementwiseOpInterface op,
                                PatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    SmallVector<MappedOperand> operands;
    for (auto [i, operand] : llvm::enumerate(op->getOperands()))
      operands.push_back({operand, op.getOperandMap(i)});
    auto body = [&](const ScalarBuilder &s, ValueRange x) {
      return op.emitScalar(s.getBuilder(), s.getLoc(), llvm::to_vector(x));
    };
    rewriter.replaceOp(
        op, createElementwise(rewriter, op.getLoc(), type, operands, body));
    return success();
  }
};

} // namespace

void mlmodel::mil::populateElementwisePatterns(RewritePatternSet &patterns) {
  patterns.add<LowerElementwise>(patterns.getContext());
}
