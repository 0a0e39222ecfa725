//===- DecodeRows.cpp - Decode weights for many pixels at once ------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DecodeRows.h"
#include "TilePanels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlmodel;

/// Each of several threads decodes the weights, more than once if it takes
/// several shares of the rounds.
static constexpr double kTimesDecoded = 2;
/// Another few percent are not worth the memory.
static constexpr double kWorthwhile = 0.97;
/// Cycles to store a vector in parts.
static constexpr double kStoreParts = 2;

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
    panel = findPanel(op, nest, plan.lanesLoop, sharing);
  }

  /// Whether there are weights to decode, known to be whole vectors, that are
  /// few enough to be kept.
  bool canDecode() {
    bool isBlocked = llvm::all_of(op.getDpsInputOperands(), [&](auto *input) {
      Motion motion = nest.getMotion(nest.inputs[input->getOperandNumber()],
                                     plan.lanesLoop);
      return !isUsedByPanel(*input) || motion == Motion::Still ||
             motion == Motion::Blocked || motion == Motion::Grouped;
    });
    return nest.open.none() && panel.value && !panel.ops.empty() && isBlocked &&
           (!codes || isOfWholeGroups(panel, op, nest, *codes)) &&
           ShapedType::getNumElements(getShape(1)) *
                   int64_t(sizeof(float)) <=
               kKeptBytes;
  }

  double estimate() const {
    double vectors =
        double(ShapedType::getNumElements(getShape(1))) / registers.lanes;
    double cycles = kStoreParts;
    for (const LoopNest::Work &work : nest.works)
      if (work.loops[plan.lanesLoop])
        cycles += estimateWork(work, registers, /*isVector=*/true);
    return vectors * cycles;
  }

  Value allocateRows(int64_t block) { return allocate(getShape(block)); }

  /// What is left to do once the weights are in \p rows.
  linalg::GenericOp buildRest(Value rows);

  /// Emits the loops that fill \p rows.
  void emit(Value rows);

private:
  /// The sizes of rows in blocks of \p block.
  SmallVector<int64_t> getShape(int64_t block) const {
    int64_t results = llvm::alignTo(nest.sizes[plan.lanesLoop], registers.lanes);
    SmallVector<int64_t> shape{results / block};
    for (unsigned loop : order.terms)
      shape.push_back(nest.sizes[loop]);
    shape[1] = llvm::alignTo(shape[1], getGroupTerms());
    shape.push_back(block);
    return shape;
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
    return llvm::any_of(op.getMatchingBlockArgument(&input).getUsers(),
                        [&](Operation *user) {
                          return llvm::is_contained(panel.ops, user);
                        });
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
};

} // namespace

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

void RowDecoder::emit(Value rows) {
  splitTables();
  emitLoop(index(0), index(nest.sizes[plan.lanesLoop]), registers.lanes,
           [&](Value place) {
             indices[plan.lanesLoop] = place;
             emitTerms(0, rows);
           });
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
  Value first = arith::DivUIOp::create(rewriter, loc, indices[plan.lanesLoop],
                                       index(block));
  for (int64_t begin = 0; begin < registers.lanes; begin += block) {
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

std::optional<TilePlan> mlmodel::decodeRows(RewriterBase &rewriter,
                                            Reduction &reduction,
                                            const RegisterFile &registers,
                                            const TilePlan &plan) {
  if (!plan.lanesAreResults)
    return std::nullopt;
  linalg::LinalgOp op = reduction.op;
  TilePlan vectors;
  vectors.lanesLoop = plan.lanesLoop;
  vectors.lanesAreResults = true;
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(reduction.epilogue ? reduction.epilogue : op);
  RowDecoder decoder(rewriter, op, registers, vectors);
  if (!decoder.canDecode())
    return std::nullopt;
  double decoding = kTimesDecoded * decoder.estimate();
  double least = kWorthwhile * plan.cycles;
  std::optional<TilePlan> best;
  linalg::GenericOp rest;
  Value rows;
  auto drop = [&] {
    if (!rest)
      return;
    rewriter.eraseOp(rest);
    rewriter.eraseOp(rows.getDefiningOp());
  };
  for (int64_t block = 2; block <= registers.lanes; block *= 2) {
    Value nextRows = decoder.allocateRows(block);
    linalg::GenericOp nextRest = decoder.buildRest(nextRows);
    std::optional<TilePlan> next = planTiles(nextRest, registers);
    if (next && next->cycles + decoding < least) {
      drop();
      least = next->cycles + decoding;
      std::tie(best, rest, rows) = std::tie(next, nextRest, nextRows);
      continue;
    }
    rewriter.eraseOp(nextRest);
    rewriter.eraseOp(nextRows.getDefiningOp());
  }
  if (!best)
    return std::nullopt;
  decoder.emit(rows);
  rewriter.eraseOp(op);
  reduction.op = rest;
  return best;
}
