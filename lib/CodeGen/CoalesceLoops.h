//===- CoalesceLoops.h - Loops that walk along memory as one ----*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_COALESCELOOPS_H
#define MLMODEL_LIB_CODEGEN_COALESCELOOPS_H

#include "Reduction.h"
#include "TilePlan.h"
#include "mlir/IR/PatternMatch.h"

namespace mlmodel {

/// The groups of neighbouring loops of results that all operands of \p nest
/// walk along as if they were one loop.
llvm::SmallVector<mlir::ReassociationIndices>
findCoalescible(const LoopNest &nest);

/// \p nest with each such group as one loop.
LoopNest coalesce(const LoopNest &nest);

/// Makes one loop of neighbouring loops that walk along memory as one, such as
/// those over the rows and columns of an image, in all that belongs to
/// \p reduction.
void coalesceLoops(mlir::RewriterBase &rewriter, Reduction &reduction);

/// Lets the fill of \p reduction write what coalesceLoops has made of its
/// result, so that both have their outer loops in common again.
void coalesceFill(mlir::RewriterBase &rewriter, Reduction &reduction);

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_COALESCELOOPS_H
