//===- EncodeWeights.cpp - Encode the values of one weight ----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EncodeWeights.h"
#include "MLModel/Compression/BitPacking.h"
#include "MLModel/Compression/Decode.h"
#include "MLModel/Compression/LinearQuantization.h"
#include "MLModel/Compression/LookupTable.h"
#include "llvm/Support/MathExtras.h"

using namespace mlmodel;

static AxisLayout getScaleLayout(const WeightLayout &layout,
                                 const CompressionOptions &options) {
  return options.perTensor ? AxisLayout::flat(layout.getNumElements())
                           : layout.getChannels();
}

/// The error of what a reader decodes, in pieces that stay in the cache.
static ErrorReport measure(FloatView values, const EncodedWeights &encoded,
                           const AxisLayout &layout) {
  ErrorAccumulator errors;
  std::vector<float> piece(std::min<size_t>(values.size(), 1 << 14));
  for (size_t begin = 0; begin < values.size(); begin += piece.size()) {
    piece.resize(std::min(piece.size(), values.size() - begin));
    if (encoded.table.empty())
      decodeLinear(encoded.packed, encoded.bits, BitOrder::MSBFirst, layout,
                   encoded.scale, encoded.bias, DecodeArithmetic::Float32,
                   begin, piece);
    else
      decodeLookup(encoded.packed, encoded.bits, BitOrder::MSBFirst,
                   encoded.table, begin, piece);
    errors.add(values.slice(begin, piece.size()), piece);
  }
  return errors.finish();
}

static llvm::Error encodeLinear(FloatView values, const AxisLayout &layout,
                                const CompressionOptions &options,
                                EncodedWeights &encoded) {
  LinearMode mode = options.method == CompressionMethod::Linear
                        ? LinearMode::Linear
                        : LinearMode::Symmetric;
  llvm::Expected<LinearQuantization> result =
      quantizeLinear(values, layout, options.bits, mode);
  if (!result)
    return result.takeError();
  encoded.packed = packBits(result->codes, options.bits);
  encoded.scale = std::move(result->scale);
  encoded.bias = std::move(result->bias);
  return llvm::Error::success();
}

static llvm::Error encodeKMeans(FloatView values, unsigned bits,
                                EncodedWeights &encoded) {
  llvm::Expected<KMeansResult> result = kMeans1D(values, 1u << bits);
  if (!result)
    return result.takeError();
  encoded.packed = packBits(result->indices, bits);
  encoded.table = std::move(result->table);
  encoded.certificate = result->certificate;
  return llvm::Error::success();
}

static llvm::Error encodePalette(FloatView values,
                                 const CompressionOptions &options,
                                 EncodedWeights &encoded) {
  bool isUnique = options.method == CompressionMethod::Unique;
  llvm::Expected<Palette> result = isUnique
                                       ? uniquePalette(values, options.bits)
                                       : uniformPalette(values, options.bits);
  if (!result && !isUnique)
    return result.takeError();
  if (!result) {
    encoded.keepReason = llvm::toString(result.takeError());
    return llvm::Error::success();
  }
  // Which width uniquePalette chose shows in the size of its table.
  encoded.bits = llvm::Log2_64(result->table.size());
  encoded.packed = packBits(result->indices, encoded.bits);
  encoded.table = std::move(result->table);
  return llvm::Error::success();
}

static llvm::Error encode(FloatView values, const AxisLayout &layout,
                          const CompressionOptions &options,
                          EncodedWeights &encoded) {
  switch (options.method) {
  case CompressionMethod::Linear:
  case CompressionMethod::LinearSymmetric:
    return encodeLinear(values, layout, options, encoded);
  case CompressionMethod::KMeans:
    return encodeKMeans(values, options.bits, encoded);
  case CompressionMethod::Uniform:
  case CompressionMethod::Unique:
    return encodePalette(values, options, encoded);
  }
  llvm_unreachable("unknown compression method");
}

llvm::Expected<EncodedWeights>
mlmodel::encodeWeights(FloatView values, const WeightLayout &layout,
                       const CompressionOptions &options) {
  if (llvm::Error error = checkFinite(values))
    return std::move(error);
  EncodedWeights encoded;
  encoded.bits = options.bits;
  AxisLayout scaleLayout = getScaleLayout(layout, options);
  if (llvm::Error error = encode(values, scaleLayout, options, encoded))
    return std::move(error);
  if (encoded.keepReason.empty())
    encoded.error = measure(values, encoded, scaleLayout);
  return encoded;
}
