//===- TilePlan.cpp - How a loop nest fits vector registers ---------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TilePlan.h"
#include "TileCodes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlmodel;

/// Whether \p op reads an element of a table that stays the same.
static bool isTableLookup(Operation &op) {
  auto load = dyn_cast<memref::LoadOp>(op);
  if (!load)
    return false;
  MemRefType type = load.getMemRefType();
  return type.getRank() == 1 && type.hasStaticShape() &&
         type.getElementType().isF32() && type.getLayout().isIdentity() &&
         load.getMemRef().getParentBlock() != op.getBlock();
}

namespace {

/// Estimated costs, in cycles of a processor that does two vector operations
/// and two loads at a time.
constexpr double kLatency = 4, kLoad = 0.55, kTile = 12, kStore = 1,
                 kScatteredLane = 2, kTransposedLane = 0.7, kHorizontal = 8,
                 kMasked = 3, kEveryOther = 3, kFromFar = 2, kOperation = 0.5,
                 kPermute = 1.5, kLookUp = 1, kLoadedEntry = 0.7, kTurn = 1,
                 kCopy = 1.5, kSpreadCopy = 6, kNewLine = 0.8, kFarLine = 3,
                 kPartOfLine = 4;
/// Bytes of vectors that are still in the first-level cache when the next tile
/// reads them again.
constexpr double kNearBytes = 16 << 10;
/// More terms than a window of 3 x 3 has are not written out one by one.
constexpr int64_t kMostUnrolledTerms = 9;

class TilePlanner {
public:
  TilePlanner(linalg::LinalgOp op, const LoopNest &nest,
              const RegisterFile &registers)
      : op(op), nest(nest), registers(registers) {}

  std::optional<TilePlan> plan() {
    if (!isCandidate())
      return std::nullopt;
    for (unsigned loop = 0; loop < nest.sizes.size(); ++loop)
      if (nest.sizes[loop] >= 4 && canBeLanes(loop))
        tryLanes(loop);
    return best;
  }

private:
  bool isCandidate() {
    if (op.getNumDpsInits() != 1 || op.getNumReductionLoops() == 0 ||
        llvm::any_of(nest.sizes, ShapedType::isDynamic) ||
        llvm::is_contained(nest.sizes, 0) || !nest.result.element.isF32())
      return false;
    for (unsigned loop = 0; loop < nest.sizes.size(); ++loop)
      if (LoopNest::dependsOn(nest.result, loop) != nest.isResultLoop(loop))
        return false;
    return nest.result.map.isProjectedPermutation(/*allowZeroInResults=*/true);
  }

  /// Whether the body can be computed for several steps of \p loop at once.
  bool fitsBody(unsigned loop) {
    Block *body = op.getBlock();
    llvm::SmallPtrSet<Value, 16> vectors;
    for (auto [input, argument] : llvm::zip(nest.inputs, body->getArguments()))
      if (LoopNest::dependsOn(input, loop))
        vectors.insert(argument);
    if (nest.isResultLoop(loop))
      vectors.insert(body->getArguments().back());
    for (Operation &inner : body->without_terminator()) {
      // Codes are looked up in a way of their own.
      if (codes && codes->ops.contains(&inner)) {
        vectors.insert(inner.getResult(0));
        continue;
      }
      if (auto index = dyn_cast<linalg::IndexOp>(inner))
        if (index.getDim() == loop)
          return false;
      bool isVector = llvm::any_of(inner.getOperands(), [&](Value value) {
        return vectors.contains(value);
      });
      if (!isVector)
        continue;
      bool fits = OpTrait::hasElementwiseMappableTraits(&inner) &&
                  inner.getNumResults() == 1;
      if (!fits && !isTableLookup(inner))
        return false;
      vectors.insert(inner.getResult(0));
    }
    return true;
  }

  bool canBeLanes(unsigned loop) {
    codes = findCodes(op, loop, registers);
    bool moves = false;
    for (auto [i, input] : llvm::enumerate(nest.inputs)) {
      Motion motion = nest.getMotion(input, loop);
      bool isCodes = codes && codes->words->getOperandNumber() == i;
      bool isOfRows = motion == Motion::Blocked &&
                      getBlockSize(input, loop) % registers.lanes != 0;
      if (motion == Motion::Other || isOfRows ||
          (motion == Motion::Grouped && !isCodes))
        return false;
      if (nest.isOpen(loop) && !canBeOpen(motion, loop))
        return false;
      moves |= motion != Motion::Still;
    }
    if (!moves || !fitsBody(loop))
      return false;
    // Lanes of terms are combined in another order than the loop's.
    return nest.isResultLoop(loop) ||
           isa_and_nonnull<arith::AddFOp>(findCombiner(op));
  }

  /// Whether lanes along \p loop, of open size, can move so. The last vector of
  /// results begins wherever it has to, so as to end with the loop; that of
  /// terms has a mask.
  bool canBeOpen(Motion motion, unsigned loop) const {
    return motion == Motion::Still || motion == Motion::Contiguous ||
           (motion == Motion::EveryOther && nest.isResultLoop(loop));
  }

  void tryLanes(unsigned lanesLoop) {
    TilePlan plan;
    plan.lanesLoop = lanesLoop;
    plan.lanesAreResults = nest.isResultLoop(lanesLoop);
    for (int64_t vectors : {1, 2, 3, 4, 6, 8}) {
      plan.vectors = vectors;
      if (vectors > 1 && !canHaveVectors(lanesLoop, vectors))
        break;
      tryRows(plan);
    }
  }

  /// Whether the results of a tile, the vectors that it uses again from row to
  /// row, and a scalar for all lanes fit into the registers.
  bool fitsRegisters(const TilePlan &plan) const {
    int64_t rows = 1, kept = plan.vectors;
    for (const Unrolled &each : plan.rows)
      rows *= each.steps;
    if (!plan.lanesAreResults)
      kept = plan.rows.empty() ? 1 : plan.rows.front().steps;
    // Codes that are not in a panel take four tables and a mask.
    if (codes && plan.rows.empty())
      kept += 5;
    return rows * plan.vectors + kept + 1 <= registers.count;
  }

  /// Whether codes of bytes that are not in a panel would be looked up for more
  /// than one vector: the bytes and floats of a group on the way take all other
  /// registers, so that some would go to memory and back.
  bool spillsCodes(const TilePlan &plan) const {
    return codes && codes->group.isOfBytes() && plan.rows.empty() &&
           plan.vectors > 1;
  }

  bool canHaveVectors(unsigned lanesLoop, int64_t vectors) const {
    int64_t tile = vectors * registers.lanes;
    if (!nest.isResultLoop(lanesLoop) ||
        tile >= nest.sizes[lanesLoop] + registers.lanes)
      return false;
    return llvm::all_of(nest.inputs, [&](const LoopNest::Operand &input) {
      Motion motion = nest.getMotion(input, lanesLoop);
      return (motion != Motion::Blocked && motion != Motion::Grouped) ||
             getBlockSize(input, lanesLoop) % tile == 0;
    });
  }

  /// Tries all ways to fill the registers with steps of other loops.
  void tryRows(TilePlan plan) {
    if (!fitsRegisters(plan))
      return;
    if (!spillsCodes(plan))
      compare(plan);
    if (canUnrollTerms(plan)) {
      plan.unrollsTerms = true;
      compare(plan);
      plan.unrollsTerms = false;
    }
    if (plan.rows.size() == (plan.lanesAreResults ? 1 : 2))
      return;
    for (unsigned loop = 0; loop < nest.sizes.size(); ++loop) {
      bool isTaken = loop == plan.lanesLoop ||
                     (!plan.rows.empty() && loop <= plan.rows.back().loop);
      // All rows share the codes that were looked up.
      bool isOfCodes =
          codes && LoopNest::dependsOn(
                       nest.inputs[codes->words->getOperandNumber()], loop);
      if (!nest.isResultLoop(loop) || isTaken || isOfCodes)
        continue;
      int64_t most = std::min(registers.count, nest.sizes[loop]);
      int64_t block = getRowBlock(loop);
      for (int64_t steps = 2; steps <= most; ++steps) {
        Unrolled rows{loop, steps, steps == block};
        // Steps that would leave tiles of very different sizes.
        if ((block && steps != block) || rows.split(nest.sizes[loop]).whole < 0)
          continue;
        plan.rows.push_back(rows);
        tryRows(plan);
        plan.rows.pop_back();
      }
    }
  }

  /// Whether registers hold what all lanes are multiplied by, for all terms.
  bool canUnrollTerms(const TilePlan &plan) const {
    if (!plan.lanesAreResults || codes || !nest.works.empty())
      return false;
    int64_t terms = 1, sums = plan.vectors, scalars = 0;
    for (unsigned loop = 0; loop < nest.sizes.size(); ++loop) {
      if (nest.isResultLoop(loop))
        continue;
      if (nest.isOpen(loop))
        return false;
      terms *= nest.sizes[loop];
    }
    for (const Unrolled &rows : plan.rows)
      sums *= rows.steps;
    for (const LoopNest::Operand &input : nest.inputs) {
      if (LoopNest::dependsOn(input, plan.lanesLoop))
        continue;
      for (const Unrolled &rows : plan.rows)
        if (LoopNest::dependsOn(input, rows.loop))
          return false;
      scalars += terms;
    }
    return terms > 1 && terms <= kMostUnrolledTerms &&
           sums + scalars + 1 <= registers.count;
  }

  /// Which part of the places that rows and terms of a tile read in \p input
  /// are different ones.
  double getDifferentPart(const TilePlan &plan, const LoopNest::Operand &input,
                          ArrayRef<int64_t> steps) const {
    if (!LoopNest::dependsOn(input, plan.lanesLoop))
      return 0;
    SmallVector<int64_t> counts(nest.sizes);
    for (auto [row, count] : llvm::zip(plan.rows, steps))
      counts[row.loop] = count;
    double part = 1;
    for (AffineExpr expr : input.map.getResults()) {
      int64_t span = 1, places = 1;
      for (unsigned loop = 0; loop < nest.sizes.size(); ++loop) {
        if (!plan.getRows(loop) && nest.isResultLoop(loop))
          continue;
        span += std::abs(nest.getStep(expr, loop)) * (counts[loop] - 1);
        if (expr.isFunctionOfDim(loop))
          places *= counts[loop];
      }
      part *= std::min(1.0, double(span) / places);
    }
    return part;
  }

  /// The number of steps of \p loop in a block, if an operand lies in blocks.
  int64_t getRowBlock(unsigned loop) const {
    for (const LoopNest::Operand &input : nest.inputs)
      if (nest.getMotion(input, loop) == Motion::Blocked)
        return getBlockSize(input, loop);
    return 0;
  }

  void compare(TilePlan &plan) {
    plan.cycles = estimate(plan);
    // Smaller tiles, which come first, win where others gain nothing.
    if (!best || plan.cycles < 0.99 * best->cycles)
      best = plan;
  }

  /// The cycles of all tiles.
  double estimate(const TilePlan &plan) {
    findCopied(plan);
    SmallVector<int64_t, 2> steps;
    return estimateRows(plan, steps);
  }

  double estimateRows(const TilePlan &plan,
                      SmallVectorImpl<int64_t> &steps) const {
    if (steps.size() == plan.rows.size())
      return estimateLanes(plan, steps);
    const Unrolled &rows = plan.rows[steps.size()];
    auto [whole, less, lessSteps] = rows.split(nest.sizes[rows.loop]);
    steps.push_back(rows.steps);
    double cycles = whole * estimateRows(plan, steps);
    steps.back() = lessSteps;
    if (less > 0)
      cycles += less * estimateRows(plan, steps);
    steps.pop_back();
    return cycles;
  }

  /// The cycles of all tiles that take \p steps of the unrolled loops.
  double estimateLanes(const TilePlan &plan, ArrayRef<int64_t> steps) const {
    double others = 1, terms = 1;
    for (unsigned loop = 0; loop < nest.sizes.size(); ++loop) {
      if (loop == plan.lanesLoop || plan.getRows(loop))
        continue;
      (nest.isResultLoop(loop) ? others : terms) *= nest.sizes[loop];
    }
    int64_t size = nest.sizes[plan.lanesLoop], lanes = registers.lanes;
    if (!plan.lanesAreResults) {
      terms *= llvm::divideCeil(size, lanes);
      return others * estimateTile(plan, steps, 1, terms, /*isMasked=*/false);
    }
    int64_t tile = plan.vectors * lanes, rest = size % tile;
    double cycles =
        (size / tile) * estimateTile(plan, steps, plan.vectors, terms, false);
    if (rest > 0)
      cycles += estimateTile(plan, steps, llvm::divideCeil(rest, lanes), terms,
                             rest % lanes != 0);
    return others * cycles;
  }

  double estimateTile(const TilePlan &plan, ArrayRef<int64_t> steps,
                      int64_t vectors, double terms, bool isMasked) const {
    double rows = 1, loads = 0, others = 0;
    for (int64_t count : steps)
      rows *= count;
    for (auto [i, input] : llvm::enumerate(nest.inputs)) {
      if (copied == i) {
        loads += vectors;
        bool isSpread =
            nest.getMotion(input, plan.lanesLoop) == Motion::EveryOther;
        others += vectors * (isSpread ? kSpreadCopy : kCopy) / copySharing;
        continue;
      }
      double part =
          plan.unrollsTerms ? getDifferentPart(plan, input, steps) : 1;
      double count = part * countLoads(plan, input, steps, vectors);
      bool fallsOut =
          LoopNest::dependsOn(input, plan.lanesLoop) &&
          count * terms * registers.lanes * sizeof(float) > kNearBytes;
      loads += fallsOut ? kFromFar * count : count;
      others += part * (readsFarLines(plan, input) ? kFarLine : kNewLine) *
                countNewLines(plan, input, steps, vectors);
    }
    double sums = rows * vectors;
    double step = std::max(sums / 2, loads * kLoad);
    if (!plan.unrollsTerms)
      step = std::max(
          {sums / 2 + countWork(plan, steps, vectors), step, kLatency});
    step += others;
    return terms * step + countStores(plan, sums, vectors, isMasked) + kTile;
  }

  /// The cycles to store the \p sums of a tile.
  double countStores(const TilePlan &plan, double sums, int64_t vectors,
                     bool isMasked) const {
    if (!plan.lanesAreResults)
      return sums * kHorizontal;
    double rows = sums / vectors, stores = sums * kStore;
    int64_t lanes = vectors * registers.lanes;
    if (nest.getMotion(nest.result, plan.lanesLoop) == Motion::Other) {
      // A few results on each of many lines, which are planes of images apart
      // and soon gone again.
      double lines = isFar(nest.result) ? lanes * kPartOfLine : 0;
      return lines +
             rows * lanes *
                 (canTranspose(plan) ? kTransposedLane : kScatteredLane);
    }
    if (isMasked)
      return stores + rows * kMasked;
    return lanes % kLineFloats == 0 ? stores : stores + rows * kPartOfLine;
  }

  /// The cycles that a step of the terms takes for what the body computes
  /// beside the sums. Panels share it between the tiles that have it in common.
  double countWork(const TilePlan &plan, ArrayRef<int64_t> steps,
                   int64_t vectors) const {
    double cycles = 0;
    bool isShared = true;
    for (const LoopNest::Work &work : nest.works) {
      bool isFixed = true, isVector = work.loops[plan.lanesLoop];
      for (unsigned loop : work.loops.set_bits())
        isFixed &= nest.isResultLoop(loop);
      if (isFixed)
        continue;
      double times = isVector ? vectors : 1;
      for (auto [row, count] : llvm::zip(plan.rows, steps))
        if (work.loops[row.loop])
          times *= count;
      double sharing =
          isVector && plan.lanesAreResults ? countSharing(plan, work) : 1;
      isShared &= sharing > 1;
      cycles += times / sharing * estimateWork(work, registers, isVector);
    }
    // The loop itself, which hides behind sums that only wait for loads.
    return isShared ? cycles : cycles + kTurn;
  }

  /// How many tiles share a panel of the values of \p work.
  double countSharing(const TilePlan &plan, const LoopNest::Work &work) const {
    int64_t tiles = countTiles(plan, work.loops);
    return tiles < kLeastSharing ? 1 : tiles;
  }

  /// How many tiles differ in no loop of \p fixed.
  int64_t countTiles(const TilePlan &plan,
                     const llvm::SmallBitVector &fixed) const {
    int64_t tiles = 1;
    for (unsigned loop = 0; loop < nest.sizes.size(); ++loop) {
      if (!nest.isResultLoop(loop) || fixed[loop])
        continue;
      const Unrolled *rows = plan.getRows(loop);
      tiles *= llvm::divideCeil(nest.sizes[loop], rows ? rows->steps : 1);
    }
    return tiles;
  }

  /// Finds the input that \p plan copies, as planBlocking does.
  void findCopied(const TilePlan &plan) {
    copied = findCopiedInput(nest, plan);
    if (!copied)
      return;
    int64_t bytes = plan.vectors * registers.lanes * sizeof(float);
    for (unsigned loop = 0; loop < nest.sizes.size(); ++loop)
      if (!nest.isResultLoop(loop))
        bytes *= nest.sizes[loop];
    copySharing =
        countTiles(plan, LoopNest::getLoops(nest.inputs[*copied].map));
    if (copySharing < kLeastCopySharing || bytes > kKeptBytes)
      copied = std::nullopt;
  }

  /// Whether rows of tiles read every other element of far lines.
  bool readsFarLines(const TilePlan &plan,
                     const LoopNest::Operand &input) const {
    return isFar(input) && llvm::any_of(plan.rows, [&](const Unrolled &rows) {
             return nest.getMotion(input, rows.loop) == Motion::EveryOther;
           });
  }

  /// How many cache lines of \p input a step of the terms is the first to
  /// touch, on average.
  double countNewLines(const TilePlan &plan, const LoopNest::Operand &input,
                       ArrayRef<int64_t> steps, int64_t vectors) const {
    Motion lanes = nest.getMotion(input, plan.lanesLoop);
    if (lanes == Motion::Blocked || lanes == Motion::Grouped)
      return 0;
    double lines = 0, along = 1;
    for (unsigned loop = 0; loop < nest.sizes.size(); ++loop) {
      if (nest.isResultLoop(loop) || !LoopNest::dependsOn(input, loop))
        continue;
      lines = 1;
      if (nest.getMotion(input, loop) == Motion::Contiguous)
        along =
            std::max(along, std::min<double>(nest.sizes[loop], kLineFloats));
    }
    if (LoopNest::dependsOn(input, plan.lanesLoop))
      lines *= std::max(1.0, double(vectors * registers.lanes) / kLineFloats);
    for (auto [row, count] : llvm::zip(plan.rows, steps)) {
      Motion motion = nest.getMotion(input, row.loop);
      if (motion == Motion::Blocked)
        return 0;
      if (motion == Motion::Other)
        lines *= count;
    }
    return lines / along;
  }

  /// Whether what is scattered along the lanes is contiguous along the rows.
  bool canTranspose(const TilePlan &plan) const {
    return !plan.rows.empty() &&
           nest.getMotion(nest.result, plan.rows.front().loop) ==
               Motion::Contiguous;
  }

  /// How many loads of \p input a step of the terms takes, or what takes as
  /// long.
  double countLoads(const TilePlan &plan, const LoopNest::Operand &input,
                    ArrayRef<int64_t> steps, int64_t vectors) const {
    bool isFixed = true;
    for (unsigned loop = 0; loop < nest.sizes.size(); ++loop)
      isFixed &= nest.isResultLoop(loop) || !LoopNest::dependsOn(input, loop);
    if (isFixed)
      return 0;
    Motion motion = nest.getMotion(input, plan.lanesLoop);
    double loads = motion == Motion::Still ? 1 : vectors;
    if (motion == Motion::EveryOther)
      loads *= kEveryOther;
    for (auto [row, count] : llvm::zip(plan.rows, steps))
      if (LoopNest::dependsOn(input, row.loop))
        loads *= count;
    return loads;
  }

  linalg::LinalgOp op;
  const LoopNest &nest;
  const RegisterFile &registers;
  /// What is looked up along the current loop of lanes.
  std::optional<TileCodes> codes;
  /// The input that the current plan copies, and how many tiles share a copy.
  std::optional<unsigned> copied;
  double copySharing = 1;
  std::optional<TilePlan> best;
};

} // namespace

double mlmodel::estimateWork(const LoopNest::Work &work,
                             const RegisterFile &registers, bool isVector) {
  double cycles = work.operations * kOperation;
  for (int64_t size : work.tables) {
    int64_t parts = llvm::divideCeil(size, registers.lanes);
    if (!isVector)
      cycles += kOperation;
    else if (registers.permutes && size <= CodeGroup::kMostEntries)
      cycles += kLookUp;
    else if (parts > kMostTableRegisters)
      cycles += registers.lanes * kLoadedEntry;
    else
      cycles += parts * kPermute;
  }
  return cycles;
}

std::optional<TilePlan> mlmodel::planTiles(linalg::LinalgOp op,
                                           const LoopNest &nest,
                                           const RegisterFile &registers) {
  return TilePlanner(op, nest, registers).plan();
}

std::optional<TilePlan> mlmodel::planTiles(linalg::LinalgOp op,
                                           const RegisterFile &registers) {
  return planTiles(op, LoopNest(op), registers);
}
