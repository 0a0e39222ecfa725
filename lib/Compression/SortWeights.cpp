//===- SortWeights.cpp - Radix sort of float32 weights --------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "InvalidInput.h"
#include "MLModel/Compression/KMeans1D.h"
#include <algorithm>
#include <limits>
#include <memory>

using namespace llvm;
using namespace mlmodel;

namespace {

/// Three digits of 11, 11 and 10 bits: few passes, and the 2048 write positions
/// of a pass still fit the first-level cache.
constexpr unsigned digitBits = 11;
constexpr unsigned digitCount = 3;
constexpr uint32_t digitValues = 1u << digitBits;

/// Maps finite floats to integers of the same order; -0 and 0 to the same one.
uint32_t toKey(uint32_t bits) {
  if (bits == 0x80000000u)
    bits = 0;
  return bits ^ ((bits >> 31) ? 0xffffffffu : 0x80000000u);
}

float fromKey(uint32_t key) {
  uint32_t bits = key ^ ((key >> 31) ? 0x80000000u : 0xffffffffu);
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

uint32_t digitOf(uint32_t key, unsigned digit) {
  return (key >> (digit * digitBits)) & (digitValues - 1);
}

/// Positions at which the keys with each digit value start.
struct Offsets {
  uint32_t start[digitCount][digitValues] = {};

  explicit Offsets(FloatView weights) {
    for (size_t i = 0; i < weights.size(); ++i) {
      uint32_t key = toKey(weights.bits(i));
      for (unsigned digit = 0; digit < digitCount; ++digit)
        ++start[digit][digitOf(key, digit)];
    }
    for (auto &counts : start) {
      uint32_t sum = 0;
      for (uint32_t &count : counts) {
        uint32_t next = sum + count;
        count = sum;
        sum = next;
      }
    }
  }
};

} // namespace

static std::vector<float> radixSort(FloatView weights) {
  size_t count = weights.size();
  auto offsets = std::make_unique<Offsets>(weights);
  // Uninitialised on purpose: every element is written before it is read.
  std::unique_ptr<uint32_t[]> first(new uint32_t[count]);
  std::vector<float> sorted(count);

  for (size_t i = 0; i < count; ++i) {
    uint32_t key = toKey(weights.bits(i));
    // The result's storage holds keys for a while.
    std::memcpy(&sorted[offsets->start[0][digitOf(key, 0)]++], &key,
                sizeof(key));
  }
  for (size_t i = 0; i < count; ++i) {
    uint32_t key;
    std::memcpy(&key, &sorted[i], sizeof(key));
    first[offsets->start[1][digitOf(key, 1)]++] = key;
  }
  for (size_t i = 0; i < count; ++i) {
    uint32_t key = first[i];
    sorted[offsets->start[2][digitOf(key, 2)]++] = fromKey(key);
  }
  return sorted;
}

Expected<std::vector<float>> mlmodel::sortWeights(FloatView weights) {
  if (weights.size() > std::numeric_limits<uint32_t>::max())
    return invalidInput(
        "{0} weights in one tensor; at most 2^32 - 1 can be clustered",
        weights.size());
  if (Error error = checkFinite(weights))
    return error;
  if (weights.size() >= digitValues)
    return radixSort(weights);
  std::vector<float> sorted(weights.size());
  for (size_t i = 0; i < weights.size(); ++i)
    sorted[i] = weights[i] == 0 ? 0.0f : weights[i];
  llvm::sort(sorted);
  return sorted;
}
