//===- TileAhead.h - What tiles need later ----------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Asks the processor for cache lines that it would not foresee: the results of
// a tile, for they lie on rows far apart; what the next panel or block of terms
// begins with, which has never been read before; the next part of rows that
// come from far; weights that are read once. Addresses behind the end of an
// operand do no harm.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_TILEAHEAD_H
#define MLMODEL_LIB_CODEGEN_TILEAHEAD_H

#include "Reduction.h"
#include "TilePanels.h"

namespace mlmodel {

class TileAhead : public TilePanels {
public:
  TileAhead(mlir::RewriterBase &rewriter, const Reduction &reduction,
            const RegisterFile &registers, const TilePlan &plan)
      : TilePanels(rewriter, reduction.op, registers, plan),
        reduction(reduction),
        blocking(planBlocking(op, nest, registers, plan, order, codes)),
        farRows(findFarRows(nest, registers, plan, order)),
        stream(findStream(nest, registers, plan, order, blocking)),
        loneStream(findLoneStream(nest, registers, plan, order)) {}

  /// Asks for the lines that the tile needs when its sums are done: what the
  /// epilogue reads, and the results.
  void prefetchResults();

  /// Asks for what the panel after this one copies of the current term. Behind
  /// the last one of a row that is often what the next row begins with.
  void prefetchNextPanel(const Access &access);

  /// Asks for the tile's share of the packed vectors that come after those of
  /// this block and panel.
  void prefetchNextBlock();

  /// Asks for weights that are read once and soon, as many as \p terms take.
  void prefetchLoneStream(int64_t terms);

  /// Asks for what the next tile reads of the current row.
  void prefetchFarRow();

  /// The place of the cursor in the loops that share a panel, from the current
  /// chunk on.
  llvm::SmallVector<mlir::Value> getSharingPlace();

protected:
  Reduction reduction;
  Access result;
  Blocking blocking;
  std::optional<FarRows> farRows;
  std::optional<Stream> stream;
  std::optional<LoneStream> loneStream;
  /// The current chunk and block; null outside of them.
  mlir::Value chunkBegin, termsBegin, termsEnd;

private:
  /// Asks for the line \p beyond lanes behind the current ones.
  void prefetchLanes(const Access &access, int64_t beyond);
};

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_TILEAHEAD_H
