//===- DataSet.h - Many inputs for a model ----------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TOOLS_MLMODEL_DATASET_H
#define MLMODEL_TOOLS_MLMODEL_DATASET_H

#include "MLModel/Runtime/Model.h"
#include "llvm/Support/JSON.h"
#include <functional>

namespace mlmodel {

/// Inputs to run a model on, made one at a time.
class DataSet {
public:
  /// From \p path: a .json file as fromJson() takes; or, for a model with
  /// one input that is not optional, a directory of .png, .jpg, .jpeg and .npy
  /// files, in the order of their names, or one .npy file whose first axis
  /// counts the inputs.
  static llvm::Expected<DataSet> open(const Model &model, llvm::StringRef path);
  /// From what the JSON file \p path holds: an object with the inputs of a
  /// prediction, or a list of those.
  static llvm::Expected<DataSet> fromJson(const Model &model,
                                          llvm::StringRef path,
                                          const llvm::json::Value &value);
  /// \p count inputs of random values, from \p seed on.
  static DataSet random(const Model &model, size_t count, uint64_t seed);

  size_t size() const { return count; }
  llvm::Expected<FeatureMap> get(size_t index) const { return make(index); }

private:
  size_t count = 0;
  std::function<llvm::Expected<FeatureMap>(size_t)> make;
};

/// The classes in a .npy file of \p count numbers.
llvm::Expected<std::vector<int64_t>> readLabels(llvm::StringRef path,
                                                size_t count);

} // namespace mlmodel

#endif // MLMODEL_TOOLS_MLMODEL_DATASET_H
