//===- Description.cpp - The model's features from its IR -----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Description.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace mlmodel;

static int64_t getInt(DictionaryAttr dict, StringRef name) {
  auto value = dict.getAs<IntegerAttr>(name);
  return value ? value.getInt() : 0;
}

static std::string getString(DictionaryAttr dict, StringRef name) {
  auto value = dict.getAs<StringAttr>(name);
  return value ? value.getValue().str() : "";
}

static void describeArray(DictionaryAttr array, FeatureDescription &feature) {
  feature.kind = FeatureKind::MultiArray;
  feature.elementType =
      llvm::StringSwitch<ElementType>(getString(array, "dataType"))
          .Case("DOUBLE", ElementType::Float64)
          .Case("INT32", ElementType::Int32)
          .Case("INT8", ElementType::Int8)
          .Case("FLOAT16", ElementType::Float16)
          .Default(ElementType::Float32);
  if (auto shape = array.getAs<DenseI64ArrayAttr>("shape"))
    feature.shape = shape.asArrayRef().vec();
  feature.isFlexible = array.get("enumeratedShapes") || array.get("shapeRange");
  for (StringRef field :
       {"intDefaultValue", "floatDefaultValue", "doubleDefaultValue"}) {
    if (auto integer = array.getAs<IntegerAttr>(field))
      feature.defaultValue = integer.getInt();
    else if (auto number = array.getAs<FloatAttr>(field))
      feature.defaultValue = number.getValueAsDouble();
  }
}

static void describeImage(DictionaryAttr image, FeatureDescription &feature) {
  feature.kind = FeatureKind::Image;
  feature.width = getInt(image, "width");
  feature.height = getInt(image, "height");
  feature.colorSpace =
      llvm::StringSwitch<ColorSpace>(getString(image, "colorSpace"))
          .Cases({"GRAYSCALE", "GRAYSCALE_FLOAT16"}, ColorSpace::Gray)
          .Case("BGR", ColorSpace::BGR)
          .Default(ColorSpace::RGB);
  feature.isFlexible =
      image.get("enumeratedSizes") || image.get("imageSizeRange");
}

static FeatureDescription describeFeature(DictionaryAttr entry) {
  FeatureDescription feature;
  feature.name = getString(entry, "name");
  feature.shortDescription = getString(entry, "shortDescription");
  auto type = entry.getAs<DictionaryAttr>("type");
  if (!type)
    return feature;
  auto isOptional = type.getAs<BoolAttr>("isOptional");
  feature.isOptional = isOptional && isOptional.getValue();
  if (auto array = type.getAs<DictionaryAttr>("multiArrayType"))
    describeArray(array, feature);
  else if (auto image = type.getAs<DictionaryAttr>("imageType"))
    describeImage(image, feature);
  else if (auto state = type.getAs<DictionaryAttr>("stateType")) {
    if (auto array = state.getAs<DictionaryAttr>("arrayType"))
      describeArray(array, feature);
  } else if (type.get("int64Type"))
    feature.kind = FeatureKind::Int64;
  else if (type.get("doubleType"))
    feature.kind = FeatureKind::Double;
  else if (type.get("stringType"))
    feature.kind = FeatureKind::String;
  else if (type.get("dictionaryType"))
    feature.kind = FeatureKind::Dictionary;
  else if (type.get("sequenceType"))
    feature.kind = FeatureKind::Sequence;
  return feature;
}

static SmallVector<DictionaryAttr> getEntries(ModelOp model, StringRef list) {
  DictionaryAttr description = model.getDescriptionAttr();
  auto entries = description ? description.getAs<ArrayAttr>(list) : ArrayAttr();
  if (!entries)
    return {};
  return llvm::to_vector(entries.getAsRange<DictionaryAttr>());
}

std::vector<FeatureDescription> mlmodel::describeFeatures(ModelOp model,
                                                          StringRef list) {
  std::vector<FeatureDescription> features;
  for (DictionaryAttr entry : getEntries(model, list))
    features.push_back(describeFeature(entry));
  return features;
}

DictionaryAttr mlmodel::findFeature(ModelOp model, StringRef list,
                                    StringRef name) {
  for (DictionaryAttr entry : getEntries(model, list))
    if (getString(entry, "name") == name)
      return entry;
  return {};
}

std::vector<Label> mlmodel::getClassLabels(NetworkOp network) {
  std::vector<Label> labels;
  if (DictionaryAttr strings = network.getStringClassLabelsAttr()) {
    if (auto vector = strings.getAs<ArrayAttr>("vector"))
      for (auto label : vector.getAsRange<StringAttr>())
        labels.push_back(label.str());
  } else if (DictionaryAttr integers = network.getInt64ClassLabelsAttr()) {
    if (auto vector = integers.getAs<DenseI64ArrayAttr>("vector"))
      labels.assign(vector.asArrayRef().begin(), vector.asArrayRef().end());
  }
  return labels;
}

std::string FeatureDescription::describe() const {
  static const char *const kinds[] = {"multi-array", "image",     "int64",
                                      "double",      "string",    "dictionary",
                                      "sequence",    "other type"};
  std::string text;
  if (kind == FeatureKind::MultiArray)
    text = (elementTypeName(elementType) + " ").str();
  text += kinds[static_cast<size_t>(kind)];
  if (kind == FeatureKind::MultiArray && !shape.empty())
    text += " " + shapeToString(shape);
  if (kind == FeatureKind::Image) {
    static const char *const spaces[] = {"", "grayscale", "RGB", "BGR"};
    text += std::string(" ") + spaces[static_cast<size_t>(colorSpace)] + " " +
            std::to_string(width) + "x" + std::to_string(height);
  }
  if (isFlexible)
    text += ", flexible";
  if (isOptional)
    text += ", optional";
  if (isOptional && kind == FeatureKind::MultiArray && defaultValue != 0)
    llvm::raw_string_ostream(text)
        << " (" << llvm::format("%g", defaultValue) << ')';
  return text;
}
