//===- Decode.cpp - Decoding of compressed weights ------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/Decode.h"
#include "MLModel/Compression/Float16.h"
#include <algorithm>

using namespace llvm;
using namespace mlmodel;

/// Unpacks in pieces that stay in the first-level cache, and calls
/// `consume(codes, offset in out)` for each.
template <typename Consume>
static void forEachPiece(ArrayRef<uint8_t> packed, unsigned bits,
                         BitOrder order, size_t begin, size_t count,
                         Consume consume) {
  uint8_t codes[1024];
  for (size_t done = 0; done < count; done += std::size(codes)) {
    size_t length = std::min(count - done, std::size(codes));
    MutableArrayRef<uint8_t> piece(codes, length);
    unpackBits(packed, bits, order, begin + done, piece);
    consume(ArrayRef<uint8_t>(piece), done);
  }
}

static float perRow(ArrayRef<float> values, size_t row) {
  return values.empty() ? 0.0f : values[values.size() == 1 ? 0 : row];
}

static void decodeRun(ArrayRef<uint8_t> codes, float scale, float bias,
                      DecodeArithmetic arithmetic, float *out) {
  if (arithmetic == DecodeArithmetic::Float32) {
    for (size_t i = 0; i < codes.size(); ++i)
      out[i] = scale * float(codes[i]) + bias;
    return;
  }
  for (size_t i = 0; i < codes.size(); ++i)
    out[i] = static_cast<float>(double(scale) * codes[i] + double(bias));
}

void mlmodel::decodeLinear(ArrayRef<uint8_t> packed, unsigned bits,
                           BitOrder order, const AxisLayout &layout,
                           ArrayRef<float> scale, ArrayRef<float> bias,
                           DecodeArithmetic arithmetic, size_t begin,
                           MutableArrayRef<float> out) {
  assert((scale.size() == 1 || scale.size() == layout.axis) &&
         "one scale, or one per row");
  assert((bias.size() <= 1 || bias.size() == layout.axis) &&
         "no bias, one, or one per row");
  forEachPiece(packed, bits, order, begin, out.size(),
               [&](ArrayRef<uint8_t> codes, size_t offset) {
                 // A piece covers parts of one or several rows.
                 while (!codes.empty()) {
                   size_t element = begin + offset;
                   size_t row = element / layout.inner % layout.axis;
                   size_t left = layout.inner - element % layout.inner;
                   size_t length = std::min(left, codes.size());
                   decodeRun(codes.take_front(length), perRow(scale, row),
                             perRow(bias, row), arithmetic,
                             out.data() + offset);
                   codes = codes.drop_front(length);
                   offset += length;
                 }
               });
}

void mlmodel::decodeLookup(ArrayRef<uint8_t> packed, unsigned bits,
                           BitOrder order, ArrayRef<float> table, size_t begin,
                           MutableArrayRef<float> out) {
  assert(table.size() == size_t(1) << bits && "wrong table size");
  forEachPiece(packed, bits, order, begin, out.size(),
               [&](ArrayRef<uint8_t> codes, size_t offset) {
                 for (size_t i = 0; i < codes.size(); ++i)
                   out[offset + i] = table[codes[i]];
               });
}

void mlmodel::decodeFloat16(ArrayRef<uint8_t> halves, size_t begin,
                            MutableArrayRef<float> out) {
  assert(halves.size() / 2 >= begin + out.size() && "halves missing");
  const uint8_t *source = halves.data() + 2 * begin;
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = halfToFloat(source[2 * i] | source[2 * i + 1] << 8);
}

void mlmodel::decodeInt8(ArrayRef<int8_t> codes, float scale, size_t begin,
                         MutableArrayRef<float> out) {
  codes = codes.slice(begin, out.size());
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = scale * float(codes[i]);
}
