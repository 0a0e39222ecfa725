//===- Shape.cpp - Shape rules of the chapter Shape -----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layers for blobs of any rank; those that see [Seq, Batch, C, H, W] are in
// LegacyShape.cpp.
//
//===----------------------------------------------------------------------===//

#include "Helpers.h"
#include "MLModel/Dialect/MLModel/IR/ShapeOps.h"
#include "MLModel/Dialect/MLModel/IR/ShapeRules.h"

using namespace mlir;
using namespace mlmodel;

//===----------------------------------------------------------------------===//
// Growing, repeating, joining
//===----------------------------------------------------------------------===//

LogicalResult ConstantPadOp::inferShapes(ShapeRule &rule, Adaptor op) {
  SmallVector<int64_t> amounts(op.getPadAmounts());
  bool areKnown = rule.getNumInputs() < 2;
  if (!areKnown) {
    auto constant = rules::getConstantInts(op.getInputs()[1]);
    areKnown = constant.has_value();
    amounts = constant.value_or(SmallVector<int64_t>());
  }
  for (int64_t amount : amounts)
    if (failed(rule.require(amount >= 0, "padAmounts", amount,
                            "which is too large")))
      return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  Dims shape = rule.getInput(0);
  int64_t rank = shape.size();
  if (!areKnown)
    return rule.addOutput(Dims(rank, Dim::dynamic()));
  if (failed(rules::requireCount(rule, amounts.size(), "padAmounts", 2 * rank,
                                 "end of the input's axes")))
    return failure();
  for (auto [axis, size] : llvm::enumerate(shape)) {
    int64_t before = amounts[2 * axis], after = amounts[2 * axis + 1];
    if (!op.getPadToGivenOutputSizeMode()) {
      size = size + Dim(before) + Dim(after);
      continue;
    }
    if (before && after)
      return rule.fail("padAmounts gives axis " + Twine(axis) + " two sizes, " +
                       Twine(before) + " and " + Twine(after));
    if (before + after > 0 && size.isStatic())
      size = Dim(std::max(size.get(), before + after));
  }
  return rule.addOutput(shape);
}

LogicalResult TileOp::inferShapes(ShapeRule &rule, Adaptor op) {
  SmallVector<int64_t> reps(op.getReps());
  if (rule.getNumInputs() > 1) {
    auto input = rules::getShapeInput(rule, 1, op.getInputs()[1]);
    if (failed(input))
      return failure();
    if (!*input || !rule.hasRank(0))
      return rule.unknown();
    reps = **input;
  } else if (reps.empty()) {
    return rule.fail("reps is empty");
  }
  for (int64_t n : reps)
    if (failed(rule.require(n > 0 || ShapedType::isDynamic(n), "reps", n,
                            "must be positive")))
      return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  Dims shape = rule.getInput(0);
  if (reps.size() > shape.size())
    return rule.fail("reps has " + Twine(reps.size()) + " entries, but " +
                     rule.describeInput(0) + " has rank " +
                     Twine(shape.size()));
  for (auto [i, n] : llvm::enumerate(reps)) {
    Dim &size = shape[shape.size() - reps.size() + i];
    size = size * Dim(n);
  }
  return rule.addOutput(shape);
}

LogicalResult StackOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (rule.getNumInputs() == 0 || !rule.hasRanks())
    return rule.unknown();
  Dims shape = rule.getInput(0);
  FailureOr<int64_t> axis =
      rule.requireAxis(op.getAxis(), shape.size() + 1, "axis");
  if (failed(axis))
    return failure();
  for (size_t i = 1, e = rule.getNumInputs(); i < e; ++i)
    if (failed(rules::requireSameShape(rule, 0, i)))
      return failure();
  shape.insert(shape.begin() + *axis, Dim(rule.getNumInputs()));
  return rule.addOutput(shape);
}

LogicalResult ConcatNDOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (op.getInterleave() && rule.hasRanks())
    for (size_t i = 1, e = rule.getNumInputs(); i < e; ++i)
      if (failed(rules::requireSameShape(rule, 0, i)))
        return failure();
  return rules::concatInputs(rule, op.getAxis(), "axis");
}

LogicalResult SlidingWindowsOp::inferShapes(ShapeRule &rule, Adaptor op) {
  int64_t window = op.getWindowSize(), step = op.getStep();
  if (failed(
          rule.require(window > 0, "windowSize", window, "must be positive")) ||
      failed(rule.require(step > 0, "step", step, "must be positive")))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  Dims shape = rule.getInput(0);
  FailureOr<int64_t> axis = rule.requireAxis(op.getAxis(), shape.size());
  if (failed(axis))
    return failure();
  Dim &size = shape[*axis];
  if (size.isStatic() &&
      failed(rule.require(window <= size.get(), "windowSize", window,
                          "but the axis has size " + Twine(size.get()))))
    return failure();
  size = (size - Dim(window)).floorDiv(Dim(step)) + Dim(1);
  shape.insert(shape.begin() + *axis + 1, Dim(window));
  return rule.addOutput(shape);
}

//===----------------------------------------------------------------------===//
// Splitting
//===----------------------------------------------------------------------===//

/// The sizes of the pieces of splitND; uneven ones are at the front, as with
/// numpy.array_split.
static SmallVector<Dim> getEvenPieces(Dim size, int64_t count) {
  SmallVector<Dim> pieces(count, size.floorDiv(Dim(count)));
  if (size.isStatic())
    for (int64_t i = 0; i < size.get() % count; ++i)
      pieces[i] = pieces[i] + Dim(1);
  return pieces;
}

LogicalResult SplitNDOp::inferShapes(ShapeRule &rule, Adaptor op) {
  ArrayRef<int64_t> sizes = op.getSplitSizes();
  int64_t outputs = rule.getNumOutputs();
  bool hasSizes = !sizes.empty();
  int64_t count = hasSizes ? sizes.size() : op.getNumSplits();
  StringRef field = hasSizes ? "length of splitSizes" : "numSplits";
  if (failed(rule.require(count == outputs && count > 0, field, count,
                          "but the layer has " + Twine(outputs) + " outputs")))
    return failure();
  Dim sum(0);
  for (int64_t size : sizes) {
    if (failed(rule.require(size > 0, "splitSizes", size, "must be positive")))
      return failure();
    sum = sum + Dim(size);
  }
  if (!rule.hasRank(0))
    return rule.unknown();
  Dims input = rule.getInput(0);
  FailureOr<int64_t> axis = rule.requireAxis(op.getAxis(), input.size());
  if (failed(axis))
    return failure();
  if (hasSizes && !sum.mayEqual(input[*axis]))
    return rule.fail("splitSizes add up to " + toString({sum}) +
                     ", but the axis has size " + toString({input[*axis]}));
  SmallVector<Dim> pieces = hasSizes ? SmallVector<Dim>(toDims(sizes))
                                     : getEvenPieces(input[*axis], count);
  for (Dim piece : pieces) {
    input[*axis] = piece;
    if (failed(rule.addOutput(input)))
      return failure();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Reordering
//===----------------------------------------------------------------------===//

LogicalResult ReverseOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (!rule.hasRank(0))
    return rule.unknown();
  Dims shape = rule.getInput(0);
  if (failed(rules::requireCount(rule, op.getReverseDim().size(), "reverseDim",
                                 shape.size(), "axis of the input")))
    return failure();
  return rule.addOutput(shape);
}

LogicalResult ReverseSeqOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (!rule.hasRanks())
    return rule.unknown();
  Dims shape = rule.getInput(0);
  FailureOr<int64_t> batch =
      rule.requireAxis(op.getBatchAxis(), shape.size(), "batchAxis");
  FailureOr<int64_t> sequence =
      failed(batch) ? batch
                    : rule.requireAxis(op.getSequenceAxis(), shape.size(),
                                       "sequenceAxis");
  if (failed(sequence))
    return failure();
  if (failed(rule.require(*batch != *sequence, "sequenceAxis", *sequence,
                          "which is the batchAxis as well")))
    return failure();
  Dim lengths = product(rule.getInput(1));
  if (!lengths.mayEqual(shape[*batch]))
    return rule.fail(rule.describeInput(1) + " has " + toString({lengths}) +
                     " lengths, but batchAxis has size " +
                     toString({shape[*batch]}));
  return rule.addOutput(shape);
}

LogicalResult TransposeOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (failed(rules::requirePermutation(rule, op.getAxes(), "axes")))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  Dims input = rule.getInput(0), shape;
  // An image comes with a batch axis that a layer written for [C, H, W] does
  // not know of.
  if (input.size() == op.getAxes().size() + 1 && input[0] == Dim(1))
    input.erase(input.begin());
  if (failed(rules::requireCount(rule, op.getAxes().size(), "axes",
                                 input.size(), "axis of the input")))
    return failure();
  for (int64_t axis : op.getAxes())
    shape.push_back(input[axis]);
  return rule.addOutput(shape);
}

//===----------------------------------------------------------------------===//
// Broadcasting
//===----------------------------------------------------------------------===//

LogicalResult GetShapeOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (!rule.hasRank(0))
    return rule.unknown();
  return rule.addOutput({Dim(rule.getInput(0).size())});
}

/// Answers \p target if the first input can be broadcast to it.
static LogicalResult broadcastTo(ShapeRule &rule, Dims target) {
  Dims input = rule.getInput(0);
  std::optional<Dims> wider = rules::broadcast(input, target);
  if (!wider || wider->size() != target.size() ||
      !llvm::all_of(llvm::zip(*wider, target), [](auto pair) {
        return std::get<0>(pair).mayEqual(std::get<1>(pair));
      }))
    return rule.fail(rule.describeInput(0) + " of shape " + toString(input) +
                     " does not broadcast to shape " + toString(target));
  return rule.addOutput(*wider);
}

LogicalResult BroadcastToLikeOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (!rule.hasRanks())
    return rule.unknown();
  return broadcastTo(rule, rule.getInput(1));
}

LogicalResult BroadcastToStaticOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (failed(rules::requireShape(rule, op.getTargetShape(), "targetShape")))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  return broadcastTo(rule, toDims(op.getTargetShape()));
}

LogicalResult BroadcastToDynamicOp::inferShapes(ShapeRule &rule, Adaptor op) {
  auto target = rules::getShapeInput(rule, 1, op.getInputs()[1]);
  if (failed(target))
    return failure();
  if (!*target || !rule.hasRank(0))
    return rule.unknown();
  return broadcastTo(rule, toDims(**target));
}

//===----------------------------------------------------------------------===//
// Reshaping
//===----------------------------------------------------------------------===//

LogicalResult SqueezeOp::inferShapes(ShapeRule &rule, Adaptor op) {
  bool all = op.getSqueezeAll();
  if (!all && op.getAxes().empty())
    return rule.fail("axes is empty and squeezeAll is false");
  if (!rule.hasRank(0))
    return rule.unknown();
  Dims input = rule.getInput(0), shape;
  // Whether an axis of dynamic size goes is not known, nor is then the rank.
  if (all && llvm::is_contained(input, Dim::dynamic()))
    return rule.unknown();
  SmallVector<int64_t> squeezed;
  if (!all) {
    auto axes = rule.requireAxes(op.getAxes(), input.size());
    if (failed(axes))
      return failure();
    squeezed = *axes;
  }
  for (auto [axis, size] : llvm::enumerate(input)) {
    bool goes = all ? size == Dim(1) : llvm::is_contained(squeezed, axis);
    if (!goes)
      shape.push_back(size);
    else if (failed(rule.require(size.mayEqual(Dim(1)), "axes", axis,
                                 "an axis of size " + toString({size}))))
      return failure();
  }
  return rule.addOutput(shape);
}

LogicalResult ExpandDimsOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (op.getAxes().empty())
    return rule.fail("axes is empty");
  if (static_cast<int64_t>(op.getAxes().size()) > kMaxRank)
    return rule.fail("axes has " + Twine(op.getAxes().size()) +
                     " entries, at most " + Twine(kMaxRank) + " are supported");
  if (!rule.hasRank(0))
    return rule.unknown();
  Dims input = rule.getInput(0), shape;
  size_t rank = input.size() + op.getAxes().size();
  auto axes = rule.requireAxes(op.getAxes(), rank);
  if (failed(axes))
    return failure();
  auto *next = input.begin();
  for (size_t axis = 0; axis < rank; ++axis)
    shape.push_back(llvm::is_contained(*axes, axis) ? Dim(1) : *next++);
  return rule.addOutput(shape);
}

LogicalResult FlattenTo2DOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (!rule.hasRank(0))
    return rule.unknown();
  Dims input = rule.getInput(0);
  int64_t rank = input.size(), axis = op.getAxis();
  // The axis may also be the one behind the last.
  if (failed(rule.require(axis >= -rank && axis <= rank, "axis", axis,
                          "but the input has rank " + Twine(rank))))
    return failure();
  if (axis < 0)
    axis += rank;
  ArrayRef<Dim> sizes(input);
  return rule.addOutput(
      {product(sizes.take_front(axis)), product(sizes.drop_front(axis))});
}

LogicalResult ReshapeLikeOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (!rule.hasRanks())
    return rule.unknown();
  Dims input = rule.getInput(0), target = rule.getInput(1);
  if (!product(input).mayEqual(product(target)))
    return rule.fail(rule.describeInput(0) + " of shape " + toString(input) +
                     " does not fit shape " + toString(target) + " of " +
                     rule.describeInput(1));
  return rule.addOutput(target);
}

/// Answers the first input reshaped to \p target.
static LogicalResult reshapeTo(ShapeRule &rule, ArrayRef<int64_t> target,
                               StringRef field) {
  FailureOr<Dims> shape =
      rules::resolveReshape(rule, target, rule.getInput(0), field);
  return failed(shape) ? failure() : rule.addOutput(*shape);
}

LogicalResult ReshapeStaticOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (failed(rules::requireReshapeTarget(rule, op.getTargetShape(),
                                         "targetShape")))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  return reshapeTo(rule, op.getTargetShape(), "targetShape");
}

LogicalResult ReshapeDynamicOp::inferShapes(ShapeRule &rule, Adaptor op) {
  auto target = rules::getShapeInput(rule, 1, op.getInputs()[1]);
  if (failed(target))
    return failure();
  if (!*target || !rule.hasRank(0))
    return rule.unknown();
  if (llvm::is_contained(**target, ShapedType::kDynamic))
    return rule.addOutput(toDims(**target));
  return reshapeTo(rule, **target, "target shape");
}

LogicalResult RankPreservingReshapeOp::inferShapes(ShapeRule &rule,
                                                   Adaptor op) {
  ArrayRef<int64_t> target = op.getTargetShape();
  if (failed(rules::requireReshapeTarget(rule, target, "targetShape")))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rules::requireCount(rule, target.size(), "targetShape",
                                 rule.getInput(0).size(), "axis of the input")))
    return failure();
  return reshapeTo(rule, target, "targetShape");
}
