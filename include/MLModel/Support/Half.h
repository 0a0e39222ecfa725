//===- Half.h - 16-bit floating point ---------------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// IEEE 754 binary16 conversion in plain bit operations, without branches on
// the common path, so that loops over millions of weights vectorise.
//
// NaNs keep their sign and the top ten payload bits, without being made quiet:
// every half survives the way to float and back bit for bit, which a codec
// needs and the hardware instructions do not give.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_SUPPORT_HALF_H
#define MLMODEL_SUPPORT_HALF_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/bit.h"
#include <cassert>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace mlmodel {

/// The float of the same value; exact.
inline float halfBitsToFloat(uint16_t half) {
  uint32_t sign = uint32_t(half & 0x8000u) << 16;
  uint32_t magnitude = uint32_t(half & 0x7FFFu) << 13;
  uint32_t normal = magnitude + (112u << 23);
  // A subnormal half has no leading one: put one in front, then take it away
  // again. No operand is a subnormal float, which would be slow, and zero
  // where the thread flushes subnormals.
  float led = llvm::bit_cast<float>(magnitude + (113u << 23));
  uint32_t subnormal = llvm::bit_cast<uint32_t>(led - 0x1p-14f);
  uint32_t special = magnitude | 0x7F800000u;

  uint32_t result = magnitude < (1u << 23) ? subnormal : normal;
  result = magnitude >= (31u << 23) ? special : result;
  return llvm::bit_cast<float>(sign | result);
}

/// The nearest half, ties to even. From 65520 on the result is infinite.
inline uint16_t floatToHalfBits(float value) {
  uint32_t bits = llvm::bit_cast<uint32_t>(value);
  uint32_t magnitude = bits & 0x7FFFFFFFu;
  uint32_t sign = (bits ^ magnitude) >> 16;

  // Normal results: add half of the last kept place, less one where that
  // place is even, and let the carry run into the exponent.
  uint32_t odd = (magnitude >> 13) & 1;
  uint32_t normal = (magnitude - (112u << 23) + 0xFFFu + odd) >> 13;
  // Subnormal results: adding 0.5 lines the bits up so that the FPU rounds at
  // 2^-24, the unit of a subnormal half.
  float magic = 0.5f;
  float shifted = llvm::bit_cast<float>(magnitude) + magic;
  uint32_t subnormal =
      llvm::bit_cast<uint32_t>(shifted) - llvm::bit_cast<uint32_t>(magic);

  uint32_t result = magnitude < (113u << 23) ? subnormal : normal;
  if (magnitude >= 0x477FF000u)
    result = 0x7C00u;
  if (magnitude > 0x7F800000u) {
    uint32_t payload = (magnitude >> 13) & 0x3FFu;
    // A payload only in the low bits must not turn the NaN into infinity.
    result = 0x7C00u | (payload ? payload : 0x200u);
  }
  return static_cast<uint16_t>(sign | result);
}

/// The nearest half, ties to even, rounded once: going by way of the nearest
/// float would round twice and miss some halves by one.
inline uint16_t doubleToHalfBits(double value) {
  float rounded = static_cast<float>(value);
  uint32_t bits = llvm::bit_cast<uint32_t>(rounded);
  // Round to odd: towards zero, with the last bit set if anything was cut
  // off. The float's 13 spare bits then decide as all of the double's would.
  if (std::fabs(static_cast<double>(rounded)) > std::fabs(value))
    bits -= 1;
  if (static_cast<double>(llvm::bit_cast<float>(bits)) != value &&
      value == value)
    bits |= 1;
  return floatToHalfBits(llvm::bit_cast<float>(bits));
}

/// An IEEE half as an element of a Tensor; it converts, but does not compute.
struct Half {
  uint16_t bits;

  static Half fromFloat(float value) { return {floatToHalfBits(value)}; }
  static Half fromDouble(double value) { return {doubleToHalfBits(value)}; }
  float toFloat() const { return halfBitsToFloat(bits); }
  friend bool operator==(Half a, Half b) { return a.bits == b.bits; }
};
static_assert(sizeof(Half) == 2, "halves are read straight from files");

/// Converts element by element; both ranges have the same length.
inline void convertHalfToFloat(llvm::ArrayRef<uint16_t> from,
                               llvm::MutableArrayRef<float> to) {
  assert(from.size() == to.size());
  for (size_t i = 0, e = from.size(); i != e; ++i)
    to[i] = halfBitsToFloat(from[i]);
}
inline void convertFloatToHalf(llvm::ArrayRef<float> from,
                               llvm::MutableArrayRef<uint16_t> to) {
  assert(from.size() == to.size());
  for (size_t i = 0, e = from.size(); i != e; ++i)
    to[i] = floatToHalfBits(from[i]);
}

} // namespace mlmodel

#endif // MLMODEL_SUPPORT_HALF_H
