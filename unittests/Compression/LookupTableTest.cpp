//===- LookupTableTest.cpp - Palettes other than k-means ------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/LookupTable.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>
#include <random>

using namespace mlmodel;

namespace {

TEST(UniformPalette, SpacesEntriesEvenly) {
  std::vector<float> weights = {-1.0f, 2.0f, 0.1f, 1.0f};
  Palette palette = llvm::cantFail(uniformPalette(weights, 2));
  EXPECT_EQ(palette.table, (std::vector<float>{-1, 0, 1, 2}));
  EXPECT_EQ(palette.indices, (std::vector<uint8_t>{0, 3, 1, 2}));
}

TEST(UniquePalette, ChoosesTheLeastWidth) {
  std::vector<float> weights = {3, -1, 3, 0.0f, -0.0f, 7, 7, -1, 9};
  Palette palette = llvm::cantFail(uniquePalette(weights));
  EXPECT_EQ(palette.used, 5u);
  EXPECT_EQ(palette.table, (std::vector<float>{-1, 0, 3, 7, 9, 0, 0, 0}));
  EXPECT_EQ(palette.indices, (std::vector<uint8_t>{2, 0, 2, 1, 1, 3, 3, 0, 4}));
  EXPECT_FALSE(std::signbit(palette.table[1]));
}

TEST(UniquePalette, RefusesTooManyValues) {
  std::vector<float> weights(257);
  for (size_t i = 0; i < weights.size(); ++i)
    weights[i] = float(i);
  auto result = uniquePalette(weights);
  ASSERT_FALSE(bool(result));
  EXPECT_EQ(llvm::toString(result.takeError()),
            "the weight has more than 256 distinct values");
  weights.pop_back();
  EXPECT_EQ(llvm::cantFail(uniquePalette(weights)).indices[255], 255);
  auto narrow = uniquePalette(weights, 4);
  EXPECT_FALSE(bool(narrow));
  llvm::consumeError(narrow.takeError());
  EXPECT_EQ(llvm::cantFail(uniquePalette(std::vector<float>{5.0f})).table,
            (std::vector<float>{5.0f, 0.0f}));
}

TEST(AssignNearest, MatchesExhaustiveSearch) {
  std::mt19937 random(11);
  std::normal_distribution<float> normal;
  for (size_t size : {1, 2, 3, 16, 17, 21, 22, 255, 256}) {
    std::vector<float> table(size), weights(501);
    for (float &entry : table)
      entry = normal(random);
    for (float &weight : weights)
      weight = normal(random) * 1.5f;
    auto indices = llvm::cantFail(assignNearest(weights, table));
    for (size_t i = 0; i < weights.size(); ++i) {
      double chosen = std::fabs(double(weights[i]) - table[indices[i]]);
      for (float entry : table)
        ASSERT_LE(chosen, std::fabs(double(weights[i]) - entry));
    }
  }
}

TEST(AssignNearest, TiesGoToTheSmallerEntry) {
  std::vector<float> table = {2, 0, 2, 4}, weights = {1, 3, 2, -9, 9};
  EXPECT_EQ(llvm::cantFail(assignNearest(weights, table)),
            (std::vector<uint8_t>{1, 0, 0, 1, 3}));
}

TEST(AssignNearest, Refusals) {
  std::vector<float> weights = {1};
  std::vector<float> bad = {0, std::numeric_limits<float>::infinity()};
  auto infinite = assignNearest(weights, bad);
  ASSERT_FALSE(bool(infinite));
  EXPECT_EQ(llvm::toString(infinite.takeError()),
            "table entry 1 is not finite");
  auto empty = assignNearest(weights, {});
  EXPECT_FALSE(bool(empty));
  llvm::consumeError(empty.takeError());
}

} // namespace
