//===- Constants.cpp - Lower constants and the decoding of weights -*- C++
//-*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoweringUtils.h"
#include "MLModel/Dialect/MIL/IR/ConstantsOps.h"
#include "Patterns.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"

using namespace mlmodel::mil;

/// The same bytes as signless i8 values in the given shape, not copied where
/// they are a resource. (arith and the lowering to LLVM know no ui8.)
static ElementsAttr viewAsBytes(ElementsAttr data, ArrayRef<int64_t> shape) {
  auto type =
      RankedTensorType::get(shape, IntegerType::get(data.getContext(), 8));
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(data))
    return DenseResourceElementsAttr::get(type, resource.getRawHandle());
  auto dense = cast<DenseElementsAttr>(data);
  return DenseElementsAttr::getFromRawBuffer(type, dense.getRawData());
}

static Value createConstant(OpBuilder &builder, Location loc,
                            ElementsAttr value) {
  return arith::ConstantOp::create(builder, loc, cast<TypedAttr>(value));
}

/// Creates a loop over the elements of `type`, tagged with what it decodes.
static Value createDecode(OpBuilder &builder, Operation *op,
                          RankedTensorType type,
                          ArrayRef<MappedOperand> operands, ScalarFn fn) {
  Value decoded = createElementwise(builder, op->getLoc(), type, operands, fn);
  decoded.getDefiningOp()->setAttr(
      kDecodeAttrName,
      builder.getDictionaryAttr(builder.getNamedAttr(
          op->getName().getStringRef(), op->getAttrDictionary())));
  return decoded;
}

/// The row-major position of the element that a loop over `shape` is at.
static Value emitPosition(const ScalarBuilder &s, ArrayRef<int64_t> shape) {
  OpBuilder &builder = s.getBuilder();
  AffineExpr position = builder.getAffineConstantExpr(0);
  SmallVector<OpFoldResult> indices;
  for (auto [i, size] : llvm::enumerate(shape)) {
    position = position * size + builder.getAffineDimExpr(i);
    indices.push_back(s.call<linalg::IndexOp>(i));
  }
  AffineMap map = AffineMap::get(shape.size(), 0, position);
  return getValueOrCreateConstantIndexOp(
      builder, s.getLoc(),
      affine::makeComposedFoldedAffineApply(builder, s.getLoc(), map, indices));
}

static Value emitInt(const ScalarBuilder &s, int64_t value) {
  return s.call<arith::ConstantOp>(s.getBuilder().getI32IntegerAttr(value));
}

/// One byte of `bytes` as an i32.
static Value emitByte(const ScalarBuilder &s, Value bytes, Value index) {
  Value byte = s.call<tensor::ExtractOp>(bytes, index);
  return s.call<arith::ExtUIOp>(s.getBuilder().getI32Type(), byte);
}

/// The value of `bits` < 8 bits number `position` of a stream that starts at
/// the most significant bit of the first byte.
static Value emitBits(const ScalarBuilder &s, Value bytes, Value position,
                      int64_t bits) {
  OpBuilder &builder = s.getBuilder();
  auto index = [&](int64_t value) -> Value {
    return s.call<arith::ConstantIndexOp>(value);
  };
  Type i32 = builder.getI32Type();
  Value mask = emitInt(s, (1 << bits) - 1);
  Value firstBit = s.call<arith::MulIOp>(position, index(bits));
  Value byteIndex = s.call<arith::ShRUIOp>(firstBit, index(3));
  Value offset = s.call<arith::IndexCastOp>(
      i32, s.call<arith::AndIOp>(firstBit, index(7)));
  Value first = emitByte(s, bytes, byteIndex);
  if (8 % bits == 0) {
    Value shift = s.call<arith::SubIOp>(emitInt(s, 8 - bits), offset);
    return s.call<arith::AndIOp>(s.call<arith::ShRUIOp>(first, shift), mask);
  }
  // The value may go on in the next byte. The last byte has none; reading it
  // twice is harmless because then nothing of the second reading is used.
  int64_t last = cast<RankedTensorType>(bytes.getType()).getDimSize(0) - 1;
  Value next = s.call<arith::MinUIOp>(
      s.call<arith::AddIOp>(byteIndex, index(1)), index(last));
  Value second = emitByte(s, bytes, next);
  Value word =
      s.call<arith::OrIOp>(s.call<arith::ShLIOp>(first, emitInt(s, 8)), second);
  Value shift = s.call<arith::SubIOp>(emitInt(s, 16 - bits), offset);
  return s.call<arith::AndIOp>(s.call<arith::ShRUIOp>(word, shift), mask);
}

/// The bytes of a constant that is a resource or dense; none where a resource
/// was not printed with its text.
static ArrayRef<char> getBytes(ElementsAttr value) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    return blob ? blob->getData() : ArrayRef<char>();
  }
  return cast<DenseElementsAttr>(value).getRawData();
}

namespace {
/// Tells loops over a sparse weight whether an element is stored and where: the
/// mask as words of 64 bits, and how many elements are stored before each word.
class SparseIndex {
public:
  /// How many elements are stored.
  static int64_t countStored(ElementsAttr mask) {
    int64_t count = 0;
    for (uint64_t word : readWords(mask))
      count += llvm::popcount(word);
    return count;
  }

  SparseIndex(OpBuilder &builder, Location loc, ElementsAttr mask,
              ArrayRef<int64_t> shape)
      : shape(shape), stored(countStored(mask)) {
    std::vector<uint64_t> words = readWords(mask);
    std::vector<int64_t> before;
    int64_t count = 0;
    for (uint64_t word : words) {
      before.push_back(count);
      count += llvm::popcount(word);
    }
    auto type = RankedTensorType::get(static_cast<int64_t>(words.size()),
                                      builder.getI64Type());
    this->words = createConstant(
        builder, loc, DenseElementsAttr::get(type, ArrayRef<uint64_t>(words)));
    this->before = createConstant(
        builder, loc, DenseElementsAttr::get(type, ArrayRef<int64_t>(before)));
  }

  struct Place {
    Value isStored;
    /// Always in bounds.
    Value index;
  };
  Place emit(const ScalarBuilder &s) const {
    OpBuilder &builder = s.getBuilder();
    auto i64 = [&](int64_t value) -> Value {
      return s.call<arith::ConstantOp>(builder.getI64IntegerAttr(value));
    };
    Value position = emitPosition(s, shape);
    Value wordIndex =
        s.call<arith::ShRUIOp>(position, s.call<arith::ConstantIndexOp>(6));
    Value bit = s.call<arith::AndIOp>(
        s.call<arith::IndexCastOp>(builder.getI64Type(), position), i64(63));
    Value word = s.call<tensor::ExtractOp>(words, wordIndex);
    Value marker = s.call<arith::ShLIOp>(i64(1), bit);
    Value isStored = s.call<arith::CmpIOp>(
        arith::CmpIPredicate::ne, s.call<arith::AndIOp>(word, marker), i64(0));
    Value lower =
        s.call<arith::AndIOp>(word, s.call<arith::SubIOp>(marker, i64(1)));
    Value index =
        s.call<arith::AddIOp>(s.call<tensor::ExtractOp>(before, wordIndex),
                              s.call<math::CtPopOp>(lower));
    // After the last stored element the index would be one too far.
    index =
        s.call<arith::MinSIOp>(index, i64(std::max<int64_t>(stored, 1) - 1));
    return {isStored,
            s.call<arith::IndexCastOp>(builder.getIndexType(), index)};
  }

  /// \p value where the element is stored, else 0.
  static Value select(const ScalarBuilder &s, const Place &place, Value value) {
    Value zero =
        s.call<arith::ConstantOp>(s.getBuilder().getF32FloatAttr(0.0f));
    return s.call<arith::SelectOp>(place.isStored, value, zero);
  }

private:
  static std::vector<uint64_t> readWords(ElementsAttr mask) {
    ArrayRef<char> bytes = getBytes(mask);
    int64_t size = bytes.empty() ? 0 : mask.getNumElements();
    auto dense = dyn_cast<DenseElementsAttr>(mask);
    bool isSplat = dense && dense.isSplat();
    std::vector<uint64_t> words(llvm::divideCeil(size, 8));
    for (int64_t i = 0; i != size; ++i)
      words[i / 8] |= uint64_t(uint8_t(bytes[isSplat ? 0 : i])) << (i % 8 * 8);
    return words;
  }

  ArrayRef<int64_t> shape;
  int64_t stored;
  Value words, before;
};

/// Emits the element's packed value as an i32, given the scalars of the loop.
class PackedValues {
public:
  /// Adds to `operands` what the loop has to read.
  PackedValues(OpBuilder &builder, Location loc, ElementsAttr data,
               int64_t bits, RankedTensorType type,
               std::optional<ElementsAttr> mask,
               SmallVectorImpl<MappedOperand> &operands)
      : bits(bits), shape(type.getShape()),
        isSigned(data.getElementType().isSignedInteger()) {
    if (mask)
      sparse.emplace(builder, loc, *mask, shape);
    if (bits < 8 || mask) {
      bytes = createConstant(
          builder, loc, viewAsBytes(data, data.getShapedType().getShape()));
      return;
    }
    operands.push_back({createConstant(builder, loc, viewAsBytes(data, shape)),
                        builder.getMultiDimIdentityMap(type.getRank())});
  }

  /// The element's float, which `decode` makes of its packed value.
  Value emit(const ScalarBuilder &s, ValueRange scalars,
             llvm::function_ref<Value(Value)> decode) const {
    if (!sparse)
      return decode(bits < 8 ? emitBits(s, bytes, emitPosition(s, shape), bits)
                             : extend(s, scalars[0]));
    SparseIndex::Place place = sparse->emit(s);
    Value packed =
        bits < 8 ? emitBits(s, bytes, place.index, bits)
                 : extend(s, s.call<tensor::ExtractOp>(bytes, place.index));
    return SparseIndex::select(s, place, decode(packed));
  }

private:
  Value extend(const ScalarBuilder &s, Value byte) const {
    Type i32 = s.getBuilder().getI32Type();
    if (isSigned)
      return s.call<arith::ExtSIOp>(i32, byte);
    return s.call<arith::ExtUIOp>(i32, byte);
  }

  int64_t bits;
  ArrayRef<int64_t> shape;
  bool isSigned;
  Value bytes;
  std::optional<SparseIndex> sparse;
};

/// A mask that was not printed with its text.
bool hasNoBytes(std::optional<ElementsAttr> mask) {
  return mask && mask->getNumElements() != 0 && getBytes(*mask).empty();
}

/// Zeros in place of \p op, if its mask marks nothing: there is no data then.
LogicalResult replaceIfEmpty(Operation *op, std::optional<ElementsAttr> mask,
                             PatternRewriter &rewriter) {
  if (!mask || SparseIndex::countStored(*mask) != 0)
    return failure();
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  rewriter.replaceOp(op, createConstant(rewriter, op->getLoc(),
                                        DenseElementsAttr::get(type, 0.0f)));
  return success();
}

/// Lowers values that are stored with a mask, or may be.
template <typename OpT> struct MaskedPattern : OpRewritePattern<OpT> {
  using OpRewritePattern<OpT>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpT op, PatternRewriter &rewriter) const final {
    if (hasNoBytes(op.getMask()))
      return op.emitOpError("mask has no data");
    if (failed(replaceIfEmpty(op, op.getMask(), rewriter)))
      lower(op, rewriter);
    return success();
  }

private:
  virtual void lower(OpT op, PatternRewriter &rewriter) const = 0;
};

struct LowerConst : OpRewritePattern<ConstOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ConstOp op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOp(op,
                       createConstant(rewriter, op.getLoc(), op.getValue()));
    return success();
  }
};

struct LowerCast : OpRewritePattern<ConstexprCastOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ConstexprCastOp op,
                                PatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getResult().getType());
    Value halves = createConstant(rewriter, op.getLoc(), op.getSourceVal());
    auto extend = [](const ScalarBuilder &s, ValueRange x) -> Value {
      return s.call<arith::ExtFOp>(s.getBuilder().getF32Type(), x[0]);
    };
    AffineMap identity = rewriter.getMultiDimIdentityMap(type.getRank());
    rewriter.replaceOp(
        op, createDecode(rewriter, op, type, {{halves, identity}}, extend));
    return success();
  }
};

struct LowerLinearDequantize : MaskedPattern<ConstexprLinearDequantizeOp> {
  using MaskedPattern::MaskedPattern;

  void lower(ConstexprLinearDequantizeOp op,
             PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getResult().getType());
    int64_t rank = type.getRank();
    SmallVector<MappedOperand> operands;
    PackedValues values(rewriter, loc, op.getData(), op.getBits(), type,
                        op.getMask(), operands);
    size_t scale = operands.size();
    AffineExpr channel = rewriter.getAffineConstantExpr(0);
    if (op.getScale().getNumElements() != 1)
      channel = rewriter.getAffineDimExpr(op.getAxis() < 0 ? op.getAxis() + rank
                                                           : op.getAxis());
    AffineMap map = AffineMap::get(rank, 0, channel);
    operands.push_back({createConstant(rewriter, loc, op.getScale()), map});
    if (op.getBias())
      operands.push_back({createConstant(rewriter, loc, *op.getBias()), map});

    auto dequantize = [&](const ScalarBuilder &s, ValueRange x) {
      return values.emit(s, x, [&](Value packed) -> Value {
        Value q = s.call<arith::SIToFPOp>(rewriter.getF32Type(), packed);
        Value w = s.mul(q, x[scale]);
        return op.getBias() ? s.add(w, x[scale + 1]) : w;
      });
    };
    rewriter.replaceOp(op,
                       createDecode(rewriter, op, type, operands, dequantize));
  }
};

struct LowerLutToDense : MaskedPattern<ConstexprLutToDenseOp> {
  using MaskedPattern::MaskedPattern;

  /// The number of the element's table, where there are several.
  static SmallVector<Value> emitGroup(const ScalarBuilder &s,
                                      ConstexprLutToDenseOp op) {
    ShapedType lut = op.getLut().getShapedType();
    if (lut.getRank() == 1)
      return {};
    auto type = cast<RankedTensorType>(op.getResult().getType());
    int64_t axis = op.getAxis();
    if (axis < 0)
      axis += type.getRank();
    int64_t size = type.getDimSize(axis) / lut.getDimSize(0);
    return {s.call<arith::DivUIOp>(s.call<linalg::IndexOp>(axis),
                                   s.call<arith::ConstantIndexOp>(size))};
  }

  void lower(ConstexprLutToDenseOp op,
             PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getResult().getType());
    SmallVector<MappedOperand> operands;
    PackedValues values(rewriter, loc, op.getData(), op.getBits(), type,
                        op.getMask(), operands);
    Value lut = createConstant(rewriter, loc, op.getLut());
    auto lookUp = [&](const ScalarBuilder &s, ValueRange x) -> Value {
      return values.emit(s, x, [&](Value packed) -> Value {
        SmallVector<Value> index = emitGroup(s, op);
        index.push_back(
            s.call<arith::IndexCastOp>(rewriter.getIndexType(), packed));
        return s.call<tensor::ExtractOp>(lut, index);
      });
    };
    rewriter.replaceOp(op, createDecode(rewriter, op, type, operands, lookUp));
  }
};

struct LowerSparseToDense : MaskedPattern<ConstexprSparseToDenseOp> {
  using MaskedPattern::MaskedPattern;

  void lower(ConstexprSparseToDenseOp op,
             PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getResult().getType());
    SparseIndex sparse(rewriter, loc, op.getMask(), type.getShape());
    Value data = createConstant(rewriter, loc, op.getData());
    auto read = [&](const ScalarBuilder &s, ValueRange) -> Value {
      SparseIndex::Place place = sparse.emit(s);
      Value value = s.call<tensor::ExtractOp>(data, place.index);
      if (value.getType().isF16())
        value = s.call<arith::ExtFOp>(s.getBuilder().getF32Type(), value);
      return SparseIndex::select(s, place, value);
    };
    rewriter.replaceOp(op, createDecode(rewriter, op, type, {}, read));
  }
};

} // namespace

void mlmodel::mil::populateConstantsPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerConst, LowerCast, LowerLinearDequantize, LowerLutToDense,
               LowerSparseToDense>(patterns.getContext());
}
