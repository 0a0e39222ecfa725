//===- TileCursor.cpp - The place of a tile in its loops ------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileCursor.h"
#include "VectorTranspose.h"
#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace mlmodel;

/// Vectors of more lanes are stored in part with a mask. Those of AVX2 are not:
/// AMD's Zen 3 takes as long for one such store as for six without.
static constexpr int64_t kStoredInParts = 8;

static LoopNest::Operand describe(Value source, AffineMap map) {
  auto type = dyn_cast<MemRefType>(source.getType());
  return {map, getElementTypeOrSelf(source.getType()),
          type && type.isLastDimUnitStride()};
}

Access TileCursor::getAccess(Value source, AffineMap map) {
  return {source, map, nest.getMotion(describe(source, map), plan.lanesLoop)};
}

Value TileCursor::index(int64_t value) {
  return arith::ConstantIndexOp::create(rewriter, loc, value);
}

Value TileCursor::add(Value a, int64_t b) {
  return b == 0 ? a : arith::AddIOp::create(rewriter, loc, a, index(b));
}

VectorType TileCursor::vectorType(Type element) const {
  return VectorType::get(registers.lanes, element);
}

Value TileCursor::getMask(int64_t lanes) {
  if (lanes == kOpenLanes)
    return vector::CreateMaskOp::create(
        rewriter, loc, vectorType(rewriter.getI1Type()), openLanes);
  return vector::ConstantMaskOp::create(rewriter, loc,
                                        vectorType(rewriter.getI1Type()),
                                        rewriter.getDenseI64ArrayAttr({lanes}));
}

Value TileCursor::splat(Value scalar) {
  return vector::BroadcastOp::create(rewriter, loc,
                                     vectorType(scalar.getType()), scalar);
}

Value TileCursor::toVector(Value value) {
  return isa<VectorType>(value.getType()) ? value : splat(value);
}

scf::ForOp TileCursor::emitLoop(Value begin, Value end, int64_t step,
                                llvm::function_ref<void(Value place)> body) {
  auto nestOp = scf::ForOp::create(rewriter, loc, begin, end, index(step));
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(nestOp.getBody());
  body(nestOp.getInductionVar());
  return nestOp;
}

Value mlmodel::allocateScratch(RewriterBase &rewriter, Location loc,
                               ArrayRef<int64_t> shape) {
  OpBuilder::InsertionGuard guard(rewriter);
  Region *body = rewriter.getInsertionBlock()->getParent();
  auto function = body->getParentOfType<FunctionOpInterface>();
  rewriter.setInsertionPointToStart(&function.getFunctionBody().front());
  auto type = MemRefType::get(shape, rewriter.getF32Type());
  return memref::AllocaOp::create(rewriter, loc, type,
                                  rewriter.getI64IntegerAttr(64));
}

SmallVector<Value> TileCursor::getPlace(AffineMap map) {
  SmallVector<Value> padded(indices), place;
  for (Value &value : padded)
    if (!value)
      value = index(0);
  // A tile of a blocked loop is a block: which, is the same for all its rows,
  // and the place in it is a constant.
  for (auto [i, rows] : llvm::enumerate(plan.rows)) {
    if (!rows.isBlocked || !rowBegins[i])
      continue;
    AffineExpr block = rewriter.getAffineDimExpr(rows.loop);
    map = simplifyAffineMap(map.replace(
        block, block * rows.steps + rowOffsets[i], map.getNumDims(), 0));
    padded[rows.loop] =
        arith::DivUIOp::create(rewriter, loc, rowBegins[i], index(rows.steps));
  }
  for (AffineExpr expr : map.getResults())
    place.push_back(
        affine::expandAffineExpr(rewriter, loc, expr, padded, ValueRange()));
  return place;
}

//===----------------------------------------------------------------------===//
// Parts of a tile
//===----------------------------------------------------------------------===//

void TileCursor::forEachSum(llvm::function_ref<void(int64_t column)> body) {
  SmallVector<Value> saved = indices;
  int64_t first = plan.rows.empty() ? 1 : rowCounts[0];
  int64_t second = plan.rows.size() < 2 ? 1 : rowCounts[1];
  for (int64_t i = 0; i < first; ++i)
    for (int64_t k = 0; k < second; ++k)
      for (int64_t column = 0; column < columns; ++column) {
        for (auto [row, rows] : llvm::enumerate(plan.rows)) {
          rowBegins[row] = saved[rows.loop];
          rowOffsets[row] = row == 0 ? i : k;
          indices[rows.loop] = add(saved[rows.loop], rowOffsets[row]);
        }
        if (plan.lanesAreResults)
          indices[plan.lanesLoop] =
              add(saved[plan.lanesLoop], column * registers.lanes);
        body(column);
      }
  indices = saved;
  llvm::fill(rowBegins, Value());
}

void TileCursor::forEachLane(int64_t partial,
                             llvm::function_ref<void(int64_t lane)> body) {
  Value first = indices[plan.lanesLoop];
  for (int64_t lane = 0; lane < (partial ? partial : registers.lanes); ++lane) {
    indices[plan.lanesLoop] = add(first, lane);
    body(lane);
  }
  indices[plan.lanesLoop] = first;
}

void TileCursor::forEachBlock(
    llvm::function_ref<void(int64_t row, int64_t rows, int64_t column)> body) {
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

//===----------------------------------------------------------------------===//
// Single sums
//===----------------------------------------------------------------------===//

Value TileCursor::loadScalar(const Access &access) {
  return memref::LoadOp::create(rewriter, loc, access.source,
                                getPlace(access.map));
}

Value TileCursor::gather(const Access &access, int64_t partial, Value zeros) {
  Value lanes = zeros;
  forEachLane(partial, [&](int64_t lane) {
    lanes = vector::InsertOp::create(rewriter, loc, loadScalar(access), lanes,
                                     lane);
  });
  return lanes;
}

/// Lanes from two vectors that together begin at the first element and end with
/// the last that counts, so that nothing behind it is read.
Value TileCursor::loadEveryOther(const Access &access, int64_t partial,
                                 Value zeros) {
  int64_t lanes = registers.lanes, half = lanes / 2;
  int64_t elements = 2 * (partial ? partial : lanes) - 1;
  auto loadPart = [&](int64_t first) -> Value {
    int64_t count = std::min(elements - first, lanes);
    if (count <= 0)
      return zeros;
    SmallVector<Value> place = getPlace(access.map);
    place.back() = add(place.back(), first);
    auto type = cast<VectorType>(zeros.getType());
    if (count == lanes)
      return vector::LoadOp::create(rewriter, loc, type, access.source, place);
    return vector::MaskedLoadOp::create(rewriter, loc, type, access.source,
                                        place, getMask(count), zeros);
  };
  // Element 2 i is in the second part, from element lanes - 1 on, from the
  // middle lane on.
  SmallVector<int64_t> places;
  for (int64_t lane = 0; lane < lanes; ++lane)
    places.push_back(lane < half ? 2 * lane : 2 * lane + 1);
  Value low = loadPart(0), high = loadPart(lanes - 1);
  return vector::ShuffleOp::create(rewriter, loc, low, high, places);
}

Value TileCursor::load(const Access &access, int64_t partial) {
  if (!isa<MemRefType>(access.source.getType()))
    return access.source;
  if (access.motion == Motion::Still)
    return loadScalar(access);
  VectorType type = vectorType(getElementTypeOrSelf(access.source.getType()));
  Value zeros =
      arith::ConstantOp::create(rewriter, loc, rewriter.getZeroAttr(type));
  if (access.motion == Motion::Other)
    return gather(access, partial, zeros);
  if (access.motion == Motion::EveryOther)
    return loadEveryOther(access, partial, zeros);
  SmallVector<Value> place = getPlace(access.map);
  if (partial == 0 || access.motion == Motion::Blocked)
    return vector::LoadOp::create(rewriter, loc, type, access.source, place);
  return vector::MaskedLoadOp::create(rewriter, loc, type, access.source, place,
                                      getMask(partial), zeros);
}

void TileCursor::store(const Access &access, Value value, int64_t partial) {
  auto storeScalar = [&](Value scalar) {
    memref::StoreOp::create(rewriter, loc, scalar, access.source,
                            getPlace(access.map));
  };
  if (!plan.lanesAreResults)
    return storeScalar(value);
  value = toVector(value);
  if (access.motion == Motion::Other)
    return forEachLane(partial, [&](int64_t lane) {
      storeScalar(vector::ExtractOp::create(rewriter, loc, value, lane));
    });
  SmallVector<Value> place = getPlace(access.map);
  if (partial == 0)
    vector::StoreOp::create(rewriter, loc, value, access.source, place);
  else if (registers.lanes > kStoredInParts)
    vector::MaskedStoreOp::create(rewriter, loc, access.source, place,
                                  getMask(partial), value);
  else
    storeParts(access.source, place, value, partial);
}

/// Stores the first \p count lanes of \p value at \p place: as many as are a
/// power of two, then those of the rest.
void TileCursor::storeParts(Value target, SmallVector<Value> place, Value value,
                            int64_t count) {
  for (int64_t begin = 0; begin < count;) {
    int64_t size = llvm::bit_floor(uint64_t(count - begin));
    auto lanes = llvm::to_vector(llvm::seq(begin, begin + size));
    Value part = vector::ShuffleOp::create(rewriter, loc, value, value, lanes);
    vector::StoreOp::create(rewriter, loc, part, target, place);
    place.back() = add(place.back(), size);
    begin += size;
  }
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

/// Lane i of the result is lane places[i] of \p table. The processors' backends
/// know this idiom and make one instruction of it, where they have one.
Value TileCursor::permute(Value table, Value places) {
  SmallVector<Value> lanes;
  for (int64_t lane = 0; lane < registers.lanes; ++lane) {
    Value place = vector::ExtractOp::create(rewriter, loc, places, lane);
    place = arith::IndexCastOp::create(rewriter, loc, rewriter.getIndexType(),
                                       place);
    lanes.push_back(
        vector::ExtractOp::create(rewriter, loc, table, OpFoldResult(place)));
  }
  return vector::FromElementsOp::create(
      rewriter, loc, vectorType(rewriter.getF32Type()), lanes);
}

/// One lane of \p vector, computed anew from scalars where that is possible.
Value TileCursor::getLane(Value vector, int64_t lane) {
  Operation *source = vector.getDefiningOp();
  if (auto load = dyn_cast_or_null<vector::LoadOp>(source)) {
    SmallVector<Value> place(load.getIndices());
    place.back() = add(place.back(), lane);
    return memref::LoadOp::create(rewriter, loc, load.getBase(), place);
  }
  if (auto broadcast = dyn_cast_or_null<vector::BroadcastOp>(source))
    if (!isa<VectorType>(broadcast.getSourceType()))
      return broadcast.getSource();
  if (!source || !OpTrait::hasElementwiseMappableTraits(source) ||
      source->getNumResults() != 1)
    return vector::ExtractOp::create(rewriter, loc, vector, lane);
  SmallVector<Value> operands;
  for (Value operand : source->getOperands())
    operands.push_back(getLane(operand, lane));
  OperationState state(loc, source->getName(), operands,
                       getElementTypeOrSelf(vector.getType()),
                       source->getAttrs());
  return rewriter.create(state)->getResult(0);
}

/// The elements of a \p table that is too large for registers. With scalars, no
/// lane has to leave a vector register, and few processors of 256 bits have
/// instructions that gather faster.
/// All lanes of \p vector. Bytes come in one load and are shifted apart: loads
/// are what look-ups have to wait for.
SmallVector<Value> TileCursor::getLanes(Value vector) {
  SmallVector<Value> lanes;
  auto wide = vector.getDefiningOp<arith::ExtUIOp>();
  if (wide &&
      wide.getIn().getType() == VectorType::get(8, rewriter.getI8Type())) {
    Type i64 = rewriter.getI64Type();
    Value all = vector::BitCastOp::create(
        rewriter, loc, VectorType::get(1, i64), wide.getIn());
    all = vector::ExtractOp::create(rewriter, loc, all, 0);
    auto constant = [&](int64_t value) {
      return arith::ConstantOp::create(rewriter, loc,
                                       rewriter.getI64IntegerAttr(value));
    };
    for (int64_t lane = 0; lane < registers.lanes; ++lane) {
      Value byte =
          arith::ShRUIOp::create(rewriter, loc, all, constant(8 * lane));
      lanes.push_back(
          arith::AndIOp::create(rewriter, loc, byte, constant(255)));
    }
    return lanes;
  }
  for (int64_t lane = 0; lane < registers.lanes; ++lane)
    lanes.push_back(getLane(vector, lane));
  return lanes;
}

Value TileCursor::gather(Value table, Value places) {
  VectorType floats = vectorType(rewriter.getF32Type());
  if (registers.lanes <= 8) {
    SmallVector<Value> found;
    for (Value place : getLanes(places)) {
      place = arith::IndexCastUIOp::create(rewriter, loc,
                                           rewriter.getIndexType(), place);
      found.push_back(memref::LoadOp::create(rewriter, loc, table, place));
    }
    return vector::FromElementsOp::create(rewriter, loc, floats, found);
  }
  Value zeros =
      arith::ConstantOp::create(rewriter, loc, rewriter.getZeroAttr(floats));
  return vector::GatherOp::create(rewriter, loc, floats, table,
                                  ValueRange{index(0)}, places,
                                  getMask(registers.lanes), zeros);
}

Value TileCursor::lookUp(Value table, Value indices) {
  int64_t lanes = registers.lanes;
  int64_t size = cast<MemRefType>(table.getType()).getDimSize(0);
  int64_t count = llvm::divideCeil(size, lanes);
  VectorType integers = vectorType(rewriter.getI32Type());
  Value places = indices;
  if (auto cast = indices.getDefiningOp<arith::IndexCastOp>())
    places = cast.getIn();
  if (places.getType() != integers || count > kMostTableRegisters)
    return gather(table, places);
  auto constant = [&](int64_t value) {
    return splat(arith::ConstantOp::create(rewriter, loc,
                                           rewriter.getI32IntegerAttr(value)));
  };
  Value low = arith::AndIOp::create(rewriter, loc, places, constant(lanes - 1));
  Value found;
  for (int64_t i = 0; i < count; ++i) {
    int64_t part = std::min(lanes, size - i * lanes);
    Value entries = vector::LoadOp::create(
        rewriter, loc, VectorType::get(part, rewriter.getF32Type()), table,
        ValueRange{index(i * lanes)});
    Value next = permute(padLanes(rewriter, loc, entries, lanes), low);
    if (!found) {
      found = next;
      continue;
    }
    Value isHere = arith::CmpIOp::create(
        rewriter, loc, arith::CmpIPredicate::sge, places, constant(i * lanes));
    found = arith::SelectOp::create(rewriter, loc, isHere, next, found);
  }
  return found;
}

SmallVector<Value> TileCursor::lookUpGroup(const TileCodes &codes,
                                           ArrayRef<Value> tables) {
  auto op = cast<linalg::LinalgOp>(codes.words->getOwner());
  AffineMap map = op.getMatchingIndexingMap(codes.words);
  // Groups begin at multiples of their size.
  SmallVector<AffineExpr> exprs(map.getResults());
  exprs.back() = exprs.back().replace(rewriter.getAffineDimExpr(codes.termLoop),
                                      rewriter.getAffineConstantExpr(0));
  map = AffineMap::get(map.getNumDims(), 0, exprs, op.getContext());
  Value words =
      vector::LoadOp::create(rewriter, loc, vectorType(rewriter.getI32Type()),
                             codes.words->get(), getPlace(map));
  return mlmodel::lookUpGroup(rewriter, loc, codes.group, tables, words);
}

//===----------------------------------------------------------------------===//
// Whole tiles
//===----------------------------------------------------------------------===//

bool TileCursor::isTransposed(const Access &access) {
  return plan.lanesAreResults && !plan.rows.empty() &&
         access.motion == Motion::Other && rowCounts[0] > 1 &&
         nest.getMotion(describe(access.source, access.map),
                        plan.rows[0].loop) == Motion::Contiguous;
}

SmallVector<Value> TileCursor::loadTile(const Access &access) {
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

void TileCursor::storeTile(const Access &access, ArrayRef<Value> values) {
  if (!isTransposed(access)) {
    size_t next = 0;
    return forEachSum([&](int64_t column) {
      store(access, values[next++], getPartial(column));
    });
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
                              access.source, getPlace(access.map));
    });
  });
}

/// Whether all rows of \p access begin at cache lines if one does.
static bool hasWholeLines(const Access &access) {
  auto type = cast<MemRefType>(access.source.getType());
  SmallVector<int64_t> strides = type.getStridesAndOffset().first;
  return llvm::all_of(ArrayRef(strides).drop_back(),
                      [](int64_t stride) { return stride % kLineFloats == 0; });
}

void TileCursor::prefetch(const Access &access, Value beyond, bool isWrite) {
  SmallVector<Value> place = getPlace(access.map);
  place.back() = arith::AddIOp::create(rewriter, loc, place.back(), beyond);
  memref::PrefetchOp::create(rewriter, loc, access.source, place, isWrite,
                             /*localityHint=*/3, /*isDataCache=*/true);
}

void TileCursor::prefetchTile(const Access &access, bool isWrite) {
  if (!isa<MemRefType>(access.source.getType()))
    return;
  if (isTransposed(access)) {
    forEachBlock([&](int64_t, int64_t rows, int64_t column) {
      forEachLane(getPartial(column),
                  [&](int64_t) { prefetch(access, index(rows - 1), isWrite); });
    });
    return;
  }
  Motion rows =
      nest.getMotion(describe(access.source, access.map), plan.rows[0].loop);
  if (access.motion != Motion::Contiguous || rows != Motion::Other)
    return;
  // Rows that begin within a line end in one more.
  forEachSum([&](int64_t column) {
    if (column * registers.lanes % kLineFloats == 0)
      prefetch(access, index(0), isWrite);
    if (column == columns - 1 && !hasWholeLines(access))
      prefetch(access, index((lastLanes ? lastLanes : registers.lanes) - 1),
               isWrite);
  });
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

void TileCursor::applyEpilogue(linalg::LinalgOp epilogue, AffineMap resultMap,
                               MutableArrayRef<Value> sums) {
  SmallVector<SmallVector<Value>> operands;
  for (OpOperand *input : epilogue.getDpsInputOperands()) {
    AffineMap place = epilogue.getMatchingIndexingMap(input).compose(resultMap);
    operands.push_back(loadTile(getAccess(input->get(), place)));
  }
  Block *body = epilogue.getBlock();
  for (auto [i, sum] : llvm::enumerate(sums)) {
    IRMapping map;
    for (auto [operand, argument] : llvm::zip(operands, body->getArguments()))
      map.map(argument, operand[i]);
    map.map(body->getArguments().back(), sum);
    for (Operation &inner : body->without_terminator())
      cloneOperation(inner, map);
    sum = map.lookupOrDefault(body->getTerminator()->getOperand(0));
  }
}

void TileCursor::cloneOperation(Operation &inner, IRMapping &map) {
  if (auto place = dyn_cast<linalg::IndexOp>(inner))
    return map.map(place.getResult(), indices[place.getDim()]);
  bool isVector = llvm::any_of(inner.getOperands(), [&](Value value) {
    return isa<VectorType>(map.lookupOrDefault(value).getType());
  });
  if (!isVector) {
    rewriter.clone(inner, map);
    return;
  }
  if (auto table = dyn_cast<memref::LoadOp>(inner))
    return map.map(
        table.getResult(),
        lookUp(table.getMemRef(), map.lookup(table.getIndices().front())));
  SmallVector<Value> operands;
  for (Value value : inner.getOperands())
    operands.push_back(toVector(map.lookupOrDefault(value)));
  OperationState state(loc, inner.getName(), operands,
                       vectorType(inner.getResult(0).getType()),
                       inner.getAttrs());
  map.map(inner.getResult(0), rewriter.create(state)->getResult(0));
}
