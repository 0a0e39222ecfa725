//===- VectorTranspose.h - Transpose in registers ---------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_VECTORTRANSPOSE_H
#define MLMODEL_LIB_CODEGEN_VECTORTRANSPOSE_H

#include "mlir/IR/Builders.h"

namespace mlmodel {

/// Transposes as many vectors as each has lanes, a power of two: result i holds
/// lane i of all vectors. Takes two shuffles per pair of vectors for each bit
/// of the number of lanes.
llvm::SmallVector<mlir::Value>
transposeVectors(mlir::OpBuilder &builder, mlir::Location loc,
                 llvm::ArrayRef<mlir::Value> vectors);

/// The first \p count lanes of \p vector.
mlir::Value takeLanes(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::Value vector, int64_t count);

/// \p vector with poison lanes behind its own, \p count in all.
mlir::Value padLanes(mlir::OpBuilder &builder, mlir::Location loc,
                     mlir::Value vector, int64_t count);

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_VECTORTRANSPOSE_H
