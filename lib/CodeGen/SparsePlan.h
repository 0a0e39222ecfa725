//===- SparsePlan.h - How sums of few terms fit vector registers -*- C++
//-*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A convolution most of whose weights are zero multiplies the others only. Its
// weights are lists, one for each row, which is what one output channel takes:
//
//   for tiles of pixels:
//     for blocks of terms:
//       panel[term, pixel] = x[...]           what the tile may need, aligned
//       for rows:
//         for entries of the row's list:      in registers: the pixels' sums
//           sums += value[entry] * panel[place[entry]]
//
// Where each weight is used once, as in products with a vector, there are no
// pixels: the sums are scalars, and what an entry saves is the time to read
// what is zero.
//
// An entry costs a few vector operations for all pixels of a tile, so that the
// loads of its place and its value hardly count; a panel stays in the first
// cache. The lists of a block of terms follow each other in the order of rows.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_SPARSEPLAN_H
#define MLMODEL_LIB_CODEGEN_SPARSEPLAN_H

#include "Reduction.h"
#include "TilePlan.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/SmallBitVector.h"

namespace mlmodel {

/// The tag of a reduction whose weights are lists: how many steps of the first
/// loop of terms belong to a list, and how many values the lists hold together.
constexpr llvm::StringLiteral kSparseAttrName = "mlmodel.sparse";
constexpr llvm::StringLiteral kSparseBlockName = "block";
constexpr llvm::StringLiteral kSparseStoredName = "stored";

/// The loops of a reduction with sparse weights.
struct SparseNest {
  /// Without the weights.
  LoopNest nest;
  /// Which input is multiplied by the weights.
  unsigned input = 0;
  /// The loops of results that index the weights, one of them alone.
  llvm::SmallBitVector listed;
  /// How many weights are not zero.
  int64_t stored = 0;

  /// Whether each weight is used once only.
  bool usesWeightsOnce() const;

  /// The loop whose steps are the rows that share a panel: it indexes weights,
  /// but not the input. None if there is no or more than one such loop.
  std::optional<unsigned> findRowsLoop() const;
  /// The loops of terms, which count places in lists in this order.
  llvm::SmallVector<unsigned> getTerms() const;
};

struct SparsePlan {
  /// The lanes are pixels, and so are the unrolled loops. If lanes are no
  /// results, there is one sum and no panel.
  TilePlan tile;
  /// The loop whose steps are rows.
  unsigned rowsLoop = 0;
  /// Steps of the first loop of terms that a panel holds.
  int64_t block = 0;
  /// Rows whose sums wait together for the next block.
  int64_t chunk = 0;
  /// An estimate for the whole nest.
  double cycles = 0;
};

/// The best plan, if there is one.
std::optional<SparsePlan> planSparse(const SparseNest &sparse,
                                     const RegisterFile &registers);

/// The cycles that it takes at least to read weights of so many \p bytes, which
/// are used once and have not been for a while.
double estimateReading(double bytes);

/// Makes lists of the weights of \p op if a plan for them takes fewer cycles
/// than \p denseCycles, and lets \p op find its weights in them.
mlir::LogicalResult packSparse(mlir::linalg::GenericOp op, double denseCycles,
                               const RegisterFile &registers);

/// Whether packSparse has made \p op.
bool isSparse(mlir::linalg::LinalgOp op);

/// Which part of the weights of \p op, that packSparse has made, is not zero.
double getStoredFraction(mlir::linalg::LinalgOp op);

/// Lowers a reduction that packSparse has made.
mlir::LogicalResult emitSparse(mlir::RewriterBase &rewriter,
                               const Reduction &reduction,
                               const RegisterFile &registers);

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_SPARSEPLAN_H
