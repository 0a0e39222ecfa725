//===- Indexing.cpp - Lower mil's chapter Indexing --------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/IndexingOps.h"
#include "Patterns.h"
#include "TensorBuilders.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlmodel;
using namespace mlmodel::mil;

/// The loops of the enclosing generic.
static SmallVector<Value> emitLoopIndices(OpBuilder &builder, Location loc,
                                          int64_t rank) {
  SmallVector<Value> indices;
  for (int64_t i = 0; i < rank; ++i)
    indices.push_back(linalg::IndexOp::create(builder, loc, i));
  return indices;
}

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

/// A slice that walks backwards is taken forwards and then reversed.
static Value emitSliceByIndex(OpBuilder &builder, SliceByIndexOp op) {
  TensorBuilder tensors(builder, op.getLoc());
  SmallVector<int64_t> offsets, sizes, strides, reversed;
  auto slice = op.getSlice();
  for (auto [i, axis] : llvm::enumerate(*slice)) {
    bool backwards = axis.stride < 0;
    if (backwards)
      reversed.push_back(i);
    offsets.push_back(backwards ? axis.begin + (axis.size - 1) * axis.stride
                                : axis.begin);
    sizes.push_back(axis.size);
    strides.push_back(std::abs(axis.stride));
  }
  Value y = tensors.slice(op.getX(), offsets, sizes, strides);
  if (!reversed.empty())
    y = emitReverse(builder, op.getLoc(), y, reversed);
  return tensors.reshape(y, op.getType().getShape());
}

static Value emitSliceBySize(OpBuilder &builder, SliceBySizeOp op) {
  Location loc = op.getLoc();
  RankedTensorType source = op.getX().getType(), type = op.getType();
  SmallVector<OpFoldResult> offsets, sizes;
  for (int64_t i = 0; i < type.getRank(); ++i) {
    int64_t room = source.getDimSize(i) - type.getDimSize(i);
    Value position = arith::ConstantIndexOp::create(builder, loc, i);
    Value begin =
        tensor::ExtractOp::create(builder, loc, op.getBegin(), position);
    Value offset = emitAxisIndex(builder, loc, begin, source.getDimSize(i));
    Value last = arith::ConstantIndexOp::create(builder, loc, room);
    offsets.push_back(
        arith::MinSIOp::create(builder, loc, offset, last).getResult());
    sizes.push_back(builder.getIndexAttr(type.getDimSize(i)));
  }
  SmallVector<OpFoldResult> strides(sizes.size(), builder.getIndexAttr(1));
  return tensor::ExtractSliceOp::create(builder, loc, type, op.getX(), offsets,
                                        sizes, strides);
}

//===----------------------------------------------------------------------===//
// Gather
//===----------------------------------------------------------------------===//

/// Reads each result element from `x`, at its own place with dimensions
/// `[from, from + drop)` replaced by the index that `indices` holds at `map`.
static Value emitGatherAt(OpBuilder &builder, Location loc, Value x,
                          Value indices, ArrayRef<int64_t> shape, AffineMap map,
                          int64_t from, int64_t drop) {
  int64_t size = cast<RankedTensorType>(x.getType()).getDimSize(from);
  return TensorBuilder(builder, loc)
      .parallel(shape, indices, map,
                [&](OpBuilder &b, Location loc, ValueRange args) -> Value {
                  auto place = emitLoopIndices(b, loc, shape.size());
                  place.erase(place.begin() + from,
                              place.begin() + from + drop);
                  place.insert(place.begin() + from,
                               emitAxisIndex(b, loc, args[0], size));
                  return tensor::ExtractOp::create(b, loc, x, place);
                });
}

static Value emitGather(OpBuilder &builder, GatherOp op) {
  int64_t rank = op.getType().getRank();
  int64_t axis = fromFront(op.getAxis(), op.getX().getType().getRank());
  int64_t batch = op.getBatchDims();
  int64_t own = op.getIndices().getType().getRank() - batch;
  SmallVector<int64_t> dims;
  llvm::append_range(dims, llvm::seq<int64_t>(batch));
  llvm::append_range(dims, llvm::seq<int64_t>(axis, axis + own));
  AffineMap map = TensorBuilder(builder, op.getLoc()).pick(rank, dims);
  return emitGatherAt(builder, op.getLoc(), op.getX(), op.getIndices(),
                      op.getType().getShape(), map, axis, own);
}

static Value emitGatherAlongAxis(OpBuilder &builder, GatherAlongAxisOp op) {
  int64_t rank = op.getType().getRank();
  return emitGatherAt(
      builder, op.getLoc(), op.getX(), op.getIndices(), op.getType().getShape(),
      builder.getMultiDimIdentityMap(rank), fromFront(op.getAxis(), rank), 1);
}

/// The indices that the last dimension of `indices` holds at `prefix`, for the
/// axes of `sizes`.
static SmallVector<Value> emitTuple(OpBuilder &builder, Location loc,
                                    Value indices, ArrayRef<Value> prefix,
                                    ArrayRef<int64_t> sizes) {
  SmallVector<Value> tuple, place(prefix);
  place.push_back(nullptr);
  for (auto [i, size] : llvm::enumerate(sizes)) {
    place.back() = arith::ConstantIndexOp::create(builder, loc, i);
    Value index = tensor::ExtractOp::create(builder, loc, indices, place);
    tuple.push_back(emitAxisIndex(builder, loc, index, size));
  }
  return tuple;
}

static Value emitGatherNd(OpBuilder &builder, GatherNdOp op) {
  ArrayRef<int64_t> shape = op.getType().getShape();
  ArrayRef<int64_t> indices = op.getIndices().getType().getShape();
  size_t batch = op.getBatchDims(), own = indices.size() - 1;
  ArrayRef<int64_t> sizes =
      op.getX().getType().getShape().slice(batch, indices.back());
  return TensorBuilder(builder, op.getLoc())
      .parallel(
          shape, {}, {}, [&](OpBuilder &b, Location loc, ValueRange) -> Value {
            auto loops = emitLoopIndices(b, loc, shape.size());
            ArrayRef<Value> all(loops);
            SmallVector<Value> place(all.take_front(batch));
            llvm::append_range(place, emitTuple(b, loc, op.getIndices(),
                                                all.take_front(own), sizes));
            llvm::append_range(place, all.drop_front(own));
            return tensor::ExtractOp::create(b, loc, op.getX(), place);
          });
}

//===----------------------------------------------------------------------===//
// Scatter
//===----------------------------------------------------------------------===//

/// The value that takes the place of `old`.
static Value emitScatterMode(OpBuilder &builder, Location loc, StringRef mode,
                             Value old, Value update) {
  ScalarBuilder s(builder, loc);
  if (mode == "add")
    return s.add(old, update);
  if (mode == "sub")
    return s.sub(old, update);
  if (mode == "mul")
    return s.mul(old, update);
  if (mode == "div")
    return s.div(old, update);
  if (mode == "max")
    return s.max(old, update);
  if (mode == "min")
    return s.min(old, update);
  return update;
}

/// Applies the elements of the updates one after another; `target` says where
/// the element at some loop indices goes.
template <typename OpTy>
static Value
emitScatterLoops(OpBuilder &builder, OpTy op,
                 llvm::function_ref<SmallVector<Value>(OpBuilder &, Location,
                                                       ArrayRef<Value>)>
                     target) {
  Location loc = op.getLoc();
  TensorBuilder tensors(builder, loc);
  ArrayRef<int64_t> shape = op.getUpdates().getType().getShape();
  SmallVector<Value> lower(shape.size(), tensors.index(0)), upper;
  SmallVector<Value> step(shape.size(), tensors.index(1));
  for (int64_t size : shape)
    upper.push_back(tensors.index(size));
  scf::LoopNest nest = scf::buildLoopNest(
      builder, loc, lower, upper, step, ValueRange(op.getData()),
      [&](OpBuilder &b, Location loc, ValueRange loops, ValueRange state) {
        Value data = state[0];
        SmallVector<Value> from(loops);
        SmallVector<Value> to = target(b, loc, from);
        Value update = tensor::ExtractOp::create(b, loc, op.getUpdates(), from);
        if (op.getMode() != "update") {
          Value old = tensor::ExtractOp::create(b, loc, data, to);
          update = emitScatterMode(b, loc, op.getMode(), old, update);
        }
        Value next = tensor::InsertOp::create(b, loc, update, data, to);
        return scf::ValueVector{next};
      });
  return nest.results.front();
}

static Value emitScatter(OpBuilder &builder, ScatterOp op) {
  RankedTensorType data = op.getData().getType();
  int64_t axis = fromFront(op.getAxis(), data.getRank());
  int64_t own = op.getIndices().getType().getRank();
  return emitScatterLoops(
      builder, op, [&](OpBuilder &b, Location loc, ArrayRef<Value> loops) {
        Value index = tensor::ExtractOp::create(b, loc, op.getIndices(),
                                                loops.slice(axis, own));
        SmallVector<Value> place(loops.take_front(axis));
        place.push_back(emitAxisIndex(b, loc, index, data.getDimSize(axis)));
        llvm::append_range(place, loops.drop_front(axis + own));
        return place;
      });
}

static Value emitScatterAlongAxis(OpBuilder &builder, ScatterAlongAxisOp op) {
  RankedTensorType data = op.getData().getType();
  int64_t axis = fromFront(op.getAxis(), data.getRank());
  return emitScatterLoops(
      builder, op, [&](OpBuilder &b, Location loc, ArrayRef<Value> loops) {
        Value index = tensor::ExtractOp::create(b, loc, op.getIndices(), loops);
        SmallVector<Value> place(loops);
        place[axis] = emitAxisIndex(b, loc, index, data.getDimSize(axis));
        return place;
      });
}

static Value emitScatterNd(OpBuilder &builder, ScatterNdOp op) {
  ArrayRef<int64_t> indices = op.getIndices().getType().getShape();
  ArrayRef<int64_t> sizes =
      op.getData().getType().getShape().take_front(indices.back());
  size_t own = indices.size() - 1;
  return emitScatterLoops(
      builder, op, [&](OpBuilder &b, Location loc, ArrayRef<Value> loops) {
        auto place =
            emitTuple(b, loc, op.getIndices(), loops.take_front(own), sizes);
        llvm::append_range(place, loops.drop_front(own));
        return place;
      });
}

//===----------------------------------------------------------------------===//
// Made from indices
//===----------------------------------------------------------------------===//

static Value emitOneHot(OpBuilder &builder, OneHotOp op) {
  TensorBuilder tensors(builder, op.getLoc());
  int64_t rank = op.getType().getRank(), axis = fromFront(op.getAxis(), rank);
  SmallVector<int64_t> others;
  llvm::copy_if(llvm::seq<int64_t>(rank), std::back_inserter(others),
                [&](int64_t i) { return i != axis; });
  return tensors.parallel(
      op.getType().getShape(), op.getIndices(), tensors.pick(rank, others),
      [&](OpBuilder &b, Location loc, ValueRange args) -> Value {
        Value place = arith::IndexCastOp::create(
            b, loc, b.getI64Type(), linalg::IndexOp::create(b, loc, axis));
        Value wanted = arith::SIToFPOp::create(b, loc, b.getF32Type(), place);
        ScalarBuilder s(b, loc);
        Value index = s.call<math::TruncOp>(args[0]);
        Value hit = s.compare(arith::CmpFPredicate::OEQ, index, wanted);
        return s.select(hit, s.constant(op.getOnValue()),
                        s.constant(op.getOffValue()));
      });
}

//===----------------------------------------------------------------------===//
// Made of indices
//===----------------------------------------------------------------------===//

/// The position of the element `flat` of a tensor of `shape`.
static SmallVector<Value> delinearize(OpBuilder &b, Location loc, Value flat,
                                      ArrayRef<int64_t> shape) {
  SmallVector<Value> place(shape.size());
  for (size_t i = shape.size(); i-- > 0;) {
    Value size = arith::ConstantIndexOp::create(b, loc, shape[i]);
    place[i] = arith::RemUIOp::create(b, loc, flat, size);
    flat = arith::DivUIOp::create(b, loc, flat, size);
  }
  return place;
}

/// Writes `place` to row `row` of `rows`.
static Value insertRow(OpBuilder &b, Location loc, Value rows, Value row,
                       ArrayRef<Value> place) {
  for (auto [i, index] : llvm::enumerate(place)) {
    Value wide = arith::IndexCastOp::create(b, loc, b.getI64Type(), index);
    Value number = arith::SIToFPOp::create(b, loc, b.getF32Type(), wide);
    Value column = arith::ConstantIndexOp::create(b, loc, i);
    rows =
        tensor::InsertOp::create(b, loc, number, rows, ValueRange{row, column});
  }
  return rows;
}

/// One walk over all elements; the number of rows so far goes along.
static Value emitNonZero(OpBuilder &builder, NonZeroOp op) {
  Location loc = op.getLoc();
  TensorBuilder tensors(builder, loc);
  ArrayRef<int64_t> shape = op.getX().getType().getShape();
  ArrayRef<int64_t> result = op.getType().getShape();
  Value zero = tensors.index(0), one = tensors.index(1);
  Value most = tensors.index(result[0]), none = tensors.scalar(0);
  auto loop = scf::ForOp::create(
      builder, loc, zero, tensors.index(op.getX().getType().getNumElements()),
      one, ValueRange{zero, tensors.filled(result, 0)},
      [&](OpBuilder &b, Location loc, Value flat, ValueRange state) {
        SmallVector<Value> place = delinearize(b, loc, flat, shape);
        Value element = tensor::ExtractOp::create(b, loc, op.getX(), place);
        Value differs = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNE,
                                              element, none);
        Value fits = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult,
                                           state[0], most);
        Value taken = arith::AndIOp::create(b, loc, differs, fits);
        auto branch = scf::IfOp::create(
            b, loc, taken,
            [&](OpBuilder &b, Location loc) {
              Value next = arith::AddIOp::create(b, loc, state[0], one);
              Value rows = insertRow(b, loc, state[1], state[0], place);
              scf::YieldOp::create(b, loc, ValueRange{next, rows});
            },
            [&](OpBuilder &b, Location loc) {
              scf::YieldOp::create(b, loc, state);
            });
        scf::YieldOp::create(b, loc, branch.getResults());
      });
  return loop.getResult(1);
}

//===----------------------------------------------------------------------===//
// Registration
//===----------------------------------------------------------------------===//

void mlmodel::mil::populateIndexingPatterns(RewritePatternSet &patterns) {
  addEmitter(patterns, emitSliceByIndex);
  addEmitter(patterns, emitSliceBySize);
  addEmitter(patterns, emitGather);
  addEmitter(patterns, emitGatherAlongAxis);
  addEmitter(patterns, emitGatherNd);
  addEmitter(patterns, emitScatter);
  addEmitter(patterns, emitScatterAlongAxis);
  addEmitter(patterns, emitScatterNd);
  addEmitter(patterns, emitOneHot);
  addEmitter(patterns, emitNonZero);
}
