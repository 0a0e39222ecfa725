//===- LoopParts.h - Some steps of an operation's loops ---------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_LOOPPARTS_H
#define MLMODEL_LIB_CODEGEN_LOOPPARTS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/PatternMatch.h"

namespace mlmodel {

/// Steps of a loop, from \p begin on.
struct LoopPart {
  unsigned loop;
  mlir::Value begin;
  int64_t size;
};

/// Whether \p op can be done for some steps of \p loop alone: its operands, but
/// those that \p isWhole tells, have the loop as an index of its own, if at
/// all.
bool canTakePart(mlir::linalg::LinalgOp op, unsigned loop,
                 llvm::function_ref<bool(mlir::OpOperand &)> isWhole = {});

/// A copy of \p op, on buffers, for \p parts of its loops, here; null if \p op
/// is. The buffer \p whole is not divided, as it belongs to the parts only.
mlir::linalg::LinalgOp takePart(mlir::RewriterBase &rewriter,
                                mlir::linalg::LinalgOp op,
                                llvm::ArrayRef<LoopPart> parts,
                                mlir::Value whole = {});

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_LOOPPARTS_H
