//===- Winograd.cpp - Convolutions in fewer products ----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Winograd.h"
#include "DecodeRows.h"
#include "MLModel/CodeGen/OpenSizes.h"
#include "MLModel/CodeGen/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

namespace mlmodel {
#define GEN_PASS_DEF_TRANSFORMIMAGES
#include "MLModel/CodeGen/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;
using namespace mlmodel;

/// Cycles to transform a vector of tiles of the image, and each of its tiles;
/// to get the results of such a vector.
static constexpr double kColumnsVector = 12, kColumnsTile = 3,
                        kResultsVector = 14, kResultsTile = 3.5;
/// Cycles to transform the three weights of a row of a window.
static constexpr double kWeightsRow = 1.3;
/// Cycles to read a value of the transformed image from the third-level cache,
/// and from where images that are no longer there come from.
static constexpr double kFarValue = 0.25, kFarthestValue = 0.85;

/// Bytes of the products of a round that are best, most of these and of
/// weights, which lie on the stack, and most of a transformed image.
static constexpr int64_t kGoodProducts = 96 << 10, kMostScratch = 640 << 10,
                         kMostColumns = 64 << 20;

/// Bytes of a transformed image that the third-level cache may not keep.
static constexpr int64_t kFarthestColumns = 8 << 20;

//===----------------------------------------------------------------------===//
// Planning
//===----------------------------------------------------------------------===//

/// The two loops that \p expr adds, the one of results first.
static std::optional<std::pair<unsigned, unsigned>>
getWindow(AffineExpr expr, ArrayRef<utils::IteratorType> iterators) {
  auto sum = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!sum || sum.getKind() != AffineExprKind::Add)
    return std::nullopt;
  auto a = dyn_cast<AffineDimExpr>(sum.getLHS());
  auto b = dyn_cast<AffineDimExpr>(sum.getRHS());
  if (!a || !b)
    return std::nullopt;
  std::pair<unsigned, unsigned> window{a.getPosition(), b.getPosition()};
  if (iterators[window.first] == utils::IteratorType::reduction)
    std::swap(window.first, window.second);
  if (iterators[window.first] != utils::IteratorType::parallel ||
      iterators[window.second] != utils::IteratorType::reduction)
    return std::nullopt;
  return window;
}

std::optional<WinogradLoops> mlmodel::findWinogradLoops(linalg::LinalgOp op) {
  if (op.getNumLoops() != 6 || op.getNumDpsInits() != 1 ||
      op.getNumReductionLoops() != 3 || op->hasAttr(kTypicalSizesAttrName) ||
      ShapedType::isDynamicShape(op.getStaticLoopRanges()))
    return std::nullopt;
  auto iterators = op.getIteratorTypesArray();
  MLIRContext *context = op.getContext();
  for (OpOperand *operand : op.getDpsInputOperands()) {
    AffineMap map = op.getMatchingIndexingMap(operand);
    auto type = dyn_cast<ShapedType>(operand->get().getType());
    if (map.getNumResults() != 3 || !type || !type.getElementType().isF32())
      continue;
    auto input = dyn_cast<AffineDimExpr>(map.getResult(0));
    auto rows = getWindow(map.getResult(1), iterators);
    auto columns = getWindow(map.getResult(2), iterators);
    if (!input || !rows || !columns ||
        iterators[input.getPosition()] != utils::IteratorType::reduction)
      continue;
    WinogradLoops loops{0,
                        rows->first,
                        columns->first,
                        input.getPosition(),
                        rows->second,
                        columns->second,
                        operand->getOperandNumber()};
    while (loops.output == loops.row || loops.output == loops.column ||
           iterators[loops.output] != utils::IteratorType::parallel)
      ++loops.output;
    auto result = AffineMap::getMultiDimMapWithTargets(
        6, {loops.output, loops.row, loops.column}, context);
    if (op.getMatchingIndexingMap(op.getDpsInitOperand(0)) == result &&
        op.getStaticLoopRanges()[loops.windowColumn] == 3)
      return loops;
  }
  return std::nullopt;
}

/// Tiles in a row of results.
static int64_t countTiles(linalg::LinalgOp op, const WinogradLoops &loops) {
  return llvm::divideCeil(op.getStaticLoopRanges()[loops.column], kTileResults);
}

LoopNest mlmodel::getProductsNest(linalg::LinalgOp op,
                                  const WinogradLoops &loops,
                                  const WinogradPlan &plan) {
  MLIRContext *context = op.getContext();
  LoopNest nest(op);
  int64_t inputs = nest.sizes[loops.input];
  int64_t windowRows = nest.sizes[loops.windowRow];
  // Points, outputs, tiles of some rows; inputs, rows of the window.
  enum { Point, Output, Tile, Input, Row, NumLoops };
  nest.sizes = {kTilePoints, plan.outputs, plan.rows * plan.tiles, inputs,
                windowRows};
  nest.open.clear();
  nest.open.resize(NumLoops);
  nest.iterators.assign(Input, utils::IteratorType::parallel);
  nest.iterators.append(2, utils::IteratorType::reduction);
  nest.works.clear();
  Type f32 = nest.result.element;
  SmallVector<AffineExpr> dims(NumLoops);
  for (unsigned i = 0; i < NumLoops; ++i)
    dims[i] = getAffineDimExpr(i, context);
  auto describe = [&](ArrayRef<AffineExpr> exprs) {
    return LoopNest::Operand{AffineMap::get(NumLoops, 0, exprs, context), f32};
  };
  AffineExpr output = dims[Output];
  nest.inputs = {
      describe({dims[Point], dims[Input], dims[Tile] + dims[Row] * plan.tiles}),
      describe({dims[Point], output.floorDiv(plan.block), dims[Input],
                dims[Row], output % plan.block})};
  nest.result = describe({dims[Point], dims[Output], dims[Tile]});
  return nest;
}

/// Those parts of \p size that divide it and are multiples of \p step.
static SmallVector<int64_t> getParts(int64_t size, int64_t step) {
  SmallVector<int64_t> parts;
  for (int64_t part = step; part <= size; part += step)
    if (size % part == 0)
      parts.push_back(part);
  return parts;
}

/// The cycles of vectors of \p tiles, those of a row.
static double estimateRow(int64_t tiles, int64_t lanes, double perVector,
                          double perTile) {
  return llvm::divideCeil(tiles, lanes) * perVector + tiles * perTile;
}

namespace {

/// Finds how many outputs and rows of a convolution to compute at a time.
class WinogradPlanner {
public:
  WinogradPlanner(linalg::LinalgOp op, const WinogradLoops &loops,
                  const RegisterFile &registers)
      : op(op), loops(loops), registers(registers),
        sizes(op.getStaticLoopRanges()), outputs(sizes[loops.output]),
        rows(sizes[loops.row]),
        weights(sizes[loops.input] * sizes[loops.windowRow]),
        imageRows(sizes[loops.input] * (rows + sizes[loops.windowRow] - 1)),
        tiles(countTiles(op, loops)) {}

  std::optional<WinogradPlan> find() {
    if (getBytes(imageRows * tiles) > kMostColumns)
      return std::nullopt;
    for (int64_t someOutputs : getParts(outputs, registers.lanes)) {
      if (best && getBytes(weights * someOutputs) > kKeptWeights)
        break;
      for (int64_t someRows : getParts(rows, 1)) {
        int64_t products = getBytes(someOutputs * someRows * tiles);
        if (someRows > 1 && products > kGoodProducts)
          break;
        if (products + getBytes(weights * someOutputs) > kMostScratch)
          continue;
        for (int64_t block : getRowBlocks(someOutputs, registers))
          compare({tiles, someOutputs, someRows, block, 0});
        compare({tiles, someOutputs, someRows, 2 * registers.lanes, 0});
      }
    }
    return best;
  }

private:
  /// Of \p count values at each of the points.
  static int64_t getBytes(int64_t count) {
    return kTilePoints * count * int64_t(sizeof(float));
  }

  void compare(WinogradPlan plan) {
    if (plan.outputs % plan.block != 0)
      return;
    std::optional<TilePlan> inner =
        planTiles(op, getProductsNest(op, loops, plan), registers);
    if (!inner)
      return;
    int64_t rounds = outputs / plan.outputs;
    plan.cycles =
        rounds * (rows / plan.rows) * inner->cycles +
        imageRows *
            estimateRow(tiles, registers.lanes, kColumnsVector, kColumnsTile) +
        kWeightsRow * outputs * weights +
        outputs * rows *
            estimateRow(tiles, registers.lanes, kResultsVector, kResultsTile);
    int64_t columns = getBytes(imageRows * tiles);
    if (columns > kKeptBytes)
      plan.cycles += rounds * columns / sizeof(float) *
                     (columns > kFarthestColumns ? kFarthestValue : kFarValue);
    if (!best || plan.cycles < best->cycles)
      best = plan;
  }

  linalg::LinalgOp op;
  const WinogradLoops &loops;
  const RegisterFile &registers;
  SmallVector<int64_t> sizes;
  /// Results and, for each of them, weights of one column; rows of all
  /// channels of the image.
  int64_t outputs, rows, weights, imageRows, tiles;
  std::optional<WinogradPlan> best;
};

} // namespace

std::optional<WinogradPlan>
mlmodel::planWinograd(linalg::LinalgOp op, const RegisterFile &registers) {
  std::optional<WinogradLoops> loops = findWinogradLoops(op);
  return loops ? WinogradPlanner(op, *loops, registers).find() : std::nullopt;
}

//===----------------------------------------------------------------------===//
// Transforming the image
//===----------------------------------------------------------------------===//

/// The matrix B'.
static DenseElementsAttr getColumnsMatrix(Builder &builder) {
  const double a = kWinogradPoints[0], b = kWinogradPoints[1];
  const double a2 = a * a, b2 = b * b;
  const double rows[kTilePoints][kTilePoints] = {
      {a2 * b2, 0, -a2 - b2, 0, 1, 0}, {0, -a * b2, -b2, a, 1, 0},
      {0, a * b2, -b2, -a, 1, 0},      {0, -b * a2, -a2, b, 1, 0},
      {0, b * a2, -a2, -b, 1, 0},      {0, a2 * b2, 0, -a2 - b2, 0, 1}};
  SmallVector<float> values;
  for (const auto &row : rows)
    values.append(std::begin(row), std::end(row));
  return DenseElementsAttr::get(
      RankedTensorType::get({kTilePoints, kTilePoints}, builder.getF32Type()),
      ArrayRef(values));
}

/// Whether \p pad surrounds an image by zeros, as many as are known.
static bool isOfZeros(tensor::PadOp pad) {
  Value value = pad.getConstantPaddingValue();
  return value && matchPattern(value, m_AnyZeroFloat()) && !pad.getNofold() &&
         !ShapedType::isDynamicShape(pad.getStaticLow()) &&
         !ShapedType::isDynamicShape(pad.getStaticHigh());
}

/// \p image with as many columns as \p tiles need. Those behind its own are
/// zeros: results of the last tile depend on them but for what rounding leaves.
static Value widen(OpBuilder &builder, Location loc, Value image,
                   int64_t tiles) {
  auto type = cast<RankedTensorType>(image.getType());
  int64_t missing =
      kTileResults * (tiles - 1) + kTilePoints - type.getShape().back();
  if (missing <= 0)
    return image;
  SmallVector<OpFoldResult> low(type.getRank(), builder.getIndexAttr(0));
  SmallVector<OpFoldResult> high(low);
  // What is padded already gets wider borders.
  auto pad = image.getDefiningOp<tensor::PadOp>();
  if (pad && isOfZeros(pad)) {
    image = pad.getSource();
    low = getAsIndexOpFoldResult(builder.getContext(), pad.getStaticLow());
    high = getAsIndexOpFoldResult(builder.getContext(), pad.getStaticHigh());
    missing += pad.getStaticHigh().back();
  }
  high.back() = builder.getIndexAttr(missing);
  Value zero =
      arith::ConstantOp::create(builder, loc, builder.getF32FloatAttr(0));
  return tensor::PadOp::create(builder, loc, Type(), image, low, high, zero);
}

/// The maps of an image, of the matrix and of the transformed image, indexed by
/// point, channel, row, tile and column of the tile.
static SmallVector<AffineMap> getColumnsMaps(Builder &builder) {
  enum { Point, Input, Row, Tile, Column, NumLoops };
  SmallVector<AffineExpr> dims(NumLoops);
  for (unsigned i = 0; i < NumLoops; ++i)
    dims[i] = builder.getAffineDimExpr(i);
  auto map = [&](ArrayRef<AffineExpr> exprs) {
    return AffineMap::get(NumLoops, 0, exprs, builder.getContext());
  };
  return {
      map({dims[Input], dims[Row], dims[Tile] * kTileResults + dims[Column]}),
      map({dims[Point], dims[Column]}),
      map({dims[Point], dims[Input], dims[Row], dims[Tile]})};
}

/// The transformed \p image, of \p tiles in a row.
static Value transformImage(OpBuilder &builder, Location loc, Value image,
                            int64_t tiles) {
  auto type = cast<RankedTensorType>(image.getType());
  SmallVector<utils::IteratorType> iterators(4, utils::IteratorType::parallel);
  iterators.push_back(utils::IteratorType::reduction);
  Value matrix =
      arith::ConstantOp::create(builder, loc, getColumnsMatrix(builder));
  Value empty = tensor::EmptyOp::create(
      builder, loc,
      {kTilePoints, type.getDimSize(0), type.getDimSize(1), tiles},
      builder.getF32Type());
  Value zero =
      arith::ConstantOp::create(builder, loc, builder.getF32FloatAttr(0));
  Value zeros = linalg::FillOp::create(builder, loc, zero, empty).getResult(0);
  auto body = [](OpBuilder &nested, Location loc, ValueRange x) {
    Value product = arith::MulFOp::create(nested, loc, x[0], x[1]);
    Value sum = arith::AddFOp::create(nested, loc, x[2], product);
    linalg::YieldOp::create(nested, loc, sum);
  };
  auto columns = linalg::GenericOp::create(
      builder, loc, empty.getType(), ValueRange{image, matrix}, zeros,
      getColumnsMaps(builder), iterators, body);
  columns->setAttr(kWinogradAttrName, builder.getUnitAttr());
  return columns.getResult(0);
}

void mlmodel::markWinograd(linalg::GenericOp op) {
  WinogradLoops loops = *findWinogradLoops(op);
  OpBuilder builder(op);
  OpOperand &image = op->getOpOperand(loops.image);
  image.set(widen(builder, op.getLoc(), image.get(), countTiles(op, loops)));
  op->setAttr(kWinogradAttrName, builder.getUnitAttr());
}

bool mlmodel::isColumns(linalg::LinalgOp op) {
  Builder builder(op.getContext());
  return op->hasAttr(kWinogradAttrName) && op.hasPureBufferSemantics() &&
         !ShapedType::isDynamicShape(op.getStaticLoopRanges()) &&
         op.getIndexingMapsArray() == getColumnsMaps(builder) &&
         op.getStaticLoopRanges().front() == kTilePoints &&
         op.getStaticLoopRanges().back() == kTilePoints;
}

bool mlmodel::isZeros(linalg::LinalgOp op) {
  return op && isFill(op) && matchPattern(getFillValue(op), m_AnyZeroFloat());
}

/// Transforms the image of \p op and makes it one more input.
static void addColumns(linalg::GenericOp op) {
  WinogradLoops loops = *findWinogradLoops(op);
  OpBuilder builder(op);
  Value columns = transformImage(
      builder, op.getLoc(), op->getOperand(loops.image), countTiles(op, loops));
  unsigned index = op.getNumDpsInputs();
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  SmallVector<AffineExpr> first(4, builder.getAffineConstantExpr(0));
  maps.insert(maps.begin() + index,
              AffineMap::get(op.getNumLoops(), 0, first, op.getContext()));
  op.getInputsMutable().append(columns);
  op.setIndexingMapsAttr(builder.getAffineMapArrayAttr(maps));
  op.getBody()->insertArgument(index, builder.getF32Type(), op.getLoc());
}

namespace {

struct TransformImages : mlmodel::impl::TransformImagesBase<TransformImages> {
  using TransformImagesBase::TransformImagesBase;

  void runOnOperation() override {
    SmallVector<linalg::GenericOp> ops;
    getOperation().walk([&](linalg::GenericOp op) {
      if (op->hasAttr(kWinogradAttrName))
        ops.push_back(op);
    });
    for (linalg::GenericOp op : ops) {
      auto fill = op.getDpsInits()[0].getDefiningOp<linalg::LinalgOp>();
      if (!isZeros(fill) || fill->getBlock() != op->getBlock() ||
          !fill->hasOneUse()) {
        op->removeAttr(kWinogradAttrName);
        continue;
      }
      addColumns(op);
      // Lowering looks for it there.
      fill->moveBefore(op);
    }
  }
};

} // namespace
