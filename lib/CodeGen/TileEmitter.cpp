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
// TileLoops.h tells about the tiles at the ends of loops.
//
//===----------------------------------------------------------------------===//

#include "TileEmitter.h"
#include "IndependentLoops.h"
#include "TileAhead.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlmodel;

/// Fewer sums than these would wait for each other: a processor adds to several
/// registers in the time that it takes to add to the same one again. Looking up
/// codes byte by byte takes longer, and most of the registers.
static constexpr int64_t kLeastSums = 4, kLeastSumsOfBytes = 2;
/// Fewer steps than these are not worth adding up more sums.
static constexpr int64_t kLeastChainSteps = 16;

namespace {

class TileEmitter : TileAhead {
public:
  using TileAhead::TileAhead;

  void emit() {
    rewriter.setInsertionPoint(reduction.epilogue ? reduction.epilogue : op);
    result = getAccess(*op.getDpsInitOperand(0));
    splitTables();
    for (Range range : op.createLoopRanges(rewriter, loc))
      loopSizes.push_back(
          getValueOrCreateConstantIndexOp(rewriter, loc, range.size));
    makeScratch();
    emitResults(0, [&] { emitTile(); });
    for (linalg::LinalgOp done :
         {reduction.epilogue, reduction.op, reduction.fill})
      if (done)
        rewriter.eraseOp(done);
  }

private:
  //===--------------------------------------------------------------------===//
  // Loops over results
  //===--------------------------------------------------------------------===//

  /// Emits the loops over results from number \p depth on, around \p leaf.
  void emitResults(size_t depth, llvm::function_ref<void()> leaf) {
    if (depth == order.numVectorLoops && blocking.block != 0 && !isInBlock)
      return emitBlocks(depth, leaf);
    if (depth == order.results.size())
      return leaf();
    unsigned loop = order.results[depth];
    auto inner = [&] { emitResults(depth + 1, leaf); };
    if (const Unrolled *rows = getRows(loop))
      return emitRows(*rows, inner);
    if (loop == plan.lanesLoop)
      return emitLanes(inner);
    forAll(loop, inner);
  }

  //===--------------------------------------------------------------------===//
  // Blocks of terms
  //===--------------------------------------------------------------------===//

  /// Memory of the function for a panel and for waiting sums.
  void makeScratch() {
    if (blocking.block == 0)
      return;
    int64_t width = plan.vectors * registers.lanes, inner = 1;
    for (unsigned loop : ArrayRef(order.terms).drop_front())
      inner *= nest.sizes[loop];
    if (blocking.panel.value)
      panel = allocate({blocking.block * inner, width});
    if (blocking.numBlocks == 1)
      return;
    SmallVector<int64_t> shape;
    for (unsigned loop :
         ArrayRef(order.results).drop_front(order.numVectorLoops))
      shape.push_back(nest.sizes[loop]);
    shape.front() = getChunk(getRows(order.results[order.numVectorLoops]));
    shape.push_back(width);
    waiting = allocate(shape);
  }

  /// The steps of a chunk: whole tiles of \p rows, if those are unrolled.
  int64_t getChunk(const Unrolled *rows) const {
    return rows ? llvm::alignTo(blocking.chunk, rows->steps) : blocking.chunk;
  }

  /// Loops over blocks of terms, each around all tiles that share its panel.
  void emitBlocks(size_t depth, llvm::function_ref<void()> leaf) {
    isInBlock = true;
    unsigned loop = order.results[depth];
    const Unrolled *rows = getRows(loop);
    int64_t size = nest.sizes[loop], chunk = getChunk(rows);
    if (blocking.numBlocks == 1) {
      emitPanel();
      emitResults(depth, leaf);
    } else if (nest.isOpen(loop)) {
      emitOpenChunks(depth, leaf);
    } else if (chunk >= size) {
      chunkBegin = index(0);
      emitChunk(
          [&](llvm::function_ref<void()> tile) { emitResults(depth, tile); });
    } else {
      auto emitPart = [&](int64_t begin, int64_t end, int64_t step) {
        if (begin == end)
          return;
        auto emitFrom = [&](Value first) {
          chunkBegin = first;
          Value last = getEnd(first, chunk, begin, end);
          emitChunk([&](llvm::function_ref<void()> tile) {
            emitLoop(first, last, step, [&](Value place) {
              indices[loop] = place;
              emitResults(depth + 1, tile);
            });
          });
        };
        emitLoop(index(begin), index(end), chunk, emitFrom,
                 /*overResults=*/true);
      };
      forEachRowCount(rows, size, emitPart);
    }
    chunkBegin = Value();
    isInBlock = false;
  }

  /// Chunks of the open loop at \p depth.
  void emitOpenChunks(size_t depth, llvm::function_ref<void()> leaf) {
    unsigned loop = order.results[depth];
    const Unrolled *rows = getRows(loop);
    int64_t chunk = getChunk(rows);
    auto emitPart = [&](Value begin, Value end, int64_t step) {
      emitLoop(begin, end, chunk, [&](Value first) {
        chunkBegin = first;
        Value last =
            arith::MinSIOp::create(rewriter, loc, add(first, chunk), end);
        emitChunk([&](llvm::function_ref<void()> tile) {
          emitLoop(first, last, step, [&](Value place) {
            setPlace(loop, place);
            emitResults(depth + 1, tile);
          });
        });
      });
    };
    if (rows)
      return forEachOpenRowCount(*rows, emitPart);
    emitPart(index(0), loopSizes[loop], 1);
  }

  /// The end of a block of \p steps from \p first on.
  Value getEnd(Value first, int64_t steps, int64_t begin, int64_t end) {
    Value next = add(first, steps);
    if ((end - begin) % steps == 0)
      return next;
    return arith::MinSIOp::create(rewriter, loc, next, index(end));
  }

  /// All blocks of terms for the tiles that \p forTiles runs through.
  void
  emitChunk(llvm::function_ref<void(llvm::function_ref<void()>)> forTiles) {
    isInChunk = true;
    forTiles([&] {
      prefetchResults();
      storeWaiting(getStart());
    });
    unsigned loop = order.terms.front();
    int64_t size = nest.sizes[loop];
    emitLoop(index(0), index(size), blocking.block, [&](Value first) {
      termsBegin = first;
      termsEnd = getEnd(first, blocking.block, 0, size);
      if (panel)
        emitPanel();
      forTiles([&] {
        prefetchNextBlock();
        storeWaiting(emitTerms(0, loadWaiting()));
      });
    });
    termsBegin = termsEnd = Value();
    forTiles([&] { storeResults(loadWaiting()); });
    isInChunk = false;
  }

  /// Where the sum that the cursor is at waits.
  SmallVector<Value> getWaitingPlace(int64_t column) {
    SmallVector<Value> place = getSharingPlace();
    place.push_back(index(column * registers.lanes));
    return place;
  }

  SmallVector<Value> loadWaiting() {
    SmallVector<Value> sums;
    forEachSum([&](int64_t column) {
      sums.push_back(vector::LoadOp::create(rewriter, loc,
                                            vectorType(rewriter.getF32Type()),
                                            waiting, getWaitingPlace(column)));
    });
    return sums;
  }

  void storeWaiting(ArrayRef<Value> sums) {
    size_t next = 0;
    forEachSum([&](int64_t column) {
      vector::StoreOp::create(rewriter, loc, sums[next++], waiting,
                              getWaitingPlace(column));
    });
  }

  /// The row of the panel for the current term.
  Value getPanelRow() {
    Value row = indices[order.terms.front()];
    if (termsBegin)
      row = arith::SubIOp::create(rewriter, loc, row, termsBegin);
    for (unsigned loop : ArrayRef(order.terms).drop_front()) {
      row = arith::MulIOp::create(rewriter, loc, row, index(nest.sizes[loop]));
      row = arith::AddIOp::create(rewriter, loc, row, indices[loop]);
    }
    return row;
  }

  /// Computes the panel of the current block.
  void emitPanel() {
    if (!panel)
      return;
    SmallVector<Value> saved = indices;
    emitPanelTerms(0);
    indices = saved;
  }

  void emitPanelTerms(size_t depth) {
    if (depth < order.terms.size()) {
      unsigned loop = order.terms[depth];
      bool isBlocked = depth == 0 && termsBegin;
      Value begin = isBlocked ? termsBegin : index(0);
      Value end = isBlocked ? termsEnd : index(nest.sizes[loop]);
      return emitLoop(begin, end, depth == 0 ? getGroupTerms() : 1,
                      [&](Value place) {
                        indices[loop] = place;
                        emitPanelTerms(depth + 1);
                      });
    }
    Value first = indices[plan.lanesLoop];
    for (int64_t column = 0; column < columns; ++column) {
      indices[plan.lanesLoop] = add(first, column * registers.lanes);
      SmallVector<Value> found = lookUpCodes();
      forEachGroupTerm(getGroupTerms(), [&](int64_t term) {
        emitPanelVector(column, found.empty() ? Value() : found[term]);
      });
    }
    indices[plan.lanesLoop] = first;
  }

  /// Stores a vector of the panel; \p found is what its codes stand for.
  void emitPanelVector(int64_t column, Value found) {
    int64_t partial = getPartial(column);
    Value vector;
    if (auto copied = dyn_cast<BlockArgument>(blocking.panel.value)) {
      Access access = getAccess(*op.getMatchingOpOperand(copied));
      vector = load(access, partial);
      if (column == columns - 1 && partial == 0)
        prefetchNextPanel(access);
    } else {
      vector = computePanelVector(blocking.panel, partial, found);
    }
    vector::StoreOp::create(
        rewriter, loc, toVector(vector), panel,
        ValueRange{getPanelRow(), index(column * registers.lanes)});
  }

  //===--------------------------------------------------------------------===//
  // Groups of codes
  //===--------------------------------------------------------------------===//

  /// The loop over terms in groups, then those left over.
  SmallVector<Value> emitGroups(SmallVector<Value> sums) {
    int64_t size = nest.sizes[order.terms.front()], group = getGroupTerms();
    int64_t whole = size / group * group;
    addChains(sums, codes->group.isOfBytes() ? kLeastSumsOfBytes : kLeastSums);
    groupTerms = group;
    if (whole > 0)
      sums = emitTermLoop(0, 0, whole, group, sums);
    groupTerms = size - whole;
    if (groupTerms > 0)
      sums = emitTermLoop(0, whole, size, group, sums);
    mergeChains(sums);
    return sums;
  }

  /// Adds the terms of the group that begins here to all sums, column by
  /// column: what the codes of one stand for fits into the registers.
  SmallVector<Value> addGroup(SmallVector<Value> sums) {
    Value first = indices[plan.lanesLoop];
    size_t numSums = sums.size() / numChains;
    for (int64_t current = 0; current < columns; ++current) {
      indices[plan.lanesLoop] = add(first, current * registers.lanes);
      SmallVector<Value> group = lookUpCodes();
      indices[plan.lanesLoop] = first;
      forEachGroupTerm(groupTerms, [&](int64_t term) {
        found = group[term];
        size_t next = term % numChains * numSums;
        forEachSum([&](int64_t column) {
          if (column == current)
            sums[next] = inlineBody(sums[next], column);
          ++next;
        });
      });
    }
    return sums;
  }

  //===--------------------------------------------------------------------===//
  // Chains of sums
  //===--------------------------------------------------------------------===//

  /// Appends sums to \p sums until there are \p least: every second, third, ..
  /// term is added to those.
  void addChains(SmallVectorImpl<Value> &sums, int64_t least) {
    size_t numSums = sums.size();
    if (!isa_and_nonnull<arith::AddFOp>(findCombiner(op)))
      return;
    numChains = llvm::divideCeil(least, numSums);
    Value none = splat(arith::ConstantOp::create(rewriter, loc, getNeutral()));
    sums.append((numChains - 1) * numSums, none);
  }

  void mergeChains(SmallVectorImpl<Value> &sums) {
    size_t numSums = sums.size() / numChains;
    while (sums.size() > numSums) {
      Value last = sums.pop_back_val(), &sum = sums[sums.size() % numSums];
      sum = arith::AddFOp::create(rewriter, loc, sum, last);
    }
    numChains = 1;
  }

  /// The innermost loop over terms, several in a step, if \p sums are few.
  /// Returns where those begin that are left over.
  int64_t emitChains(int64_t begin, int64_t end, int64_t step,
                     SmallVector<Value> &sums) {
    addChains(sums, kLeastSums);
    if (numChains == 1)
      return begin;
    chainStep = step;
    int64_t stride = numChains * step;
    int64_t whole = begin + (end - begin) / stride * stride;
    sums = emitTermLoop(order.terms.size() - 1, index(begin), index(whole),
                        stride, sums);
    mergeChains(sums);
    return whole;
  }

  /// The tile: sums, the loops over terms, results.
  void emitTile() {
    prefetchResults();
    prefetchNextBlock();
    storeResults(emitTerms(0, getStart()));
  }

  SmallVector<Value> getStart() {
    SmallVector<Value> sums;
    forEachSum([&](int64_t column) { sums.push_back(emitStart(column)); });
    return sums;
  }

  void storeResults(SmallVector<Value> sums) {
    finish(sums);
    storeTile(result, sums);
  }

  /// What the terms are added to.
  Value emitStart(int64_t column) {
    if (!plan.lanesAreResults)
      return splat(arith::ConstantOp::create(rewriter, loc, getNeutral()));
    if (reduction.fill)
      return splat(getFillValue(reduction.fill));
    return toVector(load(result, getPartial(column)));
  }

  /// The value that changes nothing when it is combined.
  TypedAttr getNeutral() { return rewriter.getF32FloatAttr(0.0f); }

  /// From sums to what is stored: vectors, or scalars if lanes are terms.
  void finish(MutableArrayRef<Value> sums) {
    if (!plan.lanesAreResults)
      addLanes(sums);
    if (reduction.epilogue)
      applyEpilogue(reduction.epilogue, result.map, sums);
  }

  void addLanes(MutableArrayRef<Value> sums) {
    size_t next = 0;
    forEachSum([&](int64_t) {
      Value &sum = sums[next++];
      sum =
          vector::ReductionOp::create(rewriter, loc, vector::CombiningKind::ADD,
                                      sum, arith::FastMathFlags::reassoc);
      Value start =
          reduction.fill ? getFillValue(reduction.fill) : load(result, 0);
      sum = arith::AddFOp::create(rewriter, loc, start, sum);
    });
  }

  //===--------------------------------------------------------------------===//
  // Loops over terms
  //===--------------------------------------------------------------------===//

  SmallVector<Value> emitTerms(size_t depth, SmallVector<Value> sums) {
    bool inGroups = codes && !panel;
    if (farRows && depth == farRows->depth)
      prefetchFarRow();
    if (depth == order.terms.size())
      return inGroups ? addGroup(sums) : addTerm(sums);
    if (depth == 0 && inGroups)
      return emitGroups(sums);
    unsigned loop = order.terms[depth];
    if (loop == plan.lanesLoop)
      return emitTermLanes(depth, sums);
    if (depth == 0 && termsBegin)
      return emitTermLoop(depth, termsBegin, termsEnd, 1, sums);
    if (nest.isOpen(loop))
      return emitTermLoop(depth, index(0), loopSizes[loop], 1, sums);
    return emitTermLoop(depth, 0, nest.sizes[loop], 1, sums);
  }

  /// As emitTermLanes, for an open size.
  SmallVector<Value> emitOpenTermLanes(size_t depth, SmallVector<Value> sums) {
    Value size = loopSizes[plan.lanesLoop];
    Value rest =
        arith::RemUIOp::create(rewriter, loc, size, index(registers.lanes));
    Value whole = arith::SubIOp::create(rewriter, loc, size, rest);
    sums = emitTermLoop(depth, index(0), whole, registers.lanes, sums);
    lastLanes = kOpenLanes;
    openLanes = rest;
    sums = emitTermLoop(depth, whole, size, registers.lanes, sums);
    lastLanes = 0;
    return sums;
  }

  /// A loop over terms that are lanes: whole vectors, then the rest.
  SmallVector<Value> emitTermLanes(size_t depth, SmallVector<Value> sums) {
    if (nest.isOpen(plan.lanesLoop))
      return emitOpenTermLanes(depth, sums);
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
    if (end - begin <= step) {
      indices[order.terms[depth]] = index(begin);
      return emitTerms(depth + 1, sums);
    }
    if (plan.unrollsTerms) {
      for (int64_t term = begin; term < end; term += step)
        sums = emitTermLoop(depth, term, term + step, step, sums);
      return sums;
    }
    bool isInnermost = depth + 1 == order.terms.size() && !(codes && !panel);
    if (isInnermost && (end - begin) / step >= kLeastChainSteps &&
        !sharesBetweenTerms(nest, plan, order.terms[depth]))
      begin = emitChains(begin, end, step, sums);
    if (begin == end)
      return sums;
    return emitTermLoop(depth, index(begin), index(end), step, sums);
  }

  SmallVector<Value> emitTermLoop(size_t depth, Value begin, Value end,
                                  int64_t step, SmallVector<Value> sums) {
    auto nestOp =
        scf::ForOp::create(rewriter, loc, begin, end, index(step), sums);
    if (sharesBetweenTerms(nest, plan, order.terms[depth]))
      keepLoop(nestOp);
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(nestOp.getBody());
    indices[order.terms[depth]] = nestOp.getInductionVar();
    SmallVector<Value> next = emitTerms(
        depth + 1, llvm::to_vector_of<Value>(nestOp.getRegionIterArgs()));
    prefetchLoneStream(step);
    scf::YieldOp::create(rewriter, loc, next);
    return llvm::to_vector_of<Value>(nestOp.getResults());
  }

  /// Adds one step of the terms to all sums of each chain. What does not change
  /// from one sum to the next is computed again here and merged by CSE.
  SmallVector<Value> addTerm(ArrayRef<Value> sums) {
    SmallVector<Value> next;
    Value first = indices[order.terms.back()];
    for (int64_t chain = 0; chain < numChains; ++chain) {
      indices[order.terms.back()] = add(first, chain * chainStep);
      forEachSum([&](int64_t column) {
        next.push_back(inlineBody(sums[next.size()], column));
      });
    }
    indices[order.terms.back()] = first;
    return next;
  }

  Value inlineBody(Value sum, int64_t column) {
    int64_t partial = getPartial(column);
    IRMapping map;
    if (panel) {
      Value known = vector::LoadOp::create(
          rewriter, loc, vectorType(rewriter.getF32Type()), panel,
          ValueRange{getPanelRow(), index(column * registers.lanes)});
      map.map(blocking.panel.value, known);
    }
    loadInputs(map, partial, [&](Operation *user) {
      return !isInPanel(user) && !isLookedUp(user);
    });
    if (codes && !panel)
      map.map(codes->lookUp->getResult(0), found);
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
      if (&inner != except && !isInPanel(&inner) && !isLookedUp(&inner))
        cloneOperation(inner, map);
    return map.lookupOrDefault(from.getBlock()->getTerminator()->getOperand(0));
  }

  bool isInPanel(Operation *inner) const {
    return panel && blocking.panel.own.contains(inner);
  }

  /// What the codes of the current term and column stand for; and how many
  /// terms of the current group count.
  Value found;
  int64_t groupTerms = 0;
  /// Every so many terms are added to the same sums, and how far these are
  /// from each other where they are in no group.
  int64_t numChains = 1, chainStep = 1;
  /// Whether the loops around are those of a block.
  bool isInBlock = false;
  /// The vectors of a block, computed, and the sums that wait for the next.
  Value panel, waiting;
};

} // namespace

void mlmodel::emitTiles(RewriterBase &rewriter, const Reduction &reduction,
                        const RegisterFile &registers, const TilePlan &plan) {
  TileEmitter(rewriter, reduction, registers, plan).emit();
}
