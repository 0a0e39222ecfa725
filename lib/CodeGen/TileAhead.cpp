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

void TileAhead::prefetchNextPanel(const Access &access) {
  Value &lane = indices[plan.lanesLoop];
  Value saved = lane;
  lane = add(lane, plan.vectors * registers.lanes);
  prefetch(access, index(0), /*isWrite=*/false);
  lane = saved;
}

void TileAhead::prefetchFarRow() {
  for (unsigned loop : ArrayRef(order.terms).drop_front(farRows->depth))
    indices[loop] = index(0);
  Access access = getAccess(*op.getDpsInputOperand(farRows->input));
  Value &lane = indices[plan.lanesLoop];
  Value saved = lane;
  int64_t width = columns * registers.lanes;
  for (int64_t begin = width; begin < 2 * width; begin += kLineFloats) {
    lane = add(saved, begin);
    prefetch(access, index(0), /*isWrite=*/false);
  }
  lane = saved;
}

Value TileAhead::getSharingRow() {
  Value row;
  for (unsigned loop :
       ArrayRef(order.results).drop_front(order.numVectorLoops)) {
    Value place = indices[loop];
    if (!row && chunkBegin)
      place = arith::SubIOp::create(rewriter, loc, place, chunkBegin);
    if (row) {
      row = arith::MulIOp::create(rewriter, loc, row, index(nest.sizes[loop]));
      place = arith::AddIOp::create(rewriter, loc, row, place);
    }
    row = place;
  }
  return row;
}

void TileAhead::prefetchNextBlock() {
  if (!stream)
    return;
  SmallVector<Value> saved = indices;
  Value row = getSharingRow();
  Value line = arith::DivUIOp::create(
      rewriter, loc,
      arith::MulIOp::create(rewriter, loc, row, index(stream->lines)),
      index(stream->rows));
  Value offset = arith::MulIOp::create(rewriter, loc, line, index(kLineFloats));
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
