//===- IndependentLoops.h - Loops whose rounds need no order ----*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What lowers a loop nest knows which of its loops walk over results, each
// round over other ones. It marks them, and mlmodel-split-kernels decides which
// of them several threads share.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_INDEPENDENTLOOPS_H
#define MLMODEL_LIB_CODEGEN_INDEPENDENTLOOPS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mlmodel {

/// The attribute of an scf.for with constant bounds whose rounds may run in any
/// order, at the same time, and at the same time as those of other loops of its
/// block that the same nest became and that are marked. Its value is the number
/// of rounds that stay together.
constexpr llvm::StringLiteral kIndependentAttrName = "mlmodel.independent";

/// The attribute of a function that tells how long it runs, in cycles.
constexpr llvm::StringLiteral kCyclesAttrName = "mlmodel.cycles";

/// Marks \p loop as independent.
void markIndependent(mlir::scf::ForOp loop, int64_t together = 1);

/// Tells LLVM not to unroll \p loop.
void keepLoop(mlir::scf::ForOp loop);

/// About how many cycles \p op takes on a processor with vectors of \p lanes
/// float32 values; 0 if sizes are not known.
double estimateCycles(mlir::linalg::LinalgOp op, int64_t lanes);

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_INDEPENDENTLOOPS_H
