//===- ShapeInference.cpp - Checked shapes of results -----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/ShapeInference.h"
#include "llvm/Support/MathExtras.h"

using namespace mlmodel::mil;

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

mlir::LogicalResult mlmodel::mil::appendTensor(MLIRContext *context,
                                               std::optional<Location> loc,
                                               ArrayRef<int64_t> shape,
                                               SmallVectorImpl<Type> &types) {
  int64_t count = 1;
  for (int64_t size : shape) {
    if (ShapedType::isDynamic(size))
      continue;
    if (size < 0 || size > maxExtent)
      return emitOptionalError(loc, "a result dimension of ", size,
                               " is out of range");
    count *= std::max<int64_t>(size, 1);
    if (count > maxExtent * 64)
      return emitOptionalError(loc, "the result has too many elements");
  }
  types.push_back(getTensorType(context, shape));
  return success();
}

mlir::FailureOr<mlir::ArrayRef<int64_t>>
mlmodel::mil::getOperandShape(std::optional<Location> loc, Value value,
                              const Twine &name, int64_t minRank,
                              int64_t maxRank) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type)
    return emitOptionalError(loc, name, " is not a ranked tensor");
  if (type.getRank() < minRank || type.getRank() > maxRank)
    return emitOptionalError(loc, name, " has rank ", type.getRank(),
                             ", which is outside [", minRank, ", ", maxRank,
                             "]");
  return type.getShape();
}

mlir::LogicalResult mlmodel::mil::checkRange(std::optional<Location> loc,
                                             ArrayRef<int64_t> values,
                                             const Twine &name, int64_t low,
                                             int64_t high) {
  for (int64_t value : values)
    if (value < low || value > high)
      return emitOptionalError(loc, name, " holds ", value,
                               ", which is outside [", low, ", ", high, "]");
  return success();
}

mlir::LogicalResult mlmodel::mil::checkLength(std::optional<Location> loc,
                                              size_t length, const Twine &name,
                                              size_t size) {
  if (length != size)
    return emitOptionalError(loc, name, " has ", length, " entries instead of ",
                             size);
  return success();
}

mlir::LogicalResult mlmodel::mil::checkSameSize(std::optional<Location> loc,
                                                int64_t a, int64_t b,
                                                const Twine &what) {
  if (a != b && !ShapedType::isDynamic(a) && !ShapedType::isDynamic(b))
    return emitOptionalError(loc, what, ": ", a, " against ", b);
  return success();
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

/// Checks the attributes and fills in everything but padding and output.
static mlir::FailureOr<Window> startWindow(std::optional<Location> loc,
                                           ArrayRef<int64_t> input,
                                           const WindowAttributes &attributes) {
  size_t rank = input.size();
  auto lengthFits = [&](ArrayRef<int64_t> list, const Twine &name,
                        size_t size) {
    return list.empty() ? success() : checkLength(loc, list.size(), name, size);
  };
  if (failed(checkLength(loc, attributes.kernel.size(), "kernel", rank)) ||
      failed(lengthFits(attributes.strides, "strides", rank)) ||
      failed(lengthFits(attributes.dilations, "dilations", rank)) ||
      failed(lengthFits(attributes.pad, "pad", 2 * rank)) ||
      failed(checkRange(loc, attributes.kernel, "kernel", 1)) ||
      failed(checkRange(loc, attributes.strides, "strides", 1)) ||
      failed(checkRange(loc, attributes.dilations, "dilations", 1)) ||
      failed(checkRange(loc, attributes.pad, "pad", 0)))
    return failure();
  Window window(rank);
  for (auto [i, axis] : llvm::enumerate(window)) {
    axis.input = input[i];
    axis.kernel = attributes.kernel[i];
    if (!attributes.strides.empty())
      axis.stride = attributes.strides[i];
    if (!attributes.dilations.empty())
      axis.dilation = attributes.dilations[i];
    if (axis.input > maxExtent || (axis.kernel - 1) * axis.dilation > maxExtent)
      return emitOptionalError(loc, "a window is too large");
  }
  return window;
}

static bool isSame(StringRef padType) {
  return padType == "same" || padType == "same_lower";
}

/// Splits `total` so that an odd element goes where `padType` says.
static void splitPadding(WindowAxis &axis, int64_t total, StringRef padType) {
  axis.padBegin = padType == "same" ? total / 2 : total - total / 2;
  axis.padEnd = total - axis.padBegin;
}

/// Takes one axis' share of the padding list, which only `custom` reads.
static void takePadding(WindowAxis &axis, size_t i,
                        const WindowAttributes &attributes) {
  if (attributes.padType != "custom" || attributes.pad.empty())
    return;
  axis.padBegin = attributes.pad[2 * i];
  axis.padEnd = attributes.pad[2 * i + 1];
}

/// The output size when the last window may reach past the padded input.
static int64_t roundUpOutput(WindowAxis &axis) {
  int64_t room = axis.input + axis.padBegin + axis.padEnd - axis.kernel;
  int64_t output = llvm::divideCeil(room, axis.stride) + 1;
  bool padded = axis.padBegin + axis.padEnd > 0;
  if (padded && (output - 1) * axis.stride >= axis.input + axis.padBegin)
    --output;
  axis.overhang = std::max<int64_t>((output - 1) * axis.stride - room, 0);
  return output;
}

mlir::FailureOr<Window>
mlmodel::mil::computeWindow(std::optional<Location> loc,
                            ArrayRef<int64_t> input,
                            const WindowAttributes &attributes) {
  FailureOr<Window> window = startWindow(loc, input, attributes);
  if (failed(window))
    return failure();
  if (attributes.ceilMode && isSame(attributes.padType))
    return emitOptionalError(loc, "ceil_mode does not go with pad_type ",
                             attributes.padType);
  for (auto [i, axis] : llvm::enumerate(*window)) {
    takePadding(axis, i, attributes);
    if (attributes.ceilMode && axis.padBegin != axis.padEnd)
      return emitOptionalError(loc, "ceil_mode needs symmetric padding");
    if (ShapedType::isDynamic(axis.input)) {
      axis.output = ShapedType::kDynamic;
      continue;
    }
    if (isSame(attributes.padType)) {
      axis.output = llvm::divideCeil(axis.input, axis.stride);
      int64_t need = (axis.output - 1) * axis.stride + axis.span();
      splitPadding(axis, std::max<int64_t>(need - axis.input, 0),
                   attributes.padType);
      if (axis.output < 1)
        return emitOptionalError(loc, "the input is empty");
      continue;
    }
    int64_t room = axis.input + axis.padBegin + axis.padEnd - axis.span();
    if (room < 0)
      return emitOptionalError(loc, "a window of ", axis.span(),
                               " does not fit into a padded input of ",
                               room + axis.span());
    axis.output =
        attributes.ceilMode ? roundUpOutput(axis) : room / axis.stride + 1;
  }
  return window;
}

mlir::FailureOr<Window> mlmodel::mil::computeTransposedWindow(
    std::optional<Location> loc, ArrayRef<int64_t> input,
    const WindowAttributes &attributes, ArrayRef<int64_t> outputShape) {
  FailureOr<Window> window = startWindow(loc, input, attributes);
  if (failed(window))
    return failure();
  if (!outputShape.empty() &&
      (failed(checkLength(loc, outputShape.size(), "spatial output_shape",
                          input.size())) ||
       failed(checkRange(loc, outputShape, "output_shape", 1))))
    return failure();
  for (auto [i, axis] : llvm::enumerate(*window)) {
    takePadding(axis, i, attributes);
    if (ShapedType::isDynamic(axis.input)) {
      axis.output = ShapedType::kDynamic;
      continue;
    }
    if (axis.input < 1)
      return emitOptionalError(loc, "the input is empty");
    int64_t full = (axis.input - 1) * axis.stride + axis.span();
    if (!outputShape.empty())
      axis.output = outputShape[i];
    else if (isSame(attributes.padType))
      axis.output = axis.input * axis.stride;
    else
      axis.output = full - axis.padBegin - axis.padEnd;
    if (axis.output < 1 || axis.output > maxExtent)
      return emitOptionalError(loc, "an output size of ", axis.output,
                               " is out of range");
    if (isSame(attributes.padType))
      splitPadding(axis, std::max<int64_t>(full - axis.output, 0),
                   attributes.padType);
    axis.padEnd = full - axis.output - axis.padBegin;
  }
  return window;
}

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

/// A bound from the front, clamped to [low, high].
static int64_t resolveBound(int64_t bound, int64_t size, int64_t low,
                            int64_t high) {
  return std::clamp(bound < 0 ? bound + size : bound, low, high);
}

static bool isSet(mlir::ArrayRef<bool> mask, size_t i) {
  return !mask.empty() && mask[i];
}

/// The elements of one axis that Python's x[begin:end:stride] would take.
static mlir::FailureOr<SliceAxis>
getSliceAxis(std::optional<mlir::Location> loc, size_t i, int64_t size,
             const SliceAttributes &attributes) {
  SliceAxis axis;
  axis.stride = attributes.stride.empty() ? 1 : attributes.stride[i];
  int64_t begin = attributes.begin[i], end = attributes.end[i];
  if (isSet(attributes.squeezeMask, i)) {
    // The first element in walking direction.
    int64_t first = axis.stride > 0 ? 0 : size - 1;
    axis.squeeze = true;
    axis.stride = 1;
    axis.begin = isSet(attributes.beginMask, i)
                     ? first
                     : (begin < 0 ? begin + size : begin);
    if (axis.begin < 0 || axis.begin >= size)
      return emitOptionalError(loc, "index ", begin, " is outside axis ", i,
                               " of size ", size);
    return axis;
  }
  bool forward = axis.stride > 0;
  int64_t low = forward ? 0 : -1, high = forward ? size : size - 1;
  axis.begin = isSet(attributes.beginMask, i)
                   ? (forward ? low : high)
                   : resolveBound(begin, size, low, high);
  end = isSet(attributes.endMask, i) ? (forward ? high : low)
                                     : resolveBound(end, size, low, high);
  int64_t distance = forward ? end - axis.begin : axis.begin - end;
  if (distance <= 0)
    return emitOptionalError(loc, "the slice of axis ", i, " of size ", size,
                             " is empty");
  axis.size = llvm::divideCeil(distance, std::abs(axis.stride));
  return axis;
}

mlir::FailureOr<llvm::SmallVector<SliceAxis>>
mlmodel::mil::computeSlice(std::optional<Location> loc, ArrayRef<int64_t> shape,
                           const SliceAttributes &attributes) {
  size_t rank = shape.size();
  auto lengthFits = [&](size_t length, const Twine &name) {
    return length == 0 ? success() : checkLength(loc, length, name, rank);
  };
  if (failed(checkLength(loc, attributes.begin.size(), "begin", rank)) ||
      failed(checkLength(loc, attributes.end.size(), "end", rank)) ||
      failed(lengthFits(attributes.stride.size(), "stride")) ||
      failed(lengthFits(attributes.beginMask.size(), "begin_mask")) ||
      failed(lengthFits(attributes.endMask.size(), "end_mask")) ||
      failed(lengthFits(attributes.squeezeMask.size(), "squeeze_mask")) ||
      failed(checkRange(loc, attributes.stride, "stride", -maxExtent)))
    return failure();
  if (llvm::is_contained(attributes.stride, 0))
    return emitOptionalError(loc, "stride must not be 0");
  SmallVector<SliceAxis> axes;
  for (size_t i = 0; i < rank; ++i) {
    if (ShapedType::isDynamic(shape[i]))
      return emitOptionalError(loc, "axis ", i, " must be static");
    // Bounds far outside mean the same as bounds just outside.
    auto axis = getSliceAxis(loc, i, shape[i], attributes);
    if (failed(axis))
      return failure();
    axes.push_back(*axis);
  }
  return axes;
}
