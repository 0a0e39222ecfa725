//===- Shape.cpp - Lower mil's chapter Shape --------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/ShapeOps.h"
#include "Patterns.h"
#include "TensorBuilders.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlmodel;
using namespace mlmodel::mil;

/// A body that copies its first input.
static Value emitCopy(OpBuilder &, Location, ValueRange args) {
  return args[0];
}

//===----------------------------------------------------------------------===//
// New shape, same order
//===----------------------------------------------------------------------===//

/// Any operation that keeps the order of the elements.
template <typename OpTy> static Value emitReshape(OpBuilder &builder, OpTy op) {
  return TensorBuilder(builder, op.getLoc())
      .reshape(op.getX(), op.getType().getShape());
}

//===----------------------------------------------------------------------===//
// New order
//===----------------------------------------------------------------------===//

static Value emitTranspose(OpBuilder &builder, TransposeOp op) {
  SmallVector<int64_t> perm;
  for (int64_t axis : op.getPerm())
    perm.push_back(fromFront(axis, op.getPerm().size()));
  return TensorBuilder(builder, op.getLoc()).transpose(op.getX(), perm);
}

static Value emitReverseOp(OpBuilder &builder, ReverseOp op) {
  auto axes = normalizeAxes(op.getLoc(), op.getAxes(), op.getType().getRank());
  return emitReverse(builder, op.getLoc(), op.getX(), *axes);
}

/// Position i < length along the sequence reads from length - 1 - i.
static Value emitReverseSequence(OpBuilder &builder, ReverseSequenceOp op) {
  Location loc = op.getLoc();
  TensorBuilder tensors(builder, loc);
  RankedTensorType type = op.getType();
  int64_t rank = type.getRank();
  int64_t seq = fromFront(op.getSeqAxis(), rank);
  int64_t batch = fromFront(op.getBatchAxis(), rank);
  int64_t size = type.getDimSize(seq);
  return tensors.parallel(
      type.getShape(), op.getLengths(), tensors.pick(rank, batch),
      [&](OpBuilder &b, Location loc, ValueRange args) -> Value {
        Value zero = arith::ConstantOp::create(b, loc, b.getF32FloatAttr(0));
        Value some = arith::MaxNumFOp::create(b, loc, args[0], zero);
        // As an index of an axis with one more element: [0, size].
        Value length = emitAxisIndex(b, loc, some, size + 1);
        SmallVector<Value> place;
        for (int64_t i = 0; i < rank; ++i)
          place.push_back(linalg::IndexOp::create(b, loc, i));
        Value one = arith::ConstantIndexOp::create(b, loc, 1);
        Value last = arith::SubIOp::create(b, loc, length, one);
        Value mirrored = arith::SubIOp::create(b, loc, last, place[seq]);
        Value inside = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt,
                                             place[seq], length);
        place[seq] =
            arith::SelectOp::create(b, loc, inside, mirrored, place[seq]);
        return tensor::ExtractOp::create(b, loc, op.getX(), place);
      });
}

/// Views `x` in `split`, permutes that and views it in `shape`.
static Value emitShuffle(OpBuilder &builder, Location loc, Value x,
                         ArrayRef<int64_t> split, ArrayRef<int64_t> perm,
                         ArrayRef<int64_t> shape) {
  TensorBuilder tensors(builder, loc);
  // One dimension in front stands for everything before the channels.
  Value y = tensors.transpose(tensors.reshape(x, split), perm);
  return tensors.reshape(y, shape);
}

/// The sizes `[batch, C, H, W]` of a tensor of at least three dimensions.
static SmallVector<int64_t, 4> getImageSizes(RankedTensorType type) {
  ArrayRef<int64_t> shape = type.getShape();
  int64_t batch = 1;
  for (int64_t size : shape.drop_back(3))
    batch *= size;
  SmallVector<int64_t, 4> sizes{batch};
  llvm::append_range(sizes, shape.take_back(3));
  return sizes;
}

static Value emitSpaceToDepth(OpBuilder &builder, SpaceToDepthOp op) {
  int64_t b = op.getBlockSize();
  auto y = getImageSizes(op.getType());
  return emitShuffle(builder, op.getLoc(), op.getX(),
                     {y[0], y[1] / (b * b), y[2], b, y[3], b},
                     {0, 3, 5, 1, 2, 4}, op.getType().getShape());
}

static Value emitDepthToSpace(OpBuilder &builder, DepthToSpaceOp op) {
  int64_t b = op.getBlockSize();
  auto x = getImageSizes(op.getX().getType());
  return emitShuffle(builder, op.getLoc(), op.getX(),
                     {x[0], b, b, x[1] / (b * b), x[2], x[3]},
                     {0, 3, 4, 1, 5, 2}, op.getType().getShape());
}

static Value emitPixelShuffle(OpBuilder &builder, PixelShuffleOp op) {
  int64_t f = op.getUpscaleFactor();
  auto x = getImageSizes(op.getX().getType());
  return emitShuffle(builder, op.getLoc(), op.getX(),
                     {x[0], x[1] / (f * f), f, f, x[2], x[3]},
                     {0, 1, 4, 2, 5, 3}, op.getType().getShape());
}

static Value emitPixelUnshuffle(OpBuilder &builder, PixelUnshuffleOp op) {
  int64_t f = op.getDownscaleFactor();
  auto y = getImageSizes(op.getType());
  return emitShuffle(builder, op.getLoc(), op.getX(),
                     {y[0], y[1] / (f * f), y[2], f, y[3], f},
                     {0, 1, 3, 5, 2, 4}, op.getType().getShape());
}

//===----------------------------------------------------------------------===//
// Joining and taking apart
//===----------------------------------------------------------------------===//

/// Writes `piece` into `whole` from `offset` along `axis` on, every `stride`th
/// place. The piece may lack the axis.
static Value insertAlong(OpBuilder &builder, Location loc, Value piece,
                         Value whole, int64_t axis, int64_t offset,
                         int64_t size, int64_t stride) {
  SmallVector<int64_t> sizes(
      cast<RankedTensorType>(whole.getType()).getShape());
  SmallVector<int64_t> offsets(sizes.size(), 0), strides(sizes.size(), 1);
  sizes[axis] = size;
  offsets[axis] = offset;
  strides[axis] = stride;
  auto fold = [&](ArrayRef<int64_t> values) {
    return getAsIndexOpFoldResult(builder.getContext(), values);
  };
  return tensor::InsertSliceOp::create(
      builder, loc, piece, whole, fold(offsets), fold(sizes), fold(strides));
}

static Value emitConcat(OpBuilder &builder, ConcatOp op) {
  Location loc = op.getLoc();
  RankedTensorType type = op.getType();
  int64_t axis = fromFront(op.getAxis(), type.getRank());
  Value whole = TensorBuilder(builder, loc).empty(type.getShape());
  int64_t offset = 0, count = op.getValues().size();
  for (auto [i, piece] : llvm::enumerate(op.getValues())) {
    int64_t size = cast<RankedTensorType>(piece.getType()).getDimSize(axis);
    whole =
        op.getInterleave()
            ? insertAlong(builder, loc, piece, whole, axis, i, size, count)
            : insertAlong(builder, loc, piece, whole, axis, offset, size, 1);
    offset += size;
  }
  return whole;
}

static Value emitStack(OpBuilder &builder, StackOp op) {
  Location loc = op.getLoc();
  RankedTensorType type = op.getType();
  int64_t axis = fromFront(op.getAxis(), type.getRank());
  Value whole = TensorBuilder(builder, loc).empty(type.getShape());
  for (auto [i, piece] : llvm::enumerate(op.getValues()))
    whole = insertAlong(builder, loc, piece, whole, axis, i, 1, 1);
  return whole;
}

namespace {

struct SplitPattern : OpRewritePattern<SplitOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SplitOp op,
                                PatternRewriter &rewriter) const override {
    if (failed(requireStatic(rewriter, op)))
      return failure();
    TensorBuilder tensors(rewriter, op.getLoc());
    RankedTensorType type = op.getX().getType();
    int64_t axis = fromFront(op.getAxis(), type.getRank());
    SmallVector<int64_t> offsets(type.getRank(), 0), sizes(type.getShape());
    SmallVector<Value> pieces;
    for (int64_t size : op.getSplitSizes()) {
      sizes[axis] = size;
      pieces.push_back(tensors.slice(op.getX(), offsets, sizes));
      offsets[axis] += size;
    }
    rewriter.replaceOp(op, pieces);
    return success();
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// More and fewer elements
//===----------------------------------------------------------------------===//

/// The place in an axis of `size` that a place in its padded form reads from.
static Value emitBorderIndex(OpBuilder &builder, Location loc, Value place,
                             int64_t begin, int64_t size, bool reflect) {
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  Value zero = constant(0), last = constant(size - 1);
  Value i = arith::SubIOp::create(builder, loc, place, constant(begin));
  if (!reflect) {
    i = arith::MaxSIOp::create(builder, loc, i, zero);
    return arith::MinSIOp::create(builder, loc, i, last);
  }
  // |i|, then last - |last - i|.
  auto magnitude = [&](Value value) -> Value {
    Value negated = arith::SubIOp::create(builder, loc, zero, value);
    return arith::MaxSIOp::create(builder, loc, value, negated);
  };
  Value beyond = arith::SubIOp::create(builder, loc, last, magnitude(i));
  return arith::SubIOp::create(builder, loc, last, magnitude(beyond));
}

static Value emitPad(OpBuilder &builder, PadOp op) {
  Location loc = op.getLoc();
  TensorBuilder tensors(builder, loc);
  RankedTensorType type = op.getX().getType();
  int64_t rank = type.getRank(), first = rank - op.getPad().size() / 2;
  SmallVector<int64_t> low(rank, 0), high(rank, 0);
  for (int64_t i = first; i < rank; ++i) {
    low[i] = op.getPad()[2 * (i - first)];
    high[i] = op.getPad()[2 * (i - first) + 1];
  }
  if (op.getMode() == "constant")
    return tensors.pad(op.getX(), low, high,
                       op.getConstantVal().convertToDouble());
  bool reflect = op.getMode() == "reflect";
  return tensors.parallel(
      op.getType().getShape(), {}, {},
      [&](OpBuilder &b, Location loc, ValueRange) -> Value {
        SmallVector<Value> place;
        for (int64_t i = 0; i < rank; ++i) {
          Value loop = linalg::IndexOp::create(b, loc, i);
          bool padded = low[i] + high[i] > 0;
          place.push_back(padded ? emitBorderIndex(b, loc, loop, low[i],
                                                   type.getDimSize(i), reflect)
                                 : loop);
        }
        return tensor::ExtractOp::create(b, loc, op.getX(), place);
      });
}

/// A repeated dimension becomes two loops, the repetition outside.
static Value emitTile(OpBuilder &builder, TileOp op) {
  TensorBuilder tensors(builder, op.getLoc());
  SmallVector<int64_t> loops, read;
  for (auto [size, count] :
       llvm::zip(op.getX().getType().getShape(), op.getReps())) {
    if (count > 1)
      loops.push_back(count);
    read.push_back(loops.size());
    loops.push_back(size);
  }
  Value y = tensors.parallel(loops, op.getX(), tensors.pick(loops.size(), read),
                             emitCopy);
  return tensors.reshape(y, op.getType().getShape());
}

static Value emitBroadcastTo(OpBuilder &builder, BroadcastToOp op) {
  return TensorBuilder(builder, op.getLoc())
      .parallel(op.getType().getShape(), op.getX(), getBroadcastMap(op, 0),
                emitCopy);
}

static Value emitSlidingWindows(OpBuilder &builder, SlidingWindowsOp op) {
  RankedTensorType type = op.getType();
  int64_t rank = type.getRank(), axis = fromFront(op.getAxis(), rank - 1);
  SmallVector<AffineExpr> exprs;
  for (int64_t i = 0; i < rank; ++i) {
    AffineExpr loop = builder.getAffineDimExpr(i);
    if (i == axis)
      exprs.push_back(loop * int64_t(op.getStride()) +
                      builder.getAffineDimExpr(++i));
    else
      exprs.push_back(loop);
  }
  AffineMap map = AffineMap::get(rank, 0, exprs, builder.getContext());
  return TensorBuilder(builder, op.getLoc())
      .parallel(type.getShape(), op.getX(), map, emitCopy);
}

static Value emitBandPart(OpBuilder &builder, BandPartOp op) {
  int64_t rank = op.getType().getRank();
  int64_t lower = op.getLower(), upper = op.getUpper();
  return TensorBuilder(builder, op.getLoc())
      .parallel(op.getType().getShape(), op.getX(),
                builder.getMultiDimIdentityMap(rank),
                [&](OpBuilder &b, Location loc, ValueRange args) -> Value {
                  Value row = linalg::IndexOp::create(b, loc, rank - 2);
                  Value column = linalg::IndexOp::create(b, loc, rank - 1);
                  Value zero =
                      arith::ConstantOp::create(b, loc, b.getF32FloatAttr(0));
                  Value y = args[0];
                  auto keep = [&](Value distance, int64_t limit) {
                    if (limit < 0)
                      return;
                    Value inside = arith::CmpIOp::create(
                        b, loc, arith::CmpIPredicate::sle, distance,
                        arith::ConstantIndexOp::create(b, loc, limit));
                    y = arith::SelectOp::create(b, loc, inside, y, zero);
                  };
                  keep(arith::SubIOp::create(b, loc, row, column), lower);
                  keep(arith::SubIOp::create(b, loc, column, row), upper);
                  return y;
                });
}

//===----------------------------------------------------------------------===//
// Registration
//===----------------------------------------------------------------------===//

void mlmodel::mil::populateShapePatterns(RewritePatternSet &patterns) {
  addEmitter(patterns, emitReshape<ReshapeOp>);
  addEmitter(patterns, emitReshape<SqueezeOp>);
  addEmitter(patterns, emitReshape<ExpandDimsOp>);
  addEmitter(patterns, emitReshape<Flatten2dOp>);
  addEmitter(patterns, emitTranspose);
  addEmitter(patterns, emitReverseOp);
  addEmitter(patterns, emitReverseSequence);
  addEmitter(patterns, emitSpaceToDepth);
  addEmitter(patterns, emitDepthToSpace);
  addEmitter(patterns, emitPixelShuffle);
  addEmitter(patterns, emitPixelUnshuffle);
  addEmitter(patterns, emitConcat);
  addEmitter(patterns, emitStack);
  addEmitter(patterns, emitPad);
  addEmitter(patterns, emitTile);
  addEmitter(patterns, emitBroadcastTo);
  addEmitter(patterns, emitSlidingWindows);
  addEmitter(patterns, emitBandPart);
  patterns.add<SplitPattern>(patterns.getContext());
}
