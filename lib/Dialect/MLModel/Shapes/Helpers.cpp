//===- Helpers.cpp - Demands that several shape rules share ---------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Helpers.h"
#include "MLModel/Dialect/MLModel/IR/FillOps.h"
#include "MLModel/Dialect/MLModel/IR/KnownValues.h"
#include "MLModel/Dialect/MLModel/IR/ShapeOps.h"
#include "MLModel/Dialect/MLModel/IR/WeightsView.h"

using namespace mlir;
using namespace mlmodel;

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

LogicalResult rules::requireShape(ShapeRule &rule, ArrayRef<int64_t> shape,
                                  StringRef field) {
  if (static_cast<int64_t>(shape.size()) > kMaxRank)
    return rule.fail(field + " has " + Twine(shape.size()) +
                     " entries, at most " + Twine(kMaxRank) + " are supported");
  for (int64_t size : shape)
    if (failed(rule.require(size > 0, field, size, "must be positive")))
      return failure();
  return success();
}

LogicalResult rules::requirePermutation(ShapeRule &rule,
                                        ArrayRef<int64_t> order,
                                        StringRef field) {
  int64_t rank = order.size();
  if (rank > kMaxRank)
    return requireCount(rule, order.size(), field, kMaxRank, "axis");
  uint64_t seen = 0;
  for (int64_t axis : order) {
    bool isNew = axis >= 0 && axis < rank && !(seen >> axis & 1);
    if (failed(rule.require(isNew, field, axis,
                            field + " must be a permutation of 0 to " +
                                Twine(rank - 1))))
      return failure();
    seen |= uint64_t(1) << axis;
  }
  return success();
}

LogicalResult rules::requireCount(ShapeRule &rule, size_t entries,
                                  StringRef field, int64_t count,
                                  const Twine &what) {
  if (static_cast<int64_t>(entries) == count)
    return success();
  return rule.fail(field + " has " + Twine(entries) + " entries, expected " +
                   Twine(count) + ", one for each " + what);
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

LogicalResult rules::requireSameShape(ShapeRule &rule, size_t a, size_t b,
                                      int64_t except) {
  Dims expected = rule.getInput(a), got = rule.getInput(b);
  bool matches = expected.size() == got.size();
  for (size_t axis = 0; matches && axis < got.size(); ++axis)
    matches = static_cast<int64_t>(axis) == except ||
              expected[axis].mayEqual(got[axis]);
  if (matches)
    return success();
  std::string where =
      except < 0 ? "" : " outside axis " + std::to_string(except);
  return rule.fail(rule.describeInput(b) + " of shape " + toString(got) +
                   " does not match " + rule.describeInput(a) + " of shape " +
                   toString(expected) + where);
}

LogicalResult rules::requireInputShape(ShapeRule &rule, size_t i,
                                       ArrayRef<Dim> expected) {
  Dims got = rule.getInput(i);
  if (got.size() == expected.size() &&
      llvm::all_of(llvm::zip(got, expected), [](auto pair) {
        return std::get<0>(pair).mayEqual(std::get<1>(pair));
      }))
    return success();
  return rule.fail(rule.describeInput(i) + " has shape " + toString(got) +
                   ", expected " + toString(expected));
}

LogicalResult rules::requireReshapeTarget(ShapeRule &rule,
                                          ArrayRef<int64_t> target,
                                          StringRef field) {
  if (static_cast<int64_t>(target.size()) > kMaxRank)
    return requireCount(rule, target.size(), field, kMaxRank, "axis");
  if (llvm::count(target, -1) > 1)
    return rule.fail(field + " has -1 more than once");
  Dim known(1);
  for (int64_t size : target) {
    if (failed(
            rule.require(size >= -1, field, size, "must be a size, 0 or -1")))
      return failure();
    if (size > 0)
      known = known * Dim(size);
  }
  if (known.isOverflow())
    return rule.fail(field + " " + toString(toDims(target)) +
                     " has more elements than 64 bits can count");
  return success();
}

FailureOr<Dims> rules::resolveReshape(ShapeRule &rule, ArrayRef<int64_t> target,
                                      Dims input, StringRef field) {
  if (failed(requireReshapeTarget(rule, target, field)))
    return failure();
  Dims shape = toDims(target);
  for (auto [axis, dim] : llvm::enumerate(shape)) {
    if (dim != Dim(0))
      continue;
    if (axis >= input.size())
      return rule.fail(field + " copies axis " + Twine(axis) +
                       ", but the input has rank " + Twine(input.size()));
    dim = input[axis];
  }
  Dim count = product(input);
  auto *inferred = llvm::find(shape, Dim(-1));
  if (inferred != shape.end()) {
    *inferred = Dim(1);
    *inferred = count.floorDiv(product(shape));
  }
  if (count.mayEqual(product(shape)))
    return shape;
  return rule.fail(field + " " + toString(toDims(target)) +
                   " does not fit the " + Twine(count.get()) +
                   " elements of shape " + toString(input));
}

LogicalResult rules::concatInputs(ShapeRule &rule, int64_t axis,
                                  StringRef field) {
  if (rule.getNumInputs() == 0 || !rule.hasRanks())
    return rule.unknown();
  Dims shape = rule.getInput(0);
  FailureOr<int64_t> along = rule.requireAxis(axis, shape.size(), field);
  if (failed(along))
    return failure();
  for (size_t i = 1, e = rule.getNumInputs(); i < e; ++i) {
    if (failed(requireSameShape(rule, 0, i, *along)))
      return failure();
    for (auto [k, size] : llvm::enumerate(rule.getInput(i))) {
      if (static_cast<int64_t>(k) == *along)
        shape[k] = shape[k] + size;
      else if (shape[k].isDynamic())
        shape[k] = size;
    }
  }
  return rule.addOutput(shape);
}

//===----------------------------------------------------------------------===//
// Shapes that are data
//===----------------------------------------------------------------------===//

/// No shape vector is longer than this.
constexpr int64_t kMaxConstant = 64;

static std::optional<SmallVector<float>> getPayload(ArrayRef<int64_t> shape,
                                                    WeightsAttr data) {
  Dim count = product(toDims(shape));
  if (!count.isStatic() || count.get() < 0 || count.get() > kMaxConstant ||
      !checkWeights(data, count.get(), 1).empty())
    return std::nullopt;
  if (!data)
    return SmallVector<float>();
  std::vector<float> values = decodeWeights(data, count.get());
  return SmallVector<float>(values.begin(), values.end());
}

std::optional<SmallVector<float>> rules::getConstant(Value value) {
  // A chain of reshapes is followed only so far: files can be arbitrarily deep.
  for (int depth = 0; depth < 8; ++depth) {
    if (auto known = KnownValues::lookup(value)) {
      if (known->size() > kMaxConstant)
        return std::nullopt;
      return SmallVector<float>(*known);
    }
    Operation *op = value.getDefiningOp();
    if (auto load = dyn_cast_or_null<LoadConstantNDOp>(op))
      return getPayload(load.getShape(), load.getDataAttr());
    if (auto load = dyn_cast_or_null<LoadConstantOp>(op))
      return getPayload(load.getShape(), load.getDataAttr());
    if (auto fill = dyn_cast_or_null<FillStaticOp>(op)) {
      Dim count = product(toDims(fill.getTargetShape()));
      if (!count.isStatic() || count.get() < 1 || count.get() > kMaxConstant)
        return std::nullopt;
      return SmallVector<float>(count.get(), fill.getValue());
    }
    if (auto shape = dyn_cast_or_null<GetShapeOp>(op)) {
      auto type = dyn_cast<RankedTensorType>(shape.getInputs()[0].getType());
      if (!type || !type.hasStaticShape())
        return std::nullopt;
      return SmallVector<float>(type.getShape());
    }
    if (!isa_and_nonnull<CopyOp, SqueezeOp, ExpandDimsOp, ReshapeStaticOp,
                         RankPreservingReshapeOp, FlattenTo2DOp>(op) ||
        op->getNumOperands() != 1)
      return std::nullopt;
    value = op->getOperand(0);
  }
  return std::nullopt;
}

std::optional<SmallVector<float>> mlmodel::getKnownElements(Value value) {
  return rules::getConstant(value);
}

std::optional<SmallVector<int64_t>> rules::getConstantInts(Value value) {
  std::optional<SmallVector<float>> values = getConstant(value);
  if (!values)
    return std::nullopt;
  SmallVector<int64_t> ints;
  for (float v : *values) {
    // float32 holds integers exactly up to 2^24; 2^62 only guards the cast.
    if (!(std::abs(v) < 0x1p62f) || v != std::trunc(v))
      return std::nullopt;
    ints.push_back(static_cast<int64_t>(v));
  }
  return ints;
}

FailureOr<std::optional<SmallVector<int64_t>>>
rules::getShapeInput(ShapeRule &rule, size_t i, Value value) {
  using Result = std::optional<SmallVector<int64_t>>;
  if (!rule.hasRank(i))
    return Result();
  if (Result sizes = getConstantInts(value))
    return sizes;
  Dim length = product(rule.getInput(i));
  if (length.isDynamic())
    return Result();
  if (!length.isStatic() || length.get() > kMaxRank)
    return rule.fail(rule.describeInput(i) + " of shape " +
                     toString(rule.getInput(i)) + " holds more than " +
                     Twine(kMaxRank) + " sizes");
  return Result(SmallVector<int64_t>(length.get(), ShapedType::kDynamic));
}
