//===- LegacyShape.cpp - Shape rules of the rank-5 layers of Shape --------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layers of the format's first version. They see a blob as [Seq, Batch, C, H,
// W], counted from its end; what is in front of C, H and W is left alone where
// blobs of lower rank make sense.
//
//===----------------------------------------------------------------------===//

#include "Helpers.h"
#include "MLModel/Dialect/MLModel/IR/ShapeOps.h"

using namespace mlir;
using namespace mlmodel;

LogicalResult ReshapeOp::inferShapes(ShapeRule &rule, Adaptor op) {
  ArrayRef<int64_t> target = op.getTargetShape();
  if (target.size() != 3 && target.size() != 4)
    return rule.fail("targetShape has " + Twine(target.size()) +
                     " entries, expected 3 or 4");
  if (failed(rules::requireReshapeTarget(rule, target, "targetShape")))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  // Three sizes are C, H and W; a fourth one in front is the sequence length.
  size_t reshaped = target.size() == 4 ? 5 : 3;
  if (failed(rule.requireRank(0, reshaped)))
    return failure();
  Dims input = rule.getInput(0);
  Dims output(ArrayRef<Dim>(input).drop_back(reshaped));
  Dims source(ArrayRef<Dim>(input).take_back(reshaped));
  Dim batch = source[1];
  if (reshaped == 5)
    source.erase(source.begin() + 1);
  FailureOr<Dims> shape =
      rules::resolveReshape(rule, target, source, "targetShape");
  if (failed(shape))
    return failure();
  if (reshaped == 5)
    shape->insert(shape->begin() + 1, batch);
  llvm::append_range(output, *shape);
  return rule.addOutput(output);
}

LogicalResult FlattenOp::inferShapes(ShapeRule &rule, Adaptor op) {
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 3)))
    return failure();
  Dims shape = rule.getInput(0);
  Dim count = product(ArrayRef<Dim>(shape).take_back(3));
  shape.truncate(shape.size() - 3);
  shape.append({count, Dim(1), Dim(1)});
  return rule.addOutput(shape);
}

LogicalResult PermuteOp::inferShapes(ShapeRule &rule, Adaptor op) {
  ArrayRef<int64_t> order = op.getAxis();
  if (!order.empty() &&
      (failed(rules::requireCount(rule, order.size(), "axis", 4,
                                  "of sequence, C, H and W")) ||
       failed(rules::requirePermutation(rule, order, "axis"))))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  Dims input = rule.getInput(0), shape = input;
  if (order.empty())
    return rule.addOutput(shape);
  // The batch axis stays; without a sequence axis it may not be moved either.
  if (failed(rule.requireRank(0, order[0] == 0 ? 3 : 5)))
    return failure();
  int64_t rank = input.size();
  auto axisOf = [&](int64_t i) { return i == 0 ? rank - 5 : rank - 4 + i; };
  for (int64_t i = order[0] == 0 ? 1 : 0; i < 4; ++i)
    shape[axisOf(i)] = input[axisOf(order[i])];
  return rule.addOutput(shape);
}

LogicalResult ConcatOp::inferShapes(ShapeRule &rule, Adaptor op) {
  int64_t fromEnd = op.getSequenceConcat() ? 5 : 3;
  if (rule.hasRank(0) && failed(rule.requireRank(0, fromEnd)))
    return failure();
  return rules::concatInputs(rule, -fromEnd, "axis");
}

LogicalResult SplitOp::inferShapes(ShapeRule &rule, Adaptor op) {
  int64_t pieces = op.getNOutputs(), outputs = rule.getNumOutputs();
  if (failed(rule.require(pieces > 0 && pieces == outputs, "nOutputs", pieces,
                          "but the layer has " + Twine(outputs) + " outputs")))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 3)))
    return failure();
  Dims shape = rule.getInput(0);
  Dim &channels = shape[shape.size() - 3];
  Dim each = channels.floorDiv(Dim(pieces));
  if (failed(rule.require(
          channels.mayEqual(each * Dim(pieces)), "nOutputs", pieces,
          "which does not divide the " + Twine(channels.get()) + " channels")))
    return failure();
  channels = each;
  for (int64_t i = 0; i < outputs; ++i)
    if (failed(rule.addOutput(shape)))
      return failure();
  return success();
}

LogicalResult SequenceRepeatOp::inferShapes(ShapeRule &rule, Adaptor op) {
  int64_t repetitions = op.getNRepetitions();
  if (failed(rule.require(repetitions >= 0, "nRepetitions", repetitions,
                          "which is too large")))
    return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 5)))
    return failure();
  Dims shape = rule.getInput(0);
  Dim &sequence = shape[shape.size() - 5];
  sequence = sequence * Dim(repetitions ? repetitions : 1);
  return rule.addOutput(shape);
}

LogicalResult ReorganizeDataOp::inferShapes(ShapeRule &rule, Adaptor op) {
  int64_t block = op.getBlockSize();
  if (failed(rule.require(block > 1, "blockSize", block,
                          "must be greater than 1")))
    return failure();
  Dim square = Dim(block) * Dim(block);
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 3)))
    return failure();
  Dims input = rule.getInput(0), shape = input;
  size_t c = input.size() - 3, h = c + 1, w = c + 2;
  bool divides;
  if (op.getMode() == "SPACE_TO_DEPTH") {
    shape[c] = input[c] * square;
    shape[h] = input[h].floorDiv(block);
    shape[w] = input[w].floorDiv(block);
    divides = input[h].mayEqual(shape[h] * Dim(block)) &&
              input[w].mayEqual(shape[w] * Dim(block));
  } else {
    shape[c] = input[c].floorDiv(square);
    shape[h] = input[h] * Dim(block);
    shape[w] = input[w] * Dim(block);
    divides = input[c].mayEqual(shape[c] * square);
  }
  if (failed(rule.require(divides, "blockSize", block,
                          "which does not divide " + rule.describeInput(0) +
                              " of shape " + toString(input))))
    return failure();
  return rule.addOutput(shape);
}

LogicalResult PaddingOp::inferShapes(ShapeRule &rule, Adaptor op) {
  int kinds = !!op.getConstantAttr() + !!op.getReflectionAttr() +
              !!op.getReplicationAttr();
  if (kinds != 1)
    return rule.fail("one of constant, reflection and replication must be set");
  SmallVector<int64_t> amounts(4, 0);
  if (op.getPaddingAmounts() && !op.getPaddingAmounts()->empty()) {
    if (op.getPaddingAmounts()->size() != 4)
      return rule.fail("paddingAmounts names " +
                       Twine(op.getPaddingAmounts()->size() / 2) +
                       " axes, expected height and width");
    llvm::copy(*op.getPaddingAmounts(), amounts.begin());
  }
  for (int64_t amount : amounts)
    if (failed(rule.require(amount >= 0, "paddingAmounts", amount,
                            "which is too large")))
      return failure();
  if (!rule.hasRank(0))
    return rule.unknown();
  if (failed(rule.requireRank(0, 2)))
    return failure();
  Dims shape = rule.getInput(0);
  for (int axis = 0; axis < 2; ++axis) {
    Dim &size = shape[shape.size() - 2 + axis];
    int64_t before = amounts[2 * axis], after = amounts[2 * axis + 1];
    int64_t most = std::max(before, after);
    if (op.getReflectionAttr() && size.isStatic() &&
        failed(rule.require(most < size.get(), "paddingAmounts", most,
                            "which reflects more than the size " +
                                Twine(size.get()) + " has to offer")))
      return failure();
    size = size + Dim(before) + Dim(after);
  }
  return rule.addOutput(shape);
}
