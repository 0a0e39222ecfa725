//===- TileAhead.cpp - What tiles need later ------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileAhead.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlmodel;

/// Fewer terms than this do not take long enough for a line to come.
static constexpr int64_t kLeastPrefetchTerms = 16;
/// How many lines ahead to ask for weights that are read once; and the part of
/// a line that a step has to read to do so.
static constexpr int64_t kLinesAhead = 32;
static constexpr double kLeastPart = 0.25;

void TileAhead::prefetchResults() {
  int64_t terms = 1;
  for (unsigned loop : order.terms)
    terms *= nest.sizes[loop];
  if (!plan.lanesAreResults || plan.rows.empty() || terms < kLeastPrefetchTerms)
    return;
  prefetchTile(result, /*isWrite=*/true);
  if (!reduction.epilogue)
    return;
  for (OpOperand *input : reduction.epilogue.getDpsInputOperands()) {
    AffineMap map = reduction.epilogue.getMatchingIndexingMap(input);
    prefetchTile(getAccess(input->get(), map.compose(result.map)),
                 /*isWrite=*/false);
  }
}

void TileAhead::prefetchLanes(const Access &access, int64_t beyond) {
  Value &lane = indices[plan.lanesLoop];
  Value saved = lane;
  lane = add(lane, beyond);
  prefetch(access, index(0), /*isWrite=*/false);
  lane = saved;
}

void TileAhead::prefetchNextPanel(const Access &access) {
  prefetchLanes(access, plan.vectors * registers.lanes);
}

void TileAhead::prefetchFarRow() {
  for (unsigned loop : ArrayRef(order.terms).drop_front(farRows->depth))
    indices[loop] = index(0);
  Access access = getAccess(*op.getDpsInputOperand(farRows->input));
  int64_t width = columns * registers.lanes;
  for (int64_t begin = width; begin < 2 * width; begin += kLineFloats)
    prefetchLanes(access, begin);
}

void TileAhead::prefetchLoneStream(int64_t terms) {
  if (!loneStream)
    return;
  int64_t line = loneStream->lineElements;
  double elements = loneStream->elements * terms;
  if (elements < kLeastPart * line)
    return;
  Access access = getAccess(*op.getDpsInputOperand(loneStream->input));
  for (int64_t first = 0; first < elements; first += line)
    prefetch(access, index(kLinesAhead * line + first), /*isWrite=*/false);
}

SmallVector<Value> TileAhead::getSharingPlace() {
  SmallVector<Value> place;
  for (unsigned loop : ArrayRef(order.results).drop_front(order.numVectorLoops))
    place.push_back(getSlot(loop));
  if (chunkBegin)
    place.front() =
        arith::SubIOp::create(rewriter, loc, place.front(), chunkBegin);
  return place;
}

void TileAhead::prefetchNextBlock() {
  if (!stream)
    return;
  // The number of the row among all that share the block, and its share.
  SmallVector<Value> place = getSharingPlace();
  auto sharing = ArrayRef(order.results).drop_front(order.numVectorLoops);
  Value line = place.front();
  for (size_t i = 1; i < place.size(); ++i) {
    line = arith::MulIOp::create(rewriter, loc, line,
                                 index(nest.sizes[sharing[i]]));
    line = arith::AddIOp::create(rewriter, loc, line, place[i]);
  }
  line = arith::MulIOp::create(rewriter, loc, line, index(stream->lines));
  line = arith::DivUIOp::create(rewriter, loc, line, index(stream->rows));
  Value offset = arith::MulIOp::create(rewriter, loc, line, index(kLineFloats));
  SmallVector<Value> saved = indices;
  // Behind the last term of a panel lies the first one of the next.
  for (unsigned loop : order.terms)
    indices[loop] = index(0);
  unsigned first = order.terms.front();
  indices[first] = termsEnd ? termsEnd : index(nest.sizes[first]);
  Access access = getAccess(*op.getDpsInputOperand(stream->input));
  int64_t lines = stream->getShare(rowCounts[0] * rowCounts[1]);
  for (int64_t i = 0; i < lines; ++i)
    prefetch(access, add(offset, i * kLineFloats), /*isWrite=*/false);
  indices = saved;
}
