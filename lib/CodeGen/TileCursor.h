//===- TileCursor.h - The place of a tile in its loops ----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_TILECURSOR_H
#define MLMODEL_LIB_CODEGEN_TILECURSOR_H

#include "Reduction.h"
#include "TileCodes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"

namespace mlmodel {

/// Memory of the function around for float32 values, which all its rounds
/// share.
mlir::Value allocateScratch(mlir::RewriterBase &rewriter, mlir::Location loc,
                            llvm::ArrayRef<int64_t> shape);

/// What is read or written, indexed by the loops of a nest.
struct Access {
  mlir::Value source;
  mlir::AffineMap map;
  Motion motion;
};

/// Where in the loops of a nest code is being emitted: which tile, and how big
/// it is. Loads and stores what belongs to the tile.
class TileCursor {
public:
  TileCursor(mlir::RewriterBase &rewriter, mlir::Location loc,
             const LoopNest &nest, const RegisterFile &registers,
             const TilePlan &plan)
      : rewriter(rewriter), loc(loc), registers(registers), plan(plan),
        nest(nest), indices(nest.sizes.size()) {}

  Access getAccess(mlir::Value source, mlir::AffineMap map);

  /// The unrolled loop \p loop, or null.
  const Unrolled *getRows(unsigned loop) const { return plan.getRows(loop); }

  /// The number of lanes of column \p column that count, 0 for all,
  /// kOpenLanes for as many as openLanes says.
  int64_t getPartial(int64_t column) const {
    return column == columns - 1 ? lastLanes : 0;
  }

  /// Calls \p body with the indices of each of the tile's sums.
  void forEachSum(llvm::function_ref<void(int64_t column)> body);

  /// A vector where the operand moves with the lanes, else a scalar. Lanes that
  /// do not count are 0 or whatever lies in memory.
  mlir::Value load(const Access &access, int64_t partial);

  /// What belongs to each sum, scalars where nothing moves with the lanes.
  llvm::SmallVector<mlir::Value> loadTile(const Access &access);

  /// Stores a value for each sum: vectors, or scalars if lanes are terms.
  void storeTile(const Access &access, llvm::ArrayRef<mlir::Value> values);

  /// Asks the processor for the cache lines of each sum, if those of different
  /// sums are different lines.
  void prefetchTile(const Access &access, bool isWrite);
  /// Asks for the line \p beyond elements behind the current place.
  void prefetch(const Access &access, mlir::Value beyond, bool isWrite);

  /// Applies \p epilogue to each of the tile's sums; \p resultMap takes the
  /// loops to the result, which are the epilogue's loops.
  void applyEpilogue(mlir::linalg::LinalgOp epilogue, mlir::AffineMap resultMap,
                     llvm::MutableArrayRef<mlir::Value> sums);

  /// Clones an operation of a body, on vectors where an operand is one. Indices
  /// are those of the current place.
  void cloneOperation(mlir::Operation &inner, mlir::IRMapping &map);

  /// The elements of \p table, of rank 1, at the places in \p indices.
  mlir::Value lookUp(mlir::Value table, mlir::Value indices);

  /// Where the cursor is in what \p map indexes.
  llvm::SmallVector<mlir::Value> getPlace(mlir::AffineMap map);
  /// A loop whose body is what \p body emits for its place.
  mlir::scf::ForOp emitLoop(mlir::Value begin, mlir::Value end, int64_t step,
                            llvm::function_ref<void(mlir::Value place)> body);

  mlir::Value allocate(llvm::ArrayRef<int64_t> shape) {
    return allocateScratch(rewriter, loc, shape);
  }

  /// A vector for each term of the group of \p codes that begins here.
  llvm::SmallVector<mlir::Value>
  lookUpGroup(const TileCodes &codes, llvm::ArrayRef<mlir::Value> tables);

  mlir::Value index(int64_t value);
  mlir::Value add(mlir::Value a, int64_t b);
  mlir::VectorType vectorType(mlir::Type element) const;
  mlir::Value getMask(int64_t lanes);
  mlir::Value splat(mlir::Value scalar);
  mlir::Value toVector(mlir::Value value);

protected:
  mlir::RewriterBase &rewriter;
  mlir::Location loc;
  RegisterFile registers;
  const TilePlan &plan;
  LoopNest nest;
  /// The current place in each loop; null outside of it.
  llvm::SmallVector<mlir::Value> indices;
  /// The size of the current tile; the lanes that count in its last column.
  int64_t rowCounts[2] = {1, 1};
  int64_t columns = 1, lastLanes = 0;
  static constexpr int64_t kOpenLanes = -1;
  mlir::Value openLanes;

private:
  /// Where the current tile begins in each unrolled loop, and how many steps
  /// from there the cursor is; null while it is not at a row of the tile.
  mlir::Value rowBegins[2];
  int64_t rowOffsets[2] = {0, 0};

  mlir::Value permute(mlir::Value table, mlir::Value places);
  mlir::Value gather(mlir::Value table, mlir::Value places);
  mlir::Value getLane(mlir::Value vector, int64_t lane);
  llvm::SmallVector<mlir::Value> getLanes(mlir::Value vector);
  /// Calls \p body with the indices of each lane that counts.
  void forEachLane(int64_t partial,
                   llvm::function_ref<void(int64_t lane)> body);
  /// Calls \p body for blocks of at most as many rows as there are lanes.
  void forEachBlock(
      llvm::function_ref<void(int64_t row, int64_t rows, int64_t column)> body);
  mlir::Value loadScalar(const Access &access);
  mlir::Value gather(const Access &access, int64_t partial, mlir::Value zeros);
  mlir::Value loadEveryOther(const Access &access, int64_t partial,
                             mlir::Value zeros);
  void store(const Access &access, mlir::Value value, int64_t partial);
  void storeParts(mlir::Value target, llvm::SmallVector<mlir::Value> place,
                  mlir::Value value, int64_t count);
  /// Whether \p access, scattered along the lanes, is contiguous along the
  /// rows, so that tiles can be transposed in registers.
  bool isTransposed(const Access &access);
};

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_TILECURSOR_H
