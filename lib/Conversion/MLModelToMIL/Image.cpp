//===- Image.cpp - Rewrites of the chapter Image to mil -----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerRewriter.h"
#include "MLModel/Dialect/MIL/IR/ImageOps.h"
#include "MLModel/Dialect/MIL/IR/ShapeOps.h"
#include "MLModel/Dialect/MLModel/IR/ImageOps.h"
#include "MLModel/Dialect/MLModel/IR/Message.h"
#include "Patterns.h"

using namespace mlir;
using namespace mlmodel;

namespace {

struct ConvertCrop : LayerPattern<CropOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(CropOp op, LayerRewriter &b) const override {
    SmallVector<int64_t> height = getAmounts(op, b, 0);
    SmallVector<int64_t> width = getAmounts(op, b, 1);
    return b.replace(b.create<mil::CropOp>(b.getInput(0), height, width));
  }

private:
  /// What is cut at the beginning and end of height (0) or width (1).
  static SmallVector<int64_t> getAmounts(CropOp op, LayerRewriter &b,
                                         size_t axis) {
    auto sizeOf = [&](ArrayRef<int64_t> shape) {
      return shape.take_back(2)[axis];
    };
    int64_t total = sizeOf(b.getInputShape(0)) - sizeOf(b.getOutputShape());
    int64_t begin = 0;
    if (b.getNumInputs() == 2)
      begin = op.getOffset().empty() ? 0 : op.getOffset()[axis];
    else if (DenseI64ArrayAttr amounts = op.getCropAmountsAttr())
      begin = amounts.empty() ? 0 : amounts[2 * axis];
    return {begin, total - begin};
  }
};

/// Resizes the layer's first input to its output's height and width.
static LogicalResult resizeBilinear(LayerRewriter &b, StringRef mode) {
  ArrayRef<int64_t> target = b.getOutputShape().take_back(2);
  return b.replace(b.create<mil::ResizeBilinearOp>(b.getInput(0), target[0],
                                                   target[1], mode));
}

struct ConvertUpsample : LayerPattern<UpsampleOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(UpsampleOp op, LayerRewriter &b) const override {
    ArrayRef<int64_t> target = b.getOutputShape().take_back(2);
    if (op.getMode() == "NN")
      return b.replace(b.create<mil::ResizeNearestNeighborOp>(
          b.getInput(0), target[0], target[1]));
    if (op.getLinearUpsampleMode() == "ALIGN_CORNERS_TRUE")
      return resizeBilinear(b, "STRICT_ALIGN_CORNERS");
    if (op.getLinearUpsampleMode() == "ALIGN_CORNERS_FALSE")
      return resizeBilinear(b, "UNALIGN_CORNERS");
    return resizeBilinear(b, "DEFAULT");
  }
};

/// The name that mil has for a sampling mode.
static StringRef getSamplingMode(Message mode) {
  StringRef method =
      mode.getString("samplingMethod", "STRICT_ALIGN_ENDPOINTS_MODE");
  if (method == "ALIGN_ENDPOINTS_MODE")
    return "ALIGN_CORNERS";
  if (method == "UPSAMPLE_MODE")
    return "DEFAULT";
  if (method == "ROI_ALIGN_MODE")
    return "OFFSET_CORNERS";
  return "STRICT_ALIGN_CORNERS";
}

struct ConvertResizeBilinear : LayerPattern<ResizeBilinearOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(ResizeBilinearOp op, LayerRewriter &b) const override {
    return resizeBilinear(b, getSamplingMode(op.getModeAttr()));
  }
};

struct ConvertCropResize : LayerPattern<CropResizeOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(CropResizeOp op, LayerRewriter &b) const override {
    ArrayRef<int64_t> boxesShape = b.getInputShape(1);
    int64_t count = boxesShape[0];
    Value images = b.reshape(b.getInput(0), b.getInputShape(0).drop_front());
    Value boxes = b.reshape(b.getInput(1), {count, boxesShape[2]});
    OptionalValue indices;
    if (boxesShape[2] == 5) {
      SmallVector<int64_t> sizes{1, 4};
      auto split = b.createOp<mil::SplitOp>(boxes, sizes, int64_t(1));
      if (!split)
        return failure();
      indices.value = b.reshape(split->getResult(0), count);
      boxes = split->getResult(1);
    }
    ArrayRef<int64_t> target = b.getOutputShape().take_back(2);
    StringRef boxMode = Message(op.getBoxIndicesModeAttr())
                            .getString("boxMode", "CORNERS_HEIGHT_FIRST");
    return b.replaceReshaped(b.create<mil::CropResizeOp>(
        images, boxes, indices, target[0], target[1],
        op.getNormalizedCoordinates(), APFloat(op.getSpatialScale()), boxMode,
        getSamplingMode(op.getModeAttr())));
  }
};
} // namespace

void mlmodel::populateImagePatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertCrop, ConvertUpsample, ConvertResizeBilinear,
               ConvertCropResize>(patterns.getContext());
}
