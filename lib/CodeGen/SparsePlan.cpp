//===- SparsePlan.cpp - How sums of few terms fit vector registers --------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SparsePlan.h"

using namespace mlir;
using namespace mlmodel;

/// Bytes of a panel: half of a first-level cache. Another thread on the same
/// core may need the rest.
static constexpr int64_t kPanelBytes = 16 << 10;
/// Bytes of waiting sums, which are read and written one after the other: a
/// part of a second-level cache.
static constexpr int64_t kSumsBytes = 128 << 10;

std::optional<unsigned> SparseNest::findRowsLoop() const {
  std::optional<unsigned> rows;
  for (unsigned loop : listed.set_bits()) {
    if (LoopNest::dependsOn(nest.inputs[input], loop))
      continue;
    if (rows)
      return std::nullopt;
    rows = loop;
  }
  return rows;
}

SmallVector<unsigned> SparseNest::getTerms() const {
  SmallVector<unsigned> terms;
  for (unsigned loop = 0; loop < nest.sizes.size(); ++loop)
    if (!nest.isResultLoop(loop))
      terms.push_back(loop);
  return terms;
}

bool SparseNest::usesWeightsOnce() const {
  for (unsigned loop = 0; loop < nest.sizes.size(); ++loop)
    if (nest.isResultLoop(loop) && !listed[loop] && nest.sizes[loop] != 1)
      return false;
  return true;
}

double mlmodel::estimateReading(double bytes) {
  // Caches of the second and third level, where other layers leave some room.
  constexpr double kSecond = 256 << 10, kThird = 16 << 20;
  constexpr double kFromSecond = 32, kFromThird = 22, kFromMemory = 6;
  return bytes / (bytes <= kSecond  ? kFromSecond
                  : bytes <= kThird ? kFromThird
                                    : kFromMemory);
}

namespace {

/// Estimated costs in cycles. They fit a processor with two fused multiply-adds
/// and two vector loads at a time within some 15 %, between 50 % and 95 % of
/// zeros.
///
/// An entry: for each vector of the tile, and for its place and its value.
constexpr double kEntryVector = 0.62, kEntry = 0.5, kLeastEntry = 3.5;
/// A list: that its end is not foreseen, and to start and store its vectors.
constexpr double kList = 10, kListVector = 2;
/// Sums that wait for the next block are stored and loaded once more.
constexpr double kWaitingVector = 1.5;
/// To copy a vector into the panel; a lane, where they have to be gathered.
constexpr double kCopiedVector = 1.5, kCopiedLane = 1;
/// A lane that is stored by itself.
constexpr double kScatteredLane = 2;
/// An entry and a list of scalar sums.
constexpr double kScalarEntry = 1.3, kScalarList = 12;
/// Bytes of an entry: its place, and its value if that is a float.
constexpr double kEntryBytes = 6;

class SparsePlanner {
public:
  SparsePlanner(const SparseNest &sparse, unsigned rowsLoop,
                const RegisterFile &registers)
      : sparse(sparse), nest(sparse.nest), input(nest.inputs[sparse.input]),
        registers(registers), rowsLoop(rowsLoop) {
    SmallVector<unsigned> loops = sparse.getTerms();
    terms = nest.sizes[loops.front()];
    for (unsigned loop : ArrayRef(loops).drop_front())
      inner *= nest.sizes[loop];
  }

  std::optional<SparsePlan> plan() {
    if (sparse.usesWeightsOnce())
      return planScalar();
    for (unsigned lanes = 0; lanes < nest.sizes.size(); ++lanes) {
      if (!isFree(lanes))
        continue;
      tryTile(lanes, std::nullopt);
      for (unsigned rows = 0; rows < nest.sizes.size(); ++rows)
        if (rows != lanes && isFree(rows))
          tryTile(lanes, rows);
    }
    return best;
  }

private:
  /// One sum at a time, if a place is the step of the only loop of terms.
  std::optional<SparsePlan> planScalar() const {
    SmallVector<unsigned> loops = sparse.getTerms();
    if (loops.size() != 1)
      return std::nullopt;
    SparsePlan plan;
    plan.tile.lanesLoop = loops.front();
    plan.rowsLoop = rowsLoop;
    plan.block = terms;
    double lists = 1;
    for (unsigned loop : sparse.listed.set_bits())
      lists *= nest.sizes[loop];
    plan.cycles = std::max(lists * kScalarList + sparse.stored * kScalarEntry,
                           estimateReading(sparse.stored * kEntryBytes));
    return plan;
  }

  /// Whether the steps of \p loop can be pixels of a tile.
  bool isFree(unsigned loop) const {
    return nest.isResultLoop(loop) && !sparse.listed[loop] &&
           LoopNest::dependsOn(input, loop);
  }

  /// Sums that fit the registers beside a value.
  int64_t getMostSums() const { return registers.count - 2; }

  /// Tries all sizes of tiles along \p lanes and, if given, \p rows.
  void tryTile(unsigned lanes, std::optional<unsigned> rows) {
    int64_t size = nest.sizes[lanes];
    int64_t most = std::min<int64_t>(llvm::divideCeil(size, registers.lanes),
                                     getMostSums());
    TilePlan tile;
    tile.lanesLoop = lanes;
    tile.lanesAreResults = true;
    for (tile.vectors = 1; tile.vectors <= most; ++tile.vectors) {
      tile.rows.clear();
      if (!rows) {
        compare(tile);
        continue;
      }
      int64_t mostRows =
          std::min(getMostSums() / tile.vectors, nest.sizes[*rows]);
      for (int64_t steps = 2; steps <= mostRows; ++steps) {
        tile.rows = {{*rows, steps}};
        if (tile.rows.front().split(nest.sizes[*rows]).whole >= 0)
          compare(tile);
      }
    }
  }

  void compare(const TilePlan &tile) {
    SparsePlan plan;
    plan.tile = tile;
    plan.rowsLoop = rowsLoop;
    int64_t width = tile.vectors * registers.lanes * sizeof(float);
    if (!tile.rows.empty())
      width *= tile.rows.front().steps;
    int64_t most = std::max<int64_t>(1, kPanelBytes / (width * inner));
    // Blocks of about the same size.
    plan.block = llvm::divideCeil(terms, llvm::divideCeil(terms, most));
    plan.chunk =
        std::clamp<int64_t>(kSumsBytes / width, 1, nest.sizes[rowsLoop]);
    plan.cycles = estimate(plan);
    if (!best || plan.cycles < 0.99 * best->cycles)
      best = plan;
  }

  double estimate(const SparsePlan &plan) const {
    const TilePlan &tile = plan.tile;
    double others = 1, groups = 1;
    for (unsigned loop = 0; loop < nest.sizes.size(); ++loop) {
      bool isTiled = loop == tile.lanesLoop || loop == rowsLoop ||
                     (!tile.rows.empty() && loop == tile.rows.front().loop);
      if (!nest.isResultLoop(loop) || isTiled)
        continue;
      others *= nest.sizes[loop];
      if (sparse.listed[loop])
        groups *= nest.sizes[loop];
    }
    double entries = sparse.stored / groups;
    if (tile.rows.empty())
      return others * estimateLanes(plan, 1, entries);
    const Unrolled &rows = tile.rows.front();
    auto [whole, less, lessSteps] = rows.split(nest.sizes[rows.loop]);
    double cycles = whole * estimateLanes(plan, rows.steps, entries);
    if (less > 0)
      cycles += less * estimateLanes(plan, lessSteps, entries);
    return others * cycles;
  }

  double estimateLanes(const SparsePlan &plan, int64_t rows,
                       double entries) const {
    int64_t size = nest.sizes[plan.tile.lanesLoop];
    int64_t tile = plan.tile.vectors * registers.lanes, rest = size % tile;
    double cycles =
        (size / tile) * estimateTile(plan, rows * plan.tile.vectors, entries);
    if (rest > 0)
      cycles += estimateTile(
          plan, rows * llvm::divideCeil(rest, registers.lanes), entries);
    return cycles;
  }

  /// A tile of \p vectors sums for all rows.
  double estimateTile(const SparsePlan &plan, double vectors,
                      double entries) const {
    unsigned lanes = plan.tile.lanesLoop;
    bool isContiguous = nest.getMotion(input, lanes) == Motion::Contiguous;
    double copied =
        isContiguous ? kCopiedVector : kCopiedLane * registers.lanes;
    double rows = nest.sizes[rowsLoop];
    double blocks = llvm::divideCeil(terms, plan.block);
    double chunks =
        blocks == 1 ? 1 : llvm::divideCeil(nest.sizes[rowsLoop], plan.chunk);
    double cycles = chunks * terms * inner * vectors * copied;
    cycles += rows * blocks * (kList + kListVector * vectors);
    cycles += rows * (blocks - 1) * kWaitingVector * vectors;
    cycles += entries * std::max(kEntryVector * vectors + kEntry, kLeastEntry);
    if (nest.getMotion(nest.result, lanes) != Motion::Contiguous)
      cycles += rows * vectors * registers.lanes * kScatteredLane;
    return cycles;
  }

  const SparseNest &sparse;
  const LoopNest &nest;
  const LoopNest::Operand &input;
  const RegisterFile &registers;
  unsigned rowsLoop;
  /// The steps of the first loop of terms, and of all others together.
  int64_t terms = 1, inner = 1;
  std::optional<SparsePlan> best;
};

} // namespace

std::optional<SparsePlan> mlmodel::planSparse(const SparseNest &sparse,
                                              const RegisterFile &registers) {
  std::optional<unsigned> rowsLoop = sparse.findRowsLoop();
  if (!rowsLoop)
    return std::nullopt;
  return SparsePlanner(sparse, *rowsLoop, registers).plan();
}
