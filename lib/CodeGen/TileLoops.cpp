//===- TileLoops.cpp - Loops over the tiles of a reduction ----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileLoops.h"
#include "IndependentLoops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlmodel;

void TileLoops::forAll(unsigned loop, llvm::function_ref<void()> body) {
  if (!nest.isOpen(loop))
    return forEach(0, nest.sizes[loop], 1, loop, body);
  emitLoop(index(0), loopSizes[loop], 1, [&](Value place) {
    indices[loop] = place;
    body();
  });
}

Value TileLoops::forOpenTiles(
    unsigned loop, int64_t steps,
    llvm::function_ref<void(Value begin, Value end)> part) {
  Value size = loopSizes[loop];
  Value fits = arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::sge,
                                     size, index(steps));
  lastPlace[loop] = arith::SubIOp::create(rewriter, loc, size, index(steps));
  part(index(0), arith::SelectOp::create(rewriter, loc, fits, size, index(0)));
  lastPlace.erase(loop);
  return arith::SelectOp::create(rewriter, loc, fits, size, index(0));
}

void TileLoops::setPlace(unsigned loop, Value place) {
  slots[loop] = place;
  Value last = lastPlace.lookup(loop);
  indices[loop] =
      last ? arith::MinSIOp::create(rewriter, loc, place, last) : place;
}

void TileLoops::forEach(int64_t begin, int64_t end, int64_t step, unsigned loop,
                        llvm::function_ref<void()> body) {
  if (begin == end)
    return;
  bool isAll = begin == 0 && end == nest.sizes[loop];
  if (end - begin <= step && (isAll || isInChunk)) {
    indices[loop] = index(begin);
    return body();
  }
  emitLoop(
      index(begin), index(end), step,
      [&](Value place) {
        indices[loop] = place;
        body();
      },
      /*overResults=*/true);
}

void TileLoops::emitLoop(Value begin, Value end, int64_t step,
                         llvm::function_ref<void(Value place)> body,
                         bool overResults) {
  scf::ForOp loop = TileCursor::emitLoop(begin, end, step, body);
  if (overResults && !isInChunk && getConstantIntValue(begin) &&
      getConstantIntValue(end))
    markIndependent(loop);
}

void TileLoops::emitOpenRows(const Unrolled &rows,
                             llvm::function_ref<void()> inner) {
  forEachOpenRowCount(rows, [&](Value begin, Value end, int64_t step) {
    emitLoop(begin, end, step, [&](Value place) {
      setPlace(rows.loop, place);
      inner();
    });
  });
}

void TileLoops::forEachOpenRowCount(
    const Unrolled &rows,
    llvm::function_ref<void(Value begin, Value end, int64_t step)> part) {
  int64_t &count = rowCounts[&rows - plan.rows.data()];
  count = rows.steps;
  Value begin = forOpenTiles(rows.loop, count, [&](Value begin, Value end) {
    part(begin, end, rows.steps);
  });
  count = 1;
  part(begin, loopSizes[rows.loop], 1);
}

void TileLoops::emitRows(const Unrolled &rows,
                         llvm::function_ref<void()> inner) {
  if (nest.isOpen(rows.loop))
    return emitOpenRows(rows, inner);
  forEachRowCount(&rows, nest.sizes[rows.loop],
                  [&](int64_t begin, int64_t end, int64_t step) {
                    forEach(begin, end, step, rows.loop, inner);
                  });
}

void TileLoops::forEachRowCount(
    const Unrolled *rows, int64_t size,
    llvm::function_ref<void(int64_t begin, int64_t end, int64_t step)> part) {
  if (!rows)
    return part(0, size, 1);
  Unrolled::Tiles tiles = rows->split(size);
  int64_t middle = tiles.whole * rows->steps;
  int64_t &count = rowCounts[rows - plan.rows.data()];
  count = rows->steps;
  part(0, middle, count);
  count = tiles.lessSteps;
  if (middle < size)
    part(middle, size, count);
}

void TileLoops::emitOpenLanes(llvm::function_ref<void()> inner) {
  lastLanes = 0;
  auto emitTiles = [&](int64_t vectors) {
    columns = vectors;
    int64_t tile = vectors * registers.lanes;
    return forOpenTiles(plan.lanesLoop, tile, [&](Value begin, Value end) {
      emitLoop(begin, end, tile, [&](Value place) {
        setPlace(plan.lanesLoop, place);
        inner();
      });
    });
  };
  Value begin = emitTiles(plan.vectors);
  if (plan.vectors == 1)
    return;
  Value isLeft = arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::eq,
                                       begin, index(0));
  auto choice = scf::IfOp::create(rewriter, loc, isLeft,
                                  /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(choice.thenBlock());
  emitTiles(1);
}

void TileLoops::emitLanes(llvm::function_ref<void()> inner) {
  if (nest.isOpen(plan.lanesLoop))
    return emitOpenLanes(inner);
  int64_t size = nest.sizes[plan.lanesLoop], lanes = registers.lanes;
  int64_t tile = plan.vectors * lanes, whole = size / tile * tile;
  columns = plan.vectors;
  lastLanes = 0;
  forEach(0, whole, tile, plan.lanesLoop, inner);
  columns = llvm::divideCeil(size - whole, lanes);
  lastLanes = (size - whole) % lanes;
  forEach(whole, size, tile, plan.lanesLoop, inner);
}

Value TileLoops::getSlot(unsigned loop) {
  Value slot = slots.lookup(loop), last = lastPlace.lookup(loop);
  if (!slot || !last)
    return indices[loop];
  Value tile = arith::MinSIOp::create(rewriter, loc, slot, last);
  Value row = arith::SubIOp::create(rewriter, loc, indices[loop], tile);
  return arith::AddIOp::create(rewriter, loc, slot, row);
}
