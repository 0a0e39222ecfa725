//===- Indexing.cpp - Shape rules of the chapter Indexing -----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Helpers.h"
#include "MLModel/Dialect/MLModel/IR/IndexingOps.h"
#include "MLModel/Dialect/MLModel/IR/KnownValues.h"
#include "MLModel/Dialect/MLModel/IR/ShapeRules.h"

using namespace mlir;
using namespace mlmodel;

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

/// The number of elements from \p begin to \p end in steps of \p stride, in an
/// axis of \p size elements; bounds count from the end if negative and are
/// clamped. Nothing for \p begin or \p end is the whole axis.
static int64_t countSlice(std::optional<int64_t> begin,
                          std::optional<int64_t> end, int64_t stride,
                          int64_t size) {
  // Bounds behind the axis are all the same; this also keeps them small.
  auto place = [&](int64_t bound, int64_t least, int64_t most) {
    bound = std::clamp(bound, -size - 1, size);
    return std::clamp(bound < 0 ? bound + size : bound, least, most);
  };
  if (stride > 0) {
    int64_t from = begin ? place(*begin, 0, size) : 0;
    int64_t to = end ? place(*end, 0, size) : size;
    return to <= from ? 0 : (to - from - 1) / stride + 1;
  }
  int64_t from = begin ? place(*begin, -1, size - 1) : size - 1;
  int64_t to = end ? place(*end, -1, size - 1) : -1;
  // -stride may overflow; dividing by the stride itself does not.
  return to >= from ? 0 : (to - from + 1) / stride + 1;
}

LogicalResult SliceOp::inferShapes(ShapeRule &rule, Adaptor op) {
  int64_t begin = op.getStartIndex(), end = op.getEndIndex();
  if (failed(rule.require(op.getStride() > 0, "stride", op.getStride(),
                          "must be positive")))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  Dims shape = rule.getInput(0);
  int64_t fromEnd = op.getAxis() == "CHANNEL_AXIS"  ? 3
                    : op.getAxis() == "HEIGHT_AXIS" ? 2
                                                    : 1;
  if (failed(rule.requireRank(0, fromEnd)))
    return failure();
  Dim &size = shape[shape.size() - fromEnd];
  if (size.isStatic()) {
    int64_t count = countSlice(begin, end, op.getStride(), size.get());
    if (failed(rule.require(count > 0, "endIndex", end,
                            "which leaves nothing from startIndex " +
                                Twine(begin) + " of size " +
                                Twine(size.get()))))
      return failure();
    size = Dim(count);
  }
  return rule.addOutput(shape);
}

namespace {
/// The parameters of sliceStatic and sliceDynamic; nothing where they are not
/// known before the network runs.
struct SliceBounds {
  std::optional<SmallVector<int64_t>> begin, end, strides;
  std::optional<SmallVector<bool>> beginMasks, endMasks, squeezeMasks;

  /// Whether everything but the squeezed axes is known.
  bool areKnown() const {
    return begin && end && strides && beginMasks && endMasks;
  }
};
} // namespace

template <typename T>
static LogicalResult
requireOnePerAxis(ShapeRule &rule, const std::optional<SmallVector<T>> &list,
                  StringRef field, int64_t rank) {
  return list ? rules::requireCount(rule, list->size(), field, rank,
                                    "axis of the input")
              : success();
}

static LogicalResult requireStrides(ShapeRule &rule,
                                    const SliceBounds &bounds) {
  if (bounds.strides)
    for (int64_t stride : *bounds.strides)
      if (failed(
              rule.require(stride != 0, "strides", stride, "must not be zero")))
        return failure();
  return success();
}

/// The size that a slice leaves of axis \p i.
static FailureOr<Dim> sliceAxis(ShapeRule &rule, const SliceBounds &bounds,
                                size_t i, Dim size) {
  if (!bounds.areKnown() || !size.isStatic())
    return Dim::dynamic();
  std::optional<int64_t> begin, end;
  if (!(*bounds.beginMasks)[i])
    begin = (*bounds.begin)[i];
  if (!(*bounds.endMasks)[i])
    end = (*bounds.end)[i];
  int64_t count = countSlice(begin, end, (*bounds.strides)[i], size.get());
  if (count > 0)
    return Dim(count);
  return rule.fail("slice from beginIds " + Twine(begin.value_or(0)) +
                   " to endIds " + Twine(end.value_or(size.get())) +
                   " is empty in axis " + Twine(i) + " of size " +
                   Twine(size.get()));
}

static LogicalResult inferSlice(ShapeRule &rule, const SliceBounds &bounds) {
  if (failed(requireStrides(rule, bounds)))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  Dims input = rule.getInput(0), shape;
  int64_t rank = input.size();
  if (failed(requireOnePerAxis(rule, bounds.begin, "beginIds", rank)) ||
      failed(requireOnePerAxis(rule, bounds.end, "endIds", rank)) ||
      failed(requireOnePerAxis(rule, bounds.strides, "strides", rank)) ||
      failed(requireOnePerAxis(rule, bounds.beginMasks, "beginMasks", rank)) ||
      failed(requireOnePerAxis(rule, bounds.endMasks, "endMasks", rank)) ||
      failed(
          requireOnePerAxis(rule, bounds.squeezeMasks, "squeezeMasks", rank)))
    return failure();
  if (!bounds.squeezeMasks)
    return rule.unknown();
  for (auto [i, size] : llvm::enumerate(input)) {
    if ((*bounds.squeezeMasks)[i]) {
      // One index is taken out of the axis, whatever the masks say.
      int64_t at = bounds.begin ? (*bounds.begin)[i] : 0;
      if (size.isStatic() &&
          failed(rule.require(
              at >= -size.get() && at < size.get(), "beginIds", at,
              "but axis " + Twine(i) + " has size " + Twine(size.get()))))
        return failure();
      continue;
    }
    FailureOr<Dim> left = sliceAxis(rule, bounds, i, size);
    if (failed(left))
      return failure();
    shape.push_back(*left);
  }
  // Where every axis is squeezed the values decide no size, but they decide
  // whether the index is inside of its axis: the shape has to wait for them.
  if (!bounds.areKnown() && shape.empty())
    return rule.unknown();
  return rule.addOutput(shape);
}

LogicalResult SliceStaticOp::inferShapes(ShapeRule &rule, Adaptor op) {
  SliceBounds bounds;
  bounds.begin.emplace(op.getBeginIds());
  bounds.end.emplace(op.getEndIds());
  bounds.strides.emplace(op.getStrides());
  bounds.beginMasks.emplace(op.getBeginMasks());
  bounds.endMasks.emplace(op.getEndMasks());
  bounds.squeezeMasks.emplace(op.getSqueezeMasks());
  // Squeezing nothing needs no mask.
  if (op.getSqueezeMasks().empty())
    bounds.squeezeMasks->assign(op.getBeginIds().size(), false);
  return inferSlice(rule, bounds);
}

LogicalResult SliceDynamicOp::inferShapes(ShapeRule &rule, Adaptor op) {
  ValueRange inputs = op.getInputs();
  // Parameters may be longer than the rank; the rest says nothing.
  size_t rank = rule.hasRank(0) ? rule.getInput(0).size() : kMaxRank;
  auto ints = [&](size_t i, ArrayRef<int64_t> parameter) {
    return i < inputs.size() ? rules::getConstantInts(inputs[i])
                             : SmallVector<int64_t>(parameter.take_front(rank));
  };
  auto masks =
      [&](size_t i,
          ArrayRef<bool> parameter) -> std::optional<SmallVector<bool>> {
    if (i >= inputs.size())
      return SmallVector<bool>(parameter.take_front(rank));
    auto values = rules::getConstantInts(inputs[i]);
    if (!values)
      return std::nullopt;
    return SmallVector<bool>(
        llvm::map_range(*values, [](int64_t v) { return v != 0; }));
  };
  SliceBounds bounds;
  bounds.begin = ints(1, {});
  bounds.end = ints(2, op.getEndIds());
  bounds.strides = ints(3, op.getStrides());
  bounds.beginMasks = masks(4, op.getBeginMasks());
  bounds.endMasks = masks(5, op.getEndMasks());
  bounds.squeezeMasks = masks(6, op.getSqueezeMasks());
  // Masks and strides that are not there at all change nothing.
  if (rule.hasRank(0)) {
    for (auto *mask :
         {&bounds.beginMasks, &bounds.endMasks, &bounds.squeezeMasks})
      if (*mask && (*mask)->empty())
        (*mask)->assign(rank, false);
    if (bounds.strides && bounds.strides->empty())
      bounds.strides->assign(rank, 1);
  }
  return inferSlice(rule, bounds);
}

LogicalResult SliceBySizeOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (failed(rule.require(op.getSize() > 0, "size", op.getSize(),
                          "must be positive")))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  Dims shape = rule.getInput(0);
  FailureOr<int64_t> axis = rule.requireAxis(op.getAxis(), shape.size());
  if (failed(axis))
    return failure();
  Dim &size = shape[*axis];
  if (size.isStatic() &&
      failed(rule.require(op.getSize() <= size.get(), "size", op.getSize(),
                          "but the axis has size " + Twine(size.get()))))
    return failure();
  size = Dim(op.getSize());
  return rule.addOutput(shape);
}

//===----------------------------------------------------------------------===//
// Gather and scatter
//===----------------------------------------------------------------------===//

/// data.shape with the sizes of \p indices in place of \p axis.
static Dims replaceAxis(ArrayRef<Dim> data, int64_t axis,
                        ArrayRef<Dim> indices) {
  Dims shape(data.take_front(axis));
  llvm::append_range(shape, indices);
  llvm::append_range(shape, data.drop_front(axis + 1));
  return shape;
}

LogicalResult GatherOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (!rule.hasRanks())
    return rule.unknown();
  Dims data = rule.getInput(0);
  FailureOr<int64_t> axis = rule.requireAxis(op.getAxis(), data.size());
  if (failed(axis))
    return failure();
  return rule.addOutput(replaceAxis(data, *axis, rule.getInput(1)));
}

LogicalResult ScatterOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (!rule.hasRanks())
    return rule.unknown();
  Dims data = rule.getInput(0);
  FailureOr<int64_t> axis = rule.requireAxis(op.getAxis(), data.size());
  if (failed(axis) || failed(rules::requireInputShape(
                          rule, 2, replaceAxis(data, *axis, rule.getInput(1)))))
    return failure();
  return rule.addOutput(data);
}

/// The shape of what gatherND reads and scatterND writes: one slice of the data
/// for each vector of indices. Empty if that is not known yet.
static FailureOr<Dims> getPointShape(ShapeRule &rule) {
  Dims data = rule.getInput(0), indices = rule.getInput(1);
  if (failed(rule.requireRank(1, 1)))
    return failure();
  Dim depth = indices.pop_back_val();
  if (!depth.isStatic())
    return Dims();
  if (failed(rule.require(
          depth.get() >= 1 && depth.get() <= static_cast<int64_t>(data.size()),
          "last axis of " + rule.describeInput(1), depth.get(),
          "but " + rule.describeInput(0) + " has rank " + Twine(data.size()))))
    return failure();
  llvm::append_range(indices, ArrayRef<Dim>(data).drop_front(depth.get()));
  if (indices.empty())
    indices.push_back(Dim(1));
  return indices;
}

LogicalResult GatherNDOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (!rule.hasRanks())
    return rule.unknown();
  FailureOr<Dims> shape = getPointShape(rule);
  if (failed(shape))
    return failure();
  return shape->empty() ? rule.unknown() : rule.addOutput(*shape);
}

LogicalResult ScatterNDOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (!rule.hasRanks())
    return rule.unknown();
  FailureOr<Dims> updates = getPointShape(rule);
  if (failed(updates) || (!updates->empty() &&
                          failed(rules::requireInputShape(rule, 2, *updates))))
    return failure();
  return rule.addOutput(rule.getInput(0));
}

LogicalResult GatherAlongAxisOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (!rule.hasRanks())
    return rule.unknown();
  FailureOr<int64_t> axis =
      rule.requireAxis(op.getAxis(), rule.getInput(0).size());
  if (failed(axis) || failed(rules::requireSameShape(rule, 0, 1, *axis)))
    return failure();
  return rule.addOutput(rule.getInput(1));
}

LogicalResult ScatterAlongAxisOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (!rule.hasRanks())
    return rule.unknown();
  FailureOr<int64_t> axis =
      rule.requireAxis(op.getAxis(), rule.getInput(0).size());
  if (failed(axis) || failed(rules::requireSameShape(rule, 0, 1, *axis)) ||
      failed(rules::requireSameShape(rule, 1, 2)))
    return failure();
  return rule.addOutput(rule.getInput(0));
}

//===----------------------------------------------------------------------===//
// Conditions
//===----------------------------------------------------------------------===//

LogicalResult WhereNonZeroOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (!rule.hasRank(0))
    return rule.unknown();
  Dim count = Dim::dynamic();
  if (auto elements = KnownValues::lookup(op.getInputs()[0]))
    count = Dim(llvm::count_if(*elements, [](float x) { return x != 0; }));
  if (count == Dim(0))
    return rule.fail("no element of " + rule.describeInput(0) +
                         " is different from 0; an empty output is not "
                         "supported",
                     ErrorClass::Unsupported);
  return rule.addOutput({count, Dim(rule.getInput(0).size())});
}

LogicalResult WhereBroadcastableOp::inferShapes(ShapeRule &rule, Adaptor op) {
  return rules::broadcastAllInputs(rule);
}

LogicalResult OneHotOp::inferShapes(ShapeRule &rule, Adaptor op) {
  std::optional<int64_t> size = op.getOneHotVectorSize();
  if (rule.getNumInputs() > 1) {
    auto constant = rules::getConstantInts(op.getInputs()[1]);
    size = constant && constant->size() == 1 ? std::optional(constant->front())
                                             : std::nullopt;
  }
  if (size && failed(rule.require(*size > 0, "oneHotVectorSize", *size,
                                  "must be positive")))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  Dims shape = rule.getInput(0);
  FailureOr<int64_t> axis = rule.requireAxis(op.getAxis(), shape.size() + 1);
  if (failed(axis))
    return failure();
  shape.insert(shape.begin() + *axis, size ? Dim(*size) : Dim::dynamic());
  return rule.addOutput(shape);
}
