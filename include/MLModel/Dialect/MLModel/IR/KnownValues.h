//===- KnownValues.h - Blobs whose values decide shapes ---------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The shapes of some layers depend on values: the sizes that reshapeDynamic
// reads, the elements that whereNonZero counts. While a network runs, those of
// the blobs computed so far are known. A scope of this class lets shape rules
// see them, and tells which ones the rules looked at.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_KNOWNVALUES_H
#define MLMODEL_DIALECT_MLMODEL_IR_KNOWNVALUES_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallVector.h"

namespace mlmodel {

/// What the shape rules that run in this thread know, from construction to
/// destruction. Scopes nest; only the innermost one is asked.
class KnownValues {
public:
  KnownValues();
  ~KnownValues();
  KnownValues(const KnownValues &) = delete;
  KnownValues &operator=(const KnownValues &) = delete;

  /// The elements of \p value, which must outlive the scope.
  void set(mlir::Value value, llvm::ArrayRef<float> elements) {
    known[value] = elements;
  }
  /// The known values that rules have asked for since clearAsked().
  llvm::ArrayRef<mlir::Value> getAsked() const { return asked.getArrayRef(); }
  void clearAsked() { asked.clear(); }

  /// The elements of \p value if the innermost scope knows them.
  static std::optional<llvm::ArrayRef<float>> lookup(mlir::Value value);

private:
  KnownValues *outer;
  llvm::DenseMap<mlir::Value, llvm::ArrayRef<float>> known;
  llvm::SetVector<mlir::Value> asked;
};

/// The elements of a small blob if they do not depend on what the network runs
/// on: constants, shapes of known shapes, what only reshapes them, and values
/// that a KnownValues scope knows.
std::optional<llvm::SmallVector<float>> getKnownElements(mlir::Value value);

} // namespace mlmodel

#endif // MLMODEL_DIALECT_MLMODEL_IR_KNOWNVALUES_H
