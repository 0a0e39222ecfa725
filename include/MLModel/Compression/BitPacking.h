//===- BitPacking.h - Packing of 1 to 8 bit codes ---------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Two bit streams for codes of n = 1..8 bits, both ceil(N * n / 8) bytes long
/// with zero bits after the last code:
///
/// * MSB first (neuralNetwork `WeightParams.rawValue`): bit j of code i is bit
///   i * n + (n - 1 - j) of the stream, and stream bit s is bit 7 - s % 8 of
///   byte s / 8. Codes 1, 2, 3 of 3 bits begin 0b00101001.
/// * LSB first (ML Program blobs): bit j of code i is bit i * n + j of the
///   stream, and stream bit s is bit s % 8 of byte s / 8.
///
/// Codes are one byte each; bits at and above n must be zero.
///
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_COMPRESSION_BITPACKING_H
#define MLMODEL_COMPRESSION_BITPACKING_H

#include "llvm/ADT/ArrayRef.h"
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mlmodel {

enum class BitOrder { MSBFirst, LSBFirst };

/// Bytes that `count` codes of `bits` bits take: ceil(count * bits / 8).
inline size_t packedSize(size_t count, unsigned bits) {
  return count / 8 * bits + (count % 8 * bits + 7) / 8;
}

/// Packs `codes` into `out`, which has packedSize(codes.size(), bits) bytes.
void packBits(llvm::ArrayRef<uint8_t> codes, unsigned bits, BitOrder order,
              llvm::MutableArrayRef<uint8_t> out);
/// The same into a new vector.
std::vector<uint8_t> packBits(llvm::ArrayRef<uint8_t> codes, unsigned bits,
                              BitOrder order = BitOrder::MSBFirst);

/// Unpacks codes [begin, begin + out.size()) of the stream `packed`, which must
/// reach that far. `begin` need not be at a byte boundary.
void unpackBits(llvm::ArrayRef<uint8_t> packed, unsigned bits, BitOrder order,
                size_t begin, llvm::MutableArrayRef<uint8_t> out);
/// Unpacks the first `count` codes into a new vector.
std::vector<uint8_t> unpackBits(llvm::ArrayRef<uint8_t> packed, unsigned bits,
                                size_t count,
                                BitOrder order = BitOrder::MSBFirst);

/// Code `index` of the stream, without unpacking its neighbours.
inline unsigned unpackOne(llvm::ArrayRef<uint8_t> packed, unsigned bits,
                          BitOrder order, size_t index) {
  // index / 8 * bits cannot overflow where index * bits could.
  size_t byte = index / 8 * bits + index % 8 * bits / 8;
  unsigned shift = index % 8 * bits % 8;
  assert(byte < packed.size() && "code past the end");
  unsigned first = packed[byte];
  unsigned second =
      shift + bits > 8 ? packed[byte + 1] : 0; // Never read past the end.
  unsigned mask = (1u << bits) - 1;
  if (order == BitOrder::MSBFirst)
    return ((first << 8 | second) >> (16 - shift - bits)) & mask;
  return ((second << 8 | first) >> shift) & mask;
}

} // namespace mlmodel

#endif // MLMODEL_COMPRESSION_BITPACKING_H
