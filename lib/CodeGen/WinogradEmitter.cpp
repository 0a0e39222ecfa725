//===- WinogradEmitter.cpp - Loops of convolutions in fewer products ------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DecodeRows.h"
#include "IndependentLoops.h"
#include "LoopParts.h"
#include "TileCursor.h"
#include "TileEmitter.h"
#include "Winograd.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlmodel;

static constexpr double kA = kWinogradPoints[0], kB = kWinogradPoints[1];
static constexpr double kA2 = kA * kA, kB2 = kB * kB;

namespace {

/// Arithmetic on vectors and loops over memory.
class VectorBuilder {
public:
  VectorBuilder(RewriterBase &rewriter, Location loc)
      : rewriter(rewriter), loc(loc) {}

  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(rewriter, loc, value);
  }
  Value add(Value a, Value b) {
    return arith::AddIOp::create(rewriter, loc, a, b);
  }
  Value divide(Value a, Value b) {
    return arith::DivUIOp::create(rewriter, loc, a, b);
  }
  Value modulo(Value a, Value b) {
    return arith::RemUIOp::create(rewriter, loc, a, b);
  }
  Value multiply(Value a, int64_t b) {
    return arith::MulIOp::create(rewriter, loc, a, index(b));
  }

  /// The loop itself, for it to be marked.
  scf::ForOp forEach(int64_t size, int64_t step,
                     llvm::function_ref<void(Value)> body) {
    auto loop =
        scf::ForOp::create(rewriter, loc, index(0), index(size), index(step));
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(loop.getBody());
    body(loop.getInductionVar());
    return loop;
  }

  Value load(Value memory, ValueRange place, int64_t count) {
    auto type = VectorType::get(count, rewriter.getF32Type());
    return vector::LoadOp::create(rewriter, loc, type, memory, place);
  }
  void store(Value vector, Value memory, ValueRange place) {
    vector::StoreOp::create(rewriter, loc, vector, memory, place);
  }
  Value shuffle(Value a, Value b, ArrayRef<int64_t> mask) {
    return vector::ShuffleOp::create(rewriter, loc, a, b, mask);
  }

  Value plus(Value a, Value b) {
    return arith::AddFOp::create(rewriter, loc, a, b, flags());
  }
  Value minus(Value a, Value b) {
    return arith::SubFOp::create(rewriter, loc, a, b, flags());
  }
  Value times(Value a, double factor) {
    auto type = cast<VectorType>(a.getType());
    Value splat = arith::ConstantOp::create(
        rewriter, loc, DenseElementsAttr::get(type, float(factor)));
    return arith::MulFOp::create(rewriter, loc, a, splat, flags());
  }
  /// a + factor * b
  Value plus(Value a, double factor, Value b) {
    return plus(a, times(b, factor));
  }

private:
  arith::FastMathFlagsAttr flags() {
    return arith::FastMathFlagsAttr::get(rewriter.getContext(),
                                         arith::FastMathFlags::contract);
  }

  RewriterBase &rewriter;
  Location loc;
};

} // namespace

using Values = SmallVector<Value, kTilePoints>;

/// B' d, for six columns.
static Values transformColumns(VectorBuilder &b, ArrayRef<Value> d) {
  Value nearEven = b.plus(d[4], -kB2, d[2]), nearOdd = b.plus(d[3], -kB2, d[1]);
  Value farEven = b.plus(d[4], -kA2, d[2]), farOdd = b.plus(d[3], -kA2, d[1]);
  auto evaluate = [&](Value x0, Value x2, Value x4) {
    return b.plus(b.plus(x4, -kA2 - kB2, x2), kA2 * kB2, x0);
  };
  return {evaluate(d[0], d[2], d[4]),     b.plus(nearEven, kA, nearOdd),
          b.plus(nearEven, -kA, nearOdd), b.plus(farEven, kB, farOdd),
          b.plus(farEven, -kB, farOdd),   evaluate(d[1], d[3], d[5])};
}

/// G g, for three weights.
static Values transformWeights(VectorBuilder &b, ArrayRef<Value> g) {
  Values points{b.times(g[0], 1 / (kA2 * kB2))};
  for (auto [x, other] : {std::pair(kA, kB2), std::pair(kB, kA2)}) {
    double scale = 1 / (2 * x * x * (x * x - other));
    Value even = b.plus(b.times(g[0], scale), scale * x * x, g[2]);
    points.push_back(b.plus(even, scale * x, g[1]));
    points.push_back(b.plus(even, -scale * x, g[1]));
  }
  points.push_back(g[2]);
  return points;
}

/// A' m, for products at six points.
static Values interpolate(VectorBuilder &b, ArrayRef<Value> m) {
  Value nearSum = b.plus(m[1], m[2]), nearDifference = b.minus(m[1], m[2]);
  Value farSum = b.plus(m[3], m[4]), farDifference = b.minus(m[3], m[4]);
  auto combine = [&](Value x, double nearFactor, Value y, double farFactor) {
    return b.plus(b.times(x, nearFactor), farFactor, y);
  };
  return {
      b.plus(m[0], b.plus(nearSum, farSum)),
      combine(nearDifference, kA, farDifference, kB),
      combine(nearSum, kA2, farSum, kB2),
      b.plus(m[5], combine(nearDifference, kA2 * kA, farDifference, kB2 * kB))};
}

/// Calls \p body for vectors of tiles in a row: the first tile and how many.
static void forEachVector(int64_t tiles, int64_t lanes,
                          llvm::function_ref<void(int64_t, int64_t)> body) {
  for (int64_t begin = 0; begin < tiles; begin += lanes)
    body(begin, std::min(lanes, tiles - begin));
}

void mlmodel::emitColumns(RewriterBase &rewriter, const Reduction &reduction,
                          const RegisterFile &registers) {
  linalg::LinalgOp op = reduction.op;
  rewriter.setInsertionPoint(op);
  VectorBuilder b(rewriter, op.getLoc());
  Value image = op.getDpsInputOperand(0)->get();
  Value columns = op.getDpsInits()[0];
  auto shape = cast<MemRefType>(columns.getType()).getShape();
  int64_t inputs = shape[1], rows = shape[2], tiles = shape[3];
  auto transform = [&](Value input, Value row, int64_t begin, int64_t count) {
    // Six columns of tile t are 4 t to 4 t + 3 of the one and of the other.
    Value vectors[2];
    for (int64_t i : {0, 1})
      vectors[i] =
          b.load(image, {input, row, b.index(kTileResults * begin + 2 * i)},
                 kTileResults * count);
    Values d;
    for (int64_t column = 0; column < kTilePoints; ++column) {
      int64_t i = column / kTileResults;
      SmallVector<int64_t> mask;
      for (int64_t tile = 0; tile < count; ++tile)
        mask.push_back(kTileResults * tile + column - 2 * i);
      d.push_back(b.shuffle(vectors[i], vectors[i], mask));
    }
    for (auto [point, value] : llvm::enumerate(transformColumns(b, d)))
      b.store(value, columns, {b.index(point), input, row, b.index(begin)});
  };
  markIndependent(b.forEach(inputs, 1, [&](Value input) {
    b.forEach(rows, 1, [&](Value row) {
      forEachVector(tiles, registers.lanes, [&](int64_t begin, int64_t count) {
        transform(input, row, begin, count);
      });
    });
  }));
  rewriter.eraseOp(op);
  if (reduction.fill)
    rewriter.eraseOp(reduction.fill);
}

//===----------------------------------------------------------------------===//
// The convolution
//===----------------------------------------------------------------------===//

namespace {

class WinogradEmitter {
public:
  WinogradEmitter(RewriterBase &rewriter, const Reduction &reduction,
                  const RegisterFile &registers, WinogradLoops loops,
                  WinogradPlan plan)
      : rewriter(rewriter), reduction(reduction), op(reduction.op),
        loc(op.getLoc()), b(rewriter, loc), registers(registers), loops(loops),
        plan(plan), sizes(op.getStaticLoopRanges()) {
    for (OpOperand *input : op.getDpsInputOperands()) {
      if (op.getMatchingBlockArgument(input).use_empty())
        columns = input->get();
      else if (input->getOperandNumber() != loops.image)
        weights = input;
    }
  }

  /// Whether vectors of weights can be loaded, and what is done with results
  /// can be done with a part of them.
  bool canEmit() {
    linalg::LinalgOp epilogue = reduction.epilogue;
    if (epilogue && !(canTakePart(epilogue, 0) && canTakePart(epilogue, 1)))
      return false;
    if (!columns || !weights || op.getNumDpsInputs() != 3)
      return false;
    int64_t imageRows = getSize(loops.row) + getSize(loops.windowRow) - 1;
    auto transformedType = MemRefType::get(
        {kTilePoints, getSize(loops.input), imageRows, plan.tiles},
        rewriter.getF32Type());
    AffineMap map = op.getMatchingIndexingMap(weights);
    auto type = dyn_cast<MemRefType>(weights->get().getType());
    AffineExpr output = rewriter.getAffineDimExpr(loops.output);
    if (columns.getType() != transformedType || !type ||
        !type.getElementType().isF32() || map.getNumResults() != 5)
      return false;
    int64_t block = type.getShape().back();
    return block % registers.lanes == 0 &&
           map.getResult(0) == output.floorDiv(block) &&
           llvm::all_of(map.getResults().slice(1, 3),
                        llvm::IsaPred<AffineDimExpr>) &&
           map.getResults().back() == output % block;
  }

  void emit();

private:
  int64_t getSize(unsigned loop) const { return sizes[loop]; }

  /// A vector of weights of \p column of the window, from \p output on.
  Value loadWeights(Value output, Value input, Value row, int64_t column);
  /// Transforms the weights of the outputs from \p firstOutput on.
  void emitWeights(Value firstOutput);
  /// Computes the products for those outputs, and rows from \p firstRow on.
  void emitProducts(Value firstRow);
  /// Computes the results from these.
  void emitResults(Value firstOutput, Value firstRow);

  RewriterBase &rewriter;
  Reduction reduction;
  linalg::LinalgOp op;
  Location loc;
  VectorBuilder b;
  const RegisterFile &registers;
  WinogradLoops loops;
  WinogradPlan plan;
  SmallVector<int64_t> sizes;
  OpOperand *weights = nullptr;
  Value columns;
  Value transformed, products;
};

} // namespace

void WinogradEmitter::emit() {
  rewriter.setInsertionPoint(reduction.epilogue ? reduction.epilogue : op);
  transformed = allocateScratch(rewriter, loc,
                                {kTilePoints, plan.outputs / plan.block,
                                 getSize(loops.input), getSize(loops.windowRow),
                                 plan.block});
  products = allocateScratch(
      rewriter, loc, {kTilePoints, plan.outputs, plan.rows * plan.tiles});
  markIndependent(
      b.forEach(getSize(loops.output), plan.outputs, [&](Value firstOutput) {
        emitWeights(firstOutput);
        markIndependent(
            b.forEach(getSize(loops.row), plan.rows, [&](Value firstRow) {
              emitProducts(firstRow);
              emitResults(firstOutput, firstRow);
              // The epilogue's loops are those of the results.
              takePart(
                  rewriter, reduction.epilogue,
                  {{0, firstOutput, plan.outputs}, {1, firstRow, plan.rows}});
            }));
      }));
  for (linalg::LinalgOp done :
       {reduction.epilogue, reduction.op, reduction.fill})
    if (done)
      rewriter.eraseOp(done);
}

Value WinogradEmitter::loadWeights(Value output, Value input, Value row,
                                   int64_t column) {
  SmallVector<Value> place;
  for (AffineExpr expr : op.getMatchingIndexingMap(weights).getResults()) {
    if (expr.isFunctionOfDim(loops.output)) {
      auto block = cast<AffineBinaryOpExpr>(expr);
      bool isPlace = block.getKind() == AffineExprKind::Mod;
      Value size = b.index(cast<AffineConstantExpr>(block.getRHS()).getValue());
      place.push_back(isPlace ? b.modulo(output, size)
                              : b.divide(output, size));
      continue;
    }
    unsigned loop = cast<AffineDimExpr>(expr).getPosition();
    place.push_back(loop == loops.input       ? input
                    : loop == loops.windowRow ? row
                                              : b.index(column));
  }
  return b.load(weights->get(), place, registers.lanes);
}

void WinogradEmitter::emitWeights(Value firstOutput) {
  auto store = [&](Value vector, int64_t point, Value lanes, Value input,
                   Value row) {
    int64_t length = std::min(plan.block, registers.lanes);
    for (int64_t begin = 0; begin < registers.lanes; begin += length) {
      Value output = b.add(lanes, b.index(begin)), block = b.index(plan.block);
      auto part = llvm::to_vector(llvm::seq(begin, begin + length));
      b.store(b.shuffle(vector, vector, part), transformed,
              {b.index(point), b.divide(output, block), input, row,
               b.modulo(output, block)});
    }
  };
  auto transform = [&](Value lanes, Value input, Value row) {
    Values g;
    for (int64_t column = 0; column < 3; ++column)
      g.push_back(loadWeights(b.add(firstOutput, lanes), input, row, column));
    for (auto [point, value] : llvm::enumerate(transformWeights(b, g)))
      store(value, point, lanes, input, row);
  };
  b.forEach(plan.outputs, registers.lanes, [&](Value lanes) {
    b.forEach(getSize(loops.input), 1, [&](Value input) {
      b.forEach(getSize(loops.windowRow), 1,
                [&](Value row) { transform(lanes, input, row); });
    });
  });
}

void WinogradEmitter::emitProducts(Value firstRow) {
  // Rows of tiles follow each other without gaps.
  Value joined = memref::CollapseShapeOp::create(
      rewriter, loc, columns,
      SmallVector<ReassociationIndices>{{0}, {1}, {2, 3}});
  OpFoldResult zero = rewriter.getIndexAttr(0), one = rewriter.getIndexAttr(1);
  int64_t imageRows = plan.rows + getSize(loops.windowRow) - 1;
  Value image = memref::SubViewOp::create(
      rewriter, loc, joined,
      ArrayRef<OpFoldResult>{zero, zero, b.multiply(firstRow, plan.tiles)},
      ArrayRef<OpFoldResult>{rewriter.getIndexAttr(kTilePoints),
                             rewriter.getIndexAttr(getSize(loops.input)),
                             rewriter.getIndexAttr(imageRows * plan.tiles)},
      ArrayRef<OpFoldResult>{one, one, one});
  LoopNest nest = getProductsNest(op, loops, plan);
  AffineMap maps[] = {nest.inputs[0].map, nest.inputs[1].map, nest.result.map};
  Value none =
      arith::ConstantOp::create(rewriter, loc, rewriter.getF32FloatAttr(0));
  auto fill = linalg::FillOp::create(rewriter, loc, none, products);
  auto body = [](OpBuilder &nested, Location loc, ValueRange x) {
    auto flags = arith::FastMathFlagsAttr::get(
        nested.getContext(),
        arith::FastMathFlags::contract | arith::FastMathFlags::reassoc);
    Value product = arith::MulFOp::create(nested, loc, x[0], x[1], flags);
    Value sum = arith::AddFOp::create(nested, loc, x[2], product, flags);
    linalg::YieldOp::create(nested, loc, sum);
  };
  auto multiply = linalg::GenericOp::create(
      rewriter, loc, ValueRange{image, transformed}, ValueRange{products}, maps,
      nest.iterators, body);
  auto inner = cast<linalg::LinalgOp>(multiply.getOperation());
  OpBuilder::InsertionGuard guard(rewriter);
  TilePlan tiles = *planTiles(inner, registers);
  Block *block = rewriter.getInsertionBlock();
  emitTiles(rewriter, {inner, fill, {}}, registers, tiles);
  // What follows needs all products.
  block->walk([](scf::ForOp loop) { loop->removeAttr(kIndependentAttrName); });
}

void WinogradEmitter::emitResults(Value firstOutput, Value firstRow) {
  Value results = op.getDpsInits()[0];
  int64_t width = getSize(loops.column);
  auto compute = [&](Value output, Value row, int64_t begin, int64_t count) {
    Value place = b.add(b.multiply(row, plan.tiles), b.index(begin));
    Values m;
    for (int64_t point = 0; point < kTilePoints; ++point)
      m.push_back(b.load(products, {b.index(point), output, place}, count));
    Values y = interpolate(b, m);
    auto all = llvm::to_vector(llvm::seq<int64_t>(0, 2 * count));
    Value low = b.shuffle(y[0], y[1], all), high = b.shuffle(y[2], y[3], all);
    // The last tile may reach beyond the row.
    int64_t first = kTileResults * begin;
    SmallVector<int64_t> mask;
    for (int64_t i = 0; i < kTileResults * count && first + i < width; ++i)
      mask.push_back(i % kTileResults * count + i / kTileResults);
    b.store(b.shuffle(low, high, mask), results,
            {b.add(firstOutput, output), b.add(firstRow, row), b.index(first)});
  };
  b.forEach(plan.outputs, 1, [&](Value output) {
    b.forEach(plan.rows, 1, [&](Value row) {
      forEachVector(plan.tiles, registers.lanes,
                    [&](int64_t begin, int64_t count) {
                      compute(output, row, begin, count);
                    });
    });
  });
}

LogicalResult mlmodel::emitWinograd(RewriterBase &rewriter,
                                    Reduction &reduction,
                                    const RegisterFile &registers) {
  if (!isZeros(reduction.fill))
    return failure();
  OpBuilder::InsertionGuard guard(rewriter);
  decodeAllRows(rewriter, reduction, registers);
  std::optional<WinogradLoops> loops = findWinogradLoops(reduction.op);
  std::optional<WinogradPlan> plan = planWinograd(reduction.op, registers);
  if (!loops || !plan)
    return failure();
  WinogradEmitter emitter(rewriter, reduction, registers, *loops, *plan);
  if (!emitter.canEmit())
    return failure();
  emitter.emit();
  return success();
}
