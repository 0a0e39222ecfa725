//===- TileLoops.h - Loops over tiles ---------------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where the size of a loop is known, what is left over at its end gets tiles of
// its own, the last vector with a mask.
//
// Where it is open, the last tile ends with the loop and so computes some
// results again. If not even one tile fits, smaller ones do it: single rows,
// single vectors. The caller sees to it that there is a vector.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_TILELOOPS_H
#define MLMODEL_LIB_CODEGEN_TILELOOPS_H

#include "TileCursor.h"

namespace mlmodel {

class TileLoops : public TileCursor {
public:
  using TileCursor::TileCursor;

  /// Runs through all of \p loop step by step.
  void forAll(unsigned loop, llvm::function_ref<void()> body);

  /// A loop from \p begin to \p end; \p body does what it surrounds. One
  /// round is no loop, unless it has to be told apart from other parts of the
  /// loop that other threads may take.
  void forEach(int64_t begin, int64_t end, int64_t step, unsigned loop,
               llvm::function_ref<void()> body);

  /// A loop; those over results are independent, but for those that come again
  /// for each block of terms.
  void emitLoop(mlir::Value begin, mlir::Value end, int64_t step,
                llvm::function_ref<void(mlir::Value place)> body,
                bool overResults = false);

  /// Runs through the unrolled loop of \p rows in tiles.
  void emitRows(const Unrolled &rows, llvm::function_ref<void()> inner);
  /// Runs through the loop whose steps are lanes in tiles.
  void emitLanes(llvm::function_ref<void()> inner);

  /// Calls \p part for the larger tiles and for the smaller ones.
  void forEachRowCount(
      const Unrolled *rows, int64_t size,
      llvm::function_ref<void(int64_t begin, int64_t end, int64_t step)> part);
  /// Calls \p part for tiles of all rows, and of one row if there are fewer.
  void forEachOpenRowCount(
      const Unrolled &rows,
      llvm::function_ref<void(mlir::Value begin, mlir::Value end, int64_t step)>
          part);

  /// Moves the cursor to \p place of \p loop, or to where the last tile begins.
  void setPlace(unsigned loop, mlir::Value place);
  /// The place of the cursor in \p loop, as if the last tile were not shifted
  /// back: sums that are computed twice must wait at two places.
  mlir::Value getSlot(unsigned loop);

protected:
  /// The sizes of all loops.
  llvm::SmallVector<mlir::Value> loopSizes;
  /// Whether the loops around are those of a chunk: tiles of which come again
  /// for each block of terms.
  bool isInChunk = false;

private:
  void emitOpenRows(const Unrolled &rows, llvm::function_ref<void()> inner);
  void emitOpenLanes(llvm::function_ref<void()> inner);
  /// Runs through \p loop, of open size, in tiles of \p steps; \p part emits
  /// the loops from a begin to an end that may be the same. Returns what part
  /// of the loop is left because no tile fits.
  mlir::Value forOpenTiles(
      unsigned loop, int64_t steps,
      llvm::function_ref<void(mlir::Value begin, mlir::Value end)> part);

  /// For open loops, where the last tile begins, and where the current one
  /// would if it were no shorter.
  llvm::DenseMap<unsigned, mlir::Value> lastPlace, slots;
};

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_TILELOOPS_H
