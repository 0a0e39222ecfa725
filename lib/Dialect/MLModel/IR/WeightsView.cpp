//===- WeightsView.cpp - Reading weights where they lie -------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/WeightsView.h"
#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlmodel;

std::optional<ArrayRef<char>> mlmodel::getRawBytes(ElementsAttr elements,
                                                   std::vector<char> &storage) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(elements)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    return blob ? std::optional(blob->getData()) : std::nullopt;
  }
  auto dense = dyn_cast<DenseElementsAttr>(elements);
  if (!dense)
    return std::nullopt;
  ArrayRef<char> raw = dense.getRawData();
  if (!dense.isSplat() || dense.getNumElements() <= 1)
    return raw.take_front(dense.getNumElements() == 0 ? 0 : raw.size());
  storage.clear();
  for (int64_t i = 0, e = dense.getNumElements(); i < e; ++i)
    storage.insert(storage.end(), raw.begin(), raw.end());
  return ArrayRef<char>(storage);
}

WeightStorage mlmodel::getStorage(WeightsAttr weights) {
  Type type = weights.getData().getElementType();
  if (type.isF32())
    return WeightStorage::Float32;
  if (type.isF16())
    return WeightStorage::Float16;
  if (type.isUnsignedInteger(8))
    return WeightStorage::Raw;
  if (type.isSignedInteger(8))
    return WeightStorage::Int8;
  return WeightStorage::Other;
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

static std::string expected(int64_t want, const Twine &what, int64_t got) {
  return ("expected " + Twine(want) + " " + what + ", got " + Twine(got)).str();
}

/// Scales and biases come one per channel or one for all.
static std::string checkPerChannel(ArrayRef<float> values, StringRef what,
                                   int64_t channels, bool mayBeEmpty) {
  int64_t n = values.size();
  if (n == 1 || n == channels || (n == 0 && mayBeEmpty))
    return "";
  return ("quantization has " + Twine(n) + " " + what + ", expected " +
          (mayBeEmpty ? "0, " : "") + "1 or " + Twine(channels))
      .str();
}

static std::string checkQuantization(Attribute quantization, int64_t channels,
                                     int64_t &bits) {
  if (auto linear = dyn_cast_or_null<LinearQuantizationAttr>(quantization)) {
    bits = linear.getBits();
    std::string error =
        checkPerChannel(linear.getScale().asArrayRef(), "scales", channels,
                        /*mayBeEmpty=*/false);
    if (error.empty() && linear.getBias())
      error = checkPerChannel(linear.getBias().asArrayRef(), "biases", channels,
                              /*mayBeEmpty=*/true);
    return error;
  }
  if (auto lut = dyn_cast_or_null<LookupTableAttr>(quantization)) {
    bits = lut.getBits();
    int64_t entries = lut.getTable().size();
    if (bits >= 1 && bits <= 8 && entries != (int64_t(1) << bits))
      return expected(int64_t(1) << bits, "entries in the lookup table",
                      entries);
    return "";
  }
  return "quantization has neither a scale nor a lookup table";
}

static std::string checkQuantized(WeightsAttr weights, int64_t count,
                                  int64_t channels) {
  if (!weights.getQuantization())
    return "quantized values without quantization parameters";
  int64_t bits = 8;
  std::string error =
      checkQuantization(weights.getQuantization(), channels, bits);
  if (!error.empty())
    return error;
  if (bits < 1 || bits > 8)
    return "numberOfBits is " + std::to_string(static_cast<uint64_t>(bits)) +
           ", expected 1 to 8";
  if (ShapedType::isDynamic(count))
    return "";
  int64_t bytes = weights.getData().getNumElements();
  if (getStorage(weights) == WeightStorage::Int8) {
    if (bits != 8)
      return "int8RawValue with numberOfBits " + std::to_string(bits) +
             ", expected 8";
    return bytes == count ? "" : expected(count, "values", bytes);
  }
  // count is at most 2^63 / 8 here: the bytes are in memory.
  if (count > std::numeric_limits<int64_t>::max() / 8)
    return expected(count, "values", bytes);
  int64_t want = llvm::divideCeil(static_cast<uint64_t>(count) * bits, 8);
  if (bytes == want)
    return "";
  return ("expected " + Twine(want) + " bytes for " + Twine(count) +
          " values of " + Twine(bits) + " bits, got " + Twine(bytes))
      .str();
}

std::string mlmodel::checkWeights(WeightsAttr weights, int64_t count,
                                  int64_t channels) {
  if (!weights)
    return count == 0 || ShapedType::isDynamic(count)
               ? ""
               : expected(count, "values", 0);
  int64_t elements = weights.getData().getNumElements();
  switch (getStorage(weights)) {
  case WeightStorage::Float32:
  case WeightStorage::Float16:
    if (weights.getQuantization() && elements)
      return "float values with quantization parameters";
    if (!ShapedType::isDynamic(count) && elements != count)
      return expected(count, "values", elements);
    return "";
  case WeightStorage::Raw:
  case WeightStorage::Int8:
    return checkQuantized(weights, count, channels);
  case WeightStorage::Other:
    break;
  }
  return "values of an unknown element type";
}

//===----------------------------------------------------------------------===//
// Decoding
//===----------------------------------------------------------------------===//

static float halfToFloat(uint16_t bits) {
  return llvm::APFloat(llvm::APFloat::IEEEhalf(), llvm::APInt(16, bits))
      .convertToFloat();
}

/// The n-th value of a stream of \p bits wide values, most significant first.
static unsigned loadPacked(ArrayRef<char> bytes, size_t n, unsigned bits) {
  size_t bit = n * bits;
  unsigned window = static_cast<uint8_t>(bytes[bit / 8]) << 8;
  if (bit / 8 + 1 < bytes.size())
    window |= static_cast<uint8_t>(bytes[bit / 8 + 1]);
  return (window >> (16 - bits - bit % 8)) & ((1u << bits) - 1);
}

static float valueFor(ArrayRef<float> perChannel, size_t channel) {
  return perChannel.size() == 1 ? perChannel[0] : perChannel[channel];
}

static void decodeQuantized(WeightsAttr weights, ArrayRef<char> bytes,
                            std::vector<float> &values) {
  bool isSigned = getStorage(weights) == WeightStorage::Int8;
  auto code = [&](size_t i, unsigned bits) -> int {
    return isSigned ? static_cast<int8_t>(bytes[i])
                    : static_cast<int>(loadPacked(bytes, i, bits));
  };
  if (auto lut = dyn_cast<LookupTableAttr>(weights.getQuantization())) {
    for (auto [i, value] : llvm::enumerate(values))
      value = lut.getTable()[code(i, lut.getBits()) & 255];
    return;
  }
  auto linear = cast<LinearQuantizationAttr>(weights.getQuantization());
  ArrayRef<float> scale = linear.getScale().asArrayRef();
  ArrayRef<float> bias;
  if (linear.getBias())
    bias = linear.getBias().asArrayRef();
  size_t channels = std::max({scale.size(), bias.size(), size_t(1)});
  size_t perChannel = std::max<size_t>(values.size() / channels, 1);
  for (auto [i, value] : llvm::enumerate(values)) {
    size_t channel = i / perChannel;
    value = valueFor(scale, channel) *
            static_cast<float>(code(i, linear.getBits()));
    if (!bias.empty())
      value += valueFor(bias, channel);
  }
}

std::vector<float> mlmodel::decodeWeights(WeightsAttr weights, int64_t count) {
  std::vector<float> values(count);
  std::vector<char> storage;
  std::optional<ArrayRef<char>> bytes = getRawBytes(weights.getData(), storage);
  if (!bytes || count == 0)
    return values;
  switch (getStorage(weights)) {
  case WeightStorage::Float32:
    memcpy(values.data(), bytes->data(), bytes->size());
    break;
  case WeightStorage::Float16:
    for (auto [i, value] : llvm::enumerate(values)) {
      uint16_t half;
      memcpy(&half, bytes->data() + 2 * i, sizeof(half));
      value = halfToFloat(half);
    }
    break;
  default:
    decodeQuantized(weights, *bytes, values);
  }
  return values;
}
