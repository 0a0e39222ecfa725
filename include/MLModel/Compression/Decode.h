//===- Decode.h - Decoding of compressed weights ----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Each function writes weights [begin, begin + out.size()) of the tensor, so
/// that large weights can be decoded and compared piece by piece. Stored sizes
/// are checked by the caller that owns the bytes; here they are preconditions.
///
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_COMPRESSION_DECODE_H
#define MLMODEL_COMPRESSION_DECODE_H

#include "MLModel/Compression/BitPacking.h"
#include "MLModel/Compression/FloatView.h"

namespace mlmodel {

/// How scale * q + bias is rounded.
enum class DecodeArithmetic {
  /// The product and the sum are each rounded to float32, as plain compiled
  /// code does. This is what error reports should use.
  Float32,
  /// Computed in float64 and rounded once; what coremltools' dequantization
  /// writes, bit for bit.
  Float64,
};

/// Linear codes of `bits` bits. `scale` has layout.axis entries, or 1 that
/// holds for all rows; `bias` likewise, or 0 entries, which means zero.
void decodeLinear(llvm::ArrayRef<uint8_t> packed, unsigned bits, BitOrder order,
                  const AxisLayout &layout, llvm::ArrayRef<float> scale,
                  llvm::ArrayRef<float> bias, DecodeArithmetic arithmetic,
                  size_t begin, llvm::MutableArrayRef<float> out);

/// out = table[index]; `table` has 2^bits entries.
void decodeLookup(llvm::ArrayRef<uint8_t> packed, unsigned bits, BitOrder order,
                  llvm::ArrayRef<float> table, size_t begin,
                  llvm::MutableArrayRef<float> out);

/// Little-endian halves; exact.
void decodeFloat16(llvm::ArrayRef<uint8_t> halves, size_t begin,
                   llvm::MutableArrayRef<float> out);

/// out = scale * q in float32, for signed bytes.
void decodeInt8(llvm::ArrayRef<int8_t> codes, float scale, size_t begin,
                llvm::MutableArrayRef<float> out);

} // namespace mlmodel

#endif // MLMODEL_COMPRESSION_DECODE_H
