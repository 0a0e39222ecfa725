//===- LookupTable.cpp - Palettes other than k-means ----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/LookupTable.h"
#include "InvalidInput.h"
#include "MLModel/Compression/LinearQuantization.h"
#include "llvm/ADT/DenseSet.h"
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

using namespace llvm;
using namespace mlmodel;

static Error badBits(unsigned bits) {
  return invalidInput("{0} bits asked for, but a palette has 1 to 8", bits);
}

Expected<Palette> mlmodel::uniformPalette(FloatView weights, unsigned bits) {
  if (bits < 1 || bits > 8)
    return badBits(bits);
  Expected<LinearQuantization> linear = quantizeLinear(
      weights, AxisLayout::flat(weights.size()), bits, LinearMode::Linear);
  if (!linear)
    return linear.takeError();
  Palette palette;
  palette.indices = std::move(linear->codes);
  palette.used = 1u << bits;
  palette.table.assign(palette.used, 0.0f);
  if (weights.empty())
    return palette;

  // linear->scale is already rounded to float32; the entries come from the
  // float64 scale.
  float low = weights[0], high = weights[0];
  for (size_t i = 1; i < weights.size(); ++i) {
    low = std::min(low, weights[i]);
    high = std::max(high, weights[i]);
  }
  double scale = (double(high) - low) / (palette.used - 1);
  for (unsigned i = 0; i < palette.used; ++i)
    palette.table[i] = static_cast<float>(i * scale + double(low));
  return palette;
}

/// The distinct values in ascending order, or nothing if there are more than
/// `limit`. Weights that do not fit are found out after few elements, so this
/// is cheap where it fails.
static std::vector<float> distinctValues(FloatView weights, size_t limit) {
  std::vector<float> values;
  SmallDenseSet<uint64_t, 512> seen;
  uint32_t last = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    uint32_t bits = weights.bits(i);
    if (bits == 0x80000000u)
      bits = 0;
    if (i && bits == last)
      continue;
    last = bits;
    // 64-bit keys, because DenseSet reserves two values of the key type.
    if (!seen.insert(bits).second)
      continue;
    values.push_back(weights[i] == 0 ? 0.0f : weights[i]);
    if (values.size() > limit)
      return {};
  }
  llvm::sort(values);
  return values;
}

Expected<Palette> mlmodel::uniquePalette(FloatView weights, unsigned bits) {
  if (bits > 8)
    return badBits(bits);
  if (Error error = checkFinite(weights))
    return error;
  size_t limit = size_t(1) << (bits ? bits : 8);
  std::vector<float> values = distinctValues(weights, limit);
  if (values.empty() && !weights.empty())
    return invalidInput("the weight has more than {0} distinct values", limit);
  if (!bits)
    for (bits = 1; (size_t(1) << bits) < values.size();)
      ++bits;

  Palette palette;
  palette.used = values.size();
  ArrayRef<float> thresholds(values);
  palette.indices = assignByThresholds(
      weights, values.empty() ? thresholds : thresholds.drop_back());
  palette.table = std::move(values);
  palette.table.resize(size_t(1) << bits, 0.0f);
  return palette;
}

/// The largest float that is at most as far from `low` as from `high`.
static float nearestThreshold(float low, float high) {
  // The sum of two floats is exact in float64 unless they differ by 2^29 or
  // more, and then its rounding is far below one ulp of the threshold.
  double middle = 0.5 * double(low) + 0.5 * double(high);
  float threshold = static_cast<float>(middle);
  if (double(threshold) > middle)
    threshold =
        std::nextafter(threshold, -std::numeric_limits<float>::infinity());
  return threshold;
}

Expected<std::vector<uint8_t>> mlmodel::assignNearest(FloatView weights,
                                                      ArrayRef<float> table) {
  if (table.empty() || table.size() > 256)
    return invalidInput("a table of {0} entries; it must have 1 to 256",
                        table.size());
  for (auto [index, value] : llvm::enumerate(table))
    if (!std::isfinite(value))
      return invalidInput("table entry {0} is not finite", index);
  if (Error error = checkFinite(weights))
    return error;

  std::vector<uint8_t> order(table.size());
  std::iota(order.begin(), order.end(), uint8_t(0));
  llvm::stable_sort(order,
                    [&](uint8_t a, uint8_t b) { return table[a] < table[b]; });
  // Equal entries after the first would never be nearest.
  order.erase(
      llvm::unique(order,
                   [&](uint8_t a, uint8_t b) { return table[a] == table[b]; }),
      order.end());
  std::vector<float> thresholds;
  for (size_t i = 0; i + 1 < order.size(); ++i)
    thresholds.push_back(
        nearestThreshold(table[order[i]], table[order[i + 1]]));
  std::vector<uint8_t> indices = assignByThresholds(weights, thresholds);
  for (uint8_t &index : indices)
    index = order[index];
  return indices;
}

namespace {

/// Elements handled together, so that loads, comparisons and stores of
/// independent elements overlap.
constexpr size_t assignChunk = 64;

/// Few thresholds: compare with each one; this vectorises.
void assignByCounting(const float *values, ArrayRef<float> thresholds,
                      uint8_t *out) {
  uint32_t counts[assignChunk] = {};
  for (float threshold : thresholds)
    for (size_t i = 0; i < assignChunk; ++i)
      counts[i] += threshold < values[i];
  for (size_t i = 0; i < assignChunk; ++i)
    out[i] = static_cast<uint8_t>(counts[i]);
}

/// Many thresholds: a branch-free binary search over 255 entries, the missing
/// ones being infinite.
void assignBySearching(const float *values, const float *thresholds,
                       uint8_t *out) {
  uint32_t counts[assignChunk] = {};
  for (uint32_t step = 128; step; step /= 2)
    for (size_t i = 0; i < assignChunk; ++i)
      counts[i] += step * (thresholds[counts[i] + step - 1] < values[i]);
  for (size_t i = 0; i < assignChunk; ++i)
    out[i] = static_cast<uint8_t>(counts[i]);
}

} // namespace

std::vector<uint8_t> mlmodel::assignByThresholds(FloatView weights,
                                                 ArrayRef<float> thresholds) {
  assert(thresholds.size() <= 255 && "indices are one byte");
  std::vector<uint8_t> indices(weights.size());
  float padded[255];
  std::fill(padded, padded + 255, std::numeric_limits<float>::infinity());
  llvm::copy(thresholds, padded);
  bool few = thresholds.size() <= 20;

  float values[assignChunk] = {};
  uint8_t chunk[assignChunk];
  for (size_t begin = 0; begin < weights.size(); begin += assignChunk) {
    size_t length = std::min(assignChunk, weights.size() - begin);
    weights.slice(begin, length).copyTo(values, length);
    if (few)
      assignByCounting(values, thresholds, chunk);
    else
      assignBySearching(values, padded, chunk);
    std::memcpy(indices.data() + begin, chunk, length);
  }
  return indices;
}
