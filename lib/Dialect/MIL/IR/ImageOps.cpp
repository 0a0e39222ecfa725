//===- ImageOps.cpp - mil ops: Image ----------------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/ImageOps.h"
#include "MLModel/Dialect/MIL/IR/ShapeInference.h"
#include <cmath>

using namespace mlmodel::mil;

/// The arguments of every inferReturnTypes.
#define MIL_INFER(OP)                                                          \
  LogicalResult OP::inferReturnTypes(                                          \
      MLIRContext *context, std::optional<Location> loc, Adaptor adaptor,      \
      SmallVectorImpl<Type> &types)

/// Appends the type of `x` with the last two axes replaced.
static LogicalResult appendImage(MLIRContext *context,
                                 std::optional<Location> loc,
                                 ArrayRef<int64_t> x, int64_t height,
                                 int64_t width, SmallVectorImpl<Type> &types) {
  if (failed(checkRange(loc, {height, width}, "the size of the result", 1)))
    return failure();
  SmallVector<int64_t> shape(x.drop_back(2));
  shape.append({height, width});
  return appendTensor(context, loc, shape, types);
}

/// The shape of an image whose last two axes are static and not empty.
static FailureOr<ArrayRef<int64_t>> getImageShape(std::optional<Location> loc,
                                                  Value value) {
  auto x = getOperandShape(loc, value, "x", 3);
  if (failed(x))
    return failure();
  for (int64_t size : x->take_back(2))
    if (size < 1)
      return emitOptionalError(
          loc, "height and width of x must be static and at least 1");
  return x;
}

//===----------------------------------------------------------------------===//
// Scale factors
//===----------------------------------------------------------------------===//

static FailureOr<int64_t> scaleSize(std::optional<Location> loc, int64_t size,
                                    const APFloat &factor) {
  double scaled = std::floor(double(size) * factor.convertToDouble());
  // Written so that NaN fails as well.
  if (!(scaled >= 1 && scaled <= double(maxExtent)))
    return emitOptionalError(loc, "a scale factor of ",
                             factor.convertToDouble(), " is out of range");
  return int64_t(scaled);
}

template <typename AdaptorT>
static LogicalResult
inferUpsample(MLIRContext *context, std::optional<Location> loc,
              AdaptorT adaptor, SmallVectorImpl<Type> &types) {
  auto x = getImageShape(loc, adaptor.getX());
  if (failed(x))
    return failure();
  ArrayRef<int64_t> size = x->take_back(2);
  auto height = scaleSize(loc, size[0], adaptor.getScaleFactorHeight());
  auto width = scaleSize(loc, size[1], adaptor.getScaleFactorWidth());
  if (failed(height) || failed(width))
    return failure();
  return appendImage(context, loc, *x, *height, *width, types);
}

MIL_INFER(UpsampleNearestNeighborOp) {
  return inferUpsample(context, loc, adaptor, types);
}

MIL_INFER(UpsampleBilinearOp) {
  if (adaptor.getAlignCorners() && adaptor.getHalfPixelCenters() == true)
    return emitOptionalError(
        loc, "align_corners and half_pixel_centers do not go together");
  return inferUpsample(context, loc, adaptor, types);
}

StringRef UpsampleBilinearOp::getSamplingMode() {
  if (getAlignCorners())
    return "STRICT_ALIGN_CORNERS";
  return getHalfPixelCenters().value_or(true) ? "UNALIGN_CORNERS" : "DEFAULT";
}

//===----------------------------------------------------------------------===//
// Target sizes
//===----------------------------------------------------------------------===//

MIL_INFER(ResizeNearestNeighborOp) {
  auto x = getImageShape(loc, adaptor.getX());
  if (failed(x))
    return failure();
  return appendImage(context, loc, *x, adaptor.getTargetSizeHeight(),
                     adaptor.getTargetSizeWidth(), types);
}

MIL_INFER(ResizeBilinearOp) {
  auto x = getImageShape(loc, adaptor.getX());
  if (failed(x))
    return failure();
  return appendImage(context, loc, *x, adaptor.getTargetSizeHeight(),
                     adaptor.getTargetSizeWidth(), types);
}

//===----------------------------------------------------------------------===//
// Crops
//===----------------------------------------------------------------------===//

MIL_INFER(CropOp) {
  auto x = getImageShape(loc, adaptor.getX());
  ArrayRef<int64_t> height = adaptor.getCropHeight();
  ArrayRef<int64_t> width = adaptor.getCropWidth();
  if (failed(x) || failed(checkLength(loc, height.size(), "crop_height", 2)) ||
      failed(checkLength(loc, width.size(), "crop_width", 2)) ||
      failed(checkRange(loc, height, "crop_height", 0)) ||
      failed(checkRange(loc, width, "crop_width", 0)))
    return failure();
  ArrayRef<int64_t> size = x->take_back(2);
  return appendImage(context, loc, *x, size[0] - height[0] - height[1],
                     size[1] - width[0] - width[1], types);
}

MIL_INFER(CropResizeOp) {
  auto x = getImageShape(loc, adaptor.getX());
  auto boxes = getOperandShape(loc, adaptor.getBoxes(), "boxes", 2, 2);
  if (failed(x) || failed(boxes) ||
      failed(checkLength(loc, x->size(), "the shape of x", 4)))
    return failure();
  if ((*boxes)[1] != 4)
    return emitOptionalError(loc, "boxes must be [N, 4]");
  if ((*x)[0] < 1)
    return emitOptionalError(loc,
                             "the batch of x must be static and not empty");
  SmallVector<int64_t> shape{(*boxes)[0], (*x)[0], (*x)[1], 0, 0};
  if (Value indices = adaptor.getBoxIndices()) {
    auto count = getOperandShape(loc, indices, "box_indices", 1, 1);
    if (failed(count) ||
        failed(checkSameSize(loc, count->front(), (*boxes)[0],
                             "number of box_indices against boxes")))
      return failure();
    shape.erase(shape.begin() + 1);
  }
  return appendImage(context, loc, shape, adaptor.getTargetHeight(),
                     adaptor.getTargetWidth(), types);
}

//===----------------------------------------------------------------------===//
// Generated definitions
//===----------------------------------------------------------------------===//

#define GET_OP_CLASSES
#include "MLModel/Dialect/MIL/IR/ImageOps.cpp.inc"

void MILDialect::registerImageOps() {
  addOperations<
#define GET_OP_LIST
#include "MLModel/Dialect/MIL/IR/ImageOps.cpp.inc"
      >();
}
