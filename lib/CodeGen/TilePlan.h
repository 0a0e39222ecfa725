//===- TilePlan.h - How a loop nest fits vector registers -------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One loop of a reduction becomes the lanes of vectors. If that is a loop of
// results, each lane is a result of its own; if it is a loop of terms, as the
// inner axis of x W^T, the lanes are combined at the end. One or two further
// loops of results are unrolled, so that a vector once loaded is used several
// times. Which loops, and how many steps of each, is decided by an estimate of
// the cycles that the tiles take.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_TILEPLAN_H
#define MLMODEL_LIB_CODEGEN_TILEPLAN_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/SmallBitVector.h"

namespace mlmodel {

/// The vector registers of a processor.
struct RegisterFile {
  /// float32 values in a register.
  int64_t lanes = 16;
  int64_t count = 32;
  /// Whether there are the instructions of x86 that look up floats in a vector
  /// of 16, or bytes in one of eight floats (TileCodes.h).
  bool permutes = false;
};

/// How the place in an operand moves from one step of a loop to the next.
enum class Motion {
  Still,
  /// To the next element, also at the end of the loop's range.
  Contiguous,
  /// To the next element within blocks that start at multiples of their size.
  /// The last block is whole in memory, whatever the size of the loop.
  Blocked,
  /// To the element after the next: two loads and a shuffle make a vector.
  EveryOther,
  /// In blocks as above, within which neighbours are codes of a group
  /// (TileCodes.h): vectors of them are only looked up, never loaded.
  Grouped,
  Other
};

/// The loops and operands of a linalg operation, without its body.
struct LoopNest {
  struct Operand {
    mlir::AffineMap map;
    mlir::Type element;
    /// Whether neighbours along the last dimension are neighbours in memory.
    bool isDense = true;
    /// The sizes of the dimensions, and their strides where they are not those
    /// of a dense array.
    llvm::ArrayRef<int64_t> shape = {};
    llvm::SmallVector<int64_t> strides = {};
  };

  /// What the body computes beside the sum of products, such as weights from
  /// the bits they are packed in, once for each step of \p loops.
  struct Work {
    llvm::SmallBitVector loops;
    /// Operations on a vector, where \p loops has the lanes, or on a scalar.
    double operations = 0;
    /// The sizes of the tables in which elements are looked up.
    llvm::SmallVector<int64_t, 1> tables = {};
  };

  explicit LoopNest(mlir::linalg::LinalgOp op);

  /// Whether the size of \p loop is only known when the code runs.
  bool isOpen(unsigned loop) const { return open[loop]; }
  bool isResultLoop(unsigned loop) const {
    return iterators[loop] == mlir::utils::IteratorType::parallel;
  }
  Motion getMotion(const Operand &operand, unsigned loop) const;
  static bool dependsOn(const Operand &operand, unsigned loop);
  /// By how much \p expr grows from one step of \p loop to the next; 0 if it
  /// does not always grow by as much.
  int64_t getStep(mlir::AffineExpr expr, unsigned loop) const;
  /// The loops that index \p map.
  static llvm::SmallBitVector getLoops(mlir::AffineMap map);

  /// Those of open loops are typical ones (kTypicalSizesAttrName), or dynamic
  /// if nothing tells them.
  llvm::SmallVector<int64_t> sizes;
  llvm::SmallBitVector open;
  llvm::SmallVector<mlir::utils::IteratorType> iterators;
  llvm::SmallVector<Operand> inputs;
  Operand result;
  llvm::SmallVector<Work> works;
};

/// Tables that fill more vector registers than this are read from memory.
constexpr int64_t kMostTableRegisters = 4;

/// float32 values in a cache line.
constexpr int64_t kLineFloats = 16;

/// Fewer tiles than this do not share a panel (TileBlocking.h).
constexpr int64_t kLeastSharing = 4;

/// Fewer tiles than this do not share a panel that is only copied.
constexpr int64_t kLeastCopySharing = 6;

/// Bytes of a whole panel that is computed or copied: half of a second-level
/// cache.
constexpr int64_t kKeptBytes = 256 << 10;

/// The bytes of \p operand, whose shape is known.
int64_t getNumBytes(const LoopNest::Operand &operand);

/// Whether \p operand is so big that the second-level cache keeps little of it
/// until the next tile.
bool isFar(const LoopNest::Operand &operand);

/// For operands that are blocked or grouped along \p loop, the number of lanes
/// in a block.
int64_t getBlockSize(const LoopNest::Operand &operand, unsigned loop);

/// A loop of which several steps are computed at a time.
struct Unrolled {
  unsigned loop = 0;
  int64_t steps = 1;
  /// Whether an operand lies in blocks of these steps: all tiles but the last
  /// then are whole blocks. Else the steps of all tiles differ by one at most,
  /// so that no tile is much smaller than the others.
  bool isBlocked = false;

  /// How many tiles of `steps`, which come first, and how many of `lessSteps`
  /// make up a loop; `whole` is negative if there is no such way.
  struct Tiles {
    int64_t whole, less, lessSteps;
  };
  Tiles split(int64_t size) const {
    if (isBlocked)
      return {size / steps, size % steps ? 1 : 0, size % steps};
    int64_t tiles = llvm::divideCeil(size, steps);
    int64_t less = tiles * steps - size;
    return {tiles - less, less, steps - 1};
  }
};

struct TilePlan {
  /// The loop whose steps are lanes, and how many vectors of them a tile has.
  unsigned lanesLoop = 0;
  int64_t vectors = 1;
  /// Whether the lanes are results; else they are terms of one result.
  bool lanesAreResults = false;
  llvm::SmallVector<Unrolled, 2> rows;
  /// Whether the terms are written out one by one, without a loop: vectors that
  /// several rows of the tile need are then loaded once, and what all lanes are
  /// multiplied by stays in registers from tile to tile.
  bool unrollsTerms = false;
  /// An estimate for the whole nest.
  double cycles = 0;

  /// The unrolled loop \p loop, or null.
  const Unrolled *getRows(unsigned loop) const {
    const Unrolled *found = llvm::find_if(
        rows, [&](const Unrolled &each) { return each.loop == loop; });
    return found == rows.end() ? nullptr : found;
  }
};

/// The sizes of the loops of \p op, typical ones where the operation tells
/// them.
llvm::SmallVector<int64_t> getTypicalSizes(mlir::linalg::LinalgOp op);

/// The best plan for \p op, a reduction with one result: none if it has sizes
/// of which nothing is known, if no loop walks along memory, or if its body is
/// not elementwise.
std::optional<TilePlan> planTiles(mlir::linalg::LinalgOp op,
                                  const RegisterFile &registers);

/// The same if the operands were laid out as \p nest says.
std::optional<TilePlan> planTiles(mlir::linalg::LinalgOp op,
                                  const LoopNest &nest,
                                  const RegisterFile &registers);

/// The input whose vectors are worth copying, if tiles share them, for where
/// the next vector lies is not behind the one before: none if there are
/// several, or if they are in blocks already.
std::optional<unsigned> findCopiedInput(const LoopNest &nest,
                                        const TilePlan &plan);

/// The cycles that \p work takes for one vector, or for one scalar.
double estimateWork(const LoopNest::Work &work, const RegisterFile &registers,
                    bool isVector);

/// What combines the terms of \p op: the operation of its body that takes the
/// old result and yields the new one. Null if there is no such operation.
mlir::Operation *findCombiner(mlir::linalg::LinalgOp op);

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_TILEPLAN_H
