//===- Sparsity.cpp - Which weights to prune ------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/Sparsity.h"
#include "InvalidInput.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <algorithm>
#include <cmath>

using namespace llvm;
using namespace mlmodel;

static Error checkInput(FloatView weights, const AxisLayout &layout) {
  if (layout.size() != weights.size())
    return invalidInput("the layout {0} x {1} x {2} does not hold {3} weights",
                        layout.outer, layout.axis, layout.inner,
                        weights.size());
  return checkFinite(weights);
}

static Error checkFraction(double fraction) {
  if (fraction >= 0 && fraction <= 1)
    return Error::success();
  return invalidInput("a sparsity of {0}; it must be from 0 to 1", fraction);
}

static std::vector<float> magnitudes(FloatView weights) {
  std::vector<float> result(weights.size());
  for (size_t i = 0; i < result.size(); ++i)
    result[i] = std::fabs(weights[i]);
  return result;
}

/// The value at rank fraction * (N - 1), counted from 0. Interpolates from the
/// nearer neighbour, as numpy does, so that both ends are met exactly.
static float percentile(std::vector<float> values, double fraction) {
  double rank = fraction * double(values.size() - 1);
  size_t index = static_cast<size_t>(rank);
  double part = rank - double(index);
  auto nth = values.begin() + index;
  std::nth_element(values.begin(), nth, values.end());
  double low = *nth;
  double high = nth + 1 == values.end() || part == 0
                    ? low
                    : *std::min_element(nth + 1, values.end());
  double value =
      part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
  return static_cast<float>(value);
}

/// Keeps nonzero weights whose rank value is above the limit.
static KeepMask keepAbove(FloatView weights, ArrayRef<float> ranks,
                          float limit) {
  KeepMask mask(weights.size());
  for (size_t i = 0; i < mask.size(); ++i)
    mask[i] = ranks[i] > limit && weights[i] != 0;
  return mask;
}

static KeepMask keepNonzero(FloatView weights) {
  KeepMask mask(weights.size());
  for (size_t i = 0; i < mask.size(); ++i)
    mask[i] = weights[i] != 0;
  return mask;
}

static KeepMask keepLargest(FloatView weights, std::vector<float> ranks,
                            double fraction) {
  if (weights.empty() || fraction == 0)
    return keepNonzero(weights);
  float limit = percentile(ranks, fraction);
  return keepAbove(weights, ranks, limit);
}

Expected<KeepMask> mlmodel::pruneByThreshold(FloatView weights,
                                             float threshold) {
  if (!(threshold >= 0))
    return invalidInput("a threshold of {0}; it must not be negative",
                        threshold);
  if (Error error = checkFinite(weights))
    return error;
  return keepAbove(weights, magnitudes(weights), threshold);
}

Expected<KeepMask> mlmodel::pruneByMagnitude(FloatView weights,
                                             double fraction) {
  if (Error error = checkFraction(fraction))
    return error;
  if (Error error = checkFinite(weights))
    return error;
  return keepLargest(weights, magnitudes(weights), fraction);
}

/// Calls `visit(first element, length)` for every run of at most `length`
/// elements along the axis; elements of a run are layout.inner apart.
template <typename Visit>
static void forEachRun(const AxisLayout &layout, size_t length, Visit visit) {
  for (size_t outer = 0; outer < layout.outer; ++outer)
    for (size_t begin = 0; begin < layout.axis; begin += length)
      for (size_t inner = 0; inner < layout.inner; ++inner)
        visit((outer * layout.axis + begin) * layout.inner + inner,
              std::min(length, layout.axis - begin));
}

Expected<KeepMask> mlmodel::pruneBlocks(FloatView weights,
                                        const AxisLayout &layout, size_t block,
                                        double fraction) {
  if (block == 0)
    return invalidInput("blocks of 0 elements");
  if (Error error = checkFraction(fraction))
    return error;
  if (Error error = checkInput(weights, layout))
    return error;
  std::vector<float> norms(weights.size());
  forEachRun(layout, block, [&](size_t first, size_t length) {
    double squares = 0;
    for (size_t i = 0; i < length; ++i) {
      double value = weights[first + i * layout.inner];
      squares += value * value;
    }
    for (size_t i = 0; i < length; ++i)
      norms[first + i * layout.inner] = static_cast<float>(std::sqrt(squares));
  });
  return keepLargest(weights, std::move(norms), fraction);
}

Expected<KeepMask> mlmodel::pruneNofM(FloatView weights,
                                      const AxisLayout &layout, unsigned n,
                                      unsigned m) {
  if (m == 0 || n > m)
    return invalidInput("{0} of {1} weights cannot be pruned", n, m);
  if (Error error = checkInput(weights, layout))
    return error;
  KeepMask mask = keepNonzero(weights);
  SmallVector<std::pair<float, size_t>, 16> run;
  forEachRun(layout, m, [&](size_t first, size_t length) {
    run.clear();
    for (size_t i = 0; i < length; ++i) {
      size_t element = first + i * layout.inner;
      run.push_back({std::fabs(weights[element]), element});
    }
    // Padding sorts after real zeros, which are not kept anyway.
    run.resize(m, {0.0f, weights.size()});
    llvm::sort(run);
    for (size_t i = 0; i < n; ++i)
      if (run[i].second < weights.size())
        mask[run[i].second] = 0;
  });
  return mask;
}

std::vector<float> mlmodel::gatherKept(FloatView weights,
                                       ArrayRef<uint8_t> mask) {
  assert(weights.size() == mask.size() && "sizes differ");
  std::vector<float> kept;
  kept.reserve(countKept(mask));
  for (size_t i = 0; i < mask.size(); ++i)
    if (mask[i])
      kept.push_back(weights[i]);
  return kept;
}

void mlmodel::scatterKept(ArrayRef<float> kept, ArrayRef<uint8_t> mask,
                          MutableArrayRef<float> out) {
  assert(out.size() == mask.size() && "sizes differ");
  assert(kept.size() == countKept(mask) && "wrong number of kept weights");
  size_t next = 0;
  for (size_t i = 0; i < mask.size(); ++i)
    out[i] = mask[i] ? kept[next++] : 0.0f;
}

size_t mlmodel::countKept(ArrayRef<uint8_t> mask) {
  return llvm::count(mask, 1);
}
