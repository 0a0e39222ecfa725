//===- EncodeSparseWeights.cpp - Weights of mil without their zeros -------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/BitPacking.h"
#include "MLModel/Compression/Sparsity.h"
#include "MLModel/Dialect/MIL/IR/ConstantsOps.h"
#include "MLModel/Dialect/MLModel/IR/WeightsView.h"
#include "MLModel/Transforms/CompressWeights.h"
#include "MLModel/Transforms/Passes.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlmodel {
#define GEN_PASS_DEF_ENCODESPARSEWEIGHTSPASS
#include "MLModel/Transforms/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;
using namespace mlmodel;

namespace {
/// A weight and the bytes of its stored values.
struct Weight {
  Operation *op;
  ElementsAttr data;
  int64_t count;
  ArrayRef<char> bytes;
  std::vector<char> storage;
};
} // namespace

static ArrayRef<uint8_t> toUnsigned(ArrayRef<char> bytes) {
  return {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()};
}

/// The floats of a small table.
static std::vector<float> readTable(ElementsAttr table) {
  std::vector<char> storage;
  std::optional<ArrayRef<char>> bytes = getRawBytes(table, storage);
  std::vector<float> values(bytes ? table.getNumElements() : 0);
  for (size_t i = 0; i != values.size(); ++i)
    values[i] = loadFloat(*bytes, i);
  return values;
}

//===----------------------------------------------------------------------===//
// Which elements are not zero
//===----------------------------------------------------------------------===//

static KeepMask getMask(mil::ConstOp, const Weight &weight) {
  KeepMask mask(weight.count);
  for (int64_t i = 0; i != weight.count; ++i)
    mask[i] = loadFloat(weight.bytes, i) != 0;
  return mask;
}

static KeepMask getMask(mil::ConstexprCastOp, const Weight &weight) {
  KeepMask mask(weight.count);
  for (int64_t i = 0; i != weight.count; ++i) {
    uint16_t half;
    memcpy(&half, weight.bytes.data() + 2 * i, sizeof(half));
    mask[i] = (half & 0x7fff) != 0;
  }
  return mask;
}

/// The elements of \p type around \p axis, or as one channel.
static AxisLayout getLayout(RankedTensorType type, int64_t axis, bool isFlat) {
  if (isFlat)
    return AxisLayout::flat(type.getNumElements());
  return AxisLayout::get(type.getShape(),
                         axis < 0 ? axis + type.getRank() : axis);
}

static KeepMask getMask(mil::ConstexprLutToDenseOp op, const Weight &weight) {
  std::vector<uint8_t> codes =
      unpackBits(toUnsigned(weight.bytes), op.getBits(), weight.count);
  std::vector<float> tables = readTable(op.getLut());
  auto type = cast<RankedTensorType>(op.getResult().getType());
  size_t entries = size_t(1) << op.getBits();
  size_t groups = tables.size() / entries;
  AxisLayout layout = getLayout(type, op.getAxis(), groups == 1);
  KeepMask mask(weight.count);
  for (int64_t i = 0; i != weight.count; ++i) {
    size_t group = i / layout.inner % layout.axis * groups / layout.axis;
    mask[i] = tables.at(group * entries + codes[i]) != 0;
  }
  return mask;
}

static KeepMask getMask(mil::ConstexprLinearDequantizeOp op,
                        const Weight &weight) {
  bool isSigned = op.getData().getElementType().isSignedInteger(8);
  std::vector<uint8_t> codes =
      unpackBits(toUnsigned(weight.bytes), op.getBits(), weight.count);
  std::vector<float> scale = readTable(op.getScale());
  std::vector<float> bias(scale.size(), 0.0f);
  if (op.getBias())
    bias = readTable(*op.getBias());
  AxisLayout layout =
      getLayout(cast<RankedTensorType>(op.getResult().getType()), op.getAxis(),
                scale.size() == 1);
  KeepMask mask(weight.count);
  for (int64_t i = 0; i != weight.count; ++i) {
    size_t channel = i / layout.inner % layout.axis;
    int code = isSigned ? int(int8_t(codes[i])) : int(codes[i]);
    // Exactly, so that the mask is right for both ways to round.
    mask[i] = double(scale[channel]) * code + double(bias[channel]) != 0;
  }
  return mask;
}

//===----------------------------------------------------------------------===//
// New operations
//===----------------------------------------------------------------------===//

/// The elements of \p width bytes that \p mask keeps.
static std::vector<uint8_t> gatherBytes(const Weight &weight,
                                        ArrayRef<uint8_t> mask, size_t width) {
  std::vector<uint8_t> kept;
  ArrayRef<uint8_t> bytes = toUnsigned(weight.bytes);
  for (size_t i = 0; i != mask.size(); ++i)
    if (mask[i])
      llvm::append_range(kept, bytes.slice(i * width, width));
  return kept;
}

static std::vector<uint8_t> gatherCodes(const Weight &weight,
                                        ArrayRef<uint8_t> mask, unsigned bits) {
  std::vector<uint8_t> codes =
      unpackBits(toUnsigned(weight.bytes), bits, weight.count);
  size_t kept = 0;
  for (size_t i = 0; i != mask.size(); ++i)
    if (mask[i])
      codes[kept++] = codes[i];
  return packBits(ArrayRef(codes).take_front(kept), bits);
}

static ElementsAttr makeMask(MLIRContext *context, ArrayRef<uint8_t> mask) {
  return makePayload(IntegerType::get(context, 8, IntegerType::Unsigned),
                     "mask", packBits(mask, 1, BitOrder::LSBFirst));
}

/// Float weights become another operation.
template <typename OpT>
static void encode(OpT op, const Weight &weight, ArrayRef<uint8_t> mask) {
  OpBuilder builder(op);
  Type element = weight.data.getElementType();
  ElementsAttr data = makePayload(
      element, "sparse",
      gatherBytes(weight, mask, element.getIntOrFloatBitWidth() / 8));
  auto sparse = mil::ConstexprSparseToDenseOp::create(
      builder, op.getLoc(), op.getResult().getType(), data,
      makeMask(op.getContext(), mask));
  op.getResult().replaceAllUsesWith(sparse.getResult());
  op.erase();
}

/// Packed weights stay what they are, with a mask.
template <typename OpT>
static void encodePacked(OpT op, const Weight &weight, ArrayRef<uint8_t> mask) {
  op.setDataAttr(makePayload(weight.data.getElementType(), "sparse",
                             gatherCodes(weight, mask, op.getBits())));
  op.setMaskAttr(makeMask(op.getContext(), mask));
}

static void encode(mil::ConstexprLutToDenseOp op, const Weight &weight,
                   ArrayRef<uint8_t> mask) {
  encodePacked(op, weight, mask);
}

static void encode(mil::ConstexprLinearDequantizeOp op, const Weight &weight,
                   ArrayRef<uint8_t> mask) {
  encodePacked(op, weight, mask);
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

static ElementsAttr getData(mil::ConstOp op) { return op.getValue(); }
static ElementsAttr getData(mil::ConstexprCastOp op) {
  return op.getSourceVal();
}
static ElementsAttr getData(mil::ConstexprLutToDenseOp op) {
  return op.getMask() ? ElementsAttr() : op.getData();
}
static ElementsAttr getData(mil::ConstexprLinearDequantizeOp op) {
  return op.getMask() ? ElementsAttr() : op.getData();
}

namespace {
struct EncodeSparseWeightsPass
    : mlmodel::impl::EncodeSparseWeightsPassBase<EncodeSparseWeightsPass> {
  using EncodeSparseWeightsPassBase::EncodeSparseWeightsPassBase;

  void runOnOperation() override {
    std::vector<Operation *> ops;
    getOperation().walk([&](Operation *op) {
      if (isa<mil::ConstOp, mil::ConstexprCastOp, mil::ConstexprLutToDenseOp,
              mil::ConstexprLinearDequantizeOp>(op))
        ops.push_back(op);
    });
    for (Operation *op : ops)
      llvm::TypeSwitch<Operation *>(op)
          .Case<mil::ConstOp, mil::ConstexprCastOp, mil::ConstexprLutToDenseOp,
                mil::ConstexprLinearDequantizeOp>(
              [&](auto op) { tryEncode(op); });
  }

private:
  template <typename OpT> void tryEncode(OpT op) {
    auto type = cast<RankedTensorType>(op.getResult().getType());
    Weight weight{op, getData(op), type.getNumElements(), {}, {}};
    if (!weight.data || weight.count < std::max<int64_t>(minElements, 1))
      return;
    std::optional<ArrayRef<char>> bytes =
        getRawBytes(weight.data, weight.storage);
    if (!bytes)
      return;
    weight.bytes = *bytes;
    KeepMask mask = getMask(op, weight);
    if (weight.count - countKept(mask) < minSparsity * weight.count)
      return;
    encode(op, weight, mask);
  }
};
} // namespace
