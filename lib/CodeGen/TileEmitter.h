//===- TileEmitter.h - Reductions in vector registers -----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_TILEEMITTER_H
#define MLMODEL_LIB_CODEGEN_TILEEMITTER_H

#include "Reduction.h"
#include "TilePlan.h"
#include "mlir/IR/PatternMatch.h"

namespace mlmodel {

/// Lowers \p reduction to loops over tiles whose results stay in registers from
/// the first term to the epilogue, and erases its operations.
void emitTiles(mlir::RewriterBase &rewriter, const Reduction &reduction,
               const RegisterFile &registers, const TilePlan &plan);

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_TILEEMITTER_H
