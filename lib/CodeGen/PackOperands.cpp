//===- PackOperands.cpp - Lay operands out for vectors --------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The weights of a convolution lie [output, input, row, column]. Its vectors
// then can only run along the columns of the image, which often are few or
// strided. With the weights as
//
//   [output floordiv 16, input, row, column, output mod 16]
//
// they run along outputs. What changes is the operand and its indexing map,
// `w[output floordiv 16, ..., output mod 16]`; the loops do not. Constants are
// laid out at compile time, other operands by one more loop nest.
//
//===----------------------------------------------------------------------===//

#include "PackOperands.h"
#include "CoalesceLoops.h"
#include "DecodeRows.h"
#include "MLModel/CodeGen/OpenSizes.h"
#include "MLModel/CodeGen/Passes.h"
#include "SparsePlan.h"
#include "Winograd.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"

namespace mlmodel {
#define GEN_PASS_DEF_PACKOPERANDS
#include "MLModel/CodeGen/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;
using namespace mlmodel;

//===----------------------------------------------------------------------===//
// Choosing
//===----------------------------------------------------------------------===//

namespace {

/// Finds the layout that makes the loops of an operation cheapest.
class PackingSearch {
public:
  /// Beside \p given, which is to be done in any case.
  PackingSearch(linalg::GenericOp op, const RegisterFile &registers,
                std::optional<Packing> given = std::nullopt)
      : op(op), registers(registers), nest(op), given(given) {
    if (given)
      nest = pack(*given);
  }

  std::optional<Packing> find() {
    if (op.getNumDpsInits() != 1 || op.getNumReductionLoops() == 0 ||
        llvm::any_of(nest.sizes, ShapedType::isDynamic))
      return std::nullopt;
    // Without vectors, every element takes two loads and a sum.
    cycles = 2;
    for (int64_t size : nest.sizes)
      cycles *= size;
    if (std::optional<TilePlan> plan =
            planTiles(op, coalesce(nest), registers)) {
      cycles = plan->cycles;
      // Where lanes are terms, rows are read as they lie.
      if (plan->lanesAreResults)
        cycles += getScatterCost(nullptr);
    }
    if (given)
      cycles = std::min(cycles, estimateDecodedRows());
    std::optional<Packing> best;
    for (unsigned operand = 0; operand < nest.inputs.size(); ++operand) {
      if (given && operand == given->operand)
        continue;
      linalg::GenericOp decode =
          findDecode(op.getDpsInputOperand(operand)->get());
      if (decode && !canPackDecode(decode))
        continue;
      // Weights in a few bits are only fast if vectors of them are decoded.
      if (decode)
        cycles = std::numeric_limits<double>::max();
      for (unsigned loop = 0; loop < nest.sizes.size(); ++loop) {
        for (int64_t vectors : getVectorsOfBlocks(decode, loop))
          tryPacking(operand, loop, vectors * registers.lanes, best);
        for (int64_t block : getRowBlocks())
          if (!decode && !mayBeOpen(operand))
            tryPacking(operand, loop, block, best);
      }
      if (decode)
        break;
      if (!isConstant(operand) && !mayBeOpen(operand))
        tryJoined(operand, best);
    }
    return best;
  }

  /// The cycles of the loops with what find() has found; 0 if they are none
  /// that it looks at.
  double getCycles() const { return cycles; }

private:
  bool isConstant(unsigned operand) {
    return bool(findConstant(op.getDpsInputOperand(operand)->get()));
  }

  /// Whether code for other sizes may be made of this: the last tile then is
  /// no block of its own, and joined loops have no number between them.
  bool mayBeOpen(unsigned operand) {
    return op->hasAttr(kTypicalSizesAttrName) && !isConstant(operand);
  }

  void tryPacking(unsigned operand, unsigned loop, int64_t block,
                  std::optional<Packing> &best) {
    Value value = op.getDpsInputOperand(operand)->get();
    bool isShort = nest.sizes[loop] < registers.lanes / 2 && !findDecode(value);
    if (!nest.isResultLoop(loop) || isShort ||
        !nest.inputs[operand].element.isF32())
      return;
    // What runs along the loop needs no layout, unless it is to be decoded.
    Motion motion = nest.getMotion(nest.inputs[operand], loop);
    if (motion == Motion::Still ||
        (motion != Motion::Other && !findDecode(value)))
      return;
    AffineMap map = nest.inputs[operand].map;
    std::optional<Packing> packing = getPacking(
        op, operand, map, getAffineDimExpr(loop, map.getContext()), block);
    if (packing)
      compare(*packing, best);
  }

  /// Tries blocks of rows along loops that walk along memory as one, such as
  /// those over the rows and columns of an image.
  void tryJoined(unsigned operand, std::optional<Packing> &best) {
    AffineMap map = nest.inputs[operand].map;
    for (const ReassociationIndices &loops : findCoalescible(nest)) {
      AffineExpr place = getAffineConstantExpr(0, map.getContext());
      for (int64_t loop : loops)
        place =
            place * nest.sizes[loop] + getAffineDimExpr(loop, map.getContext());
      SmallVector<ReassociationIndices> joined;
      SmallVector<AffineExpr> exprs;
      for (auto [dim, expr] : llvm::enumerate(map.getResults())) {
        auto loop = dyn_cast<AffineDimExpr>(expr);
        bool isPart = loop && llvm::is_contained(loops, loop.getPosition());
        if (isPart && loop.getPosition() != loops.front()) {
          joined.back().push_back(dim);
          continue;
        }
        joined.push_back({int64_t(dim)});
        exprs.push_back(isPart ? place : expr);
      }
      AffineMap view =
          AffineMap::get(map.getNumDims(), 0, exprs, map.getContext());
      for (int64_t block : getRowBlocks()) {
        std::optional<Packing> packing =
            getPacking(op, operand, view, place, block);
        if (!packing)
          continue;
        packing->joined = joined;
        compare(*packing, best);
      }
    }
  }

  /// The vectors of blocks along \p loop to try, first those to prefer among
  /// equals. Blocks of two vectors can be read one by one as well, if the
  /// layout of another operand makes that better; but they should not take more
  /// memory. Where there is but one row, codes are looked up byte by byte for
  /// one vector at a time: TilePlan knows that only once they are laid out.
  SmallVector<int64_t, 4> getVectorsOfBlocks(linalg::GenericOp decode,
                                             unsigned loop) const {
    int64_t vectors = llvm::divideCeil(nest.sizes[loop], registers.lanes);
    bool isOneRow = true;
    for (unsigned other = 0; other < nest.sizes.size(); ++other)
      isOneRow &=
          other == loop || !nest.isResultLoop(other) || nest.sizes[other] == 1;
    std::optional<CodeGroup> group;
    if (decode && isOneRow)
      group = getCodeGroup(decode, registers);
    if (group && group->isOfBytes())
      return {1};
    if (decode && vectors % 2 == 0)
      return {2, 1, 4, 8};
    return {1, 2, 4, 8};
  }

  /// As many rows as there are registers for, beside 2 or 3 vectors, or one
  /// less, which may divide a loop better.
  SmallVector<int64_t, 3> getRowBlocks() const {
    int64_t most = (registers.count - 3) / 2;
    return {most, most - 1, (registers.count - 4) / 3};
  }

  /// Keeps \p packing if it makes the loops cheaper than \p best.
  void compare(const Packing &packing, std::optional<Packing> &best) {
    unsigned operand = packing.operand;
    Value value = op.getDpsInputOperand(operand)->get();
    std::optional<TilePlan> plan =
        planTiles(op, coalesce(pack(packing)), registers);
    if (!plan)
      return;
    double total = plan->cycles + getCost(operand) +
                   getScatterCost(op.getDpsInputOperand(operand));
    // A few percent are not worth another copy of the weights, unless these
    // have to be laid out in some way.
    if (total < (findDecode(value) ? 0.99 : 0.97) * cycles) {
      cycles = total;
      best = packing;
    }
  }

  /// The nest once \p packing is done.
  LoopNest pack(const Packing &packing) {
    LoopNest packed = nest;
    const LoopNest::Operand &input = nest.inputs[packing.operand];
    packed.inputs[packing.operand].map = packing.getMap(input.map);
    Value value = op.getDpsInputOperand(packing.operand)->get();
    if (linalg::GenericOp decode = findDecode(value)) {
      llvm::SmallBitVector loops(nest.sizes.size());
      for (unsigned loop = 0; loop < nest.sizes.size(); ++loop)
        loops[loop] = LoopNest::dependsOn(input, loop);
      packed.works.push_back(getDecodeWork(decode, loops));
    }
    return packed;
  }

  /// The cycles if the weights that \p given lays out are decoded into rows.
  double estimateDecodedRows() {
    constexpr double kNever = std::numeric_limits<double>::max();
    auto lanes = dyn_cast<AffineDimExpr>(given->place);
    if (!lanes || op->hasAttr(kTypicalSizesAttrName))
      return kNever;
    LoopNest rows(op);
    AffineMap &map = rows.inputs[given->operand].map;
    AffineMap unpacked = map;
    int64_t &results = rows.sizes[lanes.getPosition()], terms = 1;
    for (AffineExpr expr : unpacked.getResults())
      if (auto loop = dyn_cast<AffineDimExpr>(expr); loop && loop != lanes)
        terms *= nest.sizes[loop.getPosition()];
    std::optional<int64_t> chunk = getRowChunk(results, terms, registers);
    if (!chunk)
      return kNever;
    double decoding = estimateRowDecode(nest.works, lanes.getPosition(),
                                        results * terms, registers);
    int64_t numChunks = results / *chunk;
    results = *chunk;
    double least = kNever;
    Packing packing = *given;
    for (int64_t block : mlmodel::getRowBlocks(*chunk, registers)) {
      packing.block = block;
      map = packing.getMap(unpacked);
      if (auto plan = planTiles(op, coalesce(rows), registers))
        least =
            std::min(least, decoding + estimateChunks(nest, lanes.getPosition(),
                                                      numChunks, plan->cycles));
    }
    return least;
  }

  /// The cycles that the packing takes when the network runs.
  double getCost(unsigned operand) {
    Value value = op.getDpsInputOperand(operand)->get();
    if (findConstant(value) || findDecode(value))
      return 0;
    // What the second-level cache does not hold goes to the third and back.
    constexpr double kPerElement = 1, kPerFarElement = 2.5;
    double elements = 1;
    for (AffineExpr expr : nest.inputs[operand].map.getResults())
      elements *= nest.sizes[cast<AffineDimExpr>(expr).getPosition()];
    bool isFar = elements * sizeof(float) > kKeptBytes;
    return (isFar ? kPerFarElement : kPerElement) * elements;
  }

  /// The cycles that big constants but \p packed take longer to come from
  /// memory than if they lay in the order in which they are read: a tile takes
  /// a part of several rows each, too short for a processor to foresee the
  /// next.
  double getScatterCost(OpOperand *packed) {
    constexpr double kPerElement = 1;
    // Smaller ones stay in the second-level cache from tile to tile.
    constexpr int64_t kBig = 1 << 16;
    double elements = 0;
    for (OpOperand *input : op.getDpsInputOperands()) {
      auto type = dyn_cast<RankedTensorType>(input->get().getType());
      if (input != packed && type && type.getNumElements() >= kBig &&
          findConstant(input->get()))
        elements += type.getNumElements();
    }
    return kPerElement * elements;
  }

  linalg::GenericOp op;
  const RegisterFile &registers;
  LoopNest nest;
  /// The layout of an operand that has its own already.
  std::optional<Packing> given;
  double cycles = 0;
};

} // namespace

//===----------------------------------------------------------------------===//
// Packing
//===----------------------------------------------------------------------===//

/// What \p value is called once its elements lie as \p packing says. Empty
/// for values without a name of their own.
static std::string getPackedName(ElementsAttr value, ArrayRef<int64_t> shape,
                                 const Packing &packing) {
  auto resource = dyn_cast<DenseResourceElementsAttr>(value);
  if (!resource)
    return "";
  std::string name;
  llvm::raw_string_ostream os(name);
  os << "packed_" << resource.getRawHandle().getKey() << '_' << packing.dim
     << '_' << packing.block;
  for (int64_t size : shape)
    os << '_' << size;
  for (unsigned dim : packing.order)
    os << '_' << dim;
  return name;
}

/// Lays \p value out anew; what fills up the last block is 0. What was laid out
/// for the same network with other sizes is used again.
static DenseResourceElementsAttr packConstant(ElementsAttr value,
                                              ArrayRef<int64_t> shape,
                                              const Packing &packing) {
  auto &known =
      DenseResourceElementsHandle::getManagerInterface(value.getContext())
          .getBlobManager();
  std::string name = getPackedName(value, shape, packing);
  auto packedType =
      RankedTensorType::get(packing.getShape(shape), value.getElementType());
  if (auto *entry = name.empty() ? nullptr : known.lookup(name))
    return DenseResourceElementsAttr::get(
        packedType,
        DenseResourceElementsHandle(
            entry, value.getContext()->getLoadedDialect<BuiltinDialect>()));
  ArrayRef<char> raw = *getRawData(value);
  int64_t width = isSplat(value) ? 0 : sizeof(float);
  SmallVector<int64_t> packed = packing.getShape(shape);
  uint64_t bytes = ShapedType::getNumElements(packed) * sizeof(float);
  AsmResourceBlob blob = HeapAsmResourceBlob::allocate(bytes, 64);
  char *to = const_cast<char *>(blob.getMutableData().data());
  // The bytes of a model's file need not be aligned.
  packing.forEachVector(shape, [&](Packing::Vector from) {
    for (int64_t lane = 0; lane < from.count; ++lane)
      std::memcpy(to + lane * sizeof(float),
                  raw.data() + from.getPlace(lane) * width, sizeof(float));
    std::memset(to + from.count * sizeof(float), 0,
                (packing.block - from.count) * sizeof(float));
    to += packing.block * sizeof(float);
  });
  return DenseResourceElementsAttr::get(
      packedType, name.empty() ? "packed" : StringRef(name), std::move(blob));
}

/// A loop nest that lays \p value out anew.
static Value packAtRunTime(OpBuilder &builder, Location loc, Value value,
                           ArrayRef<int64_t> shape, const Packing &packing,
                           bool isOpen) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> packed = packing.getShape(shape);
  // Where other sizes of the network may have a last block that is not whole,
  // it never is.
  if (isOpen)
    packed.front() = shape[packing.dim] / packing.block + 1;
  // Fill up the last block first, so that each element has a source.
  if (int64_t missing = packed.front() * packing.block - shape[packing.dim]) {
    SmallVector<int64_t> low(shape.size(), 0), high(shape.size(), 0);
    high[packing.dim] = missing;
    SmallVector<OpFoldResult> lows, highs;
    for (auto [l, h] : llvm::zip(low, high)) {
      lows.push_back(builder.getIndexAttr(l));
      highs.push_back(builder.getIndexAttr(h));
    }
    Value zero = arith::ConstantOp::create(
        builder, loc, builder.getZeroAttr(type.getElementType()));
    value =
        tensor::PadOp::create(builder, loc, Type(), value, lows, highs, zero);
  }
  unsigned rank = packed.size();
  SmallVector<AffineExpr> source(shape.size());
  source[packing.dim] = builder.getAffineDimExpr(0) * packing.block +
                        builder.getAffineDimExpr(rank - 1);
  for (auto [i, dim] : llvm::enumerate(packing.order))
    source[dim] = builder.getAffineDimExpr(i + 1);
  AffineMap maps[] = {AffineMap::get(rank, 0, source, builder.getContext()),
                      builder.getMultiDimIdentityMap(rank)};
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  Value empty =
      tensor::EmptyOp::create(builder, loc, packed, type.getElementType());
  auto body = [](OpBuilder &nested, Location loc, ValueRange x) {
    linalg::YieldOp::create(nested, loc, x[0]);
  };
  return linalg::GenericOp::create(builder, loc, empty.getType(), value, empty,
                                   maps, iterators, body)
      .getResult(0);
}

namespace {

struct PackOperands : mlmodel::impl::PackOperandsBase<PackOperands> {
  using PackOperandsBase::PackOperandsBase;

  void runOnOperation() override {
    if (lanes == 0)
      return;
    processor = {lanes, registers, permutes};
    SmallVector<linalg::GenericOp> ops;
    getOperation().walk([&](linalg::GenericOp op) { ops.push_back(op); });
    for (linalg::GenericOp op : ops) {
      compactOperands(op, processor);
      PackingSearch search(op, processor);
      std::optional<Packing> packing = search.find();
      std::optional<Winograd> winograd = findWinograd(op, search, packing);
      // Lists of what is not zero are read by code for one size.
      if (!op->hasAttr(kTypicalSizesAttrName) &&
          succeeded(packSparse(
              op, winograd ? winograd->plan.cycles : search.getCycles(),
              processor)))
        continue;
      if (winograd) {
        markWinograd(op);
        apply(op, winograd->weights);
        continue;
      }
      // What is left as it was may now be worth another layout.
      std::optional<Packing> decoded;
      while (packing) {
        if (isDecoded(op, *packing))
          decoded = packing;
        else
          apply(op, *packing);
        packing = PackingSearch(op, processor, decoded).find();
      }
      // This makes another operation.
      if (decoded)
        apply(op, *decoded);
    }
  }

private:
  static bool isDecoded(linalg::GenericOp op, const Packing &packing) {
    return bool(findDecode(op->getOperand(packing.operand)));
  }

  /// Whether \p op adds up products of its two inputs.
  static bool isSumOfProducts(linalg::GenericOp op) {
    auto sum = dyn_cast_or_null<arith::AddFOp>(findCombiner(op));
    if (!sum || op.getNumDpsInputs() != 2)
      return false;
    Value old = op.getBody()->getArguments().back();
    Value term = sum.getLhs() == old ? sum.getRhs() : sum.getLhs();
    auto product = term.getDefiningOp<arith::MulFOp>();
    Value image = op.getBody()->getArgument(0);
    Value weight = op.getBody()->getArgument(1);
    return product &&
           ((product.getLhs() == image && product.getRhs() == weight) ||
            (product.getLhs() == weight && product.getRhs() == image));
  }

  struct Winograd {
    /// How the weights are to lie.
    Packing weights;
    WinogradPlan plan;
  };

  /// A plan to compute \p op in fewer products, if that takes less than \p
  /// search and what follows on \p packing, which it has found.
  std::optional<Winograd> findWinograd(linalg::GenericOp op,
                                       const PackingSearch &search,
                                       const std::optional<Packing> &packing) {
    // A few percent are not worth the memory.
    constexpr double kWorthwhile = 0.95;
    std::optional<WinogradLoops> loops = findWinogradLoops(op);
    if (!loops || !isSumOfProducts(op))
      return std::nullopt;
    std::optional<WinogradPlan> plan = planWinograd(op, processor);
    if (!plan)
      return std::nullopt;
    // Columns that no window reads must not get into the sums.
    auto image = cast<ShapedType>(op->getOperand(loops->image).getType());
    SmallVector<int64_t> sizes = op.getStaticLoopRanges();
    if (image.getShape().back() !=
        sizes[loops->column] + sizes[loops->windowColumn] - 1)
      return std::nullopt;
    unsigned operand = 1 - loops->image;
    AffineMap map = op.getIndexingMapsArray()[operand];
    std::optional<Packing> weights = getPacking(
        op, operand, map, getAffineDimExpr(loops->output, op.getContext()),
        processor.lanes);
    Value value = op->getOperand(operand);
    linalg::GenericOp decode = findDecode(value);
    if (!weights || (decode ? !canPackDecode(decode) : !findConstant(value)))
      return std::nullopt;
    double cycles = search.getCycles();
    if (decode && packing && isDecoded(op, *packing)) {
      PackingSearch rest(op, processor, packing);
      rest.find();
      cycles = rest.getCycles();
    }
    if (decode) {
      llvm::SmallBitVector all(sizes.size(), true);
      LoopNest::Work work = getDecodeWork(decode, all);
      auto type = cast<ShapedType>(value.getType());
      plan->cycles +=
          estimateDecode(work, loops->output, type.getNumElements(), processor);
    }
    if (plan->cycles > kWorthwhile * cycles)
      return std::nullopt;
    return Winograd{*weights, *plan};
  }

  void apply(linalg::GenericOp op, const Packing &packing) {
    OpBuilder builder(op);
    OpOperand &operand = op->getOpOperand(packing.operand);
    auto type = cast<RankedTensorType>(operand.get().getType());
    Value packed;
    if (linalg::GenericOp decode = findDecode(operand.get()))
      return (void)packDecode(op, decode, packing, processor);
    if (ElementsAttr constant = findConstant(operand.get())) {
      Attribute &known = packedConstants[{
          constant, packing.getMap(op.getMatchingIndexingMap(&operand))}];
      if (!known)
        known = packConstant(constant, type.getShape(), packing);
      packed = arith::ConstantOp::create(builder, op.getLoc(),
                                         cast<TypedAttr>(known));
    } else {
      Value value = operand.get();
      if (!packing.joined.empty())
        value = tensor::CollapseShapeOp::create(builder, op.getLoc(), value,
                                                packing.joined);
      auto shape = cast<RankedTensorType>(value.getType()).getShape();
      packed = packAtRunTime(builder, op.getLoc(), value, shape, packing,
                             op->hasAttr(kTypicalSizesAttrName));
    }
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    maps[packing.operand] = packing.getMap(maps[packing.operand]);
    op.setIndexingMapsAttr(builder.getAffineMapArrayAttr(maps));
    operand.set(packed);
  }

  RegisterFile processor;
  /// A constant that several operations read is packed once for each layout.
  DenseMap<std::pair<Attribute, AffineMap>, Attribute> packedConstants;
};

} // namespace
