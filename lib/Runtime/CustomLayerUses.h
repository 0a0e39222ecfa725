//===- CustomLayerUses.h - Who implements which layer -----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_RUNTIME_CUSTOMLAYERUSES_H
#define MLMODEL_LIB_RUNTIME_CUSTOMLAYERUSES_H

#include "MLModel/Runtime/Model.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlmodel {

/// The custom layers of one model.
class CustomLayerUses {
public:
  /// Replaces layers that rules know and finds out who implements the others.
  /// Fails for a bad file of rules; a layer that its class's rules do not fit
  /// stays, and `check` says so.
  llvm::Error resolve(mlir::ModuleOp module, const LoadOptions &options);

  /// Why the model cannot be run, if a rule does not fit.
  llvm::Error check(llvm::StringRef fileName) const;

  llvm::ArrayRef<CustomLayerUse> get() const { return uses; }

private:
  std::vector<CustomLayerUse> uses;
  std::string problem;
};

} // namespace mlmodel

#endif // MLMODEL_LIB_RUNTIME_CUSTOMLAYERUSES_H
