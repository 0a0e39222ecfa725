//===- ShapeRule.cpp - What a layer's shape rule sees ---------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/ShapeRule.h"
#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"
#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "MLModel/Dialect/MLModel/IR/WeightsView.h"

using namespace mlir;
using namespace mlmodel;

//===----------------------------------------------------------------------===//
// Classified errors
//===----------------------------------------------------------------------===//

LogicalResult mlmodel::emitClassified(Location loc, ErrorClass errorClass,
                                      const Twine &message) {
  InFlightDiagnostic diagnostic = emitError(loc, message);
  diagnostic.getUnderlyingDiagnostic()->getMetadata().push_back(
      DiagnosticArgument(static_cast<int>(errorClass)));
  return diagnostic;
}

ErrorClass mlmodel::getErrorClass(const Diagnostic &diagnostic) {
  auto &metadata = const_cast<Diagnostic &>(diagnostic).getMetadata();
  for (const DiagnosticArgument &argument : metadata)
    if (argument.getKind() ==
        DiagnosticArgument::DiagnosticArgumentKind::Integer)
      return static_cast<ErrorClass>(argument.getAsInteger());
  return ErrorClass::Invalid;
}

//===----------------------------------------------------------------------===//
// ShapeRule
//===----------------------------------------------------------------------===//

ShapeRule::ShapeRule(std::optional<Location> location, ValueShapeRange operands,
                     LayerAttr layer, StringRef field,
                     SmallVectorImpl<ShapedTypeComponents> &results)
    : location(location), operands(operands),
      name(layer ? layer.getName().getValue() : ""), field(field),
      numOutputs(layer ? layer.getOutputs().size() : 1), results(results) {}

size_t ShapeRule::getNumOutputs() const { return numOutputs; }

bool ShapeRule::hasRank(size_t i) const {
  return i < operands.size() && operands.getShape(i).hasRank();
}

bool ShapeRule::hasRanks() const {
  return llvm::all_of(llvm::seq<size_t>(0, operands.size()),
                      [&](size_t i) { return hasRank(i); });
}

Dims ShapeRule::getInput(size_t i) const {
  SmallVector<int64_t> sizes;
  operands.getShape(i).getDims(sizes);
  return toDims(sizes);
}

std::string ShapeRule::describeInput(size_t i) const {
  StringRef blob = i < operands.size() ? getBlobName(operands[i]) : "";
  if (blob.empty())
    return "input " + std::to_string(i);
  return "input '" + blob.str() + "'";
}

LogicalResult ShapeRule::fail(const Twine &message, ErrorClass errorClass) {
  if (location)
    return emitClassified(*location, errorClass,
                          "layer '" + name + "' (" + field + "): " + message);
  return failure();
}

LogicalResult ShapeRule::requireRank(size_t i, int64_t least,
                                     int64_t greatest) {
  int64_t rank = getInput(i).size();
  if (rank >= least && rank <= greatest)
    return success();
  std::string expected = std::to_string(least);
  if (least != greatest)
    expected +=
        greatest >= kMaxRank ? " or more" : " to " + std::to_string(greatest);
  return fail(describeInput(i) + " has rank " + Twine(rank) + ", expected " +
              expected);
}

LogicalResult ShapeRule::require(bool condition, StringRef field, int64_t value,
                                 const Twine &demand) {
  if (condition)
    return success();
  // Integers of the format are unsigned but for a few; a value that looks
  // negative is most likely a huge one, so both readings are given.
  std::string text = std::to_string(value);
  if (value < 0)
    text += " (or " + std::to_string(static_cast<uint64_t>(value)) + ")";
  return fail(field + " is " + text + ", " + demand);
}

LogicalResult ShapeRule::requireWeights(WeightsAttr weights, StringRef field,
                                        Dim count, int64_t channels) {
  if (count.isOverflow())
    return fail(field + " would need more values than 64 bits can count");
  std::string error = checkWeights(weights, count.get(), channels);
  return error.empty() ? success() : fail(field + ": " + error);
}

FailureOr<int64_t> ShapeRule::requireAxis(int64_t axis, int64_t rank,
                                          StringRef field) {
  if (axis >= -rank && axis < rank)
    return axis < 0 ? axis + rank : axis;
  return require(false, field, axis, "but the input has rank " + Twine(rank));
}

FailureOr<SmallVector<int64_t>>
ShapeRule::requireAxes(ArrayRef<int64_t> axes, int64_t rank, StringRef field) {
  SmallVector<int64_t> result;
  for (int64_t axis : axes) {
    FailureOr<int64_t> normal = requireAxis(axis, rank, field);
    if (failed(normal))
      return failure();
    if (llvm::is_contained(result, *normal))
      return require(false, field, axis, "but that axis is named twice");
    result.push_back(*normal);
  }
  return result;
}

LogicalResult ShapeRule::addOutput(Dims shape) {
  if (static_cast<int64_t>(shape.size()) > kMaxRank)
    return fail("output would have rank " + Twine(shape.size()) + ", at most " +
                Twine(kMaxRank) + " is supported");
  // Every blob has at least one axis: a scalar has shape 1.
  if (shape.empty())
    shape.push_back(1);
  for (Dim dim : shape)
    if (!dim.isDynamic() && !dim.isOverflow() && dim.get() <= 0)
      return fail("output would have shape " + toString(shape));
  Dim count(1);
  for (Dim dim : shape)
    count = count * (dim.isDynamic() ? Dim(1) : dim);
  if (count.isOverflow() || count.get() > kMaxBlobElements)
    return fail("output of shape " + toString(shape) +
                    " is larger than the limit of " + Twine(kMaxBlobElements) +
                    " elements",
                ErrorClass::Limit);
  results.emplace_back(toSizes(shape));
  return success();
}

LogicalResult ShapeRule::unknown() {
  results.assign(numOutputs, ShapedTypeComponents());
  return success();
}
