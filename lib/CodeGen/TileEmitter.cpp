//===- TileEmitter.cpp - Reductions in vector registers -------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The loops are
//
//   for results, tile by tile:
//     sums = what the fill says, or what the results hold
//     for terms:  sums = body(sums)             rows x vectors registers
//     results = epilogue(sums)
//
// What is left over at the end of the lanes' loop gets tiles of its own, the
// last vector with a mask.
//
//===----------------------------------------------------------------------===//

#include "TileEmitter.h"
#include "VectorTranspose.h"
#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlmodel;

//===----------------------------------------------------------------------===//
// What belongs to a reduction
//===----------------------------------------------------------------------===//

/// The next operation after \p op, or before it, that may touch memory.
static Operation *findNeighbour(Operation *op, bool forward) {
  do
    op = forward ? op->getNextNode() : op->getPrevNode();
  while (op && (isMemoryEffectFree(op) || isa<memref::AllocOp>(op)));
  return op;
}

/// Whether \p op writes one value to all elements of its only result.
static bool isFill(linalg::LinalgOp op) {
  return op.getNumDpsInits() == 1 && op.getNumReductionLoops() == 0 &&
         op.getMatchingBlockArgument(op.getDpsInitOperand(0)).use_empty() &&
         op.getBlock()->getOperations().size() == 1 &&
         llvm::none_of(op.getDpsInputs(), [](Value input) {
           return isa<ShapedType>(input.getType());
         });
}

bool mlmodel::isEpilogue(linalg::LinalgOp op) {
  if (op.getNumDpsInits() != 1 || op.getNumReductionLoops() != 0)
    return false;
  OpOperand *init = op.getDpsInitOperand(0);
  if (!op.getMatchingIndexingMap(init).isIdentity() ||
      op.getMatchingBlockArgument(init).use_empty())
    return false;
  return llvm::all_of(
      op.getBlock()->without_terminator(), [](Operation &inner) {
        return OpTrait::hasElementwiseMappableTraits(&inner) &&
               inner.getNumResults() == 1;
      });
}

Reduction mlmodel::findReduction(linalg::LinalgOp op) {
  Reduction reduction{op, {}, {}};
  Value buffer = op.getDpsInits()[0];
  auto find = [&](bool forward) -> linalg::LinalgOp {
    Operation *neighbour = findNeighbour(op, forward);
    auto linalgOp = dyn_cast_or_null<linalg::LinalgOp>(neighbour);
    bool isSame = linalgOp && linalgOp.getNumDpsInits() == 1 &&
                  linalgOp.getDpsInits()[0] == buffer;
    return isSame ? linalgOp : linalg::LinalgOp();
  };
  if (linalg::LinalgOp before = find(/*forward=*/false))
    if (isFill(before))
      reduction.fill = before;
  if (linalg::LinalgOp after = find(/*forward=*/true))
    if (isEpilogue(after) && !llvm::is_contained(after.getDpsInputs(), buffer))
      reduction.epilogue = after;
  return reduction;
}

//===----------------------------------------------------------------------===//
// Emitter
//===----------------------------------------------------------------------===//

namespace {

/// What is read or written, indexed by the loops of the reduction.
struct Access {
  Value source;
  AffineMap map;
  Motion motion;
};

class TileEmitter {
public:
  TileEmitter(RewriterBase &rewriter, const Reduction &reduction,
              const RegisterFile &registers, const TilePlan &plan)
      : rewriter(rewriter), reduction(reduction), op(reduction.op),
        loc(op.getLoc()), registers(registers), plan(plan), nest(op) {}

  void emit() {
    rewriter.setInsertionPoint(reduction.epilogue ? reduction.epilogue : op);
    result = getAccess(*op.getDpsInitOperand(0));
    indices.assign(nest.sizes.size(), Value());
    sortLoops();
    emitResults(0);
    for (linalg::LinalgOp done :
         {reduction.epilogue, reduction.op, reduction.fill})
      if (done)
        rewriter.eraseOp(done);
  }

private:
  Access getAccess(OpOperand &operand) {
    return getAccess(operand.get(), op.getMatchingIndexingMap(&operand));
  }
  Access getAccess(Value source, AffineMap map) {
    auto type = dyn_cast<MemRefType>(source.getType());
    LoopNest::Operand operand{map, getElementTypeOrSelf(source.getType()),
                              type && type.isLastDimUnitStride()};
    return {source, map, nest.getMotion(operand, plan.lanesLoop)};
  }

  const Unrolled *getRows(unsigned loop) const {
    for (const Unrolled &rows : plan.rows)
      if (rows.loop == loop)
        return &rows;
    return nullptr;
  }

  /// Outermost those loops that the vectors depend on, which so stay in the
  /// cache while everything else meets them; innermost the unrolled loops.
  void sortLoops() {
    const LoopNest::Operand *vectors = llvm::find_if(
        nest.inputs, [&](const LoopNest::Operand &input) {
          Motion motion = nest.getMotion(input, plan.lanesLoop);
          return motion == Motion::Contiguous || motion == Motion::Blocked;
        });
    SmallVector<unsigned> others, rows;
    for (unsigned loop = 0; loop < nest.sizes.size(); ++loop) {
      if (!nest.isResultLoop(loop))
        terms.push_back(loop);
      else if (getRows(loop))
        rows.push_back(loop);
      else if (LoopNest::dependsOn(*vectors, loop))
        results.push_back(loop);
      else
        others.push_back(loop);
    }
    llvm::append_range(results, others);
    llvm::append_range(results, rows);
  }

  //===--------------------------------------------------------------------===//
  // Loops over results
  //===--------------------------------------------------------------------===//

  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(rewriter, loc, value);
  }
  Value add(Value a, int64_t b) {
    return b == 0 ? a : arith::AddIOp::create(rewriter, loc, a, index(b));
  }
  VectorType vectorType(Type element) const {
    return VectorType::get(registers.lanes, element);
  }

  /// A loop from \p begin to \p end; \p body does what it surrounds.
  void forEach(int64_t begin, int64_t end, int64_t step, unsigned loop,
               llvm::function_ref<void()> body) {
    if (begin == end)
      return;
    if (end - begin <= step) {
      indices[loop] = index(begin);
      return body();
    }
    auto nestOp = scf::ForOp::create(rewriter, loc, index(begin), index(end),
                                     index(step));
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(nestOp.getBody());
    indices[loop] = nestOp.getInductionVar();
    body();
  }

  void emitResults(size_t depth) {
    if (depth == results.size())
      return emitTile();
    unsigned loop = results[depth];
    auto inner = [&] { emitResults(depth + 1); };
    if (const Unrolled *rows = getRows(loop))
      return emitRows(*rows, inner);
    if (loop == plan.lanesLoop)
      return emitLanes(inner);
    forEach(0, nest.sizes[loop], 1, loop, inner);
  }

  void emitRows(const Unrolled &rows, llvm::function_ref<void()> inner) {
    int64_t size = nest.sizes[rows.loop];
    int64_t middle = rows.split(size).first * rows.steps;
    int64_t &count = rowCounts[&rows - plan.rows.data()];
    count = rows.steps;
    forEach(0, middle, rows.steps, rows.loop, inner);
    count = rows.steps - 1;
    forEach(middle, size, rows.steps - 1, rows.loop, inner);
  }

  void emitLanes(llvm::function_ref<void()> inner) {
    int64_t size = nest.sizes[plan.lanesLoop], lanes = registers.lanes;
    int64_t tile = plan.vectors * lanes, whole = size / tile * tile;
    columns = plan.vectors;
    lastLanes = 0;
    forEach(0, whole, tile, plan.lanesLoop, inner);
    columns = llvm::divideCeil(size - whole, lanes);
    lastLanes = (size - whole) % lanes;
    forEach(whole, size, tile, plan.lanesLoop, inner);
  }

  /// The number of lanes of column \p column that count, 0 for all.
  int64_t getPartial(int64_t column) const {
    return column == columns - 1 ? lastLanes : 0;
  }

  /// Calls \p body with the indices of each of the tile's sums.
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

  /// The tile: sums, the loops over terms, results.
  void emitTile() {
    SmallVector<Value> sums;
    forEachSum([&](int64_t column) { sums.push_back(emitStart(column)); });
    sums = emitTerms(0, sums);
    finish(sums);
    storeTile(sums);
  }

  /// What the terms are added to.
  Value emitStart(int64_t column) {
    if (!plan.lanesAreResults)
      return splat(arith::ConstantOp::create(rewriter, loc, getNeutral()));
    if (reduction.fill)
      return splat(getFillValue());
    return toVector(load(result, getPartial(column)));
  }

  Value getFillValue() {
    Value value = reduction.fill.getBlock()->getTerminator()->getOperand(0);
    auto argument = dyn_cast<BlockArgument>(value);
    if (!argument || argument.getOwner() != reduction.fill.getBlock())
      return value;
    return reduction.fill->getOperand(argument.getArgNumber());
  }

  /// The value that changes nothing when it is combined.
  TypedAttr getNeutral() {
    return rewriter.getF32FloatAttr(0.0f);
  }

  /// From sums to what is stored: vectors, or scalars if lanes are terms.
  void finish(MutableArrayRef<Value> sums) {
    if (!plan.lanesAreResults)
      addLanes(sums);
    linalg::LinalgOp epilogue = reduction.epilogue;
    if (!epilogue)
      return;
    SmallVector<SmallVector<Value>> operands;
    for (OpOperand *input : epilogue.getDpsInputOperands()) {
      AffineMap place =
          epilogue.getMatchingIndexingMap(input).compose(result.map);
      operands.push_back(loadTile(getAccess(input->get(), place)));
    }
    for (auto [i, sum] : llvm::enumerate(sums)) {
      IRMapping map;
      for (auto [operand, argument] :
           llvm::zip(operands, epilogue.getBlock()->getArguments()))
        map.map(argument, operand[i]);
      map.map(epilogue.getBlock()->getArguments().back(), sum);
      sum = cloneBody(epilogue, map);
    }
  }

  void addLanes(MutableArrayRef<Value> sums) {
    size_t next = 0;
    forEachSum([&](int64_t) {
      Value &sum = sums[next++];
      sum = vector::ReductionOp::create(rewriter, loc,
                                        vector::CombiningKind::ADD, sum,
                                        arith::FastMathFlags::reassoc);
      Value start = reduction.fill ? getFillValue() : load(result, 0);
      sum = arith::AddFOp::create(rewriter, loc, start, sum);
    });
  }

  //===--------------------------------------------------------------------===//
  // Loops over terms
  //===--------------------------------------------------------------------===//

  SmallVector<Value> emitTerms(size_t depth, SmallVector<Value> sums) {
    if (depth == terms.size())
      return addTerm(sums);
    unsigned loop = terms[depth];
    if (loop == plan.lanesLoop)
      return emitTermLanes(depth, sums);
    return emitTermLoop(depth, 0, nest.sizes[loop], 1, sums);
  }

  /// A loop over terms that are lanes: whole vectors, then the rest.
  SmallVector<Value> emitTermLanes(size_t depth, SmallVector<Value> sums) {
    int64_t size = nest.sizes[plan.lanesLoop], lanes = registers.lanes;
    int64_t whole = size / lanes * lanes;
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
    auto nestOp = scf::ForOp::create(rewriter, loc, index(begin), index(end),
                                     index(step), sums);
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(nestOp.getBody());
    indices[loop] = nestOp.getInductionVar();
    SmallVector<Value> next = emitTerms(
        depth + 1, llvm::to_vector_of<Value>(nestOp.getRegionIterArgs()));
    scf::YieldOp::create(rewriter, loc, next);
    return llvm::to_vector_of<Value>(nestOp.getResults());
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
    for (OpOperand *input : op.getDpsInputOperands()) {
      BlockArgument argument = op.getMatchingBlockArgument(input);
      if (!argument.use_empty())
        map.map(argument, load(getAccess(*input), partial));
    }
    BlockArgument old = op.getBlock()->getArguments().back();
    if (plan.lanesAreResults) {
      map.map(old, sum);
      return toVector(cloneBody(op, map));
    }
    auto combiner = cast<arith::AddFOp>(findCombiner(op));
    cloneBody(op, map, combiner);
    Value term = toVector(map.lookupOrDefault(
        combiner.getLhs() == old ? combiner.getRhs() : combiner.getLhs()));
    // Lanes behind the end must add nothing, whatever the body makes of zeros.
    if (partial)
      term = arith::SelectOp::create(
          rewriter, loc, getMask(partial), term,
          splat(arith::ConstantOp::create(rewriter, loc, getNeutral())));
    return arith::AddFOp::create(rewriter, loc, sum, term,
                                 combiner.getFastmath());
  }

  //===--------------------------------------------------------------------===//
  // Bodies
  //===--------------------------------------------------------------------===//

  /// Clones a body but for \p except, on vectors where an operand is one, and
  /// returns what it yields.
  Value cloneBody(linalg::LinalgOp from, IRMapping &map,
                  Operation *except = nullptr) {
    for (Operation &inner : from.getBlock()->without_terminator())
      if (&inner != except)
        cloneInner(inner, map);
    return map.lookupOrDefault(
        from.getBlock()->getTerminator()->getOperand(0));
  }

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
    for (Value value : inner.getOperands())
      operands.push_back(toVector(map.lookupOrDefault(value)));
    OperationState state(loc, inner.getName(), operands,
                         vectorType(inner.getResult(0).getType()),
                         inner.getAttrs());
    map.map(inner.getResult(0), rewriter.create(state)->getResult(0));
  }

  //===--------------------------------------------------------------------===//
  // Memory
  //===--------------------------------------------------------------------===//

  SmallVector<Value> getPlace(AffineMap map) {
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
  Value toVector(Value value) {
    return isa<VectorType>(value.getType()) ? value : splat(value);
  }

  /// Calls \p body with the indices of each lane that counts.
  void forEachLane(int64_t partial,
                   llvm::function_ref<void(int64_t lane)> body) {
    Value first = indices[plan.lanesLoop];
    for (int64_t lane = 0; lane < (partial ? partial : registers.lanes);
         ++lane) {
      indices[plan.lanesLoop] = add(first, lane);
      body(lane);
    }
    indices[plan.lanesLoop] = first;
  }

  Value loadScalar(const Access &access) {
    return memref::LoadOp::create(rewriter, loc, access.source,
                                  getPlace(access.map));
  }

  /// A vector where the operand moves with the lanes, else a scalar. Lanes that
  /// do not count are 0 or whatever lies in memory.
  Value load(const Access &access, int64_t partial) {
    if (!isa<MemRefType>(access.source.getType()))
      return access.source;
    if (access.motion == Motion::Still)
      return loadScalar(access);
    VectorType type = vectorType(getElementTypeOrSelf(access.source.getType()));
    Value zeros =
        arith::ConstantOp::create(rewriter, loc, rewriter.getZeroAttr(type));
    if (access.motion == Motion::Other)
      return gather(access, partial, zeros);
    SmallVector<Value> place = getPlace(access.map);
    if (partial == 0 || access.motion == Motion::Blocked)
      return vector::LoadOp::create(rewriter, loc, type, access.source, place);
    return vector::MaskedLoadOp::create(rewriter, loc, type, access.source,
                                        place, getMask(partial), zeros);
  }

  Value gather(const Access &access, int64_t partial, Value zeros) {
    Value lanes = zeros;
    forEachLane(partial, [&](int64_t lane) {
      lanes = vector::InsertOp::create(rewriter, loc, loadScalar(access), lanes,
                                       lane);
    });
    return lanes;
  }

  void store(Value value, int64_t partial) {
    auto storeScalar = [&](Value scalar) {
      memref::StoreOp::create(rewriter, loc, scalar, result.source,
                              getPlace(result.map));
    };
    if (!plan.lanesAreResults)
      return storeScalar(value);
    value = toVector(value);
    if (result.motion == Motion::Other)
      return forEachLane(partial, [&](int64_t lane) {
        storeScalar(vector::ExtractOp::create(rewriter, loc, value, lane));
      });
    SmallVector<Value> place = getPlace(result.map);
    if (partial)
      vector::MaskedStoreOp::create(rewriter, loc, result.source, place,
                                    getMask(partial), value);
    else
      vector::StoreOp::create(rewriter, loc, value, result.source, place);
  }

  //===--------------------------------------------------------------------===//
  // Tiles
  //===--------------------------------------------------------------------===//

  /// Whether \p access, scattered along the lanes, is contiguous along the
  /// rows, so that tiles can be transposed in registers.
  bool isTransposed(const Access &access) {
    if (!plan.lanesAreResults || plan.rows.empty() ||
        access.motion != Motion::Other || rowCounts[0] == 1)
      return false;
    auto type = cast<MemRefType>(access.source.getType());
    LoopNest::Operand operand{access.map, type.getElementType(),
                              type.isLastDimUnitStride()};
    return nest.getMotion(operand, plan.rows[0].loop) == Motion::Contiguous;
  }

  /// What belongs to each sum, scalars where nothing moves with the lanes.
  SmallVector<Value> loadTile(const Access &access) {
    SmallVector<Value> values;
    if (!isTransposed(access)) {
      forEachSum([&](int64_t column) {
        values.push_back(load(access, getPartial(column)));
      });
      return values;
    }
    int64_t lanes = registers.lanes;
    values.resize(rowCounts[0] * columns);
    forEachBlock([&](int64_t row, int64_t rows, int64_t column) {
      SmallVector<Value> block;
      forEachLane(getPartial(column), [&](int64_t) {
        Value along = vector::LoadOp::create(
            rewriter, loc, VectorType::get(rows, rewriter.getF32Type()),
            access.source, getPlace(access.map));
        block.push_back(padLanes(rewriter, loc, along, lanes));
      });
      block.resize(lanes, block.front());
      SmallVector<Value> turned = transposeVectors(rewriter, loc, block);
      for (int64_t i = 0; i < rows; ++i)
        values[(row + i) * columns + column] = turned[i];
    });
    return values;
  }

  void storeTile(ArrayRef<Value> values) {
    if (!isTransposed(result)) {
      size_t next = 0;
      return forEachSum(
          [&](int64_t column) { store(values[next++], getPartial(column)); });
    }
    forEachBlock([&](int64_t row, int64_t rows, int64_t column) {
      SmallVector<Value> block;
      for (int64_t i = 0; i < rows; ++i)
        block.push_back(toVector(values[(row + i) * columns + column]));
      block.resize(registers.lanes, block.front());
      SmallVector<Value> turned = transposeVectors(rewriter, loc, block);
      forEachLane(getPartial(column), [&](int64_t lane) {
        vector::StoreOp::create(rewriter, loc,
                                takeLanes(rewriter, loc, turned[lane], rows),
                                result.source, getPlace(result.map));
      });
    });
  }

  /// Calls \p body for blocks of at most as many rows as there are lanes.
  void forEachBlock(
      llvm::function_ref<void(int64_t row, int64_t rows, int64_t column)>
          body) {
    SmallVector<Value> saved = indices;
    for (int64_t row = 0; row < rowCounts[0]; row += registers.lanes)
      for (int64_t column = 0; column < columns; ++column) {
        indices[plan.rows[0].loop] = add(saved[plan.rows[0].loop], row);
        indices[plan.lanesLoop] =
            add(saved[plan.lanesLoop], column * registers.lanes);
        body(row, std::min(registers.lanes, rowCounts[0] - row), column);
      }
    indices = saved;
  }

  RewriterBase &rewriter;
  Reduction reduction;
  linalg::LinalgOp op;
  Location loc;
  RegisterFile registers;
  const TilePlan &plan;
  LoopNest nest;
  Access result;
  /// The loops over results and over terms, outermost first.
  SmallVector<unsigned> results, terms;
  /// The current place in each loop.
  SmallVector<Value> indices;
  /// The size of the current tile; the lanes that count in its last column.
  int64_t rowCounts[2] = {1, 1};
  int64_t columns = 1, lastLanes = 0;
};

} // namespace

void mlmodel::emitTiles(RewriterBase &rewriter, const Reduction &reduction,
                        const RegisterFile &registers, const TilePlan &plan) {
  TileEmitter(rewriter, reduction, registers, plan).emit();
}
