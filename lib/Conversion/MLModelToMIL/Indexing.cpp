//===- Indexing.cpp - Rewrites of the chapter Indexing to mil -------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConstantInputs.h"
#include "LayerRewriter.h"
#include "MLModel/Dialect/MIL/IR/ElementwiseOps.h"
#include "MLModel/Dialect/MIL/IR/IndexingOps.h"
#include "MLModel/Dialect/MIL/IR/ShapeOps.h"
#include "MLModel/Dialect/MLModel/IR/IndexingOps.h"
#include "Patterns.h"

using namespace mlir;
using namespace mlmodel;

namespace {

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

struct SliceLayer : LayerPattern<SliceOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(SliceOp op, LayerRewriter &b) const override {
    int64_t rank = b.getInputShape(0).size();
    int64_t axis = rank - (op.getAxis() == "CHANNEL_AXIS"  ? 3
                           : op.getAxis() == "HEIGHT_AXIS" ? 2
                                                           : 1);
    SmallVector<int64_t> begin(rank, 0), end(b.getInputShape(0)),
        strides(rank, 1);
    begin[axis] = op.getStartIndex();
    end[axis] = op.getEndIndex();
    strides[axis] = op.getStride();
    SmallVector<bool> masks(rank, false);
    return b.replace(b.create<mil::SliceByIndexOp>(
        b.getInput(0), ArrayRef<int64_t>(begin), ArrayRef<int64_t>(end),
        ArrayRef<int64_t>(strides), ArrayRef<bool>(masks),
        ArrayRef<bool>(masks), ArrayRef<bool>(masks)));
  }
};

struct SliceStaticLayer : LayerPattern<SliceStaticOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(SliceStaticOp op, LayerRewriter &b) const override {
    return b.replaceReshaped(b.create<mil::SliceByIndexOp>(
        b.getInput(0), op.getBeginIds(), op.getEndIds(), op.getStrides(),
        op.getBeginMasks(), op.getEndMasks(), op.getSqueezeMasks()));
  }
};

struct SliceDynamicLayer : LayerPattern<SliceDynamicOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(SliceDynamicOp op, LayerRewriter &b) const override {
    bool isKnown = true;
    // Parameters may be longer than the rank; the rest says nothing.
    size_t rank = b.getInputShape(0).size();
    auto ints = [&](size_t i, ArrayRef<int64_t> parameter) {
      if (i >= b.getNumInputs())
        return SmallVector<int64_t>(parameter.take_front(rank));
      auto values = getConstantInts(b.getInput(i));
      isKnown &= values.has_value();
      return values.value_or(SmallVector<int64_t>());
    };
    auto masks = [&](size_t i, ArrayRef<bool> parameter) {
      if (i >= b.getNumInputs())
        return SmallVector<bool>(parameter.take_front(rank));
      return SmallVector<bool>(llvm::map_range(
          ints(i, {}), [](int64_t value) { return value != 0; }));
    };
    auto begin = ints(1, {}), end = ints(2, op.getEndIds()),
         strides = ints(3, op.getStrides());
    auto beginMasks = masks(4, op.getBeginMasks()),
         endMasks = masks(5, op.getEndMasks()),
         squeezeMasks = masks(6, op.getSqueezeMasks());
    if (!isKnown)
      return b.unsupported("bounds that are computed are");
    return b.replaceReshaped(b.create<mil::SliceByIndexOp>(
        b.getInput(0), ArrayRef<int64_t>(begin), ArrayRef<int64_t>(end),
        ArrayRef<int64_t>(strides), ArrayRef<bool>(beginMasks),
        ArrayRef<bool>(endMasks), ArrayRef<bool>(squeezeMasks)));
  }
};

struct SliceBySizeLayer : LayerPattern<SliceBySizeOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(SliceBySizeOp op, LayerRewriter &b) const override {
    int64_t rank = b.getInputShape(0).size();
    int64_t axis = normalize(op.getAxis(), rank);
    // The one position becomes a vector that is zero in all other axes.
    Value begin = b.reshape(b.getInput(1), 1);
    Value begins =
        b.create<mil::PadOp>(begin, ArrayRef<int64_t>{axis, rank - 1 - axis},
                             "constant", APFloat(0.0f));
    SmallVector<int64_t> sizes(b.getInputShape(0));
    sizes[axis] = op.getSize();
    return b.replace(b.create<mil::SliceBySizeOp>(b.getInput(0), begins,
                                                  ArrayRef<int64_t>(sizes)));
  }
};

//===----------------------------------------------------------------------===//
// Gather and scatter
//===----------------------------------------------------------------------===//

struct GatherLayer : LayerPattern<GatherOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(GatherOp op, LayerRewriter &b) const override {
    int64_t axis = normalize(op.getAxis(), b.getInputShape(0).size());
    return b.replace(
        b.create<mil::GatherOp>(b.getInput(0), b.getInput(1), axis, 0));
  }
};

struct GatherNDLayer : LayerPattern<GatherNDOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(GatherNDOp op, LayerRewriter &b) const override {
    return b.replaceReshaped(
        b.create<mil::GatherNdOp>(b.getInput(0), b.getInput(1), 0));
  }
};

struct GatherAlongAxisLayer : LayerPattern<GatherAlongAxisOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(GatherAlongAxisOp op, LayerRewriter &b) const override {
    int64_t axis = normalize(op.getAxis(), b.getInputShape(0).size());
    return b.replace(
        b.create<mil::GatherAlongAxisOp>(b.getInput(0), b.getInput(1), axis));
  }
};

/// "SCATTER_ADD" -> "add".
std::string getScatterMode(StringRef mode) {
  mode.consume_front("SCATTER_");
  return mode.lower();
}

struct ScatterLayer : LayerPattern<ScatterOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(ScatterOp op, LayerRewriter &b) const override {
    int64_t axis = normalize(op.getAxis(), b.getInputShape(0).size());
    return b.replace(b.create<mil::ScatterOp>(
        b.getInput(0), b.getInput(1), b.getInput(2), axis,
        StringRef(getScatterMode(op.getMode()))));
  }
};

struct ScatterNDLayer : LayerPattern<ScatterNDOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(ScatterNDOp op, LayerRewriter &b) const override {
    // A single point's update is a scalar, which the format gives one axis.
    ArrayRef<int64_t> data = b.getInputShape(0), indices = b.getInputShape(1);
    SmallVector<int64_t> shape(indices.drop_back());
    llvm::append_range(shape, data.drop_front(indices.back()));
    return b.replace(b.create<mil::ScatterNdOp>(
        b.getInput(0), b.getInput(1), b.reshape(b.getInput(2), shape),
        StringRef(getScatterMode(op.getMode()))));
  }
};

struct ScatterAlongAxisLayer : LayerPattern<ScatterAlongAxisOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(ScatterAlongAxisOp op,
                        LayerRewriter &b) const override {
    int64_t axis = normalize(op.getAxis(), b.getInputShape(0).size());
    return b.replace(b.create<mil::ScatterAlongAxisOp>(
        b.getInput(0), b.getInput(1), b.getInput(2), axis,
        StringRef(getScatterMode(op.getMode()))));
  }
};

//===----------------------------------------------------------------------===//
// Conditions
//===----------------------------------------------------------------------===//

struct WhereBroadcastableLayer : LayerPattern<WhereBroadcastableOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(WhereBroadcastableOp op,
                        LayerRewriter &b) const override {
    return b.replace(
        b.create<mil::SelectOp>(b.getInput(0), b.getInput(1), b.getInput(2)));
  }
};

struct WhereNonZeroLayer : LayerPattern<WhereNonZeroOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(WhereNonZeroOp op, LayerRewriter &b) const override {
    Value result = mil::NonZeroOp::create(
        b.getRewriter(), b.getLoc(), op->getResultTypes()[0], b.getInput(0));
    return b.replace(result);
  }
};

struct OneHotLayer : LayerPattern<OneHotOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(OneHotOp op, LayerRewriter &b) const override {
    ArrayRef<int64_t> shape = b.getOutputShape();
    int64_t axis = normalize(op.getAxis(), shape.size());
    return b.replace(b.create<mil::OneHotOp>(b.getInput(0), shape[axis], axis,
                                             APFloat(op.getOnValue()),
                                             APFloat(op.getOffValue())));
  }
};

} // namespace

void mlmodel::populateIndexingPatterns(RewritePatternSet &patterns) {
  patterns
      .add<SliceLayer, SliceStaticLayer, SliceDynamicLayer, SliceBySizeLayer,
           GatherLayer, GatherNDLayer, GatherAlongAxisLayer, ScatterLayer,
           ScatterNDLayer, ScatterAlongAxisLayer, WhereBroadcastableLayer,
           WhereNonZeroLayer, OneHotLayer>(patterns.getContext());
}
