//===- ShapeOps.cpp - mil ops: Shape ----------------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/ShapeOps.h"
#include "MLModel/Dialect/MIL/IR/ShapeInference.h"

using namespace mlmodel::mil;

/// The arguments of every inferReturnTypes.
#define MIL_INFER(OP)                                                          \
  LogicalResult OP::inferReturnTypes(                                          \
      MLIRContext *context, std::optional<Location> loc, Adaptor adaptor,      \
      SmallVectorImpl<Type> &types)

/// The product of static dimensions, or `?` if one is not.
static int64_t product(ArrayRef<int64_t> sizes) {
  auto count = getNumElements(sizes);
  return succeeded(count) ? *count : ShapedType::kDynamic;
}

//===----------------------------------------------------------------------===//
// New shape, same order
//===----------------------------------------------------------------------===//

/// Replaces 0 and -1 of a target shape by what they stand for.
static FailureOr<SmallVector<int64_t>> resolveShape(std::optional<Location> loc,
                                                    ArrayRef<int64_t> input,
                                                    ArrayRef<int64_t> target) {
  SmallVector<int64_t> shape(target);
  std::optional<size_t> open;
  for (auto [i, size] : llvm::enumerate(shape)) {
    if (size == -1) {
      if (open)
        return emitOptionalError(loc, "shape holds -1 twice");
      open = i;
      size = 1;
    } else if (size == 0) {
      if (i >= input.size())
        return emitOptionalError(loc, "shape copies dimension ", i,
                                 " of an input of rank ", input.size());
      size = input[i];
    }
  }
  if (failed(checkRange(loc, target, "shape", -1)))
    return failure();
  int64_t total = product(input), known = product(shape);
  if (open)
    shape[*open] = ShapedType::kDynamic;
  if (ShapedType::isDynamic(total) || ShapedType::isDynamic(known))
    return shape;
  if (known == 0 ? total != 0 : total % known != 0 || (!open && total != known))
    return emitOptionalError(loc, total, " elements do not fit into shape [",
                             target, "]");
  if (open)
    shape[*open] = known == 0 ? 0 : total / known;
  return shape;
}

MIL_INFER(ReshapeOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x");
  if (failed(x))
    return failure();
  auto shape = resolveShape(loc, *x, adaptor.getShape());
  if (failed(shape))
    return failure();
  return appendTensor(context, loc, *shape, types);
}

MIL_INFER(SqueezeOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x");
  if (failed(x))
    return failure();
  ArrayRef<int64_t> axes = adaptor.getAxes();
  SmallVector<int64_t> shape;
  if (axes.empty()) {
    llvm::copy_if(*x, std::back_inserter(shape),
                  [](int64_t size) { return size != 1; });
    return appendTensor(context, loc, shape, types);
  }
  auto sorted = normalizeAxes(loc, axes, x->size());
  if (failed(sorted))
    return failure();
  for (auto [i, size] : llvm::enumerate(*x)) {
    if (!llvm::is_contained(*sorted, int64_t(i)))
      shape.push_back(size);
    else if (size != 1)
      return emitOptionalError(loc, "axis ", i, " has size ", size,
                               " and cannot be dropped");
  }
  return appendTensor(context, loc, shape, types);
}

MIL_INFER(ExpandDimsOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x");
  if (failed(x))
    return failure();
  ArrayRef<int64_t> axes = adaptor.getAxes();
  if (axes.empty())
    return appendTensor(context, loc, *x, types);
  size_t rank = x->size() + axes.size();
  auto sorted = normalizeAxes(loc, axes, rank);
  if (failed(sorted))
    return failure();
  SmallVector<int64_t> shape(*x);
  for (int64_t axis : *sorted)
    shape.insert(shape.begin() + axis, 1);
  return appendTensor(context, loc, shape, types);
}

MIL_INFER(Flatten2dOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x");
  if (failed(x))
    return failure();
  int64_t rank = x->size(), axis = adaptor.getAxis();
  if (failed(checkRange(loc, axis, "axis", -rank, rank)))
    return failure();
  if (axis < 0)
    axis += rank;
  return appendTensor(
      context, loc,
      {product(x->take_front(axis)), product(x->drop_front(axis))}, types);
}

//===----------------------------------------------------------------------===//
// New order
//===----------------------------------------------------------------------===//

MIL_INFER(TransposeOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x");
  if (failed(x) ||
      failed(checkLength(loc, adaptor.getPerm().size(), "perm", x->size())))
    return failure();
  if (!x->empty() && failed(normalizeAxes(loc, adaptor.getPerm(), x->size())))
    return failure();
  SmallVector<int64_t> shape;
  for (int64_t axis : adaptor.getPerm())
    shape.push_back((*x)[axis < 0 ? axis + x->size() : axis]);
  return appendTensor(context, loc, shape, types);
}

MIL_INFER(ReverseOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x");
  if (failed(x) || failed(normalizeAxes(loc, adaptor.getAxes(), x->size())))
    return failure();
  return appendTensor(context, loc, *x, types);
}

MIL_INFER(ReverseSequenceOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x", 2);
  auto lengths = getOperandShape(loc, adaptor.getLengths(), "lengths", 1, 1);
  if (failed(x) || failed(lengths))
    return failure();
  auto batch = normalizeAxis(loc, adaptor.getBatchAxis(), x->size());
  auto seq = normalizeAxis(loc, adaptor.getSeqAxis(), x->size());
  if (failed(batch) || failed(seq))
    return failure();
  if (*batch == *seq)
    return emitOptionalError(loc, "seq_axis and batch_axis are the same");
  if (failed(checkSameSize(loc, lengths->front(), (*x)[*batch],
                           "number of lengths against the batch axis")))
    return failure();
  return appendTensor(context, loc, *x, types);
}

/// Infers an operation that divides or multiplies H and W by `block`.
static LogicalResult inferBlocks(MLIRContext *context,
                                 std::optional<Location> loc, Value operand,
                                 int64_t block, bool toSpace,
                                 SmallVectorImpl<Type> &types) {
  auto x = getOperandShape(loc, operand, "x", 3);
  if (failed(x) || failed(checkRange(loc, block, "the block size", 1, 1 << 15)))
    return failure();
  SmallVector<int64_t> shape(*x);
  size_t rank = shape.size();
  if (ShapedType::isDynamicShape(x->take_back(3)))
    return emitOptionalError(loc, "the last three axes must be static");
  int64_t &channels = shape[rank - 3];
  auto divide = [&](int64_t &size, int64_t divisor) -> LogicalResult {
    if (size % divisor != 0)
      return emitOptionalError(loc, divisor, " does not divide ", size);
    size /= divisor;
    return success();
  };
  if (toSpace) {
    if (failed(divide(channels, block * block)))
      return failure();
    shape[rank - 2] *= block;
    shape[rank - 1] *= block;
  } else {
    channels *= block * block;
    if (failed(divide(shape[rank - 2], block)) ||
        failed(divide(shape[rank - 1], block)))
      return failure();
  }
  return appendTensor(context, loc, shape, types);
}

MIL_INFER(SpaceToDepthOp) {
  return inferBlocks(context, loc, adaptor.getX(), adaptor.getBlockSize(),
                     /*toSpace=*/false, types);
}

MIL_INFER(DepthToSpaceOp) {
  return inferBlocks(context, loc, adaptor.getX(), adaptor.getBlockSize(),
                     /*toSpace=*/true, types);
}

MIL_INFER(PixelShuffleOp) {
  return inferBlocks(context, loc, adaptor.getX(), adaptor.getUpscaleFactor(),
                     /*toSpace=*/true, types);
}

MIL_INFER(PixelUnshuffleOp) {
  return inferBlocks(context, loc, adaptor.getX(), adaptor.getDownscaleFactor(),
                     /*toSpace=*/false, types);
}

//===----------------------------------------------------------------------===//
// Joining and taking apart
//===----------------------------------------------------------------------===//

/// Merges the shapes of the operands, which agree except at `axis`.
static FailureOr<SmallVector<int64_t>>
mergeShapes(std::optional<Location> loc, ValueRange values,
            std::optional<int64_t> axis) {
  if (values.empty())
    return emitOptionalError(loc, "no operands");
  auto first = getOperandShape(loc, values.front(), "operand 0");
  if (failed(first))
    return failure();
  SmallVector<int64_t> merged(*first);
  for (auto [i, value] : llvm::enumerate(values)) {
    auto shape = getOperandShape(loc, value, "operand " + Twine(i),
                                 merged.size(), merged.size());
    if (failed(shape))
      return failure();
    for (auto [d, size] : llvm::enumerate(*shape)) {
      if (axis && int64_t(d) == *axis)
        continue;
      if (failed(checkSameSize(loc, merged[d], size,
                               "dimension " + Twine(d) + " of operand " +
                                   Twine(i) + " differs")))
        return failure();
      if (ShapedType::isDynamic(merged[d]))
        merged[d] = size;
    }
  }
  return merged;
}

MIL_INFER(ConcatOp) {
  ValueRange values = adaptor.getValues();
  bool interleave = adaptor.getInterleave();
  if (values.empty())
    return emitOptionalError(loc, "no operands");
  auto first = getOperandShape(loc, values.front(), "operand 0", 1);
  if (failed(first))
    return failure();
  auto axis = normalizeAxis(loc, adaptor.getAxis(), first->size());
  if (failed(axis))
    return failure();
  std::optional<int64_t> free;
  if (!interleave)
    free = *axis;
  auto shape = mergeShapes(loc, values, free);
  if (failed(shape))
    return failure();
  int64_t total = 0;
  for (Value value : values) {
    int64_t size = (*getOperandShape(loc, value, "operand"))[*axis];
    total = ShapedType::isDynamic(size) ? size : total + size;
    if (ShapedType::isDynamic(total))
      break;
  }
  (*shape)[*axis] = total;
  return appendTensor(context, loc, *shape, types);
}

MIL_INFER(SplitOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x", 1);
  if (failed(x))
    return failure();
  auto axis = normalizeAxis(loc, adaptor.getAxis(), x->size());
  ArrayRef<int64_t> sizes = adaptor.getSplitSizes();
  if (failed(axis) || failed(checkRange(loc, sizes, "split_sizes", 0)))
    return failure();
  int64_t total = 0;
  for (int64_t size : sizes) {
    total += size;
    SmallVector<int64_t> shape(*x);
    shape[*axis] = size;
    if (failed(appendTensor(context, loc, shape, types)))
      return failure();
  }
  if (sizes.empty())
    return emitOptionalError(loc, "split_sizes is empty");
  return checkSameSize(loc, total, (*x)[*axis],
                       "sum of split_sizes against the size of the axis");
}

MIL_INFER(StackOp) {
  auto shape = mergeShapes(loc, adaptor.getValues(), std::nullopt);
  if (failed(shape))
    return failure();
  auto axis = normalizeAxis(loc, adaptor.getAxis(), shape->size() + 1);
  if (failed(axis))
    return failure();
  shape->insert(shape->begin() + *axis, adaptor.getValues().size());
  return appendTensor(context, loc, *shape, types);
}

//===----------------------------------------------------------------------===//
// More and fewer elements
//===----------------------------------------------------------------------===//

MIL_INFER(PadOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x");
  ArrayRef<int64_t> pad = adaptor.getPad();
  if (failed(x) || failed(checkRange(loc, pad, "pad", 0)))
    return failure();
  if (pad.size() % 2 != 0 || pad.size() / 2 > x->size())
    return emitOptionalError(loc, "pad has ", pad.size(),
                             " entries for a tensor of rank ", x->size());
  SmallVector<int64_t> shape(*x);
  size_t first = shape.size() - pad.size() / 2;
  for (size_t i = 0; i < pad.size() / 2; ++i) {
    int64_t &size = shape[first + i];
    int64_t most = std::max(pad[2 * i], pad[2 * i + 1]);
    if (ShapedType::isDynamic(size))
      continue;
    if (adaptor.getMode() == "reflect" && most > 0 && most >= size)
      return emitOptionalError(loc, "an axis of size ", size,
                               " cannot be reflected by ", most);
    if (adaptor.getMode() == "replicate" && most > 0 && size == 0)
      return emitOptionalError(loc, "an empty axis cannot be replicated");
    size += pad[2 * i] + pad[2 * i + 1];
  }
  return appendTensor(context, loc, shape, types);
}

MIL_INFER(TileOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x");
  ArrayRef<int64_t> reps = adaptor.getReps();
  if (failed(x) || failed(checkLength(loc, reps.size(), "reps", x->size())) ||
      failed(checkRange(loc, reps, "reps", 1)))
    return failure();
  SmallVector<int64_t> shape(*x);
  for (auto [size, count] : llvm::zip(shape, reps))
    if (!ShapedType::isDynamic(size))
      size *= count;
  return appendTensor(context, loc, shape, types);
}

MIL_INFER(BroadcastToOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x");
  ArrayRef<int64_t> shape = adaptor.getShape();
  if (failed(x) || failed(checkRange(loc, shape, "shape", 0)))
    return failure();
  if (x->size() > shape.size())
    return emitOptionalError(loc, "x has more dimensions than shape");
  for (auto [size, wanted] : llvm::zip(*x, shape.take_back(x->size())))
    if (size != 1 &&
        failed(checkSameSize(loc, size, wanted, "x does not broadcast")))
      return failure();
  return appendTensor(context, loc, shape, types);
}

MIL_INFER(SlidingWindowsOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x", 1);
  if (failed(x))
    return failure();
  auto axis = normalizeAxis(loc, adaptor.getAxis(), x->size());
  int64_t size = adaptor.getSize(), stride = adaptor.getStride();
  if (failed(axis) ||
      failed(checkRange(loc, {size, stride}, "size or stride", 1)))
    return failure();
  SmallVector<int64_t> shape(*x);
  int64_t &length = shape[*axis];
  if (!ShapedType::isDynamic(length)) {
    if (size > length)
      return emitOptionalError(loc, "a window of ", size,
                               " does not fit into an axis of size ", length);
    length = (length - size) / stride + 1;
  }
  shape.insert(shape.begin() + *axis + 1, size);
  return appendTensor(context, loc, shape, types);
}

MIL_INFER(BandPartOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x", 2);
  if (failed(x) ||
      failed(checkRange(
          loc, {int64_t(adaptor.getLower()), int64_t(adaptor.getUpper())},
          "lower or upper", -maxExtent)))
    return failure();
  return appendTensor(context, loc, *x, types);
}

//===----------------------------------------------------------------------===//
// Generated definitions
//===----------------------------------------------------------------------===//

#define GET_OP_CLASSES
#include "MLModel/Dialect/MIL/IR/ShapeOps.cpp.inc"

void MILDialect::registerShapeOps() {
  addOperations<
#define GET_OP_LIST
#include "MLModel/Dialect/MIL/IR/ShapeOps.cpp.inc"
      >();
}
