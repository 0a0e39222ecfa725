//===- Shape.cpp - Rewrites of the chapter Shape to mil -------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConstantInputs.h"
#include "LayerRewriter.h"
#include "MLModel/Dialect/MIL/IR/ShapeOps.h"
#include "MLModel/Dialect/MLModel/IR/ShapeOps.h"
#include "Patterns.h"

using namespace mlir;
using namespace mlmodel;

namespace {

//===----------------------------------------------------------------------===//
// Same elements, other shape
//===----------------------------------------------------------------------===//

/// Layers that keep all elements in their order.
template <typename LayerT> struct ReshapePattern : LayerPattern<LayerT> {
  using LayerPattern<LayerT>::LayerPattern;
  LogicalResult rewrite(LayerT op, LayerRewriter &b) const override {
    return b.replaceReshaped(b.getInput(0));
  }
};

/// 0 .. rank-1 with the last three axes C, H, W in another order.
SmallVector<int64_t> permuteLastThree(int64_t rank, ArrayRef<int64_t> order) {
  auto axes = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  for (int64_t i = 0; i < 3; ++i)
    axes[rank - 3 + i] = rank - 3 + order[i];
  return axes;
}

SmallVector<int64_t> permute(ArrayRef<int64_t> shape, ArrayRef<int64_t> order) {
  return llvm::map_to_vector(order, [&](int64_t axis) { return shape[axis]; });
}

/// Reads the elements with channels innermost, and writes them so.
Value reshapeChannelLast(LayerRewriter &b, Value x, ArrayRef<int64_t> shape) {
  int64_t rank = b.getInputShape(0).size();
  SmallVector<int64_t> toLast = permuteLastThree(rank, {1, 2, 0});
  x = b.transpose(x, toLast);
  x = b.reshape(x, permute(shape, toLast));
  return b.transpose(x, permuteLastThree(rank, {2, 0, 1}));
}

struct ReshapeLayer : LayerPattern<ReshapeOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(ReshapeOp op, LayerRewriter &b) const override {
    SmallVector<int64_t> from(b.getInputShape(0)), to(b.getOutputShape());
    Value x = b.getInput(0);
    // Elements may move along the sequence, but stay in their batch.
    bool crossesBatch = from.size() == 5 && from[1] > 1 && from[0] != to[0];
    SmallVector<int64_t> batchFirst{1, 0, 2, 3, 4};
    if (crossesBatch) {
      x = b.transpose(x, batchFirst);
      to = permute(to, batchFirst);
    }
    x = op.getMode() == "CHANNEL_LAST" ? reshapeChannelLast(b, x, to)
                                       : b.reshape(x, to);
    return b.replace(crossesBatch ? b.transpose(x, batchFirst) : x);
  }
};

struct FlattenLayer : LayerPattern<FlattenOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(FlattenOp op, LayerRewriter &b) const override {
    Value x = b.getInput(0);
    if (op.getMode() == "CHANNEL_LAST")
      x = b.transpose(x,
                      permuteLastThree(b.getInputShape(0).size(), {1, 2, 0}));
    return b.replaceReshaped(x);
  }
};

struct CopyLayer : LayerPattern<CopyOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(CopyOp op, LayerRewriter &b) const override {
    return b.replace(b.getInput(0));
  }
};

struct GetShapeLayer : LayerPattern<GetShapeOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(GetShapeOp op, LayerRewriter &b) const override {
    return b.replace(b.vector(SmallVector<float>(b.getInputShape(0))));
  }
};

//===----------------------------------------------------------------------===//
// Other order
//===----------------------------------------------------------------------===//

struct PermuteLayer : LayerPattern<PermuteOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(PermuteOp op, LayerRewriter &b) const override {
    int64_t rank = b.getInputShape(0).size();
    auto axes = llvm::to_vector(llvm::seq<int64_t>(0, rank));
    auto axisOf = [&](int64_t i) { return i == 0 ? rank - 5 : rank - 4 + i; };
    ArrayRef<int64_t> order = op.getAxis();
    for (size_t i = 0; i < order.size(); ++i)
      if (axisOf(i) >= 0)
        axes[axisOf(i)] = axisOf(order[i]);
    return b.replace(b.transpose(b.getInput(0), axes));
  }
};

struct TransposeLayer : LayerPattern<TransposeOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(TransposeOp op, LayerRewriter &b) const override {
    // The shape rule lets the batch axis of an image go.
    ArrayRef<int64_t> shape = b.getInputShape(0).take_back(op.getAxes().size());
    return b.replace(
        b.transpose(b.reshape(b.getInput(0), shape), op.getAxes()));
  }
};

struct ReverseLayer : LayerPattern<ReverseOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(ReverseOp op, LayerRewriter &b) const override {
    SmallVector<int64_t> axes;
    for (auto [axis, reversed] : llvm::enumerate(op.getReverseDim()))
      if (reversed)
        axes.push_back(axis);
    if (axes.empty())
      return b.replace(b.getInput(0));
    return b.replace(
        b.create<mil::ReverseOp>(b.getInput(0), ArrayRef<int64_t>(axes)));
  }
};

struct ReverseSeqLayer : LayerPattern<ReverseSeqOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(ReverseSeqOp op, LayerRewriter &b) const override {
    int64_t rank = b.getInputShape(0).size();
    int64_t batch = normalize(op.getBatchAxis(), rank);
    int64_t sequence = normalize(op.getSequenceAxis(), rank);
    Value lengths = b.reshape(b.getInput(1), b.getInputShape(0)[batch]);
    return b.replace(b.create<mil::ReverseSequenceOp>(b.getInput(0), lengths,
                                                      sequence, batch));
  }
};

struct ReorganizeDataLayer : LayerPattern<ReorganizeDataOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(ReorganizeDataOp op, LayerRewriter &b) const override {
    Value x = b.getInput(0);
    int64_t block = op.getBlockSize();
    if (op.getMode() == "SPACE_TO_DEPTH")
      return b.replace(b.create<mil::SpaceToDepthOp>(x, block));
    if (op.getMode() == "DEPTH_TO_SPACE")
      return b.replace(b.create<mil::DepthToSpaceOp>(x, block));
    return b.replace(b.create<mil::PixelShuffleOp>(x, block));
  }
};

//===----------------------------------------------------------------------===//
// Joining and splitting
//===----------------------------------------------------------------------===//

struct ConcatLayer : LayerPattern<ConcatOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(ConcatOp op, LayerRewriter &b) const override {
    int64_t rank = b.getInputShape(0).size();
    return b.replace(b.create<mil::ConcatOp>(
        op.getInputs(), rank - (op.getSequenceConcat() ? 5 : 3), false));
  }
};

struct ConcatNDLayer : LayerPattern<ConcatNDOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(ConcatNDOp op, LayerRewriter &b) const override {
    int64_t axis = normalize(op.getAxis(), b.getInputShape(0).size());
    return b.replace(
        b.create<mil::ConcatOp>(op.getInputs(), axis, op.getInterleave()));
  }
};

struct StackLayer : LayerPattern<StackOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(StackOp op, LayerRewriter &b) const override {
    int64_t axis = normalize(op.getAxis(), b.getOutputShape().size());
    return b.replace(b.create<mil::StackOp>(op.getInputs(), axis));
  }
};

/// Cuts the input along \p axis into pieces as large as the outputs.
LogicalResult splitAlong(LayerRewriter &b, size_t outputs, int64_t axis) {
  SmallVector<int64_t> sizes;
  for (size_t i = 0; i < outputs; ++i)
    sizes.push_back(b.getOutputShape(i)[axis]);
  auto split =
      b.createOp<mil::SplitOp>(b.getInput(0), ArrayRef<int64_t>(sizes), axis);
  return split ? b.replace(split.getPieces()) : failure();
}

struct SplitLayer : LayerPattern<SplitOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(SplitOp op, LayerRewriter &b) const override {
    return splitAlong(b, op->getNumResults(), b.getInputShape(0).size() - 3);
  }
};

struct SplitNDLayer : LayerPattern<SplitNDOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(SplitNDOp op, LayerRewriter &b) const override {
    return splitAlong(b, op->getNumResults(),
                      normalize(op.getAxis(), b.getInputShape(0).size()));
  }
};

//===----------------------------------------------------------------------===//
// Growing and repeating
//===----------------------------------------------------------------------===//

Value pad(LayerRewriter &b, ArrayRef<int64_t> amounts, StringRef mode,
          float value) {
  return b.create<mil::PadOp>(b.getInput(0), amounts, mode, APFloat(value));
}

struct PaddingLayer : LayerPattern<PaddingOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(PaddingOp op, LayerRewriter &b) const override {
    SmallVector<int64_t> amounts(4, 0);
    if (op.getPaddingAmounts() && !op.getPaddingAmounts()->empty())
      amounts.assign(op.getPaddingAmounts()->begin(),
                     op.getPaddingAmounts()->end());
    if (op.getReflectionAttr())
      return b.replace(pad(b, amounts, "reflect", 0));
    if (op.getReplicationAttr())
      return b.replace(pad(b, amounts, "replicate", 0));
    auto value = op.getConstantAttr().getAs<FloatAttr>("value");
    return b.replace(
        pad(b, amounts, "constant", value ? value.getValueAsDouble() : 0.0));
  }
};

struct ConstantPadLayer : LayerPattern<ConstantPadOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(ConstantPadOp op, LayerRewriter &b) const override {
    SmallVector<int64_t> amounts(op.getPadAmounts());
    if (b.getNumInputs() > 1) {
      auto constant = getConstantInts(b.getInput(1));
      if (!constant || constant->size() != 2 * b.getInputShape(0).size())
        return b.unsupported("padding amounts that are computed are");
      amounts = *constant;
    }
    if (op.getPadToGivenOutputSizeMode())
      for (auto [axis, size] : llvm::enumerate(b.getInputShape(0)))
        for (int64_t &amount :
             MutableArrayRef<int64_t>(amounts).slice(2 * axis, 2))
          amount = std::max<int64_t>(amount - size, 0);
    return b.replace(pad(b, amounts, "constant", op.getValue()));
  }
};

struct TileLayer : LayerPattern<TileOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(TileOp op, LayerRewriter &b) const override {
    SmallVector<int64_t> reps;
    for (auto [from, to] : llvm::zip(b.getInputShape(0), b.getOutputShape()))
      reps.push_back(to / from);
    return b.replace(
        b.create<mil::TileOp>(b.getInput(0), ArrayRef<int64_t>(reps)));
  }
};

struct SequenceRepeatLayer : LayerPattern<SequenceRepeatOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(SequenceRepeatOp op, LayerRewriter &b) const override {
    int64_t rank = b.getInputShape(0).size();
    SmallVector<int64_t> reps(rank, 1);
    reps[rank - 5] = std::max<int64_t>(op.getNRepetitions(), 1);
    return b.replace(
        b.create<mil::TileOp>(b.getInput(0), ArrayRef<int64_t>(reps)));
  }
};

template <typename LayerT> struct BroadcastPattern : LayerPattern<LayerT> {
  using LayerPattern<LayerT>::LayerPattern;
  LogicalResult rewrite(LayerT op, LayerRewriter &b) const override {
    return b.replace(
        b.create<mil::BroadcastToOp>(b.getInput(0), b.getOutputShape()));
  }
};

struct SlidingWindowsLayer : LayerPattern<SlidingWindowsOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(SlidingWindowsOp op, LayerRewriter &b) const override {
    int64_t axis = normalize(op.getAxis(), b.getInputShape(0).size());
    return b.replace(b.create<mil::SlidingWindowsOp>(
        b.getInput(0), axis, op.getWindowSize(), op.getStep()));
  }
};

} // namespace

void mlmodel::populateShapePatterns(RewritePatternSet &patterns) {
  patterns
      .add<ReshapeLayer, FlattenLayer, CopyLayer, GetShapeLayer, PermuteLayer,
           TransposeLayer, ReverseLayer, ReverseSeqLayer, ReorganizeDataLayer,
           ConcatLayer, ConcatNDLayer, StackLayer, SplitLayer, SplitNDLayer,
           PaddingLayer, ConstantPadLayer, TileLayer, SequenceRepeatLayer,
           SlidingWindowsLayer, BroadcastPattern<BroadcastToLikeOp>,
           BroadcastPattern<BroadcastToStaticOp>,
           BroadcastPattern<BroadcastToDynamicOp>, ReshapePattern<SqueezeOp>,
           ReshapePattern<ExpandDimsOp>, ReshapePattern<FlattenTo2DOp>,
           ReshapePattern<ReshapeLikeOp>, ReshapePattern<ReshapeStaticOp>,
           ReshapePattern<ReshapeDynamicOp>,
           ReshapePattern<RankPreservingReshapeOp>>(patterns.getContext());
}
