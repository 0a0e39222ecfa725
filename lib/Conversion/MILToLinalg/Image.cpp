//===- Image.cpp - Lower mil's chapter Image --------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/ImageOps.h"
#include "Patterns.h"
#include "TensorBuilders.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlmodel;
using namespace mlmodel::mil;

/// Height and width of an image.
static ArrayRef<int64_t> getSize(RankedTensorType type) {
  return type.getShape().take_back(2);
}

//===----------------------------------------------------------------------===//
// Nearest neighbour
//===----------------------------------------------------------------------===//

/// Whole factors: every pixel becomes a block, without any index arithmetic.
static Value emitRepeat(OpBuilder &builder, Location loc, Value x,
                        RankedTensorType type) {
  TensorBuilder tensors(builder, loc);
  auto source = cast<RankedTensorType>(x.getType());
  int64_t rank = source.getRank();
  SmallVector<int64_t> loops(source.getShape().drop_back(2));
  SmallVector<int64_t> read = llvm::to_vector(llvm::seq<int64_t>(rank - 2));
  for (auto [from, to] : llvm::zip(getSize(source), getSize(type))) {
    read.push_back(loops.size());
    loops.append({from, to / from});
  }
  Value y = tensors.parallel(
      loops, x, tensors.pick(loops.size(), read),
      [](OpBuilder &, Location, ValueRange args) { return args[0]; });
  return tensors.reshape(y, type.getShape());
}

/// The pixels that a nearest neighbour resize picks along one axis.
static Value emitNearestTable(OpBuilder &builder, Location loc, int64_t from,
                              int64_t to) {
  SmallVector<int64_t> places;
  for (int64_t i = 0; i < to; ++i)
    places.push_back(i * from / to);
  return TensorBuilder(builder, loc).table(places);
}

static Value emitNearest(OpBuilder &builder, Location loc, Value x,
                         RankedTensorType type) {
  ArrayRef<int64_t> from = getSize(cast<RankedTensorType>(x.getType()));
  ArrayRef<int64_t> to = getSize(type);
  if (to[0] % from[0] == 0 && to[1] % from[1] == 0)
    return emitRepeat(builder, loc, x, type);
  TensorBuilder tensors(builder, loc);
  int64_t rank = type.getRank();
  return tensors.parallel(
      type.getShape(),
      {emitNearestTable(builder, loc, from[0], to[0]),
       emitNearestTable(builder, loc, from[1], to[1])},
      {tensors.pick(rank, rank - 2), tensors.pick(rank, rank - 1)},
      [&](OpBuilder &b, Location loc, ValueRange args) -> Value {
        SmallVector<Value> place;
        for (int64_t i = 0; i < rank - 2; ++i)
          place.push_back(linalg::IndexOp::create(b, loc, i));
        for (Value index : args.take_front(2))
          place.push_back(
              arith::IndexCastOp::create(b, loc, b.getIndexType(), index));
        return tensor::ExtractOp::create(b, loc, x, place);
      });
}

//===----------------------------------------------------------------------===//
// Linear interpolation
//===----------------------------------------------------------------------===//

/// Where point `i` of `n` lies on an axis of size `d`; see mil.resize_bilinear.
static double getPoint(StringRef mode, int64_t i, int64_t n, int64_t d) {
  double point = 0;
  if (mode == "ALIGN_CORNERS" && n == 1)
    point = double(d - 1) / 2;
  else if (mode == "STRICT_ALIGN_CORNERS" || mode == "ALIGN_CORNERS")
    point = n == 1 ? 0 : double(i) * double(d - 1) / double(n - 1);
  else if (mode == "DEFAULT")
    point = double(i) * double(d) / double(n);
  else if (mode == "OFFSET_CORNERS")
    point = (double(i) + 0.5) * double(std::max<int64_t>(1, d - 1)) / double(n);
  else
    point = (double(i) + 0.5) * double(d) / double(n) - 0.5;
  return std::clamp(point, 0.0, double(d - 1));
}

namespace {

/// The pixels around each point of an axis: the one before it and how far the
/// point is on the way to the next.
struct LinearTable {
  LinearTable(OpBuilder &builder, Location loc, StringRef mode, int64_t n,
              int64_t d) {
    SmallVector<int64_t> places;
    SmallVector<float> fractions;
    for (int64_t i = 0; i < n; ++i) {
      double point = getPoint(mode, i, n, d);
      places.push_back(int64_t(point));
      fractions.push_back(float(point - std::floor(point)));
    }
    TensorBuilder tensors(builder, loc);
    place = tensors.table(places);
    fraction = tensors.table(fractions);
  }

  Value place, fraction;
};

/// A point of an axis inside a loop.
struct LinearPoint {
  /// `place` is an index in [0, size).
  LinearPoint(OpBuilder &builder, Location loc, Value place, Value fraction,
              int64_t size)
      : before(place), fraction(fraction) {
    Value one = arith::ConstantIndexOp::create(builder, loc, 1);
    Value last = arith::ConstantIndexOp::create(builder, loc, size - 1);
    Value next = arith::AddIOp::create(builder, loc, place, one);
    after = arith::MinSIOp::create(builder, loc, next, last);
  }

  Value before, after, fraction;
};

} // namespace

/// The value between four pixels of the image at `prefix`.
static Value emitInterpolation(OpBuilder &builder, Location loc, Value x,
                               ArrayRef<Value> prefix, const LinearPoint &row,
                               const LinearPoint &column) {
  auto pixel = [&](Value i, Value j) -> Value {
    SmallVector<Value> place(prefix);
    place.append({i, j});
    return tensor::ExtractOp::create(builder, loc, x, place);
  };
  ScalarBuilder s(builder, loc);
  auto mix = [&](Value a, Value b, Value fraction) {
    return emitMulAdd(builder, loc, s.sub(b, a), fraction, a);
  };
  auto mixRow = [&](Value i) {
    return mix(pixel(i, column.before), pixel(i, column.after),
               column.fraction);
  };
  return mix(mixRow(row.before), mixRow(row.after), row.fraction);
}

static Value emitBilinear(OpBuilder &builder, Location loc, Value x,
                          RankedTensorType type, StringRef mode) {
  TensorBuilder tensors(builder, loc);
  ArrayRef<int64_t> from = getSize(cast<RankedTensorType>(x.getType()));
  ArrayRef<int64_t> to = getSize(type);
  int64_t rank = type.getRank();
  LinearTable rows(builder, loc, mode, to[0], from[0]);
  LinearTable columns(builder, loc, mode, to[1], from[1]);
  AffineMap row = tensors.pick(rank, rank - 2);
  AffineMap column = tensors.pick(rank, rank - 1);
  return tensors.parallel(
      type.getShape(),
      {rows.place, rows.fraction, columns.place, columns.fraction},
      {row, row, column, column},
      [&](OpBuilder &b, Location loc, ValueRange args) {
        auto point = [&](unsigned i, int64_t size) {
          Value place =
              arith::IndexCastOp::create(b, loc, b.getIndexType(), args[i]);
          return LinearPoint(b, loc, place, args[i + 1], size);
        };
        SmallVector<Value> prefix;
        for (int64_t i = 0; i < rank - 2; ++i)
          prefix.push_back(linalg::IndexOp::create(b, loc, i));
        return emitInterpolation(b, loc, x, prefix, point(0, from[0]),
                                 point(2, from[1]));
      });
}

//===----------------------------------------------------------------------===//
// Crops
//===----------------------------------------------------------------------===//

static Value emitCrop(OpBuilder &builder, CropOp op) {
  SmallVector<int64_t> offsets(op.getType().getRank() - 2, 0);
  offsets.append({op.getCropHeight()[0], op.getCropWidth()[0]});
  return TensorBuilder(builder, op.getLoc())
      .slice(op.getX(), offsets, op.getType().getShape());
}

/// Start and end of box `n` along the height (0) or the width (1).
static std::pair<Value, Value> emitBoxBounds(OpBuilder &builder, Location loc,
                                             CropResizeOp op, Value n,
                                             unsigned axis, int64_t size) {
  StringRef mode = op.getBoxCoordinateMode();
  bool widthFirst = mode.ends_with("WIDTH_FIRST");
  double scale = op.getSpatialScale().convertToDouble();
  if (op.getNormalizedCoordinates())
    scale *= double(size - 1);
  ScalarBuilder s(builder, loc);
  auto read = [&](unsigned i) {
    Value place = arith::ConstantIndexOp::create(builder, loc, i);
    Value raw = tensor::ExtractOp::create(builder, loc, op.getBoxes(),
                                          ValueRange{n, place});
    return s.mul(raw, s.constant(scale));
  };
  unsigned first = widthFirst ? 1 - axis : axis;
  Value a = read(first), b = read(first + 2);
  if (mode.starts_with("CORNERS"))
    return {a, b};
  Value half = s.mul(b, s.constant(0.5));
  return {s.sub(a, half), s.add(a, half)};
}

/// Where point `i` of `n` lies between `start` and `end`.
static Value emitBoxPoint(OpBuilder &builder, Location loc, StringRef mode,
                          Value i, int64_t n, Value start, Value end) {
  ScalarBuilder s(builder, loc);
  Value length = s.sub(end, start), count = s.constant(double(n));
  Value size = s.add(length, s.constant(1));
  if (mode == "ALIGN_CORNERS" && n == 1)
    return s.add(start, s.mul(length, s.constant(0.5)));
  if (mode == "STRICT_ALIGN_CORNERS" || mode == "ALIGN_CORNERS") {
    if (n == 1)
      return start;
    Value step = s.div(length, s.constant(double(n - 1)));
    return s.add(start, s.mul(i, step));
  }
  if (mode == "DEFAULT")
    return s.add(start, s.mul(i, s.div(size, count)));
  Value half = s.constant(0.5), middle = s.add(i, half);
  if (mode == "OFFSET_CORNERS") {
    Value spacing = s.div(s.atLeast(length, s.constant(1)), count);
    return s.add(start, s.mul(middle, spacing));
  }
  Value point = s.sub(s.mul(middle, s.div(size, count)), half);
  return s.add(start, point);
}

/// The points `[N, n]` of all boxes along an axis of `size`, inside it.
static Value emitBoxPoints(OpBuilder &builder, CropResizeOp op, unsigned axis,
                           int64_t n, int64_t size) {
  int64_t boxes = op.getBoxes().getType().getDimSize(0);
  return TensorBuilder(builder, op.getLoc())
      .parallel(
          {boxes, n}, {}, {},
          [&](OpBuilder &b, Location loc, ValueRange) -> Value {
            ScalarBuilder s(b, loc);
            Value box = linalg::IndexOp::create(b, loc, 0);
            Value place = arith::IndexCastOp::create(
                b, loc, b.getI64Type(), linalg::IndexOp::create(b, loc, 1));
            Value i = arith::SIToFPOp::create(b, loc, b.getF32Type(), place);
            auto [start, end] = emitBoxBounds(b, loc, op, box, axis, size);
            Value point =
                emitBoxPoint(b, loc, op.getSamplingMode(), i, n, start, end);
            // Inside the box, whose end may lie before its start, then inside
            // the image; NaN becomes 0.
            point = s.call<arith::MinNumFOp>(
                point, s.call<arith::MaxNumFOp>(start, end));
            point = s.call<arith::MaxNumFOp>(
                point, s.call<arith::MinNumFOp>(start, end));
            point = s.call<arith::MaxNumFOp>(point, s.constant(0));
            return s.call<arith::MinNumFOp>(point,
                                            s.constant(double(size - 1)));
          });
}

/// The loops `[N, C, h, w]`, or `[N, B, C, h, w]` without box indices.
static Value emitCropResize(OpBuilder &builder, CropResizeOp op) {
  Location loc = op.getLoc();
  TensorBuilder tensors(builder, loc);
  ArrayRef<int64_t> shape = op.getType().getShape();
  RankedTensorType source = op.getX().getType();
  int64_t rank = shape.size();
  ArrayRef<int64_t> from = getSize(source), to = getSize(op.getType());
  SmallVector<Value> inputs{emitBoxPoints(builder, op, 0, to[0], from[0]),
                            emitBoxPoints(builder, op, 1, to[1], from[1])};
  SmallVector<AffineMap> maps{tensors.pick(rank, {0, rank - 2}),
                              tensors.pick(rank, {0, rank - 1})};
  if (op.getBoxIndices()) {
    inputs.push_back(op.getBoxIndices());
    maps.push_back(tensors.pick(rank, {0}));
  }
  return tensors.parallel(
      shape, inputs, maps, [&](OpBuilder &b, Location loc, ValueRange args) {
        auto point = [&](Value value, int64_t size) {
          ScalarBuilder s(b, loc);
          Value fraction = s.sub(value, s.floor(value));
          return LinearPoint(b, loc, emitAxisIndex(b, loc, value, size),
                             fraction, size);
        };
        Value image;
        if (op.getBoxIndices())
          image = emitAxisIndex(b, loc, args[2], source.getDimSize(0));
        else
          image = linalg::IndexOp::create(b, loc, 1);
        Value channel = linalg::IndexOp::create(b, loc, rank - 3);
        return emitInterpolation(b, loc, op.getX(), {image, channel},
                                 point(args[0], from[0]),
                                 point(args[1], from[1]));
      });
}

//===----------------------------------------------------------------------===//
// Registration
//===----------------------------------------------------------------------===//

template <typename OpTy>
static Value emitNearestOp(OpBuilder &builder, OpTy op) {
  return emitNearest(builder, op.getLoc(), op.getX(), op.getType());
}

template <typename OpTy>
static Value emitBilinearOp(OpBuilder &builder, OpTy op) {
  return emitBilinear(builder, op.getLoc(), op.getX(), op.getType(),
                      op.getSamplingMode());
}

void mlmodel::mil::populateImagePatterns(RewritePatternSet &patterns) {
  addEmitter(patterns, emitNearestOp<UpsampleNearestNeighborOp>);
  addEmitter(patterns, emitNearestOp<ResizeNearestNeighborOp>);
  addEmitter(patterns, emitBilinearOp<UpsampleBilinearOp>);
  addEmitter(patterns, emitBilinearOp<ResizeBilinearOp>);
  addEmitter(patterns, emitCrop);
  addEmitter(patterns, emitCropResize);
}
