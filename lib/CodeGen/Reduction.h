//===- Reduction.h - A reduction and what surrounds it ----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_REDUCTION_H
#define MLMODEL_LIB_CODEGEN_REDUCTION_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlmodel {

/// A reduction on buffers and what happens to its result right before and right
/// after it, in the same buffer.
struct Reduction {
  mlir::linalg::LinalgOp op;
  /// Sets all elements to one value; may be null.
  mlir::linalg::LinalgOp fill;
  /// Replaces each element by a function of it and of other operands; may be
  /// null.
  mlir::linalg::LinalgOp epilogue;
};

/// Whether \p op writes one value to all elements of its only result.
bool isFill(mlir::linalg::LinalgOp op);

/// The value that \p fill writes.
mlir::Value getFillValue(mlir::linalg::LinalgOp fill);

/// Finds the fill and the epilogue of \p op.
Reduction findReduction(mlir::linalg::LinalgOp op);

/// Whether \p op computes each element of its result in place from itself and
/// from other operands, by operations that vectors have as well.
bool isEpilogue(mlir::linalg::LinalgOp op);

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_REDUCTION_H
