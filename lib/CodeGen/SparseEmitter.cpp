//===- SparseEmitter.cpp - Sums of few terms in vector registers ----------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// SparsePlan.h tells the loops. If there are several blocks of terms, the sums
// of all rows wait in memory from one block to the next.
//
//===----------------------------------------------------------------------===//

#include "IndependentLoops.h"
#include "SparsePlan.h"
#include "TileCursor.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlmodel;

bool mlmodel::isSparse(linalg::LinalgOp op) {
  return op->hasAttrOfType<DictionaryAttr>(kSparseAttrName);
}

static int64_t getProperty(linalg::LinalgOp op, StringRef name) {
  return op->getAttrOfType<DictionaryAttr>(kSparseAttrName)
      .getAs<IntegerAttr>(name)
      .getInt();
}

/// The search for an entry in the body of \p op.
static scf::ForOp findSearch(linalg::LinalgOp op) {
  auto loops = op.getBlock()->getOps<scf::ForOp>();
  return loops.empty() ? scf::ForOp() : *loops.begin();
}

/// The nest of \p op, which packSparse has made.
static SparseNest describe(linalg::LinalgOp op) {
  SparseNest sparse{LoopNest(op), 0, llvm::SmallBitVector(op.getNumLoops()),
                    getProperty(op, kSparseStoredName)};
  // The body asks for the row, and for the place among the terms.
  for (auto index : op.getBlock()->getOps<linalg::IndexOp>())
    if (sparse.nest.isResultLoop(index.getDim()))
      sparse.listed.set(index.getDim());
  return sparse;
}

double mlmodel::getStoredFraction(linalg::LinalgOp op) {
  SparseNest sparse = describe(op);
  double weights = 1;
  for (unsigned loop = 0; loop < sparse.nest.sizes.size(); ++loop)
    if (sparse.listed[loop] || !sparse.nest.isResultLoop(loop))
      weights *= sparse.nest.sizes[loop];
  return sparse.stored / weights;
}

namespace {

class SparseEmitter : TileCursor {
public:
  SparseEmitter(RewriterBase &rewriter, const Reduction &reduction,
                const RegisterFile &registers, const SparseNest &sparse,
                const SparsePlan &plan)
      : TileCursor(rewriter, reduction.op->getLoc(), sparse.nest, registers,
                   plan.tile),
        reduction(reduction), op(reduction.op), search(findSearch(op)),
        terms(sparse.getTerms()), rowsLoop(plan.rowsLoop), chunk(plan.chunk),
        block(getProperty(op, kSparseBlockName)) {
    numBlocks = llvm::divideCeil(nest.sizes[terms.front()], block);
    for (unsigned loop = 0; loop < nest.sizes.size(); ++loop)
      if (nest.isResultLoop(loop) && loop != rowsLoop && !isTiled(loop))
        others.push_back(loop);
  }

  void emit() {
    rewriter.setInsertionPoint(reduction.epilogue ? reduction.epilogue : op);
    OpOperand &init = *op.getDpsInitOperand(0);
    OpOperand &in = *op.getDpsInputOperand(0);
    result = getAccess(init.get(), op.getMatchingIndexingMap(&init));
    input = getAccess(in.get(), op.getMatchingIndexingMap(&in));
    if (plan.lanesAreResults)
      makeScratch();
    else
      input.motion = Motion::Still;
    emitOthers(0);
    for (linalg::LinalgOp done :
         {reduction.epilogue, reduction.op, reduction.fill})
      if (done)
        rewriter.eraseOp(done);
  }

private:
  bool isTiled(unsigned loop) const {
    return loop == plan.lanesLoop || getRows(loop);
  }

  //===--------------------------------------------------------------------===//
  // Loops
  //===--------------------------------------------------------------------===//

  /// A loop, or its body alone if it has one round only.
  void forEach(int64_t begin, int64_t end, int64_t step, unsigned loop,
               llvm::function_ref<void()> body) {
    if (end - begin > step) {
      emitLoop(index(begin), index(end), step, loop, body);
    } else if (begin != end) {
      indices[loop] = index(begin);
      body();
    }
  }

  /// The same, over tiles, which threads may share: what each of them writes is
  /// read by no other. One round of several loops stays a loop.
  void forEachTile(int64_t begin, int64_t end, int64_t step, unsigned loop,
                   llvm::function_ref<void()> body) {
    bool isAll = begin == 0 && end == nest.sizes[loop];
    if (begin == end || (isAll && end <= step))
      return forEach(begin, end, step, loop, body);
    markIndependent(emitLoop(index(begin), index(end), step, loop, body));
  }

  scf::ForOp emitLoop(Value begin, Value end, int64_t step, unsigned loop,
                      llvm::function_ref<void()> body) {
    return TileCursor::emitLoop(begin, end, step, [&](Value place) {
      indices[loop] = place;
      body();
    });
  }

  void emitOthers(size_t depth) {
    if (depth == others.size())
      return emitTiles();
    unsigned loop = others[depth];
    forEachTile(0, nest.sizes[loop], 1, loop, [&] { emitOthers(depth + 1); });
  }

  void emitTiles() {
    if (!plan.lanesAreResults)
      return forEachTile(0, nest.sizes[rowsLoop], 1, rowsLoop,
                         [&] { emitScalarRow(); });
    if (plan.rows.empty())
      return emitLanes();
    const Unrolled &rows = plan.rows.front();
    int64_t size = nest.sizes[rows.loop];
    Unrolled::Tiles tiles = rows.split(size);
    int64_t middle = tiles.whole * rows.steps;
    rowCounts[0] = rows.steps;
    forEachTile(0, middle, rowCounts[0], rows.loop, [&] { emitLanes(); });
    rowCounts[0] = tiles.lessSteps;
    forEachTile(middle, size, rowCounts[0], rows.loop, [&] { emitLanes(); });
  }

  void emitLanes() {
    int64_t size = nest.sizes[plan.lanesLoop], lanes = registers.lanes;
    int64_t tile = plan.vectors * lanes, whole = size / tile * tile;
    columns = plan.vectors;
    lastLanes = 0;
    forEachTile(0, whole, tile, plan.lanesLoop, [&] { emitTile(); });
    columns = llvm::divideCeil(size - whole, lanes);
    lastLanes = (size - whole) % lanes;
    forEachTile(whole, size, tile, plan.lanesLoop, [&] { emitTile(); });
  }

  /// All rows of one tile of pixels.
  void emitTile() {
    int64_t size = nest.sizes[rowsLoop], whole = size / chunk * chunk;
    if (numBlocks == 1) {
      emitPanel(index(0), index(nest.sizes[terms.front()]));
      return forEach(0, size, 1, rowsLoop, [&] { emitRow(); });
    }
    forEach(0, whole, chunk, rowsLoop, [&] { emitChunk(chunk); });
    forEach(whole, size, chunk, rowsLoop, [&] { emitChunk(size - whole); });
  }

  //===--------------------------------------------------------------------===//
  // Blocks of terms
  //===--------------------------------------------------------------------===//

  /// Memory of the function for a panel and for the sums of a chunk.
  void makeScratch() {
    int64_t places = block, sums = plan.vectors;
    for (unsigned loop : ArrayRef(terms).drop_front())
      places *= nest.sizes[loop];
    if (!plan.rows.empty())
      sums *= plan.rows.front().steps;
    panel = allocate({places, sums * registers.lanes});
    if (numBlocks > 1)
      waiting = allocate({chunk, sums * registers.lanes});
  }

  /// All blocks of terms for \p count rows from the current one on.
  void emitChunk(int64_t count) {
    unsigned loop = terms.front();
    int64_t size = nest.sizes[loop];
    Value first = indices[rowsLoop];
    chunkBegin = first;
    forEach(0, size, block, loop, [&] {
      Value begin = indices[loop];
      Value end =
          arith::MinSIOp::create(rewriter, loc, add(begin, block), index(size));
      auto isAt = [&](Value place, int64_t wanted) {
        return arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::eq,
                                     place, index(wanted));
      };
      isFirstBlock = isAt(begin, 0);
      isLastBlock = isAt(end, size);
      emitPanel(begin, end);
      emitLoop(first, add(first, count), 1, rowsLoop, [&] { emitRow(); });
    });
    indices[rowsLoop] = first;
  }

  /// Copies what the tile may need of the terms from \p begin to \p end of the
  /// first loop.
  void emitPanel(Value begin, Value end) {
    SmallVector<Value> saved = indices;
    emitLoop(begin, end, 1, terms.front(), [&] {
      Value place =
          arith::SubIOp::create(rewriter, loc, indices[terms.front()], begin);
      emitPanelTerms(1, place);
    });
    indices = saved;
    indices[terms.front()] = begin;
  }

  void emitPanelTerms(size_t depth, Value place) {
    if (depth < terms.size()) {
      unsigned loop = terms[depth];
      emitLoop(index(0), index(nest.sizes[loop]), 1, loop, [&] {
        Value next = arith::MulIOp::create(rewriter, loc, place,
                                           index(nest.sizes[loop]));
        emitPanelTerms(depth + 1, arith::AddIOp::create(rewriter, loc, next,
                                                        indices[loop]));
      });
      return;
    }
    int64_t sum = 0;
    forEachSum([&](int64_t column) {
      Value x = toVector(load(input, getPartial(column)));
      vector::StoreOp::create(
          rewriter, loc, x, panel,
          ValueRange{place, index(sum++ * registers.lanes)});
    });
  }

  /// Calls \p body with the place of each sum of the current row that waits.
  void forEachWaiting(llvm::function_ref<void(ValueRange place)> body) {
    Value row =
        arith::SubIOp::create(rewriter, loc, indices[rowsLoop], chunkBegin);
    int64_t sum = 0;
    forEachSum([&](int64_t) { body({row, index(sum++ * registers.lanes)}); });
  }

  //===--------------------------------------------------------------------===//
  // Rows
  //===--------------------------------------------------------------------===//

  /// The entries of one row in the current block.
  void emitRow() {
    if (numBlocks == 1)
      return storeResults(emitEntries(getStart()));
    SmallVector<Value> sums = choose(
        isFirstBlock, [&] { return getStart(); },
        [&] { return loadWaiting(); });
    sums = emitEntries(sums);
    choose(
        isLastBlock,
        [&] {
          storeResults(sums);
          return SmallVector<Value>();
        },
        [&] {
          storeWaiting(sums);
          return SmallVector<Value>();
        });
  }

  /// Emits one of two branches, which give the same number of vectors.
  SmallVector<Value> choose(Value condition,
                            llvm::function_ref<SmallVector<Value>()> onTrue,
                            llvm::function_ref<SmallVector<Value>()> onFalse) {
    auto emitBranch = [&](llvm::function_ref<SmallVector<Value>()> branch) {
      return [this, branch](OpBuilder &, Location) {
        scf::YieldOp::create(rewriter, loc, branch());
      };
    };
    OpBuilder::InsertionGuard guard(rewriter);
    auto branches = scf::IfOp::create(rewriter, loc, condition,
                                      emitBranch(onTrue), emitBranch(onFalse));
    return llvm::to_vector_of<Value>(branches.getResults());
  }

  void storeResults(SmallVector<Value> sums) {
    if (reduction.epilogue)
      applyEpilogue(reduction.epilogue, result.map, sums);
    storeTile(result, sums);
  }

  SmallVector<Value> getStart() {
    SmallVector<Value> sums;
    forEachSum([&](int64_t column) {
      sums.push_back(reduction.fill
                         ? splat(getFillValue(reduction.fill))
                         : toVector(load(result, getPartial(column))));
    });
    return sums;
  }

  SmallVector<Value> loadWaiting() {
    SmallVector<Value> sums;
    forEachWaiting([&](ValueRange place) {
      sums.push_back(vector::LoadOp::create(
          rewriter, loc, vectorType(rewriter.getF32Type()), waiting, place));
    });
    return sums;
  }

  void storeWaiting(ArrayRef<Value> sums) {
    size_t next = 0;
    forEachWaiting([&](ValueRange place) {
      vector::StoreOp::create(rewriter, loc, sums[next++], waiting, place);
    });
  }

  /// What the body computes before it searches, which tells where the list of
  /// the current row is.
  IRMapping findList() {
    for (unsigned loop : ArrayRef(terms).drop_front())
      indices[loop] = index(0);
    IRMapping map;
    for (Operation &inner :
         llvm::make_range(op.getBlock()->begin(), search->getIterator()))
      cloneOperation(inner, map);
    return map;
  }

  /// A loop over entries of the row's list from \p begin to \p end, of which it
  /// takes \p step at a time, each for \p sums / \p step of the sums.
  SmallVector<Value> emitEntryLoop(Value begin, Value end, int64_t step,
                                   ArrayRef<Value> sums,
                                   const IRMapping &list) {
    auto loop =
        scf::ForOp::create(rewriter, loc, begin, end, index(step), sums);
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(loop.getBody());
    SmallVector<Value> next;
    int64_t perEntry = sums.size() / step;
    for (int64_t i = 0; i < step; ++i)
      llvm::append_range(next, addEntry(add(loop.getInductionVar(), i),
                                        ValueRange(loop.getRegionIterArgs())
                                            .slice(i * perEntry, perEntry),
                                        list));
    scf::YieldOp::create(rewriter, loc, next);
    return llvm::to_vector_of<Value>(loop.getResults());
  }

  SmallVector<Value> emitEntries(ArrayRef<Value> sums) {
    IRMapping list = findList();
    return emitEntryLoop(list.lookupOrDefault(search.getLowerBound()),
                         list.lookupOrDefault(search.getUpperBound()), 1, sums,
                         list);
  }

  /// A row whose sum is a scalar: every fourth entry goes to the same part of
  /// it, so that one addition need not wait for another.
  void emitScalarRow() {
    constexpr int64_t kParts = 4;
    indices[terms.front()] = index(0);
    IRMapping list = findList();
    Value begin = list.lookupOrDefault(search.getLowerBound());
    Value end = list.lookupOrDefault(search.getUpperBound());
    Value zero = arith::ConstantOp::create(rewriter, loc,
                                           rewriter.getF32FloatAttr(0.0f));
    Value start = reduction.fill ? getFillValue(reduction.fill)
                                 : load(result, /*partial=*/0);
    Value rest = arith::RemUIOp::create(
        rewriter, loc, arith::SubIOp::create(rewriter, loc, end, begin),
        index(kParts));
    Value middle = arith::SubIOp::create(rewriter, loc, end, rest);
    SmallVector<Value> parts{start, zero, zero, zero};
    parts = emitEntryLoop(begin, middle, kParts, parts, list);
    parts[0] = emitEntryLoop(middle, end, 1, parts[0], list)[0];
    auto sum = [&](Value a, Value b) {
      return arith::AddFOp::create(rewriter, loc, a, b);
    };
    storeResults({sum(sum(parts[0], parts[1]), sum(parts[2], parts[3]))});
  }

  /// Adds \p entry of the list, as if the body had found it, to \p sums.
  SmallVector<Value> addEntry(Value entry, ValueRange sums, IRMapping map) {
    Value isFound =
        arith::ConstantOp::create(rewriter, loc, rewriter.getBoolAttr(true));
    map.map(search.getResults(), ValueRange{isFound, entry});
    Value place = getPlaceOf(entry, map);
    // What does not depend on the tile is the same for all sums.
    Block *body = op.getBlock();
    BlockArgument x = body->getArgument(0), old = body->getArguments().back();
    llvm::SmallPtrSet<Value, 8> ofTile{x, old};
    SmallVector<Operation *> perSum;
    for (Operation &inner :
         llvm::make_range(std::next(search->getIterator()),
                          body->getTerminator()->getIterator())) {
      if (llvm::none_of(inner.getOperands(),
                        [&](Value value) { return ofTile.contains(value); })) {
        cloneOperation(inner, map);
        continue;
      }
      perSum.push_back(&inner);
      ofTile.insert(inner.getResult(0));
    }
    SmallVector<Value> next;
    for (Value sum : sums) {
      map.map(old, sum);
      map.map(x, loadTerm(place, next.size()));
      for (Operation *inner : perSum)
        cloneOperation(*inner, map);
      next.push_back(map.lookup(body->getTerminator()->getOperand(0)));
    }
    return next;
  }

  /// What the term at \p place is multiplied with for sum number \p sum.
  Value loadTerm(Value place, int64_t sum) {
    if (plan.lanesAreResults)
      return vector::LoadOp::create(
          rewriter, loc, vectorType(rewriter.getF32Type()), panel,
          ValueRange{place, index(sum * registers.lanes)});
    indices[terms.front()] = place;
    return load(input, /*partial=*/0);
  }

  /// The row of the panel that \p entry belongs to: what the search compares
  /// with the place that it wants.
  Value getPlaceOf(Value entry, const IRMapping &outside) {
    IRMapping map(outside);
    map.map(search.getInductionVar(), entry);
    auto compared = *search.getBody()->getOps<arith::CmpIOp>().begin();
    for (Operation &inner :
         llvm::make_range(search.getBody()->begin(), compared->getIterator()))
      rewriter.clone(inner, map);
    return map.lookup(compared.getLhs());
  }

  Reduction reduction;
  linalg::LinalgOp op;
  scf::ForOp search;
  SmallVector<unsigned> terms;
  unsigned rowsLoop;
  int64_t chunk, block, numBlocks;
  /// The loops of results around the tiles.
  SmallVector<unsigned> others;
  Access result, input;
  /// What the tile may need of a block of terms, and the sums of a chunk.
  Value panel, waiting;
  /// The first row of the chunk, and whether a block of terms is the first or
  /// the last one.
  Value chunkBegin, isFirstBlock, isLastBlock;
};

} // namespace

LogicalResult mlmodel::emitSparse(RewriterBase &rewriter,
                                  const Reduction &reduction,
                                  const RegisterFile &registers) {
  SparseNest sparse = describe(reduction.op);
  std::optional<SparsePlan> plan = planSparse(sparse, registers);
  // Plain loops serve any size.
  if (!plan || sparse.nest.open.any() || !findSearch(reduction.op))
    return failure();
  SparseEmitter(rewriter, reduction, registers, sparse, *plan).emit();
  return success();
}
