//===- Values.h - Feature values on the command line ------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TOOLS_MLMODEL_VALUES_H
#define MLMODEL_TOOLS_MLMODEL_VALUES_H

#include "MLModel/Runtime/Model.h"
#include "MLModel/Support/Errors.h"
#include "llvm/Support/JSON.h"

namespace mlmodel {

/// Reads the value of one input: a file (.npy, .npz, .png, .jpg, .json),
/// numbers with commas between, text, "random:SEED" or "zeros".
llvm::Expected<FeatureValue> parseValue(const Model &model,
                                        const FeatureDescription &feature,
                                        llvm::StringRef text);

/// Adds "NAME=VALUE" to \p inputs.
llvm::Error addInput(const Model &model, llvm::StringRef assignment,
                     FeatureMap &inputs);

/// Adds all entries of an object: numbers, strings, lists, file names.
llvm::Error addInputs(const Model &model, const llvm::json::Object &object,
                      FeatureMap &inputs);

/// A file name for a feature: what a shell or file system might mind becomes
/// '_'.
std::string fileNameFor(llvm::StringRef name);

/// The JSON form of an output. Arrays and images are written to
/// \p directory; without one they are shortened.
llvm::Expected<llvm::json::Value> writeOutput(const FeatureDescription *feature,
                                              llvm::StringRef name,
                                              const FeatureValue &value,
                                              llvm::StringRef directory);

/// Writes \p features to \p directory, which is made: arrays, images, and
/// outputs.json with all of them as writeOutput() gives them. Without a
/// directory there is only the JSON object, which is returned in any case.
llvm::Expected<llvm::json::Object>
writeOutputs(llvm::ArrayRef<FeatureDescription> descriptions,
             const FeatureMap &features, llvm::StringRef directory);

} // namespace mlmodel

#endif // MLMODEL_TOOLS_MLMODEL_VALUES_H
