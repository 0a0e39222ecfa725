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
#include "TileCursor.h"
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

class TileEmitter : TileCursor {
public:
  TileEmitter(RewriterBase &rewriter, const Reduction &reduction,
              const RegisterFile &registers, const TilePlan &plan)
      : TileEmitter(rewriter, reduction, reduction.op, registers, plan) {}

  void emit() {
    rewriter.setInsertionPoint(reduction.epilogue ? reduction.epilogue : op);
    result = getAccess(*op.getDpsInitOperand(0));
    sortLoops();
    emitResults(0);
    for (linalg::LinalgOp done :
         {reduction.epilogue, reduction.op, reduction.fill})
      if (done)
        rewriter.eraseOp(done);
  }

private:
  TileEmitter(RewriterBase &rewriter, const Reduction &reduction,
              linalg::LinalgOp op, const RegisterFile &registers,
              const TilePlan &plan)
      : TileCursor(rewriter, op.getLoc(), LoopNest(op), registers, plan),
        reduction(reduction), op(op) {}

  using TileCursor::getAccess;
  Access getAccess(OpOperand &operand) {
    return getAccess(operand.get(), op.getMatchingIndexingMap(&operand));
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

  /// The tile: sums, the loops over terms, results.
  void emitTile() {
    SmallVector<Value> sums;
    forEachSum([&](int64_t column) { sums.push_back(emitStart(column)); });
    sums = emitTerms(0, sums);
    finish(sums);
    storeTile(result, sums);
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

  Reduction reduction;
  linalg::LinalgOp op;
  Access result;
  /// The loops over results and over terms, outermost first.
  SmallVector<unsigned> results, terms;
};

} // namespace

void mlmodel::emitTiles(RewriterBase &rewriter, const Reduction &reduction,
                        const RegisterFile &registers, const TilePlan &plan) {
  TileEmitter(rewriter, reduction, registers, plan).emit();
}
