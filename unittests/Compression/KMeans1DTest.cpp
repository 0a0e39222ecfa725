//===- KMeans1DTest.cpp - Exact one-dimensional k-means -------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/KMeans1D.h"
#include "KMeansPartition.h"
#include "llvm/ADT/STLExtras.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>
#include <random>

using namespace mlmodel;
using llvm::cantFail;

namespace {

using Real = long double;

/// The squared error of sorted[begin, end), computed without prefix sums.
Real costOf(const std::vector<float> &sorted, size_t begin, size_t end) {
  if (sorted[begin] == sorted[end - 1])
    return 0;
  Real sum = 0, cost = 0;
  for (size_t i = begin; i < end; ++i)
    sum += sorted[i];
  Real mean = sum / Real(end - begin);
  for (size_t i = begin; i < end; ++i)
    cost += (sorted[i] - mean) * (sorted[i] - mean);
  return cost;
}

/// The least cost of at most k clusters: every division is considered.
Real referenceCost(const std::vector<float> &sorted, unsigned clusters) {
  size_t n = sorted.size();
  const Real none = std::numeric_limits<Real>::infinity();
  std::vector<std::vector<Real>> cost(n + 1, std::vector<Real>(n + 1, 0));
  for (size_t i = 0; i < n; ++i)
    for (size_t j = i + 1; j <= n; ++j)
      cost[i][j] = costOf(sorted, i, j);
  std::vector<Real> best(n + 1, none);
  best[0] = 0;
  for (unsigned t = 0; t < clusters; ++t) {
    std::vector<Real> next = best;
    for (size_t j = 1; j <= n; ++j)
      for (size_t i = 0; i < j; ++i)
        next[j] = std::min(next[j], best[i] + cost[i][j]);
    best = next;
  }
  return best[n];
}

Real partitionCost(const std::vector<float> &sorted,
                   const KMeansPartition &partition) {
  Real total = 0;
  for (size_t t = 0; t + 1 < partition.begin.size(); ++t)
    total += costOf(sorted, partition.begin[t], partition.begin[t + 1]);
  return total;
}

size_t countDistinct(const std::vector<float> &sorted) {
  size_t count = sorted.empty() ? 0 : 1;
  for (size_t i = 1; i < sorted.size(); ++i)
    count += sorted[i] != sorted[i - 1];
  return count;
}

/// Values of many kinds; `kind` chooses one.
std::vector<float> makeValues(std::mt19937 &random, unsigned kind,
                              size_t count) {
  std::normal_distribution<float> normal;
  std::uniform_int_distribution<int> small(-4, 4), exponent(-148, 120),
      bit(0, 1);
  std::vector<float> values(count);
  for (float &value : values)
    switch (kind) {
    case 0:
      value = normal(random);
      break;
    case 1: // Ties and duplicates.
      value = float(small(random));
      break;
    case 2: // Huge ranges, down to denormals.
      value = std::ldexp(normal(random), exponent(random));
      break;
    case 3: // Denormals only.
      value = std::ldexp(float(small(random)), -149);
      break;
    case 4: // Both zeros among few values.
      value = bit(random) ? (bit(random) ? 0.0f : -0.0f)
                          : float(small(random)) * 0.25f;
      break;
    case 5: // Far from zero.
      value = 1.0e6f + normal(random);
      break;
    case 6: // Separate groups.
      value = float(small(random)) * 100 + normal(random);
      break;
    default: // An evenly spaced lattice: many solutions of equal cost.
      value = float(&value - values.data());
      break;
    }
  if (kind == 6 && count > 3)
    values[count / 2] = 3.0e30f;
  return values;
}
constexpr unsigned kindCount = 8;

void checkOptimal(const std::vector<float> &values, unsigned clusters,
                  const BoundarySearch::Limits &limits) {
  std::vector<float> sorted = cantFail(sortWeights(values));
  KMeansPartition partition = partitionSortedWith(sorted, clusters, limits);
  size_t used = std::min<size_t>(clusters, countDistinct(sorted));
  ASSERT_EQ(partition.begin.size(), used + 1);
  ASSERT_EQ(partition.centroids.size(), used);
  for (size_t t = 0; t < used; ++t) {
    ASSERT_LT(partition.begin[t], partition.begin[t + 1]);
    if (t) {
      ASSERT_LT(partition.centroids[t - 1], partition.centroids[t]);
      ASSERT_NE(sorted[partition.begin[t] - 1], sorted[partition.begin[t]]);
    }
  }
  Real cost = partitionCost(sorted, partition);
  Real reference = referenceCost(sorted, clusters);
  const KMeansCertificate &certificate = partition.certificate;
  ASSERT_LE(cost, reference * (1 + 1e-15L));
  ASSERT_NEAR(double(certificate.cost), double(cost), 1e-12 * double(cost));
  ASSERT_LE(certificate.lowerBound, double(reference * (1 + 1e-15L)));
  ASSERT_TRUE(certificate.locallyOptimal);
  // The bound on rounding errors is relative to the largest square.
  double largest =
      std::max(std::fabs(sorted.front()), std::fabs(sorted.back()));
  if (largest * largest < 1e9 * double(cost)) {
    ASSERT_LE(certificate.relativeGap, 1e-12);
  }
}

TEST(KMeans1D, OptimalOnManySmallInputs) {
  std::mt19937 random(1);
  for (unsigned trial = 0; trial < 4000; ++trial) {
    size_t count = 1 + random() % 24;
    unsigned clusters = 1 + random() % 9;
    SCOPED_TRACE(testing::Message() << "trial " << trial);
    checkOptimal(makeValues(random, trial % kindCount, count), clusters, {});
    if (HasFatalFailure())
      return;
  }
}

/// Few blocks and low limits, so that small inputs take every path: pruning
/// rounds in both arithmetics, and tracing by halves.
TEST(KMeans1D, OptimalOnEveryPath) {
  std::mt19937 random(2);
  unsigned rounds = 0;
  for (unsigned trial = 0; trial < 2000; ++trial) {
    BoundarySearch::Limits limits;
    limits.firstBlocks = 2 + random() % 12;
    limits.lastValues = random() % 3;
    limits.tracedChoices = random() % 40;
    limits.prunedPlaces = trial % 3 ? size_t(1) << 20 : 16 + random() % 512;
    size_t count = 20 + random() % 40;
    unsigned clusters = 2 + random() % 7;
    std::vector<float> values = makeValues(random, trial % kindCount, count);
    SCOPED_TRACE(testing::Message() << "trial " << trial);
    checkOptimal(values, clusters, limits);
    if (HasFatalFailure())
      return;
    rounds +=
        partitionSortedWith(cantFail(sortWeights(values)), clusters, limits)
            .certificate.rounds;
  }
  EXPECT_GT(rounds, 2000u);
}

/// Divide and conquer over centred prefix sums: slow, but without pruning.
double plainProgramme(const std::vector<float> &sorted, unsigned clusters) {
  size_t n = sorted.size();
  Real centre = 0;
  for (float value : sorted)
    centre += value;
  centre /= Real(n);
  std::vector<Real> sums(n + 1), squares(n + 1), best(n + 1), next(n + 1);
  for (size_t i = 0; i < n; ++i) {
    Real value = sorted[i] - centre;
    sums[i + 1] = sums[i] + value;
    squares[i + 1] = squares[i] + value * value;
  }
  auto cost = [&](size_t i, size_t j) {
    Real sum = sums[j] - sums[i];
    return i == j ? 0 : squares[j] - squares[i] - sum * sum / Real(j - i);
  };
  for (size_t j = 0; j <= n; ++j)
    best[j] = cost(0, j);
  struct Task {
    size_t rowBegin, rowEnd, low, high;
  };
  for (unsigned t = 1; t < clusters; ++t) {
    std::vector<Task> tasks = {{0, n + 1, 0, n}};
    while (!tasks.empty()) {
      Task task = tasks.back();
      tasks.pop_back();
      if (task.rowBegin >= task.rowEnd)
        continue;
      size_t row = (task.rowBegin + task.rowEnd) / 2, choice = task.low;
      next[row] = std::numeric_limits<Real>::infinity();
      for (size_t i = task.low; i <= std::min(row, task.high); ++i)
        if (best[i] + cost(i, row) < next[row]) {
          next[row] = best[i] + cost(i, row);
          choice = i;
        }
      tasks.push_back({task.rowBegin, row, task.low, choice});
      tasks.push_back({row + 1, task.rowEnd, choice, task.high});
    }
    std::swap(best, next);
  }
  return double(best[n]);
}

TEST(KMeans1D, OptimalOnLargerInputs) {
  std::mt19937 random(3);
  for (unsigned kind : {0, 1, 5, 6, 7})
    for (unsigned clusters : {2, 16, 256}) {
      std::vector<float> values = makeValues(random, kind, 6000);
      if (kind == 6)
        values[3000] = 0;
      std::vector<float> sorted = cantFail(sortWeights(values));
      BoundarySearch::Limits limits;
      limits.lastValues = 4;
      double reference = plainProgramme(sorted, clusters);
      for (auto partition : {partitionSorted(sorted, clusters),
                             partitionSortedWith(sorted, clusters, limits)}) {
        EXPECT_NEAR(partition.certificate.cost, reference,
                    1e-11 * reference + 1e-12)
            << "kind " << kind << ", " << clusters << " clusters";
        EXPECT_LE(partition.certificate.relativeGap, 1e-12);
        EXPECT_TRUE(partition.certificate.locallyOptimal);
      }
    }
}

TEST(KMeans1D, LargeInputIsCertified) {
  std::mt19937 random(4);
  std::vector<float> values = makeValues(random, 0, 300000);
  for (unsigned clusters : {4, 16, 256}) {
    auto result = cantFail(kMeans1D(values, clusters));
    EXPECT_LE(result.certificate.relativeGap, 1e-12);
    EXPECT_TRUE(result.certificate.locallyOptimal);
    EXPECT_GE(result.certificate.rounds, 3u);
  }
}

/// Far outliers are clusters of their own, and the certificate of the rest does
/// not suffer from their size.
TEST(KMeans1D, OutliersStandAlone) {
  std::mt19937 random(7);
  std::vector<float> values = makeValues(random, 0, 20000);
  auto rest = cantFail(kMeans1D(values, 13));
  values.insert(values.begin() + 100, {1e30f, -2e25f, 1.5e30f, 1e30f});
  auto result = cantFail(kMeans1D(values, 16));
  EXPECT_EQ(result.table[0], -2e25f);
  EXPECT_EQ(result.table[14], 1e30f);
  EXPECT_EQ(result.table[15], 1.5e30f);
  EXPECT_TRUE(std::equal(rest.table.begin(), rest.table.end(),
                         result.table.begin() + 1));
  EXPECT_EQ(result.certificate.cost, rest.certificate.cost);
  EXPECT_LE(result.certificate.relativeGap, 1e-12);
}

TEST(KMeans1D, IndicesFollowThePartition) {
  std::mt19937 random(5);
  for (size_t count : {50, 5000}) {
    std::vector<float> values = makeValues(random, 0, count);
    auto result = cantFail(kMeans1D(values, 16));
    std::vector<float> sorted = cantFail(sortWeights(values));
    KMeansPartition partition = partitionSorted(sorted, 16);
    EXPECT_EQ(result.table, partition.centroids);
    for (size_t i = 0; i < count; ++i) {
      unsigned index = result.indices[i];
      ASSERT_GE(values[i], sorted[partition.begin[index]]);
      ASSERT_LE(values[i], sorted[partition.begin[index + 1] - 1]);
    }
  }
}

TEST(KMeans1D, FewDistinctValuesAreExact) {
  std::vector<float> values = {2, -1, 2, 0.0f, -0.0f, -1};
  auto result = cantFail(kMeans1D(values, 8));
  EXPECT_EQ(result.used, 3u);
  EXPECT_EQ(result.table, (std::vector<float>{-1, 0, 2, 0, 0, 0, 0, 0}));
  EXPECT_EQ(result.indices, (std::vector<uint8_t>{2, 0, 2, 1, 1, 0}));
  EXPECT_EQ(result.certificate.cost, 0);
  EXPECT_EQ(result.certificate.relativeGap, 0);
}

TEST(KMeans1D, EmptyAndOne) {
  auto empty = cantFail(kMeans1D(FloatView(), 4));
  EXPECT_EQ(empty.used, 0u);
  EXPECT_EQ(empty.table.size(), 4u);
  std::vector<float> one = {-3.5f};
  auto single = cantFail(kMeans1D(one, 1));
  EXPECT_EQ(single.table, one);
}

TEST(KMeans1D, Refusals) {
  std::vector<float> values = {1, 2, std::numeric_limits<float>::infinity()};
  auto infinite = kMeans1D(values, 4);
  ASSERT_FALSE(bool(infinite));
  EXPECT_EQ(llvm::toString(infinite.takeError()),
            "weight element 2 is inf; only finite values can be compressed");
  for (unsigned clusters : {0, 257}) {
    auto result = kMeans1D(FloatView(), clusters);
    EXPECT_FALSE(bool(result));
    llvm::consumeError(result.takeError());
  }
}

TEST(SortWeights, EqualsStandardSort) {
  std::mt19937 random(6);
  for (size_t count : {0, 1, 100, 5000, 70000})
    for (unsigned kind = 0; kind < kindCount; ++kind) {
      std::vector<float> values = makeValues(random, kind, count);
      std::vector<float> sorted = cantFail(sortWeights(values));
      llvm::sort(values);
      ASSERT_EQ(sorted, values);
      for (float value : sorted)
        ASSERT_FALSE(value == 0 && std::signbit(value));
    }
}

} // namespace
