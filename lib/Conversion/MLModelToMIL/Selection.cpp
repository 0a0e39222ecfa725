//===- Selection.cpp - Rewrites of the chapter Selection to mil -----------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConstantInputs.h"
#include "LayerRewriter.h"
#include "MLModel/Dialect/MIL/IR/SelectionOps.h"
#include "MLModel/Dialect/MLModel/IR/SelectionOps.h"
#include "Patterns.h"

using namespace mlir;
using namespace mlmodel;

namespace {

struct TopKLayer : LayerPattern<TopKOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(TopKOp op, LayerRewriter &b) const override {
    ArrayRef<int64_t> shape = b.getOutputShape();
    int64_t axis = normalize(op.getAxis(), shape.size());
    auto topK = b.createOp<mil::TopkOp>(b.getInput(0), shape[axis], axis,
                                        op.getUseBottomK());
    return topK ? b.replace(topK->getResults()) : failure();
  }
};

struct ArgSortLayer : LayerPattern<ArgSortOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(ArgSortOp op, LayerRewriter &b) const override {
    int64_t axis = normalize(op.getAxis(), b.getInputShape(0).size());
    return b.replace(
        b.create<mil::ArgsortOp>(b.getInput(0), axis, !op.getDescending()));
  }
};

struct NonMaximumSuppressionLayer : LayerPattern<NonMaximumSuppressionOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(NonMaximumSuppressionOp op,
                        LayerRewriter &b) const override {
    auto threshold = [&](size_t i, float parameter) {
      return i < b.getNumInputs() ? b.reshape(b.getInput(i), 1)
                                  : b.vector(parameter);
    };
    Value overlap = threshold(2, op.getIouThreshold());
    Value score = threshold(3, op.getScoreThreshold());
    if (!overlap || !score)
      return failure();
    auto nms = mil::NonMaximumSuppressionOp::create(
        b.getRewriter(), b.getLoc(), op->getResultTypes(), b.getInput(0),
        b.getInput(1), overlap, score, b.getOutputShape()[1],
        op.getPerClassSuppression());
    return b.replace(nms->getResults());
  }
};

} // namespace

void mlmodel::populateSelectionPatterns(RewritePatternSet &patterns) {
  patterns.add<TopKLayer, ArgSortLayer, NonMaximumSuppressionLayer>(
      patterns.getContext());
}
