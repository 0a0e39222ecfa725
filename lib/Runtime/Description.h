//===- Description.h - The model's features from its IR ---------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_RUNTIME_DESCRIPTION_H
#define MLMODEL_LIB_RUNTIME_DESCRIPTION_H

#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "MLModel/Runtime/Features.h"

namespace mlmodel {

/// The features of one list of the description: "input", "output", "state".
std::vector<FeatureDescription> describeFeatures(ModelOp model,
                                                 llvm::StringRef list);

/// The feature's own entry in the description.
mlir::DictionaryAttr findFeature(ModelOp model, llvm::StringRef list,
                                 llvm::StringRef name);

/// Class labels of a classifier, in the order of its probabilities.
std::vector<Label> getClassLabels(NetworkOp network);

} // namespace mlmodel

#endif // MLMODEL_LIB_RUNTIME_DESCRIPTION_H
