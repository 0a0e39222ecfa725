//===- Float16.cpp - Half precision weights -------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/Float16.h"
#include "InvalidInput.h"
#include <cmath>

using namespace llvm;
using namespace mlmodel;

static float floatFromBits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

static uint32_t bitsFromFloat(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

uint16_t mlmodel::floatToHalf(float value) {
  uint32_t bits = bitsFromFloat(value);
  uint32_t sign = (bits >> 16) & 0x8000u;
  bits &= 0x7fffffffu;
  if (bits > 0x7f800000u)
    return sign | 0x7e00u;
  if (bits >= 0x47800000u) // 65536 and above, infinity
    return sign | 0x7c00u;
  if (bits < 0x38800000u) {
    // Subnormal half: adding 0.5 aligns the last place of a half with the last
    // place of a float and rounds half to even.
    uint32_t shifted = bitsFromFloat(floatFromBits(bits) + 0.5f);
    return sign | (shifted - 0x3f000000u);
  }
  uint32_t odd = (bits >> 13) & 1;
  return sign | ((bits - 0x38000000u + 0xfffu + odd) >> 13);
}

float mlmodel::halfToFloat(uint16_t half) {
  uint32_t sign = uint32_t(half & 0x8000u) << 16;
  uint32_t magnitude = half & 0x7fffu;
  if (magnitude >= 0x7c00u)
    return floatFromBits(sign | 0x7f800000u | (magnitude & 0x3ffu) << 13);
  // Scaling by 2^112 moves the exponent, and makes subnormals normal.
  float scaled = floatFromBits(magnitude << 13) * 0x1p112f;
  return floatFromBits(sign | bitsFromFloat(scaled));
}

Expected<std::vector<uint8_t>> mlmodel::encodeFloat16(FloatView weights) {
  if (Error error = checkFinite(weights))
    return error;
  std::vector<uint8_t> bytes(weights.size() * 2);
  for (size_t i = 0; i < weights.size(); ++i) {
    float value = weights[i];
    if (std::fabs(value) >= 65504.0f)
      return invalidInput("weight element {0} is {1}; float16 holds values "
                          "below 65504 only",
                          i, value);
    uint16_t half = floatToHalf(value);
    bytes[2 * i] = half & 0xff;
    bytes[2 * i + 1] = half >> 8;
  }
  return bytes;
}
