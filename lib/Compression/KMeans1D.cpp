//===- KMeans1D.cpp - Exact one-dimensional k-means -----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
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
    BoundarySearch search(sorted, clusters, limits);
    partition.begin = search.run();
    lowerBound = search.lowerBound();
    partition.certificate.rounds = search.rounds();
    partition.certificate.lastPlaces = search.lastPlaces();
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
