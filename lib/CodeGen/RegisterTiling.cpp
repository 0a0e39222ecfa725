//===- RegisterTiling.cpp - Sums of products in registers -----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One loop of the operation becomes the lanes of vectors: one along which every
// operand either is contiguous or does not move. If that is a loop of results,
// as the last axis of a convolution's image, each lane is a sum of its own. If
// it is a loop of terms, as the inner axis of x W^T, the lanes are added up at
// the end. One or two further loops of results are unrolled, so that a vector
// once loaded is used several times:
//
//   for other results:  for tiles:
//     sums = 0 or what the results hold        rows x columns registers
//     for terms:  sums += body                 scalars of the body broadcast
//     results = sums
//
// What is left over at the end of an axis gets tiles of its own, the last
// vector with a mask.
//
//===----------------------------------------------------------------------===//

#include "RegisterTiling.h"
#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/AffineExprVisitor.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlmodel;

//===----------------------------------------------------------------------===//
// How operands move
//===----------------------------------------------------------------------===//

namespace {
enum class Motion { Still, Contiguous, Other };
} // namespace

static bool dependsOn(AffineMap map, unsigned loop) {
  return llvm::any_of(map.getResults(), [&](AffineExpr expr) {
    return expr.isFunctionOfDim(loop);
  });
}

/// How an operand moves when \p loop goes one step further.
static Motion getMotion(linalg::LinalgOp op, OpOperand &operand,
                        unsigned loop) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  if (!dependsOn(map, loop))
    return Motion::Still;
  auto type = dyn_cast<MemRefType>(operand.get().getType());
  if (!type || !type.getElementType().isF32() || !type.isLastDimUnitStride())
    return Motion::Other;
  for (AffineExpr expr : map.getResults().drop_back())
    if (expr.isFunctionOfDim(loop))
      return Motion::Other;
  AffineExpr last = map.getResults().back();
  MLIRContext *context = op.getContext();
  AffineExpr next = last.replace(getAffineDimExpr(loop, context),
                                 getAffineDimExpr(loop, context) + 1);
  auto step = dyn_cast<AffineConstantExpr>(
      simplifyAffineExpr(next - last, map.getNumDims(), 0));
  return step && step.getValue() == 1 ? Motion::Contiguous : Motion::Other;
}

//===----------------------------------------------------------------------===//
// Choosing the loops
//===----------------------------------------------------------------------===//

namespace {

/// A loop of which several steps are computed at a time.
struct Unrolled {
  unsigned loop = 0;
  int64_t steps = 1;
};

struct TilePlan {
  /// The loop whose steps are lanes, and how many vectors of them a tile has.
  unsigned lanesLoop = 0;
  int64_t vectors = 1;
  /// Whether the lanes are results; else they are terms of one sum.
  bool lanesAreResults = false;
  SmallVector<Unrolled, 2> rows;
};

/// What the loops of an operation look like; see the top of the file.
class TilePlanner {
public:
  TilePlanner(linalg::LinalgOp op, const RegisterFile &registers)
      : op(op), registers(registers), sizes(op.getStaticLoopRanges()),
        iterators(op.getIteratorTypesArray()) {}

  std::optional<TilePlan> plan() {
    if (!isSum() || llvm::any_of(sizes, ShapedType::isDynamic))
      return std::nullopt;
    TilePlan plan;
    std::optional<unsigned> lanes = findLanes(/*amongResults=*/true);
    plan.lanesAreResults = lanes.has_value();
    if (!lanes)
      lanes = findLanes(/*amongResults=*/false);
    if (!lanes)
      return std::nullopt;
    plan.lanesLoop = *lanes;
    chooseRows(plan);
    return plan;
  }

private:
  bool isResultLoop(unsigned loop) const {
    return iterators[loop] == utils::IteratorType::parallel;
  }

  /// Whether the body adds something to the old value and nothing else.
  bool isSum() {
    if (op.getNumDpsInits() != 1 || op.getNumReductionLoops() == 0)
      return false;
    Block *body = op.getBlock();
    BlockArgument old = body->getArguments().back();
    auto sum =
        body->getTerminator()->getOperand(0).getDefiningOp<arith::AddFOp>();
    auto type = dyn_cast<MemRefType>(op.getDpsInits()[0].getType());
    if (!sum || !old.hasOneUse() || *old.user_begin() != sum || !type ||
        !type.getElementType().isF32())
      return false;
    AffineMap map = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
    for (unsigned loop = 0; loop < op.getNumLoops(); ++loop)
      if (dependsOn(map, loop) != isResultLoop(loop))
        return false;
    return map.isProjectedPermutation(/*allowZeroInResults=*/true);
  }

  /// Whether the body can be computed for several steps of \p loop at once.
  bool fitsBody(unsigned loop) {
    llvm::SmallPtrSet<Value, 16> vectors;
    for (OpOperand *input : op.getDpsInputOperands())
      if (getMotion(op, *input, loop) == Motion::Contiguous)
        vectors.insert(op.getMatchingBlockArgument(input));
    for (Operation &inner : op.getBlock()->without_terminator()) {
      if (auto index = dyn_cast<linalg::IndexOp>(inner))
        if (index.getDim() == loop)
          return false;
      bool isVector = llvm::any_of(inner.getOperands(), [&](Value value) {
        return vectors.contains(value);
      });
      if (!isVector)
        continue;
      if (!OpTrait::hasElementwiseMappableTraits(&inner) ||
          inner.getNumResults() != 1)
        return false;
      vectors.insert(inner.getResult(0));
    }
    return true;
  }

  /// The longest loop that all operands are contiguous along or still.
  std::optional<unsigned> findLanes(bool amongResults) {
    std::optional<unsigned> best;
    for (unsigned loop = 0; loop < op.getNumLoops(); ++loop) {
      if (isResultLoop(loop) != amongResults || sizes[loop] < 4)
        continue;
      bool fits = true, moves = false;
      for (OpOperand &operand : op->getOpOperands()) {
        Motion motion = getMotion(op, operand, loop);
        fits &= motion != Motion::Other;
        moves |= motion == Motion::Contiguous;
      }
      if (fits && moves && fitsBody(loop) &&
          (!best || sizes[loop] > sizes[*best]))
        best = loop;
    }
    return best;
  }

  /// Whether an input that moves along the lanes is used again by the next
  /// step of \p loop.
  bool reusesVectors(unsigned loop, unsigned lanesLoop) {
    return llvm::any_of(op.getDpsInputOperands(), [&](OpOperand *input) {
      return getMotion(op, *input, lanesLoop) == Motion::Contiguous &&
             getMotion(op, *input, loop) == Motion::Still;
    });
  }

  void chooseRows(TilePlan &plan) {
    int64_t left = registers.sums;
    if (plan.lanesAreResults) {
      // Two vectors side by side halve the scalars that each needs.
      plan.vectors = std::min<int64_t>(
          2, llvm::divideCeil(sizes[plan.lanesLoop], registers.lanes));
      left /= plan.vectors;
    }
    size_t most = plan.lanesAreResults ? 1 : 2;
    SmallVector<unsigned> loops;
    for (unsigned loop = op.getNumLoops(); loop-- > 0;)
      if (isResultLoop(loop) && loop != plan.lanesLoop && sizes[loop] > 1 &&
          reusesVectors(loop, plan.lanesLoop) && loops.size() < most)
        loops.push_back(loop);
    for (auto [i, loop] : llvm::enumerate(loops)) {
      // Two loops share the registers evenly.
      int64_t wanted = loops.size() - i == 2 ? 4 : left;
      int64_t steps = std::min<int64_t>(sizes[loop], wanted);
      plan.rows.push_back({loop, steps});
      left /= steps;
    }
  }

  linalg::LinalgOp op;
  const RegisterFile &registers;
  SmallVector<int64_t> sizes;
  SmallVector<utils::IteratorType> iterators;
};

} // namespace

//===----------------------------------------------------------------------===//
// Emitting the loops
//===----------------------------------------------------------------------===//

namespace {

class TileEmitter {
public:
  TileEmitter(RewriterBase &rewriter, linalg::LinalgOp op,
              const RegisterFile &registers, const TilePlan &plan)
      : rewriter(rewriter), op(op), loc(op.getLoc()), registers(registers),
        plan(plan), sizes(op.getStaticLoopRanges()),
        init(*op.getDpsInitOperand(0)) {}

  void emit() {
    rewriter.setInsertionPoint(op);
    indices.resize(op.getNumLoops());
    for (unsigned loop = 0; loop < op.getNumLoops(); ++loop) {
      if (op.getIteratorTypesArray()[loop] != utils::IteratorType::parallel)
        terms.push_back(loop);
      else if (loop != plan.lanesLoop && !getRows(loop))
        outer.push_back(loop);
    }
    emitOuter(0);
    rewriter.eraseOp(op);
  }

private:
  const Unrolled *getRows(unsigned loop) const {
    for (const Unrolled &rows : plan.rows)
      if (rows.loop == loop)
        return &rows;
    return nullptr;
  }

  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(rewriter, loc, value);
  }
  Value add(Value a, int64_t b) {
    return b == 0 ? a : arith::AddIOp::create(rewriter, loc, a, index(b));
  }
  VectorType vectorType(Type element) const {
    return VectorType::get(registers.lanes, element);
  }

  /// A loop from \p begin to \p end; \p body sets what goes along.
  void forEach(int64_t begin, int64_t end, int64_t step, Value &place,
               llvm::function_ref<void()> body) {
    if (end - begin <= step) {
      place = index(begin);
      return body();
    }
    auto loop = scf::ForOp::create(rewriter, loc, index(begin), index(end),
                                   index(step));
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(loop.getBody());
    place = loop.getInductionVar();
    body();
  }

  /// Loops over results that are computed one by one.
  void emitOuter(size_t depth) {
    if (depth == outer.size())
      return emitRows(0);
    unsigned loop = outer[depth];
    forEach(0, sizes[loop], 1, indices[loop], [&] { emitOuter(depth + 1); });
  }

  /// Loops over tiles, first the whole ones, then what is left.
  void emitRows(size_t depth) {
    if (depth == plan.rows.size())
      return emitLanes();
    auto [loop, steps] = plan.rows[depth];
    int64_t whole = sizes[loop] / steps * steps;
    auto emitPart = [&](int64_t begin, int64_t end, int64_t count) {
      if (begin == end)
        return;
      rowCounts[depth] = count;
      forEach(begin, end, count, indices[loop], [&] { emitRows(depth + 1); });
    };
    emitPart(0, whole, steps);
    emitPart(whole, sizes[loop], sizes[loop] - whole);
  }

  void emitLanes() {
    if (!plan.lanesAreResults) {
      columns = 1;
      return emitTile();
    }
    int64_t size = sizes[plan.lanesLoop], lanes = registers.lanes;
    int64_t tile = plan.vectors * lanes, whole = size / tile * tile;
    auto emitPart = [&](int64_t begin, int64_t end, int64_t step) {
      if (begin == end)
        return;
      columns = llvm::divideCeil(std::min(step, end - begin), lanes);
      lastLanes = (end - begin) % lanes;
      forEach(begin, end, step, indices[plan.lanesLoop], [&] { emitTile(); });
    };
    emitPart(0, whole, tile);
    emitPart(whole, size, tile);
    lastLanes = 0;
  }

  /// The number of lanes of column \p column that count, 0 for all.
  int64_t getPartial(int64_t column) const {
    return column == columns - 1 ? lastLanes : 0;
  }

  /// Calls \p body with the indices of each of the tile's sums, as scalars in
  /// the lanes' loop.
  void forEachSum(llvm::function_ref<void(int64_t column)> body) {
    SmallVector<Value> saved = indices;
    int64_t first = plan.rows.empty() ? 1 : rowCounts[0];
    int64_t second = plan.rows.size() < 2 ? 1 : rowCounts[1];
    for (int64_t i = 0; i < first; ++i)
      for (int64_t k = 0; k < second; ++k)
        for (int64_t column = 0; column < columns; ++column) {
          if (!plan.rows.empty())
            indices[plan.rows[0].loop] = add(saved[plan.rows[0].loop], i);
          if (plan.rows.size() > 1)
            indices[plan.rows[1].loop] = add(saved[plan.rows[1].loop], k);
          if (plan.lanesAreResults)
            indices[plan.lanesLoop] =
                add(saved[plan.lanesLoop], column * registers.lanes);
          body(column);
        }
    indices = saved;
  }

  SmallVector<Value> getPlace(OpOperand &operand) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    SmallVector<Value> padded(indices), place;
    for (Value &value : padded)
      if (!value)
        value = index(0);
    for (AffineExpr expr : map.getResults())
      place.push_back(
          affine::expandAffineExpr(rewriter, loc, expr, padded, ValueRange()));
    return place;
  }

  Value getMask(int64_t lanes) {
    return vector::ConstantMaskOp::create(
        rewriter, loc, vectorType(rewriter.getI1Type()),
        rewriter.getDenseI64ArrayAttr({lanes}));
  }
  Value splat(Value scalar) {
    return vector::BroadcastOp::create(rewriter, loc,
                                       vectorType(scalar.getType()), scalar);
  }
  Value zeros() {
    return arith::ConstantOp::create(
        rewriter, loc,
        DenseElementsAttr::get(vectorType(rewriter.getF32Type()), 0.0f));
  }

  /// A vector of \p operand; lanes that do not count are 0.
  Value loadVector(OpOperand &operand, int64_t partial) {
    SmallVector<Value> place = getPlace(operand);
    VectorType type = vectorType(rewriter.getF32Type());
    if (partial == 0)
      return vector::LoadOp::create(rewriter, loc, type, operand.get(), place);
    return vector::MaskedLoadOp::create(rewriter, loc, type, operand.get(),
                                        place, getMask(partial), zeros());
  }

  Value loadScalar(OpOperand &operand) {
    if (!isa<MemRefType>(operand.get().getType()))
      return operand.get();
    return memref::LoadOp::create(rewriter, loc, operand.get(),
                                  getPlace(operand));
  }

  /// The tile: sums, the loops over terms, results.
  void emitTile() {
    SmallVector<Value> sums;
    forEachSum([&](int64_t column) {
      sums.push_back(plan.lanesAreResults ? loadVector(init, getPartial(column))
                                          : zeros());
    });
    sums = emitTerms(0, sums);
    size_t next = 0;
    forEachSum([&](int64_t column) { store(sums[next++], column); });
  }

  SmallVector<Value> emitTerms(size_t depth, SmallVector<Value> sums) {
    if (depth == terms.size())
      return addTerm(sums);
    unsigned loop = terms[depth];
    if (loop == plan.lanesLoop)
      return emitTermLanes(depth, sums);
    return emitTermLoop(depth, 0, sizes[loop], 1, sums);
  }

  /// A loop over terms that are lanes: whole vectors, then the rest.
  SmallVector<Value> emitTermLanes(size_t depth, SmallVector<Value> sums) {
    int64_t size = sizes[plan.lanesLoop], lanes = registers.lanes;
    int64_t whole = size / lanes * lanes;
    lastLanes = 0;
    if (whole > 0)
      sums = emitTermLoop(depth, 0, whole, lanes, sums);
    if (whole < size) {
      lastLanes = size - whole;
      sums = emitTermLoop(depth, whole, size, lanes, sums);
      lastLanes = 0;
    }
    return sums;
  }

  SmallVector<Value> emitTermLoop(size_t depth, int64_t begin, int64_t end,
                                  int64_t step, SmallVector<Value> sums) {
    unsigned loop = terms[depth];
    if (end - begin <= step) {
      indices[loop] = index(begin);
      return emitTerms(depth + 1, sums);
    }
    auto nest = scf::ForOp::create(rewriter, loc, index(begin), index(end),
                                   index(step), sums);
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(nest.getBody());
    indices[loop] = nest.getInductionVar();
    SmallVector<Value> next = emitTerms(
        depth + 1, llvm::to_vector_of<Value>(nest.getRegionIterArgs()));
    scf::YieldOp::create(rewriter, loc, next);
    return llvm::to_vector_of<Value>(nest.getResults());
  }

  /// Adds one step of the terms to all sums. What does not change from one sum
  /// to the next is computed again here and merged by CSE.
  SmallVector<Value> addTerm(ArrayRef<Value> sums) {
    SmallVector<Value> next;
    forEachSum([&](int64_t column) {
      next.push_back(inlineBody(sums[next.size()], getPartial(column)));
    });
    return next;
  }

  Value inlineBody(Value sum, int64_t partial) {
    IRMapping map;
    Block *body = op.getBlock();
    for (OpOperand *input : op.getDpsInputOperands()) {
      BlockArgument argument = op.getMatchingBlockArgument(input);
      if (argument.use_empty())
        continue;
      bool isVector =
          getMotion(op, *input, plan.lanesLoop) == Motion::Contiguous;
      map.map(argument,
              isVector ? loadVector(*input, partial) : loadScalar(*input));
    }
    auto total =
        body->getTerminator()->getOperand(0).getDefiningOp<arith::AddFOp>();
    for (Operation &inner : body->without_terminator())
      if (&inner != total)
        cloneInner(inner, map);
    BlockArgument old = body->getArguments().back();
    Value term = map.lookupOrDefault(total.getLhs() == old ? total.getRhs()
                                                           : total.getLhs());
    if (!isa<VectorType>(term.getType()))
      term = splat(term);
    // Lanes behind the end must add nothing, whatever the body makes of zeros.
    if (partial && !plan.lanesAreResults)
      term = arith::SelectOp::create(rewriter, loc, getMask(partial), term,
                                     zeros());
    return arith::AddFOp::create(rewriter, loc, sum, term, total.getFastmath());
  }

  /// Clones an operation of the body, on vectors if an operand is one.
  void cloneInner(Operation &inner, IRMapping &map) {
    if (auto place = dyn_cast<linalg::IndexOp>(inner))
      return map.map(place.getResult(), indices[place.getDim()]);
    bool isVector = llvm::any_of(inner.getOperands(), [&](Value value) {
      return isa<VectorType>(map.lookupOrDefault(value).getType());
    });
    if (!isVector) {
      rewriter.clone(inner, map);
      return;
    }
    SmallVector<Value> operands;
    for (Value value : inner.getOperands()) {
      Value operand = map.lookupOrDefault(value);
      operands.push_back(isa<VectorType>(operand.getType()) ? operand
                                                            : splat(operand));
    }
    OperationState state(loc, inner.getName(), operands,
                         vectorType(inner.getResult(0).getType()),
                         inner.getAttrs());
    map.map(inner.getResult(0), rewriter.create(state)->getResult(0));
  }

  void store(Value sum, int64_t column) {
    if (!plan.lanesAreResults) {
      Value total =
          vector::ReductionOp::create(rewriter, loc, vector::CombiningKind::ADD,
                                      sum, arith::FastMathFlags::reassoc);
      Value result =
          arith::AddFOp::create(rewriter, loc, total, loadScalar(init));
      memref::StoreOp::create(rewriter, loc, result, init.get(),
                              getPlace(init));
      return;
    }
    if (int64_t partial = getPartial(column))
      vector::MaskedStoreOp::create(rewriter, loc, init.get(), getPlace(init),
                                    getMask(partial), sum);
    else
      vector::StoreOp::create(rewriter, loc, sum, init.get(), getPlace(init));
  }

  RewriterBase &rewriter;
  linalg::LinalgOp op;
  Location loc;
  RegisterFile registers;
  TilePlan plan;
  SmallVector<int64_t> sizes;
  OpOperand &init;
  /// Loops over single results, and over terms.
  SmallVector<unsigned> outer, terms;
  /// The current place in each loop.
  SmallVector<Value> indices;
  /// The size of the current tile; the lanes that count in its last column.
  int64_t rowCounts[2] = {1, 1};
  int64_t columns = 1, lastLanes = 0;
};

} // namespace

bool mlmodel::lowerToRegisterTiles(RewriterBase &rewriter, linalg::LinalgOp op,
                                   const RegisterFile &registers) {
  std::optional<TilePlan> plan = TilePlanner(op, registers).plan();
  if (!plan)
    return false;
  TileEmitter(rewriter, op, registers, *plan).emit();
  return true;
}
