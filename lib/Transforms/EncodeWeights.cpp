//===- EncodeWeights.cpp - Encode the values of one weight ----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EncodeWeights.h"
#include "MLModel/Compression/BitPacking.h"
#include "MLModel/Compression/Decode.h"
#include "MLModel/Compression/Float16.h"
#include "MLModel/Compression/LinearQuantization.h"
#include "MLModel/Compression/LookupTable.h"
#include "MLModel/Compression/Sparsity.h"
#include "llvm/Support/MathExtras.h"

using namespace mlmodel;
using llvm::Error;
using llvm::Expected;

//===----------------------------------------------------------------------===//
// Pruning
//===----------------------------------------------------------------------===//

/// The weight as [outer, runs, inner] around the axis that runs go along;
/// vectors have one axis.
static AxisLayout getRunLayout(const WeightLayout &layout, bool alongOutputs) {
  if (layout.isVector || layout.shape.size() < 2)
    return AxisLayout::get({layout.getNumElements()}, 0);
  return AxisLayout::get(layout.shape, alongOutputs ? layout.channelAxis
                                                    : 1 - layout.channelAxis);
}

/// Why runs of \p length do not fit the layout, or "". With fewer than two runs
/// nothing is chosen freely, and the Core ML tools leave such weights alone
/// too.
static std::string checkRuns(const AxisLayout &runs, size_t length) {
  if (length * 2 <= runs.axis)
    return "";
  return ("fewer than two runs of " + llvm::Twine(length) + " along " +
          llvm::Twine(runs.axis) + " channels")
      .str();
}

/// The values to keep; nothing with a reason where the layout does not fit.
static Expected<std::optional<KeepMask>> prune(FloatView values,
                                               const WeightLayout &layout,
                                               const Pruning &pruning,
                                               std::string &keepReason) {
  auto wrap = [](Expected<KeepMask> mask) -> Expected<std::optional<KeepMask>> {
    if (!mask)
      return mask.takeError();
    return std::optional(std::move(*mask));
  };
  if (pruning.method == Pruning::Method::Magnitude)
    return wrap(pruneByMagnitude(values, pruning.sparsity));
  if (pruning.method == Pruning::Method::Threshold)
    return wrap(pruneByThreshold(values, pruning.threshold));
  AxisLayout runs = getRunLayout(layout, pruning.alongOutputs);
  bool isBlock = pruning.method == Pruning::Method::Block;
  keepReason = checkRuns(runs, isBlock ? pruning.block : pruning.m);
  if (!keepReason.empty())
    return std::nullopt;
  if (isBlock)
    return wrap(pruneBlocks(values, runs, pruning.block, pruning.sparsity));
  return wrap(pruneNofM(values, runs, pruning.n, pruning.m));
}

//===----------------------------------------------------------------------===//
// Encoding
//===----------------------------------------------------------------------===//

static AxisLayout getScaleLayout(const WeightLayout &layout,
                                 const WeightScheme &scheme) {
  return scheme.perTensor ? AxisLayout::flat(layout.getNumElements())
                          : layout.getChannels();
}

static Error encodeLinear(FloatView values, const AxisLayout &layout,
                          const WeightScheme &scheme, EncodedWeights &encoded) {
  LinearMode mode = scheme.method == CompressionMethod::Linear
                        ? LinearMode::Linear
                        : LinearMode::Symmetric;
  auto quantize =
      scheme.keepsZeros() ? quantizeLinearKeepingZero : quantizeLinear;
  Expected<LinearQuantization> result =
      quantize(values, layout, scheme.bits, mode);
  if (!result)
    return result.takeError();
  encoded.bytes = packBits(result->codes, scheme.bits);
  encoded.scale = std::move(result->scale);
  encoded.bias = std::move(result->bias);
  return Error::success();
}

static Error encodeKMeans(FloatView values, unsigned bits,
                          EncodedWeights &encoded) {
  Expected<KMeansResult> result = kMeans1D(values, 1u << bits);
  if (!result)
    return result.takeError();
  encoded.bytes = packBits(result->indices, bits);
  encoded.table = std::move(result->table);
  encoded.certificate = result->certificate;
  return Error::success();
}

/// Index 0 is 0; the other entries are the best for the other values.
static Error encodeKMeansKeepingZero(FloatView values, unsigned bits,
                                     EncodedWeights &encoded) {
  KeepMask mask(values.size());
  for (size_t i = 0; i != mask.size(); ++i)
    mask[i] = values[i] != 0;
  std::vector<float> kept = gatherKept(values, mask);
  if (kept.size() == values.size())
    return encodeKMeans(values, bits, encoded);
  Expected<KMeansResult> result = kMeans1D(kept, (1u << bits) - 1);
  if (!result)
    return result.takeError();
  std::vector<uint8_t> indices(values.size());
  for (size_t i = 0, next = 0; i != indices.size(); ++i)
    indices[i] = mask[i] ? result->indices[next++] + 1 : 0;
  encoded.bytes = packBits(indices, bits);
  encoded.table = std::move(result->table);
  encoded.table.insert(encoded.table.begin(), 0.0f);
  encoded.certificate = result->certificate;
  return Error::success();
}

static Error encodePalette(FloatView values, const WeightScheme &scheme,
                           EncodedWeights &encoded) {
  bool isUnique = scheme.method == CompressionMethod::Unique;
  Expected<Palette> result = isUnique ? uniquePalette(values, scheme.bits)
                                      : uniformPalette(values, scheme.bits);
  if (!result && !isUnique)
    return result.takeError();
  if (!result) {
    encoded.keepReason = llvm::toString(result.takeError());
    return Error::success();
  }
  // Which width uniquePalette chose shows in the size of its table.
  encoded.bits = llvm::Log2_64(result->table.size());
  encoded.bytes = packBits(result->indices, encoded.bits);
  encoded.table = std::move(result->table);
  return Error::success();
}

/// The user's table, filled up with zeros that no weight uses.
static Error encodeTable(FloatView values, const WeightScheme &scheme,
                         EncodedWeights &encoded) {
  Expected<std::vector<uint8_t>> indices = assignNearest(values, *scheme.table);
  if (!indices)
    return indices.takeError();
  encoded.table = *scheme.table;
  if (!encoded.bits)
    encoded.bits = std::max(1u, llvm::Log2_64_Ceil(encoded.table.size()));
  encoded.bytes = packBits(*indices, encoded.bits);
  encoded.table.resize(size_t(1) << encoded.bits, 0.0f);
  return Error::success();
}

static Error encodeFloats(FloatView values, bool isHalf,
                          EncodedWeights &encoded) {
  encoded.bits = isHalf ? 16 : 32;
  if (isHalf) {
    encoded.storage = WeightStorage::Float16;
    return encodeFloat16(values).moveInto(encoded.bytes);
  }
  encoded.storage = WeightStorage::Float32;
  encoded.bytes.resize(values.size() * sizeof(float));
  values.copyTo(reinterpret_cast<float *>(encoded.bytes.data()), values.size());
  return Error::success();
}

static Error encodeInt8(FloatView values, EncodedWeights &encoded) {
  Expected<Int8Quantization> result = quantizeInt8(values);
  if (!result)
    return result.takeError();
  encoded.storage = WeightStorage::Int8;
  encoded.bits = 8;
  encoded.bytes.assign(result->codes.begin(), result->codes.end());
  encoded.scale = {result->scale};
  return Error::success();
}

static Error encode(FloatView values, const AxisLayout &layout,
                    const WeightScheme &scheme, bool isHalf,
                    EncodedWeights &encoded) {
  encoded.bits = scheme.bits;
  switch (scheme.method) {
  case CompressionMethod::None:
    return encodeFloats(values, isHalf, encoded);
  case CompressionMethod::Float16:
    return encodeFloats(values, /*isHalf=*/true, encoded);
  case CompressionMethod::Int8Dynamic:
    return encodeInt8(values, encoded);
  case CompressionMethod::Linear:
  case CompressionMethod::LinearSymmetric:
    return encodeLinear(values, layout, scheme, encoded);
  case CompressionMethod::KMeans:
    return scheme.keepsZeros()
               ? encodeKMeansKeepingZero(values, scheme.bits, encoded)
               : encodeKMeans(values, scheme.bits, encoded);
  case CompressionMethod::Uniform:
  case CompressionMethod::Unique:
    return encodePalette(values, scheme, encoded);
  case CompressionMethod::Table:
    return encodeTable(values, scheme, encoded);
  }
  llvm_unreachable("unknown compression method");
}

//===----------------------------------------------------------------------===//
// Verification
//===----------------------------------------------------------------------===//

/// Decodes values from \p begin on, as a reader of the file does.
static void decode(const EncodedWeights &encoded, const AxisLayout &layout,
                   size_t begin, llvm::MutableArrayRef<float> out) {
  switch (encoded.storage) {
  case WeightStorage::Float32:
    FloatView::fromBytes(encoded.bytes)
        .slice(begin, out.size())
        .copyTo(out.data(), out.size());
    return;
  case WeightStorage::Float16:
    return decodeFloat16(encoded.bytes, begin, out);
  case WeightStorage::Int8:
    return decodeInt8({reinterpret_cast<const int8_t *>(encoded.bytes.data()),
                       encoded.bytes.size()},
                      encoded.scale.front(), begin, out);
  default:
    break;
  }
  if (encoded.table.empty())
    decodeLinear(encoded.bytes, encoded.bits, BitOrder::MSBFirst, layout,
                 encoded.scale, encoded.bias, DecodeArithmetic::Float32, begin,
                 out);
  else
    decodeLookup(encoded.bytes, encoded.bits, BitOrder::MSBFirst, encoded.table,
                 begin, out);
}

/// Measures what a reader decodes, in pieces that stay in the cache.
static void measure(FloatView values, const AxisLayout &layout,
                    EncodedWeights &encoded) {
  ErrorAccumulator errors;
  std::vector<float> piece(std::min<size_t>(values.size(), 1 << 14));
  for (size_t begin = 0; begin < values.size(); begin += piece.size()) {
    piece.resize(std::min(piece.size(), values.size() - begin));
    decode(encoded, layout, begin, piece);
    errors.add(values.slice(begin, piece.size()), piece);
    encoded.zeros += llvm::count(piece, 0.0f);
  }
  encoded.error = errors.finish();
}

Expected<EncodedWeights> mlmodel::encodeWeights(FloatView values,
                                                const WeightLayout &layout,
                                                const WeightScheme &scheme,
                                                bool isHalf) {
  if (Error error = checkFinite(values))
    return std::move(error);
  EncodedWeights encoded;
  FloatView kept = values;
  std::vector<float> pruned;
  if (scheme.pruning) {
    Expected<std::optional<KeepMask>> mask =
        prune(values, layout, *scheme.pruning, encoded.keepReason);
    if (!mask)
      return mask.takeError();
    if (!*mask)
      return encoded;
    pruned.resize(values.size());
    for (size_t i = 0; i != pruned.size(); ++i)
      pruned[i] = (**mask)[i] ? values[i] : 0.0f;
    kept = FloatView(pruned);
  }
  AxisLayout scaleLayout = getScaleLayout(layout, scheme);
  if (Error error = encode(kept, scaleLayout, scheme, isHalf, encoded))
    return std::move(error);
  if (encoded.keepReason.empty())
    measure(values, scaleLayout, encoded);
  return encoded;
}

std::vector<float> mlmodel::decodeEncoded(const EncodedWeights &encoded,
                                          const WeightLayout &layout,
                                          const WeightScheme &scheme) {
  std::vector<float> values(layout.getNumElements());
  decode(encoded, getScaleLayout(layout, scheme), 0, values);
  return values;
}
