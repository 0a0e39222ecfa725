//===- CompareLayers.h - Where two models begin to differ -------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TOOLS_MLMODEL_COMPARELAYERS_H
#define MLMODEL_TOOLS_MLMODEL_COMPARELAYERS_H

#include "DataSet.h"
#include "MLModel/Support/Errors.h"
#include <functional>

namespace mlmodel {

struct CompareLayersOptions {
  /// Two models, or a model and a directory with reference values.
  std::string a, b;
  /// Greatest difference of a blob, divided by its greatest absolute value.
  double maxRelativeError = 1e-3;
  bool asJson = false;
  LoadOptions run;
  /// The inputs, made for the first model.
  std::function<llvm::Expected<DataSet>(const Model &)> makeInputs;
};

/// Compares blob by blob, by their names, and reports each. Names the first
/// layer above the limit; ExitCode::ComparisonFailed if there is one.
llvm::Expected<ExitCode> compareLayers(const CompareLayersOptions &options);

} // namespace mlmodel

#endif // MLMODEL_TOOLS_MLMODEL_COMPARELAYERS_H
