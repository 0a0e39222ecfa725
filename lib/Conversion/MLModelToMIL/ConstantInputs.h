//===- ConstantInputs.h - Inputs that are known in advance ------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CONVERSION_MLMODELTOMIL_CONSTANTINPUTS_H
#define MLMODEL_LIB_CONVERSION_MLMODELTOMIL_CONSTANTINPUTS_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/SmallVector.h"

namespace mlmodel {

/// The elements of a small mil.const, also behind reshapes.
std::optional<llvm::SmallVector<float>> getConstantFloats(mlir::Value value);
/// As above, as integers; nothing unless all are.
std::optional<llvm::SmallVector<int64_t>> getConstantInts(mlir::Value value);

/// An axis counted from the front; shape rules have checked its range.
inline int64_t normalize(int64_t axis, int64_t rank) {
  return axis < 0 ? axis + rank : axis;
}

} // namespace mlmodel

#endif // MLMODEL_LIB_CONVERSION_MLMODELTOMIL_CONSTANTINPUTS_H
