//===- RegisterTiling.h - Sums of products in registers ---------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_REGISTERTILING_H
#define MLMODEL_LIB_CODEGEN_REGISTERTILING_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlmodel {

/// The vector registers that a tile may fill.
struct RegisterFile {
  /// float32 values in a register.
  int64_t lanes = 16;
  /// Registers for sums; the others hold what is added.
  int64_t sums = 16;
};

/// Lowers \p op, a reduction by addition on buffers (convolution, product of
/// matrices), to loops over tiles whose sums stay in vector registers. Returns
/// false and changes nothing if no loop of \p op walks along memory.
bool lowerToRegisterTiles(mlir::RewriterBase &rewriter,
                          mlir::linalg::LinalgOp op,
                          const RegisterFile &registers);

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_REGISTERTILING_H
