//===- CodedWeights.cpp - Weights as a network stores them ----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CodedWeights.h"
#include "MLModel/CodeGen/Passes.h"
#include "MLModel/Compression/BitPacking.h"
#include "MLModel/Compression/Float16.h"
#include "PackOperands.h"

using namespace mlir;
using namespace mlmodel;

/// The bytes of \p value where they lie; none of a splat, which has one element
/// for all.
static std::optional<ArrayRef<char>> getBytes(ElementsAttr value) {
  if (!value || (isSplat(value) && value.getNumElements() != 1))
    return std::nullopt;
  return getRawData(value);
}

/// The float32 values of \p value, one if they are all the same; nothing if
/// they are not known.
static std::vector<float> readFloats(ElementsAttr value) {
  auto dense = dyn_cast_or_null<DenseElementsAttr>(value);
  if (dense && dense.isSplat())
    return {dense.getSplatValue<float>()};
  std::optional<ArrayRef<char>> bytes = getBytes(value);
  if (!bytes || bytes->empty())
    return {};
  std::vector<float> values(bytes->size() / sizeof(float));
  std::memcpy(values.data(), bytes->data(), values.size() * sizeof(float));
  return values;
}

static ArrayRef<uint8_t> toUnsigned(ArrayRef<char> bytes) {
  return {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()};
}

std::optional<CodedWeights> CodedWeights::read(Value value) {
  CodedWeights weights;
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.hasStaticShape() || !type.getElementType().isF32())
    return std::nullopt;
  weights.numElements = type.getNumElements();
  if (ElementsAttr constant = findConstant(value))
    return weights.readData(constant) ? std::optional(std::move(weights))
                                      : std::nullopt;
  linalg::GenericOp decode = findDecode(value);
  auto tag = decode ? decode->getAttrOfType<DictionaryAttr>(kDecodeAttrName)
                    : DictionaryAttr();
  if (!tag || tag.size() != 1)
    return std::nullopt;
  auto attributes = dyn_cast<DictionaryAttr>(tag.begin()->getValue());
  auto decoded = cast<RankedTensorType>(decode.getResult(0).getType());
  if (!attributes ||
      !weights.readDecode(tag.begin()->getName(), attributes, decoded))
    return std::nullopt;
  return weights;
}

bool CodedWeights::readData(ElementsAttr data) {
  std::optional<ArrayRef<char>> bytes = getBytes(data);
  if (!bytes)
    return false;
  stored = *bytes;
  width = llvm::divideCeil(data.getElementType().getIntOrFloatBitWidth(), 8);
  return true;
}

bool CodedWeights::readMask(ElementsAttr packed) {
  std::optional<ArrayRef<char>> bits = getBytes(packed);
  if (!bits)
    return false;
  std::vector<uint8_t> mask =
      unpackBits(toUnsigned(*bits), 1, numElements, BitOrder::LSBFirst);
  for (uint8_t isKept : mask)
    places.push_back(isKept ? numStored++ : -1);
  return true;
}

bool CodedWeights::readDecode(StringRef name, DictionaryAttr attributes,
                              RankedTensorType type) {
  auto get = [&](StringRef attribute) {
    return attributes.getAs<ElementsAttr>(attribute);
  };
  if (!readData(get(name == "mil.constexpr_cast" ? "source_val" : "data")))
    return false;
  numStored = numElements;
  if (get("mask")) {
    numStored = 0;
    if (!readMask(get("mask")))
      return false;
  }
  if (name == "mil.constexpr_cast" || name == "mil.constexpr_sparse_to_dense") {
    kind = width == 2 ? Kind::Half : Kind::Float;
    return true;
  }
  codes = unpackBits(toUnsigned(stored),
                     attributes.getAs<IntegerAttr>("bits").getInt(), numStored);
  if (name == "mil.constexpr_lut_to_dense") {
    kind = Kind::Table;
    table = readFloats(get("lut"));
    return !table.empty() && get("lut").getShapedType().getRank() == 1;
  }
  if (name != "mil.constexpr_linear_dequantize")
    return false;
  kind = Kind::Linear;
  hasSign = get("data").getElementType().isSignedInteger();
  return readScales(get("scale"), get("bias"), attributes, type);
}

bool CodedWeights::readScales(ElementsAttr scale, ElementsAttr bias,
                              DictionaryAttr attributes,
                              RankedTensorType type) {
  scales = readFloats(scale);
  if (bias)
    biases = readFloats(bias);
  channels = std::max(scales.size(), biases.size());
  // One for all of them.
  scales.resize(channels, scales.empty() ? 0 : scales.front());
  if (bias)
    biases.resize(channels, biases.empty() ? 0 : biases.front());
  if (channels <= 1)
    return channels == 1;
  int64_t axis = 0;
  if (auto attribute = attributes.getAs<IntegerAttr>("axis"))
    axis = attribute.getInt();
  axis = axis < 0 ? axis + type.getRank() : axis;
  for (int64_t size : type.getShape().drop_front(axis + 1))
    inner *= size;
  return channels == type.getDimSize(axis);
}

template <typename T> T CodedWeights::load(int64_t position) const {
  T value;
  std::memcpy(&value, stored.data() + getPlace(position) * sizeof(T),
              sizeof(T));
  return value;
}

uint16_t CodedWeights::getHalf(int64_t position) const {
  return load<uint16_t>(position);
}

float CodedWeights::get(int64_t position) const {
  if (getPlace(position) < 0)
    return 0;
  switch (kind) {
  case Kind::Float:
    return load<float>(position);
  case Kind::Half:
    return halfToFloat(getHalf(position));
  case Kind::Table:
    return table[getCode(position)];
  case Kind::Linear:
    break;
  }
  uint8_t code = getCode(position);
  int64_t channel = getChannel(position);
  // The product and the sum are rounded one after the other, as compiled code
  // does it; the product of a float and eight bits is exact as a double.
  float product =
      double(scales[channel]) * (hasSign ? int8_t(code) : int(code));
  return hasBias() ? product + biases[channel] : product;
}
