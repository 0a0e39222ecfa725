//===- ShapeRangesTest.cpp - Tests for ShapeRanges ------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// test/Tools/declared-shapes.mlir runs checkShapeRanges on models.
//
//===----------------------------------------------------------------------===//

#include "MLModel/Transforms/ShapeRanges.h"
#include "gtest/gtest.h"

using namespace mlmodel;

TEST(ShapeRanges, DescribesNeighboursAsRanges) {
  EXPECT_EQ(describeSizes({}), "");
  EXPECT_EQ(describeSizes({7}), "7");
  EXPECT_EQ(describeSizes({1, 2, 3, 4}), "1 to 4");
  EXPECT_EQ(describeSizes({1, 2, 9, 10, 11}), "1 to 2, 9 to 11");
}

TEST(ShapeRanges, DescribesRowsBySteps) {
  EXPECT_EQ(describeSizes({32, 64, 96, 128}), "32 to 128 in steps of 32");
  // Three sizes are shorter as they are.
  EXPECT_EQ(describeSizes({2, 4, 6}), "2, 4, 6");
  EXPECT_EQ(describeSizes({1, 2, 3, 5, 7, 9}), "1 to 3, 5, 7, 9");
}

TEST(ShapeRanges, CountsWhatIsTooMuchToRead) {
  EXPECT_EQ(describeSizes({1, 4, 8, 9, 15, 30, 31, 47, 60}),
            "1, 4, 8 to 9, 15, 30 to 31, 47, 1 more");
}
