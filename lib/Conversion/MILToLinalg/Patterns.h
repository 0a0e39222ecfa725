//===- Patterns.h - Lowering patterns by chapter ----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CONVERSION_MILTOLINALG_PATTERNS_H
#define MLMODEL_LIB_CONVERSION_MILTOLINALG_PATTERNS_H

#include "mlir/IR/PatternMatch.h"

namespace mlmodel::mil {

#define MIL_CHAPTER(NAME)                                                      \
  void populate##NAME##Patterns(mlir::RewritePatternSet &patterns);
#include "MLModel/Dialect/MIL/IR/Chapters.def"

/// Shorter ways to say the same, before operations are lowered.
void populateSimplifyPatterns(mlir::RewritePatternSet &patterns);

} // namespace mlmodel::mil

#endif // MLMODEL_LIB_CONVERSION_MILTOLINALG_PATTERNS_H
