//===- BoundarySearch.cpp - Search for cluster boundaries -----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BoundarySearch.h"
#include <algorithm>
#include <cmath>

using namespace llvm;
using namespace mlmodel;

/// Measured: 512 blocks are nearly free for 16 clusters, and with 256 clusters
/// more than six blocks each cost more than they save.
static size_t chooseFirstBlocks(unsigned clusters) {
  return std::clamp<size_t>(size_t(6) * clusters, 512, 1536);
}

BoundarySearch::BoundarySearch(ArrayRef<float> sorted, unsigned clusters,
                               const Limits &limits)
    : sorted(sorted), clusters(clusters), limits(limits),
      grid(sorted, limits.firstBlocks ? limits.firstBlocks
                                      : chooseFirstBlocks(clusters)),
      runs(clusters + 1) {
  uint32_t last = grid.size() - 1;
  runs.front() = {{0, 0}};
  runs.back() = {{last, last}};
  for (unsigned t = 1; t < clusters; ++t)
    runs[t] = {{0, last}};
}

std::vector<uint32_t> BoundarySearch::run() {
  while (largestExtent() > 0) {
    double allowance = roundingCost();
    bool rounded = roundingErrorDouble() <= allowance / 4;
    // Below its rounding errors the cheap programme cannot profit from blocks.
    if (!rounded && valueCount() <= limits.prunedPlaces / 4) {
      refine(0);
      break;
    }
    if (rounded)
      prune<double>(allowance + roundingErrorDouble());
    else
      prune<DoubleDouble>(allowance + roundingErrorDoubleDouble());
    ++roundCount;
    bool lastRound = valueCount() <= limits.lastValues * clusters ||
                     placeCount() > limits.prunedPlaces;
    refine(lastRound ? 0 : largestExtent() / extentDivisor());
  }

  // The rounded programme is much faster than the exact one, and leaves it few
  // places.
  if (placeCount() <= limits.prunedPlaces)
    prune<double>(roundingErrorDouble());
  lastPlaceCount = placeCount();
  chosen.assign(clusters + 1, 0);
  chosen.back() = grid.size() - 1;
  double best = trace(0, clusters).hi;
  bound = std::max(0.0, best - roundingErrorDoubleDouble());
  std::vector<uint32_t> boundaries;
  for (uint32_t point : chosen)
    boundaries.push_back(grid.position(point));
  return boundaries;
}

/// Extents fall by 16 per round, so block widths by 4 and E by 16. Where that
/// would make too many places, by 4.
double BoundarySearch::extentDivisor() const {
  return placeCount() > limits.prunedPlaces / 4 ? 4 : 16;
}

//===----------------------------------------------------------------------===//
// Bounds
//===----------------------------------------------------------------------===//

double BoundarySearch::largestExtent(unsigned boundary) const {
  double largest = 0;
  for (const Run &run : runs[boundary])
    for (uint32_t point = run.first; point < run.last; ++point)
      largest = std::max(largest, grid.extent(point));
  return largest;
}

double BoundarySearch::largestExtent() const {
  double largest = 0;
  for (unsigned t = 1; t < clusters; ++t)
    largest = std::max(largest, largestExtent(t));
  return largest;
}

/// The mean of a cluster rises with either of its ends, so the outermost places
/// of the ends bound it.
double BoundarySearch::centroidDistance(unsigned boundary) const {
  uint32_t low = runs[boundary - 1].front().first;
  uint32_t middle = runs[boundary].front().first;
  double below = middle > low ? grid.mean(low, middle) : grid.valueAfter(low);
  middle = runs[boundary].back().last;
  uint32_t high = runs[boundary + 1].back().last;
  double above =
      high > middle ? grid.mean(middle, high) : grid.valueBefore(high);
  return above - below;
}

/// The distances also add up to no more than the range of the values, which is
/// the better bound as long as little is known about each of them.
double BoundarySearch::roundingCost() const {
  double separate = 0;
  for (unsigned t = 1; t < clusters; ++t)
    separate += centroidDistance(t) * largestExtent(t) / 2;
  double range = double(sorted.back()) - double(sorted.front());
  double together = range * largestExtent() / 2;
  return std::min(separate, together) * (1 + 1e-9);
}

/// A cluster's cost is off by at most 8 roundings of the largest sum, and
/// halving rows may follow a wrong choice by twice that at each of at most 32
/// levels, in each layer: 2^-53 * 2^3 * 2^6 per layer.
double BoundarySearch::roundingErrorDouble() const {
  return clusters * std::ldexp(grid.magnitude(), -44);
}

/// The same with sums off by one rounding of 2^-104 per value.
double BoundarySearch::roundingErrorDoubleDouble() const {
  return clusters * std::ldexp(grid.magnitude(), 9 - 104) *
         (8.0 + double(sorted.size()));
}

size_t BoundarySearch::placeCount() const {
  size_t count = 0;
  for (unsigned t = 1; t < clusters; ++t)
    for (const Run &run : runs[t])
      count += run.last - run.first + 1;
  return count;
}

size_t BoundarySearch::valueCount() const {
  size_t count = 0;
  for (unsigned t = 1; t < clusters; ++t)
    for (const Run &run : runs[t])
      count += grid.position(run.last) - grid.position(run.first) + 1;
  return count;
}

std::vector<uint32_t> BoundarySearch::placesOf(unsigned boundary, uint32_t from,
                                               uint32_t to) const {
  std::vector<uint32_t> places;
  for (const Run &run : runs[boundary]) {
    uint32_t last = std::min(run.last, to);
    for (uint32_t point = std::max(run.first, from); point <= last; ++point)
      places.push_back(point);
  }
  return places;
}

//===----------------------------------------------------------------------===//
// Pruning rounds
//===----------------------------------------------------------------------===//

template <typename Num> void BoundarySearch::prune(double allowance) {
  std::vector<Layer<Num>> before(clusters + 1);
  before[0] = {{0}, {Num(0.0)}};
  for (unsigned t = 1; t <= clusters; ++t) {
    before[t].places = placesOf(t);
    LayerStep<Num, true>(grid, before[t - 1], /*allowEmpty=*/true)
        .run(before[t]);
  }
  Num limit = before[clusters].values[0] + Num(allowance);

  Layer<Num> after = {before[clusters].places, {Num(0.0)}};
  for (unsigned t = clusters - 1; t > 0; --t) {
    Layer<Num> next;
    next.places = before[t].places;
    LayerStep<Num, false>(grid, after, /*allowEmpty=*/true).run(next);
    narrow(t, before[t], next, limit);
    after = std::move(next);
    before[t] = Layer<Num>();
  }
}

/// Keeps the blocks next to places that a solution within `limit` uses.
template <typename Num>
void BoundarySearch::narrow(unsigned boundary, const Layer<Num> &before,
                            const Layer<Num> &after, Num limit) {
  std::vector<Run> kept;
  size_t index = 0;
  for (const Run &run : runs[boundary])
    for (uint32_t point = run.first; point <= run.last; ++point, ++index) {
      if (limit < before.values[index] + after.values[index])
        continue;
      Run wide = {std::max(point, run.first + 1) - 1,
                  std::min(point + 1, run.last)};
      if (!kept.empty() && kept.back().last >= wide.first)
        kept.back().last = wide.last;
      else
        kept.push_back(wide);
    }
  runs[boundary] = std::move(kept);
}

void BoundarySearch::refine(double limit) {
  BitVector keep(grid.size()), cut(grid.size());
  for (const std::vector<Run> &boundaryRuns : runs)
    for (const Run &run : boundaryRuns) {
      keep.set(run.first, run.last + 1);
      cut.set(run.first, run.last);
    }
  std::vector<uint32_t> newIndex = grid.refine(keep, cut, limit);
  for (std::vector<Run> &boundaryRuns : runs)
    for (Run &run : boundaryRuns)
      run = {newIndex[run.first], newIndex[run.last]};
}

//===----------------------------------------------------------------------===//
// The last programme
//===----------------------------------------------------------------------===//

DoubleDouble BoundarySearch::trace(unsigned low, unsigned high) {
  size_t choices = 0;
  for (unsigned t = low + 1; t < high; ++t)
    choices += placesOf(t, chosen[low], chosen[high]).size();
  if (choices <= limits.tracedChoices || high - low <= 2)
    return traceStored(low, high);
  return traceHalves(low, high);
}

DoubleDouble BoundarySearch::traceStored(unsigned low, unsigned high) {
  std::vector<std::vector<uint32_t>> places(high - low), choices(high - low);
  Layer<DoubleDouble> layer = {{chosen[low]}, {DoubleDouble(0.0)}};
  for (unsigned t = low + 1; t <= high; ++t) {
    Layer<DoubleDouble> next;
    next.places = t == high ? std::vector<uint32_t>{chosen[high]}
                            : placesOf(t, chosen[low], chosen[high]);
    LayerStep<DoubleDouble, true>(grid, layer, /*allowEmpty=*/false)
        .run(next, &choices[t - low - 1]);
    places[t - low - 1] = std::move(layer.places);
    layer = std::move(next);
  }
  assert(isReachable(layer.values[0]) && "pruning dropped every solution");
  size_t index = 0;
  for (unsigned t = high; t > low; --t) {
    index = choices[t - low - 1][index];
    chosen[t - 1] = places[t - low - 1][index];
  }
  return layer.values[0];
}

/// The places of boundary `to` between two fixed points, with the least cost of
/// the clusters from boundary `from`, which is fixed to one of them.
template <bool Forward>
Layer<DoubleDouble> BoundarySearch::advance(unsigned from, unsigned to,
                                            uint32_t lowPoint,
                                            uint32_t highPoint) const {
  Layer<DoubleDouble> layer = {{Forward ? lowPoint : highPoint},
                               {DoubleDouble(0.0)}};
  for (unsigned t = from; t != to;) {
    t = Forward ? t + 1 : t - 1;
    Layer<DoubleDouble> next;
    next.places = placesOf(t, lowPoint, highPoint);
    LayerStep<DoubleDouble, Forward>(grid, layer, /*allowEmpty=*/false)
        .run(next);
    layer = std::move(next);
  }
  return layer;
}

/// Hirschberg's method: the middle boundary from both sides, then each half, in
/// memory for two layers.
DoubleDouble BoundarySearch::traceHalves(unsigned low, unsigned high) {
  unsigned middle = low + (high - low) / 2;
  auto before = advance<true>(low, middle, chosen[low], chosen[high]);
  auto after = advance<false>(high, middle, chosen[low], chosen[high]);
  DoubleDouble least(unreachable);
  for (size_t i = 0; i < before.places.size(); ++i) {
    DoubleDouble value = before.values[i] + after.values[i];
    if (value < least) {
      least = value;
      chosen[middle] = before.places[i];
    }
  }
  assert(isReachable(least) && "pruning dropped every solution");
  trace(low, middle);
  trace(middle, high);
  return least;
}
