//===- KMeans1D.cpp - Exact one-dimensional k-means -----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/KMeans1D.h"
#include "BoundarySearch.h"
#include "InvalidInput.h"
#include "KMeansPartition.h"
#include "MLModel/Compression/LookupTable.h"
#include <algorithm>
#include <cmath>

using namespace llvm;
using namespace mlmodel;

namespace {

struct Cluster {
  double count;
  /// The mean, within the values even after rounding, and what that dropped:
  /// far from zero the distances to it need more than a double.
  double mean, meanRest;
  float first, last;
  /// How many values equal the first and the last one.
  double firstCount, lastCount;
};

} // namespace

/// Starts of the runs of equal values, or nothing if there are more than
/// `limit`. Searches instead of walking: few runs are long.
static std::vector<uint32_t> distinctStarts(ArrayRef<float> sorted,
                                            size_t limit) {
  std::vector<uint32_t> starts;
  for (size_t begin = 0; begin < sorted.size();) {
    if (starts.size() == limit)
      return {};
    starts.push_back(begin);
    ArrayRef<float> rest = sorted.drop_front(begin);
    begin += llvm::upper_bound(rest, rest.front()) - rest.begin();
  }
  return starts;
}

static Cluster describe(ArrayRef<float> values) {
  Cluster cluster;
  cluster.count = values.size();
  cluster.first = values.front();
  cluster.last = values.back();
  DoubleDouble mean = sumRun(values).sum / cluster.count;
  cluster.mean = std::clamp<double>(mean.hi, cluster.first, cluster.last);
  cluster.meanRest = (mean - cluster.mean).hi;
  cluster.firstCount =
      llvm::upper_bound(values, cluster.first) - values.begin();
  cluster.lastCount = values.end() - llvm::lower_bound(values, cluster.last);
  return cluster;
}

/// Whether moving `count` values `value` from one cluster to another lowers the
/// cost, both means being adjusted. False if it would leave nothing behind.
static bool movePays(double value, double count, const Cluster &from,
                     const Cluster &to) {
  if (from.count == count)
    return false;
  double toFrom = value - from.mean - from.meanRest;
  double toTo = value - to.mean - to.meanRest;
  double saved = from.count / (from.count - count) * toFrom * toFrom;
  double spent = to.count / (to.count + count) * toTo * toTo;
  return spent < saved * (1 - 1e-12);
}

/// The cost of the clusters, summed from the values and not from the sums that
/// the search used.
static double directCost(ArrayRef<float> values, double mean) {
  // Eight lanes: independent additions, and smaller rounding errors than one
  // long sum.
  constexpr size_t lanes = 8;
  double sums[lanes] = {}, corrections[lanes] = {};
  size_t whole = values.size() / lanes * lanes;
  auto add = [&](size_t lane, float value) {
    double distance = double(value) - mean;
    DoubleDouble next = DoubleDouble::twoSum(sums[lane], distance * distance);
    sums[lane] = next.hi;
    corrections[lane] += next.lo;
  };
  for (size_t i = 0; i < whole; i += lanes)
    for (size_t lane = 0; lane < lanes; ++lane)
      add(lane, values[i + lane]);
  for (size_t i = whole; i < values.size(); ++i)
    add(0, values[i]);
  DoubleDouble total;
  for (size_t lane = 0; lane < lanes; ++lane)
    total = total + DoubleDouble::twoSum(sums[lane], corrections[lane]);
  return total.hi;
}

static void certify(ArrayRef<float> sorted, ArrayRef<Cluster> clusters,
                    double lowerBound, KMeansPartition &partition) {
  KMeansCertificate &certificate = partition.certificate;
  for (size_t t = 0; t < clusters.size(); ++t) {
    uint32_t begin = partition.begin[t], end = partition.begin[t + 1];
    if (clusters[t].first != clusters[t].last)
      certificate.cost +=
          directCost(sorted.slice(begin, end - begin), clusters[t].mean);
    if (t == 0)
      continue;
    const Cluster &left = clusters[t - 1], &right = clusters[t];
    if (movePays(left.last, left.lastCount, left, right) ||
        movePays(right.first, right.firstCount, right, left))
      certificate.locallyOptimal = false;
  }
  certificate.lowerBound = std::min(lowerBound, certificate.cost);
  if (certificate.cost > 0)
    certificate.relativeGap =
        (certificate.cost - certificate.lowerBound) / certificate.cost;
}

namespace {

/// The runs of equal values at the ends of the range, outermost first as long
/// as one of them stands off further than the one at the other end.
class Outliers {
public:
  explicit Outliers(ArrayRef<float> sorted) : sorted(sorted) {
    rest = {0, static_cast<uint32_t>(sorted.size())};
  }

  /// How many runs at each end are clusters of their own in every optimal
  /// solution with `clusters` clusters. Leaves at least two clusters.
  ///
  /// A run that shares a cluster shares it with its neighbour at distance g,
  /// which costs at least g^2 / 2. If that is more than the cost of some
  /// solution, no optimal solution does it. Without such runs a far outlier
  /// would set the scale of the rounding errors for everything else.
  std::pair<unsigned, unsigned> count(unsigned clusters) {
    std::vector<Step> steps;
    while (steps.size() + 2 < clusters && sorted[rest.begin] != lastValue())
      steps.push_back(takeOne());
    double known = leastCost(steps) * (1 + 1e-9);
    unsigned low = 0, high = 0;
    for (const Step &step : steps) {
      if (step.gap * step.gap / 2 <= known)
        break;
      ++(step.atLow ? low : high);
    }
    return {low, high};
  }

private:
  struct Span {
    uint32_t begin, end;
  };
  struct Step {
    Span run;
    bool atLow;
    double gap;
  };

  float lastValue() const { return sorted[rest.end - 1]; }

  Step takeOne() {
    ArrayRef<float> left = sorted.slice(rest.begin, rest.end - rest.begin);
    uint32_t lowEnd = llvm::upper_bound(left, left.front()) - left.begin();
    uint32_t highBegin = llvm::lower_bound(left, left.back()) - left.begin();
    double lowGap = double(left[lowEnd]) - double(left.front());
    double highGap = double(left.back()) - double(left[highBegin - 1]);
    Step step;
    step.atLow = lowGap > highGap;
    step.gap = std::max(lowGap, highGap);
    if (step.atLow) {
      step.run = {rest.begin, rest.begin + lowEnd};
      rest.begin = step.run.end;
    } else {
      step.run = {rest.begin + highBegin, rest.end};
      rest.end = step.run.begin;
    }
    return step;
  }

  /// The least cost of a solution in which the first so many steps are
  /// clusters, and everything else is one.
  double leastCost(ArrayRef<Step> steps) const {
    RunSums sums = sumRun(sorted.slice(rest.begin, rest.end - rest.begin));
    double count = rest.end - rest.begin;
    auto cost = [&] { return (sums.squares - sums.sum * sums.sum / count).hi; };
    double least = cost();
    for (const Step &step : llvm::reverse(steps)) {
      double length = step.run.end - step.run.begin;
      RunSums run =
          sumRun(sorted.slice(step.run.begin, step.run.end - step.run.begin));
      sums = {sums.sum + run.sum, sums.squares + run.squares};
      count += length;
      least = std::min(least, cost());
    }
    return std::max(least, 0.0);
  }

  ArrayRef<float> sorted;
  Span rest;
};

} // namespace

/// Boundaries of more than `clusters` distinct values, clusters >= 2.
static void searchBoundaries(ArrayRef<float> sorted, unsigned clusters,
                             const BoundarySearch::Limits &limits,
                             KMeansPartition &partition, double &lowerBound) {
  auto [low, high] = Outliers(sorted).count(clusters);
  std::vector<uint32_t> lowStarts, highStarts;
  size_t begin = 0, end = sorted.size();
  for (unsigned i = 0; i < low; ++i) {
    lowStarts.push_back(begin);
    ArrayRef<float> rest = sorted.drop_front(begin);
    begin += llvm::upper_bound(rest, rest.front()) - rest.begin();
  }
  for (unsigned i = 0; i < high; ++i) {
    highStarts.push_back(end);
    end = llvm::lower_bound(sorted.take_front(end), sorted[end - 1]) -
          sorted.begin();
  }

  BoundarySearch search(sorted.slice(begin, end - begin), clusters - low - high,
                        limits);
  partition.begin = std::move(lowStarts);
  for (uint32_t boundary : search.run())
    partition.begin.push_back(begin + boundary);
  partition.begin.insert(partition.begin.end(), highStarts.rbegin(),
                         highStarts.rend());
  lowerBound = search.lowerBound();
  partition.certificate.rounds = search.rounds();
  partition.certificate.lastPlaces = search.lastPlaces();
}

KMeansPartition
mlmodel::partitionSortedWith(ArrayRef<float> sorted, unsigned clusters,
                             const BoundarySearch::Limits &limits) {
  assert(clusters >= 1 && clusters <= 256 && "1 to 256 clusters");
  assert(llvm::is_sorted(sorted) && "values must be ascending");
  KMeansPartition partition;
  partition.begin = distinctStarts(sorted, clusters);
  double lowerBound = 0;
  if (!partition.begin.empty() || sorted.empty()) {
    partition.begin.push_back(sorted.size());
  } else if (clusters == 1) {
    partition.begin = {0, static_cast<uint32_t>(sorted.size())};
    lowerBound = std::numeric_limits<double>::infinity();
  } else {
    searchBoundaries(sorted, clusters, limits, partition, lowerBound);
  }

  std::vector<Cluster> described;
  for (size_t t = 0; t + 1 < partition.begin.size(); ++t) {
    uint32_t begin = partition.begin[t], end = partition.begin[t + 1];
    described.push_back(describe(sorted.slice(begin, end - begin)));
    partition.centroids.push_back(static_cast<float>(described.back().mean));
  }
  certify(sorted, described, lowerBound, partition);
  return partition;
}

KMeansPartition mlmodel::partitionSorted(ArrayRef<float> sorted,
                                         unsigned clusters) {
  return partitionSortedWith(sorted, clusters, BoundarySearch::Limits());
}

Expected<KMeansResult> mlmodel::kMeans1D(FloatView weights, unsigned clusters) {
  if (clusters < 1 || clusters > 256)
    return invalidInput("{0} clusters asked for; a palette has 1 to 256",
                        clusters);
  Expected<std::vector<float>> sorted = sortWeights(weights);
  if (!sorted)
    return sorted.takeError();
  KMeansPartition partition = partitionSorted(*sorted, clusters);

  std::vector<float> thresholds;
  for (size_t t = 1; t + 1 < partition.begin.size(); ++t)
    thresholds.push_back((*sorted)[partition.begin[t] - 1]);
  // The sorted copy is not needed any more, and indices are allocated next.
  *sorted = std::vector<float>();

  KMeansResult result;
  result.used = partition.centroids.size();
  result.table = std::move(partition.centroids);
  result.table.resize(clusters, 0.0f);
  result.indices = assignByThresholds(weights, thresholds);
  result.certificate = partition.certificate;
  return result;
}
