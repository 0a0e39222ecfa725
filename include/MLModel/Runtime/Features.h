//===- Features.h - What goes into and comes out of a model -----*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_RUNTIME_FEATURES_H
#define MLMODEL_RUNTIME_FEATURES_H

#include "MLModel/Support/Tensor.h"
#include "llvm/ADT/StringRef.h"
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace mlmodel {

/// A class label or dictionary key: Core ML has strings and 64-bit integers.
using Label = std::variant<std::string, int64_t>;

/// Label to number, in the order of the model's classes.
using Dictionary = std::vector<std::pair<Label, double>>;
using Sequence = std::vector<Label>;

/// A value of one feature. A multi-array is a tensor of any element type; an
/// image is uint8, height x width x 3 (RGB) or height x width (gray).
using FeatureValue =
    std::variant<Tensor, std::string, int64_t, double, Dictionary, Sequence>;
using FeatureMap = std::map<std::string, FeatureValue>;

enum class FeatureKind {
  MultiArray,
  Image,
  Int64,
  Double,
  String,
  Dictionary,
  Sequence,
  Other
};

enum class ColorSpace { None, Gray, RGB, BGR };

/// What a model says of one input, output or state.
struct FeatureDescription {
  std::string name;
  std::string shortDescription;
  FeatureKind kind = FeatureKind::Other;
  /// Element type of a multi-array.
  ElementType elementType = ElementType::Float32;
  /// Declared shape of a multi-array; empty if the model does not say.
  std::vector<int64_t> shape;
  /// Declared size of an image.
  int64_t width = 0, height = 0;
  ColorSpace colorSpace = ColorSpace::None;
  /// Other sizes than the declared one are allowed.
  bool isFlexible = false;
  bool isOptional = false;
  /// What all elements of an optional multi-array are where it is not given.
  double defaultValue = 0;

  /// "image RGB 224x224", "float32 multi-array 3x8x8" ...
  std::string describe() const;
};

/// An input and an output that hold the state of a recurrent layer, before and
/// after a prediction.
struct StatePair {
  std::string input, output;
};

} // namespace mlmodel

#endif // MLMODEL_RUNTIME_FEATURES_H
