//===- IndexingOps.cpp - mil ops: Indexing ----------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/IndexingOps.h"
#include "MLModel/Dialect/MIL/IR/ShapeInference.h"

using namespace mlmodel::mil;

/// The arguments of every inferReturnTypes.
#define MIL_INFER(OP)                                                          \
  LogicalResult OP::inferReturnTypes(                                          \
      MLIRContext *context, std::optional<Location> loc, Adaptor adaptor,      \
      SmallVectorImpl<Type> &types)

/// Failure, with a report, if an axis that indices point into is empty or
/// dynamic: then there is no element to clamp to.
static LogicalResult checkIndexable(std::optional<Location> loc,
                                    ArrayRef<int64_t> sizes) {
  for (int64_t size : sizes)
    if (size < 1)
      return emitOptionalError(
          loc, "an indexed axis must have a static size of at least 1");
  return success();
}

/// Failure, with a report, unless two parts of shapes agree.
static LogicalResult checkSameShape(std::optional<Location> loc,
                                    ArrayRef<int64_t> a, ArrayRef<int64_t> b,
                                    const Twine &what) {
  if (failed(checkLength(loc, a.size(), what, b.size())))
    return failure();
  for (auto [x, y] : llvm::zip(a, b))
    if (failed(checkSameSize(loc, x, y, what)))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

template <typename OpOrAdaptor>
static SliceAttributes getSliceAttributes(OpOrAdaptor op) {
  return {op.getBegin(),     op.getEnd(),     op.getStride(),
          op.getBeginMask(), op.getEndMask(), op.getSqueezeMask()};
}

MIL_INFER(SliceByIndexOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x");
  if (failed(x))
    return failure();
  auto axes = computeSlice(loc, *x, getSliceAttributes(adaptor));
  if (failed(axes))
    return failure();
  SmallVector<int64_t> shape;
  for (const SliceAxis &axis : *axes)
    if (!axis.squeeze)
      shape.push_back(axis.size);
  return appendTensor(context, loc, shape, types);
}

FailureOr<SmallVector<SliceAxis>> SliceByIndexOp::getSlice() {
  return computeSlice(getLoc(), getX().getType().getShape(),
                      getSliceAttributes(*this));
}

MIL_INFER(SliceBySizeOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x", 1);
  auto begin = getOperandShape(loc, adaptor.getBegin(), "begin", 1, 1);
  ArrayRef<int64_t> sizes = adaptor.getSize();
  if (failed(x) || failed(begin) ||
      failed(checkLength(loc, sizes.size(), "size", x->size())))
    return failure();
  if (begin->front() != int64_t(x->size()))
    return emitOptionalError(loc, "begin has ", begin->front(),
                             " entries for a tensor of rank ", x->size());
  SmallVector<int64_t> shape;
  for (auto [available, size] : llvm::zip(*x, sizes)) {
    if (ShapedType::isDynamic(available))
      return emitOptionalError(loc, "the shape of x must be static");
    if (size != -1 && (size < 1 || size > available))
      return emitOptionalError(loc, "a size of ", size,
                               " does not fit into an axis of size ",
                               available);
    shape.push_back(size == -1 ? available : size);
  }
  return appendTensor(context, loc, shape, types);
}

//===----------------------------------------------------------------------===//
// Gather
//===----------------------------------------------------------------------===//

MIL_INFER(GatherOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x", 1);
  auto indices = getOperandShape(loc, adaptor.getIndices(), "indices");
  if (failed(x) || failed(indices))
    return failure();
  auto axis = normalizeAxis(loc, adaptor.getAxis(), x->size());
  if (failed(axis))
    return failure();
  int64_t batch = adaptor.getBatchDims();
  int64_t most = std::min<int64_t>(*axis, indices->size());
  if (failed(checkRange(loc, batch, "batch_dims", 0, most)) ||
      failed(checkSameShape(loc, x->take_front(batch),
                            indices->take_front(batch), "batch dimensions")) ||
      failed(checkIndexable(loc, (*x)[*axis])))
    return failure();
  SmallVector<int64_t> shape(x->take_front(*axis));
  llvm::append_range(shape, indices->drop_front(batch));
  llvm::append_range(shape, x->drop_front(*axis + 1));
  return appendTensor(context, loc, shape, types);
}

/// Checks that `indices` has the shape of `x` except at `axis`.
static LogicalResult checkAlongAxis(std::optional<Location> loc,
                                    ArrayRef<int64_t> x,
                                    ArrayRef<int64_t> indices, int64_t axis) {
  SmallVector<int64_t> expected(x);
  if (indices.size() == expected.size())
    expected[axis] = indices[axis];
  if (failed(checkSameShape(loc, indices, expected, "shape of indices")))
    return failure();
  return checkIndexable(loc, x[axis]);
}

MIL_INFER(GatherAlongAxisOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x", 1);
  auto indices = getOperandShape(loc, adaptor.getIndices(), "indices");
  if (failed(x) || failed(indices))
    return failure();
  auto axis = normalizeAxis(loc, adaptor.getAxis(), x->size());
  if (failed(axis) || failed(checkAlongAxis(loc, *x, *indices, *axis)))
    return failure();
  return appendTensor(context, loc, *indices, types);
}

/// How many leading axes the last dimension of `indices` addresses.
static FailureOr<int64_t> getTupleLength(std::optional<Location> loc,
                                         ArrayRef<int64_t> indices,
                                         int64_t most) {
  int64_t length = indices.back();
  if (ShapedType::isDynamic(length))
    return emitOptionalError(loc,
                             "the last dimension of indices must be static");
  if (failed(checkRange(loc, length, "the last dimension of indices", 1, most)))
    return failure();
  return length;
}

MIL_INFER(GatherNdOp) {
  auto x = getOperandShape(loc, adaptor.getX(), "x", 1);
  auto indices = getOperandShape(loc, adaptor.getIndices(), "indices", 1);
  if (failed(x) || failed(indices))
    return failure();
  int64_t batch = adaptor.getBatchDims();
  int64_t most = std::min(x->size(), indices->size()) - 1;
  if (failed(checkRange(loc, batch, "batch_dims", 0, most)) ||
      failed(checkSameShape(loc, x->take_front(batch),
                            indices->take_front(batch), "batch dimensions")))
    return failure();
  auto length = getTupleLength(loc, *indices, x->size() - batch);
  if (failed(length) || failed(checkIndexable(loc, x->slice(batch, *length))))
    return failure();
  SmallVector<int64_t> shape(indices->drop_back());
  llvm::append_range(shape, x->drop_front(batch + *length));
  return appendTensor(context, loc, shape, types);
}

//===----------------------------------------------------------------------===//
// Scatter
//===----------------------------------------------------------------------===//

/// The three shapes that every scatter begins with.
struct ScatterShapes {
  ArrayRef<int64_t> data, indices, updates;
};

template <typename AdaptorT>
static FailureOr<ScatterShapes> getScatterShapes(std::optional<Location> loc,
                                                 AdaptorT adaptor) {
  auto data = getOperandShape(loc, adaptor.getData(), "data", 1);
  auto indices = getOperandShape(loc, adaptor.getIndices(), "indices");
  auto updates = getOperandShape(loc, adaptor.getUpdates(), "updates");
  if (failed(data) || failed(indices) || failed(updates))
    return failure();
  return ScatterShapes{*data, *indices, *updates};
}

MIL_INFER(ScatterOp) {
  auto shapes = getScatterShapes(loc, adaptor);
  if (failed(shapes))
    return failure();
  auto axis = normalizeAxis(loc, adaptor.getAxis(), shapes->data.size());
  if (failed(axis))
    return failure();
  SmallVector<int64_t> expected(shapes->data.take_front(*axis));
  llvm::append_range(expected, shapes->indices);
  llvm::append_range(expected, shapes->data.drop_front(*axis + 1));
  if (failed(
          checkSameShape(loc, shapes->updates, expected, "shape of updates")) ||
      failed(checkIndexable(loc, shapes->data[*axis])))
    return failure();
  return appendTensor(context, loc, shapes->data, types);
}

MIL_INFER(ScatterAlongAxisOp) {
  auto shapes = getScatterShapes(loc, adaptor);
  if (failed(shapes))
    return failure();
  auto axis = normalizeAxis(loc, adaptor.getAxis(), shapes->data.size());
  if (failed(axis) ||
      failed(checkAlongAxis(loc, shapes->data, shapes->indices, *axis)) ||
      failed(checkSameShape(loc, shapes->updates, shapes->indices,
                            "shape of updates")))
    return failure();
  return appendTensor(context, loc, shapes->data, types);
}

MIL_INFER(ScatterNdOp) {
  auto shapes = getScatterShapes(loc, adaptor);
  if (failed(shapes))
    return failure();
  if (shapes->indices.empty())
    return emitOptionalError(loc, "indices must have at least one dimension");
  auto length = getTupleLength(loc, shapes->indices, shapes->data.size());
  if (failed(length))
    return failure();
  SmallVector<int64_t> expected(shapes->indices.drop_back());
  llvm::append_range(expected, shapes->data.drop_front(*length));
  if (failed(
          checkSameShape(loc, shapes->updates, expected, "shape of updates")) ||
      failed(checkIndexable(loc, shapes->data.take_front(*length))))
    return failure();
  return appendTensor(context, loc, shapes->data, types);
}

//===----------------------------------------------------------------------===//
// Made from indices
//===----------------------------------------------------------------------===//

MIL_INFER(OneHotOp) {
  auto indices = getOperandShape(loc, adaptor.getIndices(), "indices");
  int64_t size = adaptor.getOneHotVectorSize();
  if (failed(indices) ||
      failed(checkRange(loc, size, "one_hot_vector_size", 1)))
    return failure();
  auto axis = normalizeAxis(loc, adaptor.getAxis(), indices->size() + 1);
  if (failed(axis))
    return failure();
  SmallVector<int64_t> shape(*indices);
  shape.insert(shape.begin() + *axis, size);
  return appendTensor(context, loc, shape, types);
}

LogicalResult NonZeroOp::verify() {
  ArrayRef<int64_t> x = getX().getType().getShape();
  ArrayRef<int64_t> result = getType().getShape();
  if (result.size() != 2 || result[1] != static_cast<int64_t>(x.size()))
    return emitOpError("expects a result of shape [N, ") << x.size() << ']';
  return success();
}

//===----------------------------------------------------------------------===//
// Generated definitions
//===----------------------------------------------------------------------===//

#define GET_OP_CLASSES
#include "MLModel/Dialect/MIL/IR/IndexingOps.cpp.inc"

void MILDialect::registerIndexingOps() {
  addOperations<
#define GET_OP_LIST
#include "MLModel/Dialect/MIL/IR/IndexingOps.cpp.inc"
      >();
}
