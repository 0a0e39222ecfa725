//===- TilePlan.cpp - How a loop nest fits vector registers ---------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TilePlan.h"
#include "MLModel/CodeGen/OpenSizes.h"
#include "TileCodes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlmodel;

//===----------------------------------------------------------------------===//
// LoopNest
//===----------------------------------------------------------------------===//

static LoopNest::Operand describe(linalg::LinalgOp op, OpOperand &operand) {
  Type type = operand.get().getType();
  LoopNest::Operand described{op.getMatchingIndexingMap(&operand),
                              getElementTypeOrSelf(type)};
  if (auto shaped = dyn_cast<ShapedType>(type))
    described.shape = shaped.getShape();
  auto memref = dyn_cast<MemRefType>(type);
  if (!memref)
    return described;
  described.isDense = memref.isLastDimUnitStride();
  if (!memref.getLayout().isIdentity())
    described.strides = memref.getStridesAndOffset().first;
  return described;
}

/// The loops that index \p map.
static llvm::SmallBitVector getLoops(AffineMap map) {
  llvm::SmallBitVector loops(map.getNumDims());
  for (unsigned loop = 0; loop < map.getNumDims(); ++loop)
    loops[loop] = map.isFunctionOfDim(loop);
  return loops;
}

/// The size of the table from which \p op reads an element: 0 if it is nothing
/// of the kind.
static int64_t getTableSize(Operation &op) {
  Value table;
  if (auto load = dyn_cast<memref::LoadOp>(op))
    table = load.getMemRef();
  else if (auto extract = dyn_cast<tensor::ExtractOp>(op))
    table = extract.getTensor();
  auto type = table ? dyn_cast<ShapedType>(table.getType()) : ShapedType();
  return type && type.hasStaticShape() ? type.getNumElements() : 0;
}

/// What the body of \p op computes but for what depends on the old result, and
/// for products that are added to it: that takes one operation together.
static SmallVector<LoopNest::Work> describeBody(linalg::LinalgOp op) {
  SmallVector<LoopNest::Work> works;
  Block *body = op.getBlock();
  Operation *combiner = findCombiner(op);
  llvm::SmallDenseMap<Value, llvm::SmallBitVector> loopsOf;
  for (OpOperand *input : op.getDpsInputOperands())
    loopsOf[op.getMatchingBlockArgument(input)] =
        getLoops(op.getMatchingIndexingMap(input));
  for (Operation &inner : body->without_terminator()) {
    llvm::SmallBitVector loops(op.getNumLoops());
    if (auto index = dyn_cast<linalg::IndexOp>(inner))
      loops.set(index.getDim());
    bool isOfOld =
        llvm::is_contained(inner.getOperands(), body->getArguments().back());
    for (Value operand : inner.getOperands())
      if (auto found = loopsOf.find(operand); found != loopsOf.end())
        loops |= found->second;
    for (Value result : inner.getResults())
      loopsOf[result] = loops;
    bool isProduct = isa<arith::MulFOp>(inner) && inner.hasOneUse() &&
                     *inner.user_begin() == combiner;
    bool isFree =
        isa<linalg::IndexOp, arith::IndexCastOp, affine::AffineApplyOp>(inner);
    if (isOfOld || isProduct || isFree || &inner == combiner || loops.none())
      continue;
    auto known = llvm::find_if(
        works, [&](const LoopNest::Work &work) { return work.loops == loops; });
    if (known == works.end())
      known = works.insert(works.end(), LoopNest::Work{loops});
    if (int64_t size = getTableSize(inner))
      known->tables.push_back(size);
    else
      known->operations += 1;
  }
  return works;
}

SmallVector<int64_t> mlmodel::getTypicalSizes(linalg::LinalgOp op) {
  if (auto sizes = op->getAttrOfType<DenseI64ArrayAttr>(kTypicalSizesAttrName))
    return llvm::to_vector(sizes.asArrayRef());
  return op.getStaticLoopRanges();
}

LoopNest::LoopNest(linalg::LinalgOp op)
    : sizes(getTypicalSizes(op)), open(op.getNumLoops()),
      iterators(op.getIteratorTypesArray()),
      result(describe(op, *op.getDpsInitOperand(0))), works(describeBody(op)) {
  for (OpOperand *input : op.getDpsInputOperands())
    inputs.push_back(describe(op, *input));
  for (auto [loop, size] : llvm::enumerate(op.getStaticLoopRanges()))
    open[loop] = ShapedType::isDynamic(size);
}

bool LoopNest::dependsOn(const Operand &operand, unsigned loop) {
  return llvm::any_of(operand.map.getResults(), [&](AffineExpr expr) {
    return expr.isFunctionOfDim(loop);
  });
}

/// The divisor if \p expr is `loop <kind> divisor`, else 0.
static int64_t getDivisor(AffineExpr expr, AffineExprKind kind,
                          AffineExpr loop) {
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary || binary.getKind() != kind || binary.getLHS() != loop)
    return 0;
  auto divisor = dyn_cast<AffineConstantExpr>(binary.getRHS());
  return divisor ? divisor.getValue() : 0;
}

/// Whether \p map takes \p loop to a block and to an element of the block.
static bool isBlocked(AffineMap map, AffineExpr loop) {
  int64_t block =
      getDivisor(map.getResults().back(), AffineExprKind::Mod, loop);
  unsigned position = cast<AffineDimExpr>(loop).getPosition();
  return block > 0 &&
         llvm::all_of(map.getResults().drop_back(), [&](AffineExpr expr) {
           return !expr.isFunctionOfDim(position) ||
                  getDivisor(expr, AffineExprKind::FloorDiv, loop) == block;
         });
}

/// Whether \p map takes \p loop to the word of a group of codes, of any term.
static bool isGrouped(AffineMap map, unsigned loop) {
  for (unsigned term = 0; term < map.getNumDims(); ++term)
    if (getGroupedBlock(map, loop, term) != 0)
      return true;
  return false;
}

int64_t mlmodel::getBlockSize(const LoopNest::Operand &operand, unsigned loop) {
  AffineExpr lane = getAffineDimExpr(loop, operand.map.getContext());
  for (AffineExpr expr : operand.map.getResults())
    if (int64_t block = getDivisor(expr, AffineExprKind::FloorDiv, lane))
      return block;
  llvm_unreachable("no blocks along this loop");
}

Motion LoopNest::getMotion(const Operand &operand, unsigned loop) const {
  if (!dependsOn(operand, loop))
    return Motion::Still;
  if (!operand.isDense)
    return Motion::Other;
  AffineMap map = operand.map;
  AffineExpr dim = getAffineDimExpr(loop, map.getContext());
  if (isBlocked(map, dim))
    return Motion::Blocked;
  if (isGrouped(map, loop))
    return Motion::Grouped;
  for (AffineExpr expr : map.getResults().drop_back())
    if (expr.isFunctionOfDim(loop))
      return Motion::Other;
  AffineExpr last = map.getResults().back();
  auto step = dyn_cast<AffineConstantExpr>(simplifyAffineExpr(
      last.replace(dim, dim + 1) - last, map.getNumDims(), 0));
  switch (step ? step.getValue() : 0) {
  case 1:
    return Motion::Contiguous;
  case 2:
    return Motion::EveryOther;
  default:
    return Motion::Other;
  }
}

Operation *mlmodel::findCombiner(linalg::LinalgOp op) {
  if (op.getNumDpsInits() != 1)
    return nullptr;
  Block *body = op.getBlock();
  BlockArgument old = body->getArguments().back();
  Operation *last = body->getTerminator()->getOperand(0).getDefiningOp();
  bool combines = last && old.hasOneUse() && *old.user_begin() == last &&
                  last->getNumOperands() == 2;
  return combines ? last : nullptr;
}

//===----------------------------------------------------------------------===//
// Planner
//===----------------------------------------------------------------------===//

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
constexpr double kLatency = 4, kTile = 12, kStore = 1, kScatteredLane = 2,
                 kTransposedLane = 0.7, kHorizontal = 8, kMasked = 6,
                 kEveryOther = 3, kFromFar = 2, kOperation = 0.5,
                 kPermute = 1.5, kLookUp = 1, kTurn = 1;
/// Bytes of vectors that are still in the first-level cache when the next tile
/// reads them again.
constexpr double kNearBytes = 16 << 10;

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
      if (motion == Motion::Other || (motion == Motion::Grouped && !isCodes))
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
    compare(plan);
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
      for (int64_t steps = 2; steps <= most; ++steps) {
        // Steps that would leave tiles of very different sizes.
        if (Unrolled{loop, steps}.split(nest.sizes[loop]).first < 0)
          continue;
        plan.rows.push_back({loop, steps});
        tryRows(plan);
        plan.rows.pop_back();
      }
    }
  }

  void compare(TilePlan &plan) {
    plan.cycles = estimate(plan);
    // Smaller tiles, which come first, win where others gain nothing.
    if (!best || plan.cycles < 0.99 * best->cycles)
      best = plan;
  }

  /// The cycles of all tiles.
  double estimate(const TilePlan &plan) const {
    SmallVector<int64_t, 2> steps;
    return estimateRows(plan, steps);
  }

  double estimateRows(const TilePlan &plan,
                      SmallVectorImpl<int64_t> &steps) const {
    if (steps.size() == plan.rows.size())
      return estimateLanes(plan, steps);
    const Unrolled &rows = plan.rows[steps.size()];
    auto [whole, smaller] = rows.split(nest.sizes[rows.loop]);
    steps.push_back(rows.steps);
    double cycles = whole * estimateRows(plan, steps);
    steps.back() = rows.steps - 1;
    if (smaller > 0)
      cycles += smaller * estimateRows(plan, steps);
    steps.pop_back();
    return cycles;
  }

  /// The cycles of all tiles that take \p steps of the unrolled loops.
  double estimateLanes(const TilePlan &plan, ArrayRef<int64_t> steps) const {
    double others = 1, terms = 1;
    for (unsigned loop = 0; loop < nest.sizes.size(); ++loop) {
      bool isRow = llvm::any_of(
          plan.rows, [&](const Unrolled &rows) { return rows.loop == loop; });
      if (loop == plan.lanesLoop || isRow)
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
    double rows = 1, loads = 0;
    for (int64_t count : steps)
      rows *= count;
    for (const LoopNest::Operand &input : nest.inputs) {
      double count = countLoads(plan, input, steps, vectors);
      bool isFar = LoopNest::dependsOn(input, plan.lanesLoop) &&
                   count * terms * registers.lanes * sizeof(float) > kNearBytes;
      loads += isFar ? kFromFar * count : count;
    }
    double sums = rows * vectors;
    double step = std::max(
        {sums / 2 + countWork(plan, steps, vectors), loads / 2, kLatency});
    double stores = sums * kStore;
    if (!plan.lanesAreResults)
      stores = sums * kHorizontal;
    else if (nest.getMotion(nest.result, plan.lanesLoop) == Motion::Other)
      stores = sums * registers.lanes *
               (canTranspose(plan) ? kTransposedLane : kScatteredLane);
    else if (isMasked)
      stores += rows * kMasked;
    return terms * step + stores + kTile;
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
      cycles += times / sharing * getCycles(work, isVector);
    }
    // The loop itself, which hides behind sums that only wait for loads.
    return isShared ? cycles : cycles + kTurn;
  }

  /// How many tiles share a panel of the values of \p work.
  double countSharing(const TilePlan &plan, const LoopNest::Work &work) const {
    int64_t tiles = 1;
    for (unsigned loop = 0; loop < nest.sizes.size(); ++loop) {
      if (!nest.isResultLoop(loop) || work.loops[loop])
        continue;
      int64_t steps = 1;
      for (const Unrolled &rows : plan.rows)
        if (rows.loop == loop)
          steps = rows.steps;
      tiles *= llvm::divideCeil(nest.sizes[loop], steps);
    }
    return tiles < kLeastSharing ? 1 : tiles;
  }

  /// The cycles of \p work on one vector, or on one scalar.
  double getCycles(const LoopNest::Work &work, bool isVector) const {
    double cycles = work.operations * kOperation;
    for (int64_t size : work.tables) {
      int64_t parts = llvm::divideCeil(size, registers.lanes);
      if (!isVector)
        cycles += kOperation;
      else if (registers.permutesBytes && size <= CodeGroup::kMostEntries)
        cycles += kLookUp;
      else if (parts > kMostTableRegisters)
        cycles += registers.lanes * kScatteredLane / 2;
      else
        cycles += parts * kPermute;
    }
    return cycles;
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
  std::optional<TilePlan> best;
};

} // namespace

std::optional<TilePlan> mlmodel::planTiles(linalg::LinalgOp op,
                                           const LoopNest &nest,
                                           const RegisterFile &registers) {
  return TilePlanner(op, nest, registers).plan();
}

std::optional<TilePlan> mlmodel::planTiles(linalg::LinalgOp op,
                                           const RegisterFile &registers) {
  return planTiles(op, LoopNest(op), registers);
}
