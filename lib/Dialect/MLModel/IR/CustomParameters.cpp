//===- CustomParameters.cpp - Parameters of a custom layer ----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/CustomParameters.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlmodel;

CustomParameters::CustomParameters(ArrayAttr map) {
  if (!map)
    return;
  for (Attribute attribute : map) {
    auto entry = dyn_cast<DictionaryAttr>(attribute);
    if (!entry)
      continue;
    auto key = entry.getAs<StringAttr>("key");
    StringRef name = key ? key.getValue() : "";
    Attribute value = UnitAttr::get(map.getContext());
    if (auto fields = entry.getAs<DictionaryAttr>("value"))
      for (StringRef field :
           {"doubleValue", "stringValue", "intValue", "longValue", "boolValue"})
        if (Attribute set = fields.get(field))
          value = set;
    // As everywhere in the format, the last of several entries counts.
    llvm::erase_if(entries,
                   [&](const Entry &old) { return old.first == name; });
    entries.emplace_back(name, value);
  }
}

Attribute CustomParameters::lookup(StringRef name) const {
  for (auto [key, value] : entries)
    if (key == name)
      return value;
  return {};
}

static std::optional<double> toNumber(Attribute value) {
  if (auto number = dyn_cast<FloatAttr>(value))
    return number.getValueAsDouble();
  if (auto integer = dyn_cast<IntegerAttr>(value))
    return static_cast<double>(integer.getInt());
  return std::nullopt;
}

bool mlmodel::areSameParameter(Attribute a, Attribute b) {
  if (!a || !b)
    return false;
  // Booleans are integers to MLIR, but no numbers to a model.
  if (isa<BoolAttr>(a) || isa<BoolAttr>(b))
    return a == b;
  std::optional<double> x = toNumber(a), y = toNumber(b);
  if (x && y)
    return *x == *y;
  auto left = dyn_cast<StringAttr>(a), right = dyn_cast<StringAttr>(b);
  return left && right && left.getValue() == right.getValue();
}

std::string mlmodel::describeParameter(Attribute value) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (auto string = dyn_cast<StringAttr>(value)) {
    os << '\'';
    os.write_escaped(string.getValue());
    os << '\'';
  } else if (auto truth = dyn_cast<BoolAttr>(value)) {
    os << (truth.getValue() ? "true" : "false");
  } else if (auto integer = dyn_cast<IntegerAttr>(value)) {
    os << integer.getInt();
  } else if (auto number = dyn_cast<FloatAttr>(value)) {
    number.getValue().print(os);
  } else {
    os << "nothing";
  }
  // APFloat ends its text in a line break.
  return StringRef(text).trim('\n').str();
}
