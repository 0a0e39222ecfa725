//===- SparsityTest.cpp - Pruning masks -----------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/Sparsity.h"
#include "gtest/gtest.h"
#include <cmath>
#include <random>

using namespace mlmodel;
using llvm::cantFail;

namespace {

std::vector<float> randomWeights(size_t count) {
  std::mt19937 random(5);
  std::normal_distribution<float> normal;
  std::vector<float> weights(count);
  for (float &weight : weights)
    weight = normal(random);
  return weights;
}

TEST(Sparsity, MagnitudeCounts) {
  std::vector<float> weights = randomWeights(4096);
  for (double fraction : {0.25, 0.5, 0.9}) {
    KeepMask mask = cantFail(pruneByMagnitude(weights, fraction));
    size_t pruned = weights.size() - countKept(mask);
    EXPECT_EQ(pruned, size_t(fraction * 4095) + 1);
    float leastKept = 1e9f, mostPruned = 0;
    for (size_t i = 0; i < weights.size(); ++i)
      if (mask[i])
        leastKept = std::min(leastKept, std::fabs(weights[i]));
      else
        mostPruned = std::max(mostPruned, std::fabs(weights[i]));
    EXPECT_LT(mostPruned, leastKept);
  }
  EXPECT_EQ(countKept(cantFail(pruneByMagnitude(weights, 1.0))), 0u);
  EXPECT_EQ(countKept(cantFail(pruneByMagnitude(weights, 0.0))), 4096u);
}

TEST(Sparsity, ZerosAreNeverKept) {
  std::vector<float> weights = {0.0f, -0.0f, 1.0f};
  EXPECT_EQ(cantFail(pruneByMagnitude(weights, 0)), (KeepMask{0, 0, 1}));
  EXPECT_EQ(cantFail(pruneByThreshold(weights, 0)), (KeepMask{0, 0, 1}));
}

TEST(Sparsity, Threshold) {
  std::vector<float> weights = {0.5f, -0.5f, 0.6f, -0.7f};
  EXPECT_EQ(cantFail(pruneByThreshold(weights, 0.5f)), (KeepMask{0, 0, 1, 1}));
}

TEST(Sparsity, NofM) {
  // Ties: the first goes. The last run of 2 is filled with two zeros.
  std::vector<float> weights = {1, 1, 1, 1, 4, 3, 2, 1, 5, 6};
  AxisLayout layout = AxisLayout::flat(10);
  std::swap(layout.axis, layout.inner);
  EXPECT_EQ(cantFail(pruneNofM(weights, layout, 2, 4)),
            (KeepMask{0, 0, 1, 1, 1, 1, 0, 0, 1, 1}));
  EXPECT_EQ(cantFail(pruneNofM(weights, layout, 3, 4)),
            (KeepMask{0, 0, 0, 1, 1, 0, 0, 0, 0, 1}));
  // Along the first axis of 2 x 2.
  std::vector<float> square = {1, 9, 2, 8};
  EXPECT_EQ(cantFail(pruneNofM(square, AxisLayout::get({2, 2}, 0), 1, 2)),
            (KeepMask{0, 1, 1, 0}));
}

TEST(Sparsity, BlocksGoTogether) {
  std::vector<float> weights = randomWeights(6 * 10);
  AxisLayout layout = AxisLayout::get({6, 10}, 1);
  KeepMask mask = cantFail(pruneBlocks(weights, layout, 4, 0.5));
  for (size_t row = 0; row < 6; ++row)
    for (size_t begin : {0, 4, 8})
      for (size_t i = begin; i < std::min<size_t>(begin + 4, 10); ++i)
        EXPECT_EQ(mask[row * 10 + i], mask[row * 10 + begin]);
}

TEST(Sparsity, GatherAndScatter) {
  std::vector<float> weights = {1, 2, 3, 4}, out(4);
  KeepMask mask = {0, 1, 1, 0};
  std::vector<float> kept = gatherKept(weights, mask);
  EXPECT_EQ(kept, (std::vector<float>{2, 3}));
  scatterKept(kept, mask, out);
  EXPECT_EQ(out, (std::vector<float>{0, 2, 3, 0}));
}

TEST(Sparsity, Refusals) {
  std::vector<float> weights = {1, 2};
  AxisLayout flat = AxisLayout::flat(2);
  auto refused = [](llvm::Expected<KeepMask> result) {
    bool failed = !result;
    llvm::consumeError(result.takeError());
    return failed;
  };
  EXPECT_TRUE(refused(pruneByMagnitude(weights, 1.5)));
  EXPECT_TRUE(refused(pruneByMagnitude(weights, NAN)));
  EXPECT_TRUE(refused(pruneByThreshold(weights, -1)));
  EXPECT_TRUE(refused(pruneNofM(weights, flat, 3, 2)));
  EXPECT_TRUE(refused(pruneNofM(weights, flat, 0, 0)));
  EXPECT_TRUE(refused(pruneBlocks(weights, flat, 0, 0.5)));
  EXPECT_TRUE(refused(pruneBlocks(weights, {1, 3, 1}, 1, 0.5)));
}

} // namespace
