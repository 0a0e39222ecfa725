//===- DecodeRows.h - Decode weights for many pixels at once ----*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Vectors of packed weights run along the results that they are weights of, the
// outputs of a convolution. Its tiles then do, too, and have to be transposed
// before they are stored in an image. Where there are many more pixels than
// weights, it is better to decode these once into memory that stays in the
// caches, in the order in which tiles of pixels broadcast them:
//
//   for chunks of outputs:
//     rows[output floordiv 4, terms, output mod 4] = decode(...)
//     y[output, pixel] += rows[output floordiv 4, terms, output mod 4] * x[...]
//
// What is left of the reduction has float32 operands only. As many outputs as
// the second-level cache keeps the weights of are a chunk.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_DECODEROWS_H
#define MLMODEL_LIB_CODEGEN_DECODEROWS_H

#include "Reduction.h"
#include "TilePlan.h"
#include "mlir/IR/PatternMatch.h"

namespace mlmodel {

/// Bytes of weights that are decoded or transformed at a time: with what tiles
/// read and write beside, a second-level cache of 512 KiB keeps them.
constexpr int64_t kKeptWeights = 320 << 10;

/// How many of \p results, of \p terms each, are a chunk; none if there are no
/// chunks of the same size.
std::optional<int64_t> getRowChunk(int64_t results, int64_t terms,
                                   const RegisterFile &registers);

/// The sizes of blocks into which a vector of weights can be divided, for
/// \p results: the first to prefer among equals.
llvm::SmallVector<int64_t> getRowBlocks(int64_t results,
                                        const RegisterFile &registers);

/// The cycles that it takes to decode \p elements weights by those of \p works
/// that move along \p lanesLoop, in vectors along that loop.
double estimateDecode(llvm::ArrayRef<LoopNest::Work> works, unsigned lanesLoop,
                      int64_t elements, const RegisterFile &registers);

/// The same if the vectors are stored as rows.
double estimateRowDecode(llvm::ArrayRef<LoopNest::Work> works,
                         unsigned lanesLoop, int64_t elements,
                         const RegisterFile &registers);

/// The cycles of \p numChunks chunks of \p nest that take \p cycles each, and
/// read once more what the chunk before read.
double estimateChunks(const LoopNest &nest, unsigned lanesLoop,
                      int64_t numChunks, double cycles);

/// Emits the loops that decode the weights of \p reduction, and replaces it by
/// what is left, if that takes less time than \p plan. Returns the plan of what
/// is left.
std::optional<TilePlan> decodeRows(mlir::RewriterBase &rewriter,
                                   Reduction &reduction,
                                   const RegisterFile &registers,
                                   const TilePlan &plan);

/// The same whatever it takes, in blocks of whole vectors. Returns whether
/// there was something to decode.
bool decodeAllRows(mlir::RewriterBase &rewriter, Reduction &reduction,
                   const RegisterFile &registers);

/// The cycles of \p op, a reduction that \p nest describes, with rows decoded
/// or not; infinity if there is no plan for it. Leaves everything as it was.
double estimateReduction(mlir::RewriterBase &rewriter,
                         mlir::linalg::LinalgOp op, const LoopNest &nest,
                         const RegisterFile &registers);

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_DECODEROWS_H
