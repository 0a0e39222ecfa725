//===- TileBlocking.h - Which part of a reduction at a time -----*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The vectors of all terms of a tile, a panel, are read again for each of the
// tiles beside it. If there are many terms, the panel falls out of the cache in
// between. So all tiles first take the terms of a block, their sums waiting in
// memory, then those of the next block. Vectors that have to be computed, such
// as weights that are packed in a few bits, are computed once per block.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_TILEBLOCKING_H
#define MLMODEL_LIB_CODEGEN_TILEBLOCKING_H

#include "TileCodes.h"

namespace mlmodel {

/// The loops of a nest in the order in which a tiled reduction runs them.
struct LoopOrder {
  /// Of results: first those that the vectors depend on, then the others, last
  /// the unrolled ones.
  llvm::SmallVector<unsigned> results;
  size_t numVectorLoops = 0;
  llvm::SmallVector<unsigned> terms;

  LoopOrder(const LoopNest &nest, const TilePlan &plan);
};

/// The values of the body of an operation that are the same for all tiles that
/// share a panel, but take more than to load the next line.
struct Panel {
  /// A vector that the rest of the body needs; null if there is none. An
  /// argument of the body is copied, so that its vectors follow each other.
  mlir::Value value;
  /// What computes it, in order; and which of these nothing else needs.
  llvm::SmallVector<mlir::Operation *> ops;
  llvm::SmallPtrSet<mlir::Operation *, 8> own;
};

struct Blocking {
  /// Steps of the first loop of terms in a block; 0 for no blocks.
  int64_t block = 0;
  int64_t numBlocks = 0;
  /// Steps of the first loop that shares panels, whose sums wait together.
  int64_t chunk = 0;
  Panel panel;
};

/// Whether a row of one step of \p loop reads what another row of the next one
/// reads, as the pixels of a window do. Unrolled, the loop would keep all of
/// them in registers, which the sums fill already.
bool sharesBetweenTerms(const LoopNest &nest, const TilePlan &plan,
                        unsigned loop);

/// What all tiles that differ only in the loops \p sharing have in common: a
/// vector along \p lanesLoop for each term. No value if there are several.
Panel findPanel(mlir::linalg::LinalgOp op, const LoopNest &nest,
                unsigned lanesLoop, llvm::ArrayRef<unsigned> sharing);

/// Whether what \p panel reads beside \p codes is the same for all terms of a
/// group.
bool isOfWholeGroups(const Panel &panel, mlir::linalg::LinalgOp op,
                     const LoopNest &nest, const TileCodes &codes);

/// Blocks of \p op's terms: whole groups of its \p codes, if it has any.
Blocking planBlocking(mlir::linalg::LinalgOp op, const LoopNest &nest,
                      const RegisterFile &registers, const TilePlan &plan,
                      const LoopOrder &order,
                      const std::optional<TileCodes> &codes);

/// An input of which each tile reads a part of many rows, as of the channels of
/// an image that has few outputs: more than a processor follows by itself.
struct FarRows {
  unsigned input;
  /// The loops over terms that lead from row to row.
  size_t depth;
};

/// Rows whose next part is worth asking for a tile ahead, if there are any.
std::optional<FarRows> findFarRows(const LoopNest &nest,
                                   const RegisterFile &registers,
                                   const TilePlan &plan,
                                   const LoopOrder &order);

/// Packed weights whose vectors lie one behind the other, panel by panel. They
/// come from memory where a panel or block begins, so the rows that share one
/// ask for the next, each for its share.
struct Stream {
  unsigned input;
  /// Cache lines of a block, and how many rows share it.
  int64_t lines, rows;

  /// The lines that a tile of \p tileRows asks for.
  int64_t getShare(int64_t tileRows) const {
    return llvm::divideCeil(lines * tileRows, rows);
  }
};

/// The stream of \p nest, if it has one and enough rows to share it.
std::optional<Stream> findStream(const LoopNest &nest,
                                 const RegisterFile &registers,
                                 const TilePlan &plan, const LoopOrder &order,
                                 const Blocking &blocking);

/// Packed weights of which each vector is read once, one behind the other, as
/// those of a product with one row: each tile asks for what comes soon.
struct LoneStream {
  unsigned input;
  /// Elements of a term of a tile, on average, and elements of a cache line.
  double elements;
  int64_t lineElements;
};

/// The lone stream of \p nest, if it has one.
std::optional<LoneStream> findLoneStream(const LoopNest &nest,
                                         const RegisterFile &registers,
                                         const TilePlan &plan,
                                         const LoopOrder &order);

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_TILEBLOCKING_H
