//===- DecodeRows.cpp - Decode weights for many pixels at once ------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DecodeRows.h"
#include "CoalesceLoops.h"
#include "LoopParts.h"
#include "TilePanels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlmodel;

/// Each of several threads decodes the weights, more than once if it takes
/// several shares of the rounds.
static constexpr double kTimesDecoded = 1.2;
/// Another few percent are not worth the memory.
static constexpr double kWorthwhile = 0.97;
/// Cycles to store a vector in parts, and to read an element from the
/// third-level cache.
static constexpr double kStoreParts = 2, kFarElement = 0.85;

//===----------------------------------------------------------------------===//
// Decoding
//===----------------------------------------------------------------------===//

namespace {

/// A reduction whose weights can be decoded into rows.
class RowDecoder : TilePanels {
public:
  /// \p vectors is a plan for the decoding loops only.
  RowDecoder(RewriterBase &rewriter, linalg::LinalgOp op,
             const RegisterFile &registers, const TilePlan &vectors)
      : TilePanels(rewriter, op, registers, vectors) {
    SmallVector<unsigned> sharing;
    for (unsigned loop = 0; loop < nest.sizes.size(); ++loop)
      if (nest.isResultLoop(loop) && loop != plan.lanesLoop)
        sharing.push_back(loop);
    if (!sharing.empty())
      panel = findPanel(op, nest, plan.lanesLoop, sharing);
  }

  /// Whether there are weights to decode, in blocks of whole vectors.
  bool canDecode() {
    bool isBlocked = llvm::all_of(op.getDpsInputOperands(), [&](auto *input) {
      Motion motion = nest.getMotion(nest.inputs[input->getOperandNumber()],
                                     plan.lanesLoop);
      return !isUsedByPanel(*input) || motion == Motion::Still ||
             motion == Motion::Blocked || motion == Motion::Grouped;
    });
    return nest.open.none() && panel.value && !panel.ops.empty() && isBlocked &&
           (!codes || isOfWholeGroups(panel, op, nest, *codes));
  }

  /// Whether some outputs' weights can be kept, and what is left can be done
  /// for these alone.
  bool findChunk(const Reduction &reduction);

  /// What is left to do once the weights are in memory.
  struct Rest {
    linalg::GenericOp op;
    Value rows;
    /// The cycles are those of all chunks and of decoding.
    TilePlan plan;
  };

  /// Builds what is left in front of the operation, with rows in the blocks
  /// that make it cheapest; nothing if it takes more than \p most cycles. \p
  /// adapt may change the nest to be planned.
  std::optional<Rest> build(double most,
                            llvm::function_ref<LoopNest(LoopNest)> adapt);
  /// The same with rows in blocks of vectors, and without a plan.
  Rest buildForVectors() {
    Value rows = allocate(getShape(registers.lanes));
    return {buildRest(rows), rows, {}};
  }
  void erase(const Rest &rest) {
    rewriter.eraseOp(rest.op);
    rewriter.eraseOp(rest.rows.getDefiningOp());
  }

  /// Emits the loops that fill \p rows, within one over chunks if there are
  /// several. Returns what is left of \p reduction inside of that.
  Reduction emit(Value rows, Reduction reduction);

private:
  double estimate() const {
    return getNumChunks() *
           estimateRowDecode(nest.works, plan.lanesLoop,
                             ShapedType::getNumElements(getShape(1)),
                             registers);
  }

  /// The operation without what decodes, which reads \p rows instead.
  linalg::GenericOp buildRest(Value rows);

  int64_t getNumChunks() const {
    return llvm::divideCeil(nest.sizes[plan.lanesLoop], chunk);
  }

  /// The sizes of rows in blocks of \p block.
  SmallVector<int64_t> getShape(int64_t block) const {
    SmallVector<int64_t> shape{int64_t(
        llvm::divideCeil(llvm::alignTo(chunk, registers.lanes), block))};
    for (unsigned loop : order.terms)
      shape.push_back(nest.sizes[loop]);
    shape[1] = llvm::alignTo(shape[1], getGroupTerms());
    shape.push_back(block);
    return shape;
  }

  /// The dimension of the results along which the weights are decoded.
  unsigned getResultDim() {
    AffineMap map = nest.result.map;
    return *map.getResultPosition(rewriter.getAffineDimExpr(plan.lanesLoop));
  }

  AffineMap getRowsMap(int64_t block) const {
    AffineExpr result = rewriter.getAffineDimExpr(plan.lanesLoop);
    SmallVector<AffineExpr> exprs{result.floorDiv(block)};
    for (unsigned loop : order.terms)
      exprs.push_back(rewriter.getAffineDimExpr(loop));
    exprs.push_back(result % block);
    return AffineMap::get(nest.sizes.size(), 0, exprs, rewriter.getContext());
  }

  bool isUsedByPanel(OpOperand &input) {
    return llvm::any_of(
        op.getMatchingBlockArgument(&input).getUsers(),
        [&](Operation *user) { return llvm::is_contained(panel.ops, user); });
  }

  bool isOnlyUsedByPanel(OpOperand &input) {
    BlockArgument argument = op.getMatchingBlockArgument(&input);
    return isUsedByPanel(input) &&
           llvm::all_of(argument.getUsers(), [&](Operation *user) {
             return panel.own.contains(user);
           });
  }

  void emitTerms(size_t depth, Value rows);
  /// Stores \p vector, which begins at the cursor, in blocks.
  void storeBlocks(Value vector, Value rows);

  Panel panel;
  /// The results of a chunk, where it begins, and the place in it.
  int64_t chunk = 0;
  Value chunkBegin, chunkPlace;
};

} // namespace

bool RowDecoder::findChunk(const Reduction &reduction) {
  int64_t terms =
      llvm::alignTo(nest.sizes[order.terms.front()], getGroupTerms());
  for (unsigned loop : ArrayRef(order.terms).drop_front())
    terms *= nest.sizes[loop];
  std::optional<int64_t> found =
      getRowChunk(nest.sizes[plan.lanesLoop], terms, registers);
  if (!found)
    return false;
  chunk = *found;
  if (getNumChunks() == 1)
    return true;
  auto isDecoded = [&](OpOperand &operand) { return isUsedByPanel(operand); };
  unsigned dim = getResultDim();
  return canTakePart(op, plan.lanesLoop, isDecoded) &&
         (!reduction.fill || canTakePart(reduction.fill, dim)) &&
         (!reduction.epilogue || canTakePart(reduction.epilogue, dim));
}

linalg::GenericOp RowDecoder::buildRest(Value rows) {
  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
  SmallVector<BlockArgument> arguments;
  for (OpOperand *input : op.getDpsInputOperands()) {
    if (isOnlyUsedByPanel(*input))
      continue;
    inputs.push_back(input->get());
    maps.push_back(op.getMatchingIndexingMap(input));
    arguments.push_back(op.getMatchingBlockArgument(input));
  }
  inputs.push_back(rows);
  maps.push_back(
      getRowsMap(cast<MemRefType>(rows.getType()).getShape().back()));
  maps.push_back(op.getMatchingIndexingMap(op.getDpsInitOperand(0)));
  auto body = [&](OpBuilder &nested, Location, ValueRange x) {
    IRMapping mapping;
    for (auto [i, argument] : llvm::enumerate(arguments))
      mapping.map(argument, x[i]);
    mapping.map(panel.value, x[arguments.size()]);
    mapping.map(op.getBlock()->getArguments().back(), x.back());
    for (Operation &inner : *op.getBlock())
      if (!panel.own.contains(&inner))
        nested.clone(inner, mapping);
  };
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(op);
  return linalg::GenericOp::create(rewriter, loc, inputs, op.getDpsInits(),
                                   maps, op.getIteratorTypesArray(), body);
}

Reduction RowDecoder::emit(Value rows, Reduction reduction) {
  rewriter.setInsertionPoint(reduction.epilogue ? reduction.epilogue
                                                : reduction.op);
  splitTables();
  auto decode = [&] {
    emitLoop(index(0), index(chunk), registers.lanes, [&](Value place) {
      chunkPlace = place;
      indices[plan.lanesLoop] =
          arith::AddIOp::create(rewriter, loc, chunkBegin, place);
      emitTerms(0, rows);
    });
  };
  if (getNumChunks() == 1) {
    chunkBegin = index(0);
    decode();
    return reduction;
  }
  Reduction part;
  emitLoop(
      index(0), index(nest.sizes[plan.lanesLoop]), chunk,
      [&](Value begin) {
        chunkBegin = begin;
        decode();
        LoopPart results{getResultDim(), begin, chunk};
        LoopPart lanes{plan.lanesLoop, begin, chunk};
        part.fill = takePart(rewriter, reduction.fill, results);
        part.op = takePart(rewriter, reduction.op, lanes, rows);
        part.epilogue = takePart(rewriter, reduction.epilogue, results);
      },
      /*overResults=*/true);
  for (linalg::LinalgOp done :
       {reduction.epilogue, reduction.op, reduction.fill})
    if (done)
      rewriter.eraseOp(done);
  return part;
}

std::optional<RowDecoder::Rest>
RowDecoder::build(double most, llvm::function_ref<LoopNest(LoopNest)> adapt) {
  double decoding = estimate();
  std::optional<Rest> best;
  for (int64_t block : getRowBlocks(chunk, registers)) {
    Rest next;
    next.rows = allocate(getShape(block));
    next.op = buildRest(next.rows);
    LoopNest part(next.op);
    part.sizes[plan.lanesLoop] = chunk;
    std::optional<TilePlan> found = planTiles(next.op, adapt(part), registers);
    double cycles =
        found ? decoding + estimateChunks(nest, plan.lanesLoop, getNumChunks(),
                                          found->cycles)
              : most;
    if (cycles >= most) {
      erase(next);
      continue;
    }
    next.plan = *found;
    next.plan.cycles = most = cycles;
    if (best)
      erase(*best);
    best = next;
  }
  return best;
}

void RowDecoder::emitTerms(size_t depth, Value rows) {
  if (depth < order.terms.size()) {
    unsigned loop = order.terms[depth];
    emitLoop(index(0), index(nest.sizes[loop]),
             depth == 0 ? getGroupTerms() : 1, [&](Value place) {
               indices[loop] = place;
               emitTerms(depth + 1, rows);
             });
    return;
  }
  SmallVector<Value> found = lookUpCodes();
  forEachGroupTerm(getGroupTerms(), [&](int64_t term) {
    Value code = found.empty() ? Value() : found[term];
    storeBlocks(computePanelVector(panel, /*partial=*/0, code), rows);
  });
}

void RowDecoder::storeBlocks(Value vector, Value rows) {
  int64_t block = cast<MemRefType>(rows.getType()).getShape().back();
  Value first = arith::DivUIOp::create(rewriter, loc, chunkPlace, index(block));
  int64_t count =
      std::min<int64_t>(registers.lanes, llvm::alignTo(chunk, block));
  for (int64_t begin = 0; begin < count; begin += block) {
    SmallVector<Value> place{add(first, begin / block)};
    for (unsigned loop : order.terms)
      place.push_back(indices[loop]);
    place.push_back(index(0));
    auto lanes = llvm::to_vector(llvm::seq(begin, begin + block));
    Value part =
        vector::ShuffleOp::create(rewriter, loc, vector, vector, lanes);
    vector::StoreOp::create(rewriter, loc, part, rows, place);
  }
}

//===----------------------------------------------------------------------===//
// Choosing
//===----------------------------------------------------------------------===//

std::optional<int64_t> mlmodel::getRowChunk(int64_t results, int64_t terms,
                                            const RegisterFile &registers) {
  int64_t most = kKeptWeights / (terms * sizeof(float));
  if (int64_t(llvm::alignTo(results, registers.lanes)) <= most)
    return results;
  for (int64_t chunk = most / registers.lanes * registers.lanes; chunk > 0;
       chunk -= registers.lanes)
    if (results % chunk == 0)
      return chunk;
  return std::nullopt;
}

SmallVector<int64_t> mlmodel::getRowBlocks(int64_t results,
                                           const RegisterFile &registers) {
  if (results < registers.lanes)
    return {results};
  SmallVector<int64_t> blocks;
  for (int64_t block = registers.lanes; block > 1; block /= 2)
    blocks.push_back(block);
  return blocks;
}

double mlmodel::estimateDecode(ArrayRef<LoopNest::Work> works,
                               unsigned lanesLoop, int64_t elements,
                               const RegisterFile &registers) {
  double cycles = 0;
  for (const LoopNest::Work &work : works)
    if (work.loops[lanesLoop])
      cycles += estimateWork(work, registers, /*isVector=*/true);
  return kTimesDecoded * cycles * elements / registers.lanes;
}

double mlmodel::estimateRowDecode(ArrayRef<LoopNest::Work> works,
                                  unsigned lanesLoop, int64_t elements,
                                  const RegisterFile &registers) {
  return estimateDecode(works, lanesLoop, elements, registers) +
         kTimesDecoded * kStoreParts * elements / registers.lanes;
}

double mlmodel::estimateChunks(const LoopNest &nest, unsigned lanesLoop,
                               int64_t numChunks, double cycles) {
  double again = 0;
  for (const LoopNest::Operand &input : nest.inputs) {
    int64_t elements = ShapedType::getNumElements(input.shape);
    bool isKept = elements * int64_t(sizeof(float)) <= kKeptBytes;
    if (!isKept && !LoopNest::dependsOn(input, lanesLoop))
      again += kFarElement * elements;
  }
  return numChunks * cycles + (numChunks - 1) * again;
}

/// Calls \p visit with what can decode weights of \p reduction, along each loop
/// along which something lies in blocks.
static void
forEachDecoder(RewriterBase &rewriter, const Reduction &reduction,
               const RegisterFile &registers,
               llvm::function_ref<void(RowDecoder &decoder)> visit) {
  OpBuilder::InsertionGuard guard(rewriter);
  linalg::LinalgOp op = reduction.op;
  rewriter.setInsertionPoint(op);
  LoopNest nest(op);
  for (unsigned loop = 0; loop < nest.sizes.size(); ++loop) {
    bool isBlocked = llvm::any_of(nest.inputs, [&](const auto &input) {
      Motion motion = nest.getMotion(input, loop);
      return motion == Motion::Blocked || motion == Motion::Grouped;
    });
    if (!nest.isResultLoop(loop) || !isBlocked)
      continue;
    TilePlan decoding;
    decoding.lanesLoop = loop;
    decoding.lanesAreResults = true;
    RowDecoder decoder(rewriter, op, registers, decoding);
    if (decoder.canDecode() && decoder.findChunk(reduction))
      return visit(decoder);
  }
}

std::optional<TilePlan> mlmodel::decodeRows(RewriterBase &rewriter,
                                            Reduction &reduction,
                                            const RegisterFile &registers,
                                            const TilePlan &plan) {
  linalg::LinalgOp op = reduction.op;
  std::optional<RowDecoder::Rest> rest;
  forEachDecoder(rewriter, reduction, registers, [&](RowDecoder &decoder) {
    rest = decoder.build(kWorthwhile * plan.cycles,
                         [](LoopNest nest) { return nest; });
    if (!rest)
      return;
    reduction.op = rest->op;
    reduction = decoder.emit(rest->rows, reduction);
    rewriter.eraseOp(op);
  });
  return rest ? std::optional(rest->plan) : std::nullopt;
}

bool mlmodel::decodeAllRows(RewriterBase &rewriter, Reduction &reduction,
                            const RegisterFile &registers) {
  linalg::LinalgOp op = reduction.op;
  bool isDone = false;
  forEachDecoder(rewriter, reduction, registers, [&](RowDecoder &decoder) {
    RowDecoder::Rest rest = decoder.buildForVectors();
    reduction.op = rest.op;
    reduction = decoder.emit(rest.rows, reduction);
    isDone = true;
  });
  if (isDone)
    rewriter.eraseOp(op);
  return isDone;
}

double mlmodel::estimateReduction(RewriterBase &rewriter, linalg::LinalgOp op,
                                  const LoopNest &nest,
                                  const RegisterFile &registers) {
  constexpr double kNever = std::numeric_limits<double>::infinity();
  std::optional<TilePlan> plan = planTiles(op, coalesce(nest), registers);
  double least = plan ? plan->cycles : kNever;
  auto adapt = [&](LoopNest rest) {
    rest.result = nest.result;
    return coalesce(rest);
  };
  forEachDecoder(rewriter, {op, {}, {}}, registers, [&](RowDecoder &decoder) {
    if (auto rest = decoder.build(kWorthwhile * least, adapt)) {
      least = rest->plan.cycles;
      decoder.erase(*rest);
    }
  });
  return least;
}
