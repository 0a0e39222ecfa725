//===- Description.cpp - Rules for a model's description ------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Description.h"
#include "MLModel/Dialect/MLModel/IR/ShapeRule.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlmodel;

namespace {
/// Core ML's own limit.
constexpr size_t kMaxEnumeratedShapes = 128;

/// Checks one feature; collects where it is for the messages.
class FeatureChecker {
public:
  FeatureChecker(Location loc, std::string where)
      : loc(loc), where(std::move(where)) {}

  LogicalResult check(DictionaryAttr feature);

private:
  LogicalResult checkMultiArray(DictionaryAttr type);
  LogicalResult checkImage(DictionaryAttr type);
  LogicalResult checkShape(DenseI64ArrayAttr shape, StringRef field);
  LogicalResult checkRange(DictionaryAttr range, StringRef field);
  LogicalResult checkEnumerated(DictionaryAttr shapes, StringRef list);

  LogicalResult fail(const Twine &message,
                     ErrorClass errorClass = ErrorClass::Invalid) {
    return emitClassified(loc, errorClass, where + ": " + message);
  }

  Location loc;
  std::string where;
};
} // namespace

static int64_t getInt(DictionaryAttr dict, StringRef name) {
  auto value = dict.getAs<IntegerAttr>(name);
  return value ? value.getInt() : 0;
}

LogicalResult FeatureChecker::checkShape(DenseI64ArrayAttr shape,
                                         StringRef field) {
  if (!shape)
    return success();
  if (shape.size() > kMaxRank)
    return fail(field + " has rank " + Twine(shape.size()) + ", at most " +
                Twine(kMaxRank) + " is supported");
  for (int64_t size : shape.asArrayRef())
    if (size <= 0)
      return fail(field + " has dimension " + Twine(size) +
                  ", expected a positive size");
  Dim count = product(toDims(shape.asArrayRef()));
  if (count.isOverflow())
    return fail(field + " " + toString(toDims(shape.asArrayRef())) +
                " has more elements than 64 bits can count");
  if (count.get() > kMaxBlobElements)
    return fail(field + " " + toString(toDims(shape.asArrayRef())) +
                    " is larger than the limit of " + Twine(kMaxBlobElements) +
                    " elements",
                ErrorClass::Limit);
  return success();
}

LogicalResult FeatureChecker::checkRange(DictionaryAttr range,
                                         StringRef field) {
  if (!range)
    return success();
  int64_t lower = getInt(range, "lowerBound"),
          upper = getInt(range, "upperBound");
  if (lower < 0)
    return fail(field + " has lower bound " +
                Twine(static_cast<uint64_t>(lower)) +
                ", which does not fit 63 bits");
  // A negative upper bound means no bound.
  if (upper >= 0 && lower > upper)
    return fail(field + " has lower bound " + Twine(lower) +
                " above its upper bound " + Twine(upper));
  return success();
}

LogicalResult FeatureChecker::checkEnumerated(DictionaryAttr shapes,
                                              StringRef list) {
  auto all = shapes ? shapes.getAs<ArrayAttr>(list) : ArrayAttr();
  if (!all)
    return success();
  if (all.size() > kMaxEnumeratedShapes)
    return fail("enumerates " + Twine(all.size()) +
                    " shapes, more than the limit of " +
                    Twine(kMaxEnumeratedShapes),
                ErrorClass::Limit);
  for (auto shape : all.getAsRange<DictionaryAttr>())
    if (failed(checkShape(shape.getAs<DenseI64ArrayAttr>("shape"),
                          "enumerated shape")))
      return failure();
  return success();
}

LogicalResult FeatureChecker::checkMultiArray(DictionaryAttr type) {
  if (auto unknown = type.getAs<IntegerAttr>("dataType"))
    return fail("data type " + Twine(unknown.getInt()) + " is unknown");
  if (failed(checkShape(type.getAs<DenseI64ArrayAttr>("shape"), "shape")) ||
      failed(checkEnumerated(type.getAs<DictionaryAttr>("enumeratedShapes"),
                             "shapes")))
    return failure();
  auto range = type.getAs<DictionaryAttr>("shapeRange");
  auto sizes = range ? range.getAs<ArrayAttr>("sizeRanges") : ArrayAttr();
  if (sizes)
    for (auto size : sizes.getAsRange<DictionaryAttr>())
      if (failed(checkRange(size, "size range")))
        return failure();
  return success();
}

LogicalResult FeatureChecker::checkImage(DictionaryAttr type) {
  int64_t width = getInt(type, "width"), height = getInt(type, "height");
  if (width <= 0 || height <= 0)
    return fail("image size is " + Twine(width) + " x " + Twine(height) +
                ", expected positive sizes");
  int64_t largest = kMaxBlobElements / 4;
  if (width > largest || height > largest / width)
    return fail("image of " + Twine(width) + " x " + Twine(height) +
                    " pixels is larger than the limit",
                ErrorClass::Limit);
  if (auto unknown = type.getAs<IntegerAttr>("colorSpace"))
    return fail("color space " + Twine(unknown.getInt()) + " is unknown");
  auto range = type.getAs<DictionaryAttr>("imageSizeRange");
  if (range && (failed(checkRange(range.getAs<DictionaryAttr>("widthRange"),
                                  "width range")) ||
                failed(checkRange(range.getAs<DictionaryAttr>("heightRange"),
                                  "height range"))))
    return failure();
  return checkEnumerated(type.getAs<DictionaryAttr>("enumeratedSizes"),
                         "sizes");
}

LogicalResult FeatureChecker::check(DictionaryAttr feature) {
  auto type = feature.getAs<DictionaryAttr>("type");
  if (!type)
    return success();
  if (auto array = type.getAs<DictionaryAttr>("multiArrayType"))
    return checkMultiArray(array);
  if (auto image = type.getAs<DictionaryAttr>("imageType"))
    return checkImage(image);
  return success();
}

LogicalResult mlmodel::checkDescription(DictionaryAttr description,
                                        Location loc, StringRef where) {
  if (!description)
    return success();
  for (StringRef list : {"input", "output", "state"}) {
    auto features = description.getAs<ArrayAttr>(list);
    if (!features)
      continue;
    llvm::StringSet<> names;
    for (auto [i, feature] :
         llvm::enumerate(features.getAsRange<DictionaryAttr>())) {
      auto name = feature.getAs<StringAttr>("name");
      if (!name || name.getValue().empty())
        return emitClassified(loc, ErrorClass::Invalid,
                              where + list + " " + Twine(i) + " has no name");
      std::string who = (where + list + " '" + name.getValue() + "'").str();
      if (!names.insert(name.getValue()).second)
        return emitClassified(loc, ErrorClass::Invalid,
                              who + ": another " + list + " has the same name");
      if (failed(FeatureChecker(loc, who).check(feature)))
        return failure();
    }
  }
  return success();
}
