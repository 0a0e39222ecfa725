//===- PackDecodes.cpp - Decode vectors of packed weights -----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values of n < 8 bits lie in words of 32 bits, as many as fit: the words of
// neighbouring lanes are neighbours, so that one load, one shift and one mask
// give the values of a vector. A word holds consecutive terms of its lane, the
// first in the lowest bits:
//
//   q[lane, term] = word[lane floordiv B, term floordiv m, lane mod B]
//                     >> (term mod m) * n  &  2^n - 1,       m = 32 floordiv n
//
// Where there are several loops of terms, that is the first one of them.
//
// Where the processor permutes bytes, words hold groups of codes (TileCodes.h),
// up to 4 bits each; those of linear weights then choose from a table of the
// numbers that they are.
//
// Values of 8 bits, and halves, lie in the same order one by one.
//
//===----------------------------------------------------------------------===//

#include "MLModel/CodeGen/Passes.h"
#include "MLModel/Compression/BitPacking.h"
#include "PackOperands.h"
#include "Winograd.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/IRMapping.h"

#include <numeric>

using namespace mlir;
using namespace mlmodel;

linalg::GenericOp mlmodel::findDecode(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (op->hasAttr(kDecodeAttrName))
      return dyn_cast<linalg::GenericOp>(op);
    if (!isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(op))
      break;
    value = op->getOperand(0);
  }
  return {};
}

namespace {

/// What a decoding loop decodes: the attributes of a mil.constexpr operation.
class DecodeInfo {
public:
  explicit DecodeInfo(linalg::GenericOp decode)
      : type(cast<RankedTensorType>(decode.getResult(0).getType())) {
    auto tag = decode->getAttrOfType<DictionaryAttr>(kDecodeAttrName);
    if (!tag || tag.size() != 1)
      return;
    kind = tag.begin()->getName();
    attributes = dyn_cast<DictionaryAttr>(tag.begin()->getValue());
  }

  bool isLinear() const { return kind == "mil.constexpr_linear_dequantize"; }
  bool isTable() const { return kind == "mil.constexpr_lut_to_dense"; }
  bool isHalf() const { return kind == "mil.constexpr_cast"; }

  ElementsAttr get(StringRef name) const {
    return attributes.getAs<ElementsAttr>(name);
  }
  ElementsAttr getData() const { return get(isHalf() ? "source_val" : "data"); }
  unsigned getBits() const {
    return isHalf() ? 16 : attributes.getAs<IntegerAttr>("bits").getInt();
  }
  bool isSigned() const { return getData().getElementType().isSignedInteger(); }

  /// Whether the values are known, all of them stored, and use one table or
  /// scales that are known as well.
  bool isPlain() const {
    if (!attributes || !(isLinear() || isTable() || isHalf()) || get("mask") ||
        !getData() || isSplat(getData()) || !getRawData(getData()))
      return false;
    if (isLinear())
      return getRawData(get("scale")) &&
             (!get("bias") || getRawData(get("bias")));
    return !isTable() || get("lut").getShapedType().getRank() == 1;
  }

  ArrayRef<uint8_t> getBytes() const {
    ArrayRef<char> raw = *getRawData(getData());
    return {reinterpret_cast<const uint8_t *>(raw.data()), raw.size()};
  }

  /// The scales or biases: one for all, or one for each channel.
  SmallVector<float> getFloats(StringRef name) const {
    ElementsAttr values = get(name);
    ArrayRef<char> raw = *getRawData(values);
    SmallVector<float> floats(isSplat(values) ? 1 : values.getNumElements());
    // The bytes of a model's file need not be aligned.
    std::memcpy(floats.data(), raw.data(), floats.size() * sizeof(float));
    return floats;
  }

  /// Which elements have a scale of their own: `inner` of a channel follow each
  /// other.
  struct Channels {
    int64_t count = 1, inner = 1;

    int64_t get(int64_t position) const { return position / inner % count; }
    /// Whether \p size elements, \p stride apart, are of one channel, wherever
    /// a dimension of so many begins.
    bool areSame(int64_t stride, int64_t size) const {
      return size == 1 || inner % (stride * size) == 0 ||
             stride % (inner * count) == 0;
    }
  };
  Channels getChannels() const {
    Channels channels;
    if (get("scale").getNumElements() == 1)
      return channels;
    int64_t axis = 0;
    if (auto attribute = attributes.getAs<IntegerAttr>("axis"))
      axis = attribute.getInt();
    axis = axis < 0 ? axis + type.getRank() : axis;
    channels.count = type.getDimSize(axis);
    for (int64_t size : type.getShape().drop_front(axis + 1))
      channels.inner *= size;
    return channels;
  }

private:
  /// The shape that the attributes tell of.
  RankedTensorType type;
  StringRef kind;
  DictionaryAttr attributes;
};

} // namespace

std::optional<CodeGroup> mlmodel::getCodeGroup(linalg::GenericOp decode,
                                               const RegisterFile &registers) {
  DecodeInfo info(decode);
  bool isSmall = info.isLinear() ||
                 (info.isTable() &&
                  info.get("lut").getNumElements() <= CodeGroup::kMostEntries);
  if (!isSmall)
    return std::nullopt;
  return CodeGroup::get(info.getBits(), registers);
}

bool mlmodel::canPackDecode(linalg::GenericOp decode) {
  return DecodeInfo(decode).isPlain();
}

LoopNest::Work mlmodel::getDecodeWork(linalg::GenericOp decode,
                                      llvm::SmallBitVector loops) {
  DecodeInfo info(decode);
  LoopNest::Work work{std::move(loops)};
  // A shift and a mask, or a conversion.
  work.operations = info.getBits() < 8 ? 2 : 1;
  if (info.isTable())
    work.tables.push_back(info.get("lut").getNumElements());
  // A conversion, a product and a sum.
  if (info.isLinear())
    work.operations += info.get("bias") ? 3 : 2;
  return work;
}

//===----------------------------------------------------------------------===//
// Data
//===----------------------------------------------------------------------===//

template <typename T>
static Value createConstant(OpBuilder &builder, Location loc,
                            ArrayRef<int64_t> shape, Type element,
                            ArrayRef<T> values) {
  auto type = RankedTensorType::get(shape, element);
  AsmResourceBlob blob = HeapAsmResourceBlob::allocateAndCopyWithAlign(
      ArrayRef<char>(reinterpret_cast<const char *>(values.data()),
                     values.size() * sizeof(T)),
      64);
  return arith::ConstantOp::create(
      builder, loc,
      cast<TypedAttr>(Attribute(
          DenseResourceElementsAttr::get(type, "packed", std::move(blob)))));
}

namespace {

/// Rewrites an operation so that it decodes one of its operands.
class DecodePacker {
public:
  DecodePacker(linalg::GenericOp op, linalg::GenericOp decode,
               const Packing &packing, const RegisterFile &registers)
      : op(op), decode(decode), info(decode), packing(packing), builder(op),
        loc(op.getLoc()),
        shape(cast<RankedTensorType>(
                  op.getDpsInputOperand(packing.operand)->get().getType())
                  .getShape()),
        map(op.getIndexingMapsArray()[packing.operand]) {
    auto iterators = op.getIteratorTypesArray();
    for (unsigned dim : packing.order) {
      auto loop = dyn_cast<AffineDimExpr>(map.getResult(dim));
      bool isTerm = loop && iterators[loop.getPosition()] ==
                                utils::IteratorType::reduction;
      (isTerm ? terms : results).push_back(dim);
      if (isTerm)
        numTerms *= shape[dim];
    }
    group = getCodeGroup(decode, registers);
  }

  LogicalResult run() {
    if (terms.empty() || (info.isLinear() && !scalesFollowResults()))
      return failure();
    addData();
    if (info.isLinear()) {
      addScales("scale");
      if (info.get("bias"))
        addScales("bias");
    }
    return rebuild();
  }

private:
  AffineExpr getLoop(unsigned dim) const { return map.getResult(dim); }
  AffineExpr getLanes() const { return packing.place; }

  void addInput(Value value, ArrayRef<AffineExpr> exprs) {
    inputs.push_back(value);
    maps.push_back(
        AffineMap::get(map.getNumDims(), 0, exprs, builder.getContext()));
  }

  //===--------------------------------------------------------------------===//
  // Operands
  //===--------------------------------------------------------------------===//

  /// The sizes and the map of what is laid out along the results, but for the
  /// place in the block.
  std::pair<SmallVector<int64_t>, SmallVector<AffineExpr>>
  getResultLayout() const {
    SmallVector<int64_t> packed{
        int64_t(llvm::divideCeil(shape[packing.dim], packing.block))};
    SmallVector<AffineExpr> exprs{getLanes().floorDiv(packing.block)};
    for (unsigned dim : results) {
      packed.push_back(shape[dim]);
      exprs.push_back(getLoop(dim));
    }
    return {packed, exprs};
  }

  void addData() {
    if (info.getBits() < 8)
      return addWords();
    SmallVector<int64_t> packed = packing.getShape(shape);
    SmallVector<AffineExpr> exprs(packing.getMap(map).getResults());
    ArrayRef<uint8_t> bytes = info.getBytes();
    size_t width = info.getBits() / 8;
    std::vector<uint8_t> values;
    values.reserve(ShapedType::getNumElements(packed) * width);
    packing.forEachVector(shape, [&](Packing::Vector from) {
      for (int64_t lane = 0; lane < from.count; ++lane)
        for (size_t i = 0; i < width; ++i)
          values.push_back(bytes[from.getPlace(lane) * width + i]);
      values.resize(values.size() + (packing.block - from.count) * width);
    });
    Type element =
        info.isHalf() ? Type(builder.getF16Type()) : Type(builder.getI8Type());
    addInput(createConstant<uint8_t>(builder, loc, packed, element, values),
             exprs);
  }

  /// Terms of a word, or of a group.
  int64_t getPerWord() const {
    return group ? group->getTerms() : 32 / info.getBits();
  }

  /// Where a code is: the word in its block, and the first bit in that.
  std::pair<AffineExpr, AffineExpr> getWordAndShift(AffineExpr lane,
                                                    AffineExpr term) const {
    if (group)
      return {group->getWord(lane, term, packing.block),
              group->getShift(lane, term)};
    return {lane % packing.block, term % getPerWord() * info.getBits()};
  }

  void addWords() {
    int64_t perWord = getPerWord(), bits = info.getBits();
    int64_t words = llvm::divideCeil(shape[terms.front()], perWord);
    int64_t inner = numTerms / shape[terms.front()];
    auto [packed, exprs] = getResultLayout();
    packed.push_back(words);
    exprs.push_back(getLoop(terms.front()).floorDiv(perWord));
    for (unsigned dim : ArrayRef(terms).drop_front()) {
      packed.push_back(shape[dim]);
      exprs.push_back(getLoop(dim));
    }
    packed.push_back(packing.block);
    exprs.push_back(getWordAndShift(getLanes(), getLoop(terms.front())).first);

    std::vector<uint32_t> values(ShapedType::getNumElements(packed));
    std::vector<uint8_t> codes =
        unpackBits(info.getBytes(), bits, ShapedType::getNumElements(shape));
    // Places repeat themselves from block to block and from word to word.
    auto [wordExpr, shiftExpr] = getWordAndShift(builder.getAffineDimExpr(0),
                                                 builder.getAffineDimExpr(1));
    AffineMap placeMap =
        AffineMap::get(2, 0, {wordExpr, shiftExpr}, builder.getContext());
    std::vector<std::pair<uint32_t, uint32_t>> places;
    for (int64_t term = 0; term < perWord; ++term)
      for (int64_t lane = 0; lane < packing.block; ++lane) {
        SmallVector<int64_t, 4> place = placeMap.compose({lane, term});
        places.push_back({place[0], place[1]});
      }
    int64_t next = 0;
    packing.forEachVector(shape, [&](Packing::Vector from) {
      int64_t term = next % numTerms / inner, row = next / numTerms;
      int64_t block = (row * words + term / perWord) * inner + next % inner;
      ++next;
      uint32_t *blockWords = &values[block * packing.block];
      auto *lanePlaces = &places[term % perWord * packing.block];
      for (int64_t lane = 0; lane < from.count; ++lane) {
        auto [word, shift] = lanePlaces[lane];
        blockWords[word] |= uint32_t(codes[from.getPlace(lane)]) << shift;
      }
    });
    addInput(createConstant<uint32_t>(builder, loc, packed,
                                      builder.getI32Type(), values),
             exprs);
  }

  /// Whether all terms of a lane have the same scale.
  bool scalesFollowResults() const {
    if (ShapedType::getNumElements(shape) == 0)
      return true;
    DecodeInfo::Channels channels = info.getChannels();
    return llvm::all_of(terms, [&](unsigned dim) {
      int64_t stride = ShapedType::getNumElements(shape.drop_front(dim + 1));
      return channels.areSame(stride, shape[dim]);
    });
  }

  /// Scales or biases, in the layout of the results.
  void addScales(StringRef name) {
    SmallVector<float> scales = info.getFloats(name);
    auto [packed, exprs] = getResultLayout();
    packed.push_back(packing.block);
    exprs.push_back(getLanes() % packing.block);
    DecodeInfo::Channels channels = info.getChannels();
    std::vector<float> values;
    int64_t next = 0;
    packing.forEachVector(shape, [&](Packing::Vector from) {
      if (next++ % numTerms != 0)
        return;
      for (int64_t lane = 0; lane < from.count; ++lane) {
        int64_t channel = channels.get(from.getPlace(lane));
        values.push_back(scales[scales.size() == 1 ? 0 : channel]);
      }
      values.resize(values.size() + packing.block - from.count);
    });
    addInput(createConstant<float>(builder, loc, packed, builder.getF32Type(),
                                   values),
             exprs);
  }

  //===--------------------------------------------------------------------===//
  // Body
  //===--------------------------------------------------------------------===//

  LogicalResult rebuild() {
    SmallVector<Value> operands;
    SmallVector<AffineMap> allMaps;
    for (auto [i, operand] : llvm::enumerate(op.getDpsInputOperands())) {
      if (i == packing.operand)
        continue;
      operands.push_back(operand->get());
      allMaps.push_back(op.getMatchingIndexingMap(operand));
    }
    size_t first = operands.size();
    operands.append(inputs);
    allMaps.append(maps);
    allMaps.push_back(op.getMatchingIndexingMap(op.getDpsInitOperand(0)));
    // Some operand must tell the size of each loop.
    if (!inversePermutation(concatAffineMaps(allMaps, op.getContext())))
      return failure();
    Value table = createTable();
    auto body = [&](OpBuilder &nested, Location loc, ValueRange x) {
      IRMapping mapping;
      Value weight =
          decodeWeight(nested, loc, x.slice(first, inputs.size()), table);
      size_t next = 0;
      for (unsigned i = 0; i < op.getNumDpsInputs(); ++i)
        mapping.map(op.getBody()->getArgument(i),
                    i == packing.operand ? weight : x[next++]);
      mapping.map(op.getBody()->getArguments().back(), x.back());
      for (Operation &inner : *op.getBody())
        nested.clone(inner, mapping);
    };
    auto rebuilt = linalg::GenericOp::create(
        builder, loc, op.getResultTypes(), operands, op.getDpsInits(), allMaps,
        op.getIteratorTypesArray(), body);
    if (Attribute mark = op->getAttr(kWinogradAttrName))
      rebuilt->setAttr(kWinogradAttrName, mark);
    op.replaceAllUsesWith(rebuilt.getResults());
    op.erase();
    return success();
  }

  /// What codes choose from; null if they are numbers.
  Value createTable() {
    if (info.isTable())
      return arith::ConstantOp::create(builder, loc,
                                       cast<TypedAttr>(info.get("lut")));
    if (!group)
      return {};
    SmallVector<float> numbers(1 << info.getBits());
    std::iota(numbers.begin(), numbers.end(), 0.0f);
    return arith::ConstantOp::create(
        builder, loc,
        DenseElementsAttr::get(RankedTensorType::get(int64_t(numbers.size()),
                                                     builder.getF32Type()),
                               ArrayRef<float>(numbers)));
  }

  Value decodeWeight(OpBuilder &nested, Location loc, ValueRange x,
                     Value table) const {
    if (info.isHalf())
      return arith::ExtFOp::create(nested, loc, nested.getF32Type(), x[0]);
    Value weight = decodeCode(nested, loc, x[0]);
    if (table) {
      Value place = arith::IndexCastOp::create(nested, loc,
                                               nested.getIndexType(), weight);
      weight = tensor::ExtractOp::create(nested, loc, table, place);
    } else {
      weight =
          arith::SIToFPOp::create(nested, loc, nested.getF32Type(), weight);
    }
    if (!info.isLinear())
      return weight;
    weight = arith::MulFOp::create(nested, loc, weight, x[1]);
    if (info.get("bias"))
      weight = arith::AddFOp::create(nested, loc, weight, x[2]);
    return weight;
  }

  /// The packed value as an i32.
  Value decodeCode(OpBuilder &nested, Location loc, Value stored) const {
    Type i32 = nested.getI32Type();
    if (info.getBits() == 8) {
      if (info.isSigned())
        return arith::ExtSIOp::create(nested, loc, i32, stored);
      return arith::ExtUIOp::create(nested, loc, i32, stored);
    }
    auto constant = [&](int64_t value) -> Value {
      return arith::ConstantOp::create(nested, loc,
                                       nested.getI32IntegerAttr(value));
    };
    // From the numbers of all loops; those that do not count fold away.
    SmallVector<OpFoldResult> loops;
    for (unsigned loop = 0; loop < map.getNumDims(); ++loop)
      loops.push_back(linalg::IndexOp::create(nested, loc, loop).getResult());
    AffineExpr shiftExpr =
        getWordAndShift(getLanes(), getLoop(terms.front())).second;
    Value shift = getValueOrCreateConstantIndexOp(
        nested, loc,
        affine::makeComposedFoldedAffineApply(
            nested, loc, AffineMap::get(map.getNumDims(), 0, shiftExpr),
            loops));
    shift = arith::IndexCastOp::create(nested, loc, i32, shift);
    return arith::AndIOp::create(
        nested, loc, arith::ShRUIOp::create(nested, loc, stored, shift),
        constant((1 << info.getBits()) - 1));
  }

  linalg::GenericOp op, decode;
  DecodeInfo info;
  const Packing &packing;
  mutable OpBuilder builder;
  Location loc;
  /// How the operand looks before.
  ArrayRef<int64_t> shape;
  AffineMap map;
  /// How codes lie where vectors look them up in groups.
  std::optional<CodeGroup> group;
  /// Its dimensions but the one with the blocks.
  SmallVector<unsigned> results, terms;
  int64_t numTerms = 1;
  /// The operands that replace it.
  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
};

} // namespace

LogicalResult mlmodel::packDecode(linalg::GenericOp op,
                                  linalg::GenericOp decode,
                                  const Packing &packing,
                                  const RegisterFile &registers) {
  return DecodePacker(op, decode, packing, registers).run();
}
