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
#include "mlir/IR/DialectResourceBlobManager.h"

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

/// Emits the element's packed value as an i32, given the scalars of the loop.
namespace {
class PackedValues {
public:
  /// Adds to `operands` what the loop has to read.
  PackedValues(OpBuilder &builder, Location loc, ElementsAttr data,
               int64_t bits, RankedTensorType type,
               SmallVectorImpl<MappedOperand> &operands)
      : bits(bits), shape(type.getShape()),
        isSigned(data.getElementType().isSignedInteger()) {
    if (bits < 8) {
      bytes = createConstant(
          builder, loc, viewAsBytes(data, data.getShapedType().getShape()));
      return;
    }
    operands.push_back({createConstant(builder, loc, viewAsBytes(data, shape)),
                        builder.getMultiDimIdentityMap(type.getRank())});
  }

  Value emit(const ScalarBuilder &s, ValueRange scalars) const {
    Type i32 = s.getBuilder().getI32Type();
    if (bits < 8)
      return emitBits(s, bytes, emitPosition(s, shape), bits);
    if (isSigned)
      return s.call<arith::ExtSIOp>(i32, scalars[0]);
    return s.call<arith::ExtUIOp>(i32, scalars[0]);
  }

private:
  int64_t bits;
  ArrayRef<int64_t> shape;
  bool isSigned;
  Value bytes;
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
    rewriter.replaceOp(op, createDecode(rewriter, op, type,
                                        {{halves, identity}}, extend));
    return success();
  }
};

struct LowerLinearDequantize : OpRewritePattern<ConstexprLinearDequantizeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ConstexprLinearDequantizeOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getResult().getType());
    int64_t rank = type.getRank();
    SmallVector<MappedOperand> operands;
    PackedValues values(rewriter, loc, op.getData(), op.getBits(), type,
                        operands);
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
      Value q =
          s.call<arith::SIToFPOp>(rewriter.getF32Type(), values.emit(s, x));
      Value w = s.mul(q, x[scale]);
      return op.getBias() ? s.add(w, x[scale + 1]) : w;
    };
    rewriter.replaceOp(op,
                       createDecode(rewriter, op, type, operands, dequantize));
    return success();
  }
};

struct LowerLutToDense : OpRewritePattern<ConstexprLutToDenseOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ConstexprLutToDenseOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getResult().getType());
    SmallVector<MappedOperand> operands;
    PackedValues values(rewriter, loc, op.getData(), op.getBits(), type,
                        operands);
    Value lut = createConstant(rewriter, loc, op.getLut());
    auto lookUp = [&](const ScalarBuilder &s, ValueRange x) -> Value {
      Value q = values.emit(s, x);
      Value index = s.call<arith::IndexCastOp>(rewriter.getIndexType(), q);
      return s.call<tensor::ExtractOp>(lut, index);
    };
    rewriter.replaceOp(op, createDecode(rewriter, op, type, operands, lookUp));
    return success();
  }
};

} // namespace

void mlmodel::mil::populateConstantsPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerConst, LowerCast, LowerLinearDequantize, LowerLutToDense>(
      patterns.getContext());
}
