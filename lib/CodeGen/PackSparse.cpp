//===- PackSparse.cpp - Lists of the weights that are not zero ------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The lists are three arrays:
//
//   begins[row]     where the list of a row begins; the next begins at its end
//   places[entry]   which term of its block an entry belongs to
//   values[entry]   its weight, as the network stores it: a code of 8 bits for
//                   a table or a scale, a half, or a float
//
// The operation stays what it is, and its body finds its weight in them:
//
//   weight = the value of that entry of the row whose place is the term, or 0
//
// Nobody runs it so: emitSparse knows the search in the body and goes through
// the entries instead of looking for one.
//
//===----------------------------------------------------------------------===//

#include "CoalesceLoops.h"
#include "CodedWeights.h"
#include "MLModel/CodeGen/Passes.h"
#include "PackOperands.h"
#include "SparsePlan.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;
using namespace mlmodel;

/// Weights with fewer zeros are not worth a look at what they would cost.
static constexpr double kLeastSparsity = 0.3;
/// What lists have to take at most of the time of dense weights, as estimated:
/// less would be lost to what the estimates do not know.
static constexpr double kLeastGain = 0.85;

/// Whether the body of \p op adds the product of its two inputs.
static bool addsProducts(linalg::GenericOp op) {
  auto sum = dyn_cast_or_null<arith::AddFOp>(findCombiner(op));
  if (!sum || op.getNumDpsInputs() != 2)
    return false;
  Block *body = op.getBody();
  Value term =
      sum.getLhs() == body->getArguments().back() ? sum.getRhs() : sum.getLhs();
  auto product = term.getDefiningOp<arith::MulFOp>();
  Value a = body->getArgument(0), b = body->getArgument(1);
  return product && body->getOperations().size() == 3 &&
         ((product.getLhs() == a && product.getRhs() == b) ||
          (product.getLhs() == b && product.getRhs() == a));
}

namespace {

/// How an operation's loops go through its weights.
class WeightPlaces {
public:
  WeightPlaces(linalg::GenericOp op, unsigned operand)
      : map(op.getIndexingMapsArray()[operand]),
        shape(cast<RankedTensorType>(
                  op.getDpsInputOperand(operand)->get().getType())
                  .getShape()) {}

  /// Whether each dimension has a loop of its own.
  bool isPlain() const { return map.isProjectedPermutation(); }

  bool isIndexedBy(unsigned loop) const { return map.isFunctionOfDim(loop); }

  /// The positions of all steps of \p loops, the last of which is the fastest,
  /// where all other loops are at their first.
  std::vector<int64_t> getPositions(ArrayRef<unsigned> loops) const {
    std::vector<int64_t> positions{0};
    for (unsigned loop : loops) {
      unsigned dim =
          *map.getResultPosition(getAffineDimExpr(loop, map.getContext()));
      int64_t stride = 1;
      for (int64_t size : shape.drop_front(dim + 1))
        stride *= size;
      std::vector<int64_t> next;
      for (int64_t position : positions)
        for (int64_t step = 0; step < shape[dim]; ++step)
          next.push_back(position + step * stride);
      positions = std::move(next);
    }
    return positions;
  }

private:
  AffineMap map;
  ArrayRef<int64_t> shape;
};

/// Rewrites an operation so that it finds its weights in lists.
class SparsePacker {
public:
  SparsePacker(linalg::GenericOp op, unsigned operand,
               const CodedWeights &weights, const SparseNest &sparse,
               int64_t block)
      : op(op), operand(operand), weights(weights), sparse(sparse),
        terms(sparse.getTerms()), block(block), builder(op), loc(op.getLoc()) {
    for (unsigned loop : sparse.listed.set_bits())
      rows.push_back(loop);
    sizes = op.getStaticLoopRanges();
  }

  /// Fails, having changed nothing, where places need more than 16 bits or
  /// scales change within a row.
  LogicalResult run() {
    if (block * countInner() > std::numeric_limits<uint16_t>::max())
      return failure();
    collectEntries();
    if (weights.getKind() == CodedWeights::Kind::Linear && !scalesFollowRows())
      return failure();
    rebuild();
    return success();
  }

private:
  /// The terms that one step of the first loop of terms has.
  int64_t countInner() const {
    int64_t inner = 1;
    for (unsigned loop : ArrayRef(terms).drop_front())
      inner *= sizes[loop];
    return inner;
  }

  /// Finds the entries of all lists.
  void collectEntries() {
    WeightPlaces positions(op, operand);
    std::vector<int64_t> rowPositions = positions.getPositions(rows);
    std::vector<int64_t> termPositions = positions.getPositions(terms);
    size_t perBlock = block * countInner();
    for (size_t begin = 0; begin < termPositions.size(); begin += perBlock) {
      size_t end = std::min(begin + perBlock, termPositions.size());
      for (int64_t row : rowPositions) {
        for (size_t term = begin; term < end; ++term) {
          int64_t position = row + termPositions[term];
          if (weights.get(position) == 0)
            continue;
          places.push_back(term - begin);
          entries.push_back(position);
        }
        begins.push_back(entries.size());
      }
    }
  }

  /// The scale that the entries of \p list have, the first if it has none.
  int64_t getChannel(size_t list) const {
    bool isEmpty = begins[list] == begins[list + 1];
    return isEmpty ? 0 : weights.getChannel(entries[begins[list]]);
  }

  bool scalesFollowRows() const {
    for (size_t list = 0; list + 1 < begins.size(); ++list)
      for (int32_t entry = begins[list]; entry < begins[list + 1]; ++entry)
        if (weights.getChannel(entries[entry]) != getChannel(list))
          return false;
    return true;
  }

  //===--------------------------------------------------------------------===//
  // Constants
  //===--------------------------------------------------------------------===//

  template <typename T> Value createConstant(Type element, ArrayRef<T> data) {
    auto type = RankedTensorType::get(int64_t(data.size()), element);
    AsmResourceBlob blob = HeapAsmResourceBlob::allocateAndCopyWithAlign(
        ArrayRef<char>(reinterpret_cast<const char *>(data.data()),
                       data.size() * sizeof(T)),
        64);
    return arith::ConstantOp::create(
        builder, loc,
        cast<TypedAttr>(Attribute(
            DenseResourceElementsAttr::get(type, "sparse", std::move(blob)))));
  }

  /// What \p get says of each entry; an array without elements has no place to
  /// read from.
  template <typename T, typename Get>
  Value createEntries(Type element, Get get) {
    std::vector<T> data;
    for (int64_t position : entries)
      data.push_back(get(position));
    data.resize(std::max<size_t>(data.size(), 1));
    return createConstant<T>(element, data);
  }

  void createLists() {
    using Kind = CodedWeights::Kind;
    beginsArray = createConstant<int32_t>(builder.getI32Type(), begins);
    std::vector<uint16_t> padded = places;
    padded.resize(std::max<size_t>(padded.size(), 1));
    placesArray = createConstant<uint16_t>(builder.getI16Type(), padded);
    switch (weights.getKind()) {
    case Kind::Float:
      valuesArray = createEntries<float>(
          builder.getF32Type(), [&](int64_t at) { return weights.get(at); });
      break;
    case Kind::Half:
      valuesArray =
          createEntries<uint16_t>(builder.getF16Type(), [&](int64_t at) {
            return weights.getHalf(at);
          });
      break;
    case Kind::Table:
    case Kind::Linear:
      valuesArray = createEntries<uint8_t>(
          builder.getI8Type(), [&](int64_t at) { return weights.getCode(at); });
    }
    if (weights.getKind() == Kind::Table)
      table = createConstant<float>(builder.getF32Type(), weights.getTable());
    if (weights.getKind() == Kind::Linear)
      createScales();
  }

  /// The scales and biases of all lists.
  void createScales() {
    std::vector<float> scaleOf, biasOf;
    for (size_t list = 0; list + 1 < begins.size(); ++list) {
      scaleOf.push_back(weights.getScale(getChannel(list)));
      if (weights.hasBias())
        biasOf.push_back(weights.getBias(getChannel(list)));
    }
    scales = createConstant<float>(builder.getF32Type(), scaleOf);
    if (weights.hasBias())
      biases = createConstant<float>(builder.getF32Type(), biasOf);
  }

  //===--------------------------------------------------------------------===//
  // The operation
  //===--------------------------------------------------------------------===//

  void rebuild() {
    createLists();
    unsigned input = 1 - operand;
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    SmallVector<Value> inputs{op.getDpsInputOperand(input)->get()};
    maps.erase(maps.begin() + operand);
    addSizes(inputs, maps);
    auto body = [&](OpBuilder &nested, Location, ValueRange x) {
      Value weight = emitWeight(nested);
      Value term = arith::MulFOp::create(nested, loc, x[0], weight);
      Value sum = arith::AddFOp::create(nested, loc, x.back(), term);
      linalg::YieldOp::create(nested, loc, sum);
    };
    auto rebuilt = linalg::GenericOp::create(builder, loc, op.getResultTypes(),
                                             inputs, op.getDpsInits(), maps,
                                             op.getIteratorTypesArray(), body);
    rebuilt->setAttr(
        kSparseAttrName,
        builder.getDictionaryAttr(
            {builder.getNamedAttr(kSparseBlockName,
                                  builder.getI64IntegerAttr(block)),
             builder.getNamedAttr(kSparseStoredName,
                                  builder.getI64IntegerAttr(sparse.stored))}));
    op.replaceAllUsesWith(rebuilt.getResults());
    op.erase();
  }

  /// An operand without values for those loops whose sizes only the weights
  /// told.
  void addSizes(SmallVectorImpl<Value> &inputs,
                SmallVectorImpl<AffineMap> &maps) {
    llvm::SmallBitVector told(sizes.size());
    for (AffineMap map : maps)
      for (AffineExpr expr : map.getResults())
        if (auto loop = dyn_cast<AffineDimExpr>(expr))
          told.set(loop.getPosition());
    if (told.all())
      return;
    SmallVector<int64_t> shape;
    SmallVector<AffineExpr> exprs;
    for (unsigned loop : told.flip().set_bits()) {
      shape.push_back(sizes[loop]);
      exprs.push_back(builder.getAffineDimExpr(loop));
    }
    inputs.push_back(
        tensor::EmptyOp::create(builder, loc, shape, builder.getF32Type()));
    maps.insert(maps.end() - 1,
                AffineMap::get(sizes.size(), 0, exprs, builder.getContext()));
  }

  //===--------------------------------------------------------------------===//
  // The body
  //===--------------------------------------------------------------------===//

  /// The value of \p expr, of all loops.
  Value emitIndex(OpBuilder &nested, AffineExpr expr) const {
    SmallVector<OpFoldResult> indices(sizes.size(), nested.getIndexAttr(0));
    for (unsigned loop = 0; loop < sizes.size(); ++loop)
      if (expr.isFunctionOfDim(loop))
        indices[loop] = linalg::IndexOp::create(nested, loc, loop).getResult();
    return getValueOrCreateConstantIndexOp(
        nested, loc,
        affine::makeComposedFoldedAffineApply(
            nested, loc, AffineMap::get(sizes.size(), 0, expr), indices));
  }

  /// \p array[\p place], as an index.
  Value extractIndex(OpBuilder &nested, Value array, Value place) const {
    Value element = tensor::ExtractOp::create(nested, loc, array, place);
    return arith::IndexCastUIOp::create(nested, loc, nested.getIndexType(),
                                        element);
  }

  /// The weight that the loops are at. First comes what only depends on the
  /// row, then the search for the entry, then its value.
  Value emitWeight(OpBuilder &nested) const {
    AffineExpr first = nested.getAffineDimExpr(terms.front());
    AffineExpr row = first.floorDiv(block), place = first % block;
    for (unsigned loop : rows)
      row = row * sizes[loop] + nested.getAffineDimExpr(loop);
    for (unsigned loop : ArrayRef(terms).drop_front())
      place = place * sizes[loop] + nested.getAffineDimExpr(loop);
    Value list = emitIndex(nested, row), wanted = emitIndex(nested, place);
    Value begin = extractIndex(nested, beginsArray, list);
    Value end = extractIndex(nested, beginsArray, emitIndex(nested, row + 1));
    Value scale, bias;
    if (scales)
      scale = tensor::ExtractOp::create(nested, loc, scales, list);
    if (biases)
      bias = tensor::ExtractOp::create(nested, loc, biases, list);
    scf::ForOp search = emitSearch(nested, begin, end, wanted);
    Value value = tensor::ExtractOp::create(nested, loc, valuesArray,
                                            search.getResult(1));
    Value nothing =
        arith::ConstantOp::create(nested, loc, nested.getF32FloatAttr(0.0f));
    return arith::SelectOp::create(nested, loc, search.getResult(0),
                                   decode(nested, value, scale, bias), nothing);
  }

  /// Whether there is an entry whose place is \p wanted, and which.
  scf::ForOp emitSearch(OpBuilder &nested, Value begin, Value end,
                        Value wanted) const {
    Value none =
        arith::ConstantOp::create(nested, loc, nested.getBoolAttr(false));
    Value zero = arith::ConstantIndexOp::create(nested, loc, 0);
    Value one = arith::ConstantIndexOp::create(nested, loc, 1);
    auto compare = [&](OpBuilder &inner, Location, Value entry,
                       ValueRange found) {
      Value isHere = arith::CmpIOp::create(
          inner, loc, arith::CmpIPredicate::eq,
          extractIndex(inner, placesArray, entry), wanted);
      Value isFound = arith::OrIOp::create(inner, loc, isHere, found[0]);
      Value at = arith::SelectOp::create(inner, loc, isHere, entry, found[1]);
      scf::YieldOp::create(inner, loc, {isFound, at});
    };
    return scf::ForOp::create(nested, loc, begin, end, one,
                              ValueRange{none, zero}, compare);
  }

  /// The float that \p stored stands for.
  Value decode(OpBuilder &nested, Value stored, Value scale, Value bias) const {
    Type f32 = nested.getF32Type(), i32 = nested.getI32Type();
    switch (weights.getKind()) {
    case CodedWeights::Kind::Float:
      return stored;
    case CodedWeights::Kind::Half:
      return arith::ExtFOp::create(nested, loc, f32, stored);
    case CodedWeights::Kind::Table: {
      Value at = arith::IndexCastUIOp::create(nested, loc,
                                              nested.getIndexType(), stored);
      return tensor::ExtractOp::create(nested, loc, table, at);
    }
    case CodedWeights::Kind::Linear:
      break;
    }
    Value code =
        weights.isSigned()
            ? arith::ExtSIOp::create(nested, loc, i32, stored).getResult()
            : arith::ExtUIOp::create(nested, loc, i32, stored).getResult();
    Value weight = arith::SIToFPOp::create(nested, loc, f32, code);
    weight = arith::MulFOp::create(nested, loc, weight, scale);
    return bias ? arith::AddFOp::create(nested, loc, weight, bias) : weight;
  }

  linalg::GenericOp op;
  unsigned operand;
  const CodedWeights &weights;
  const SparseNest &sparse;
  /// The loops of rows and of terms, and the sizes of all loops.
  SmallVector<unsigned> rows, terms;
  SmallVector<int64_t> sizes;
  int64_t block;
  OpBuilder builder;
  Location loc;
  /// The lists; entries are positions of weights.
  std::vector<int32_t> begins{0};
  std::vector<uint16_t> places;
  std::vector<int64_t> entries;
  /// The same as constants, and what decodes the values.
  Value beginsArray, placesArray, valuesArray, table, scales, biases;
};

} // namespace

/// \p nest without its input \p weights.
static SparseNest describe(LoopNest nest, unsigned weights, int64_t stored) {
  LoopNest::Operand listed = nest.inputs[weights];
  nest.inputs.erase(nest.inputs.begin() + weights);
  unsigned numLoops = nest.sizes.size();
  SparseNest sparse{std::move(nest), 0, llvm::SmallBitVector(numLoops), stored};
  for (unsigned loop = 0; loop < numLoops; ++loop)
    if (sparse.nest.isResultLoop(loop) && LoopNest::dependsOn(listed, loop))
      sparse.listed.set(loop);
  return sparse;
}

/// How many of \p weights are not zero; nothing if too many are to list them.
static std::optional<int64_t> countStored(const CodedWeights &weights) {
  int64_t stored = 0, most = (1 - kLeastSparsity) * weights.getNumElements();
  for (int64_t i = 0; i < weights.getNumElements() && stored <= most; ++i)
    stored += weights.get(i) != 0;
  if (stored > most)
    return std::nullopt;
  return stored;
}

/// Whether the loops go through the weights in a way that lists can follow.
static bool canList(linalg::GenericOp op, unsigned operand) {
  WeightPlaces places(op, operand);
  if (!places.isPlain())
    return false;
  for (auto [loop, kind] : llvm::enumerate(op.getIteratorTypesArray()))
    if (kind == utils::IteratorType::reduction && !places.isIndexedBy(loop))
      return false;
  return true;
}

/// Makes lists of \p weights if that is worth it.
static LogicalResult packSparse(linalg::GenericOp op, unsigned operand,
                                const CodedWeights &weights, double denseCycles,
                                const RegisterFile &registers) {
  if (!canList(op, operand))
    return failure();
  std::optional<int64_t> stored = countStored(weights);
  if (!stored)
    return failure();
  SparseNest sparse = describe(LoopNest(op), operand, *stored);
  // On buffers, the loops over rows and columns of an image will be one.
  std::optional<SparsePlan> plan =
      planSparse(describe(coalesce(LoopNest(op)), operand, *stored), registers);
  // Other estimates leave out what reading takes.
  if (sparse.usesWeightsOnce())
    denseCycles =
        std::max(denseCycles, estimateReading(weights.getNumElements() *
                                              weights.getBytesPerElement()));
  if (!plan || plan->cycles >= kLeastGain * denseCycles ||
      !sparse.findRowsLoop())
    return failure();
  return SparsePacker(op, operand, weights, sparse, plan->block).run();
}

LogicalResult mlmodel::packSparse(linalg::GenericOp op, double denseCycles,
                                  const RegisterFile &registers) {
  SmallVector<int64_t> sizes = op.getStaticLoopRanges();
  if (op.getNumReductionLoops() == 0 || !addsProducts(op) ||
      llvm::any_of(sizes, ShapedType::isDynamic) ||
      llvm::is_contained(sizes, 0) ||
      !op.getIndexingMapsArray().back().isProjectedPermutation())
    return failure();
  for (unsigned operand : {0u, 1u})
    if (std::optional<CodedWeights> weights =
            CodedWeights::read(op.getDpsInputOperand(operand)->get()))
      return ::packSparse(op, operand, *weights, denseCycles, registers);
  return failure();
}
