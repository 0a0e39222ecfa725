//===- PreprocessingTest.cpp - Features to blobs --------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../../lib/Runtime/Preprocessing.h"
#include "gtest/gtest.h"

using namespace mlmodel;

namespace {

FeatureDescription makeArray() {
  FeatureDescription feature;
  feature.name = "x";
  feature.kind = FeatureKind::MultiArray;
  return feature;
}

TEST(PreprocessingTest, Float32ArraysAreNotCopied) {
  FeatureValue value = Tensor::fromValues<float>({2, 2}, {1, 2, 3, 4});
  std::vector<float> buffer;
  llvm::Expected<llvm::ArrayRef<float>> blob =
      makeBlob(NetworkOp(), makeArray(), value, buffer);
  ASSERT_TRUE(bool(blob));
  EXPECT_EQ(blob->data(), std::get<Tensor>(value).data<float>().data());
  EXPECT_EQ(blob->size(), 4u);
  EXPECT_EQ(buffer.capacity(), 0u);
}

// Memory that goes back to the system after each prediction has to be mapped
// anew, page by page, for the next.
TEST(PreprocessingTest, ConvertedValuesKeepTheirMemory) {
  std::vector<float> buffer;
  FeatureValue first = Tensor::fromValues<double>({3}, {1.5, -2, 3});
  llvm::Expected<llvm::ArrayRef<float>> blob =
      makeBlob(NetworkOp(), makeArray(), first, buffer);
  ASSERT_TRUE(bool(blob));
  EXPECT_EQ(blob->vec(), (std::vector<float>{1.5, -2, 3}));
  const float *memory = blob->data();

  FeatureValue second = Tensor::fromValues<int32_t>({2}, {7, -8});
  blob = makeBlob(NetworkOp(), makeArray(), second, buffer);
  ASSERT_TRUE(bool(blob));
  EXPECT_EQ(blob->vec(), (std::vector<float>{7, -8}));
  EXPECT_EQ(blob->data(), memory);

  blob = makeBlob(NetworkOp(), makeArray(), 0.25, buffer);
  ASSERT_TRUE(bool(blob));
  EXPECT_EQ(blob->vec(), std::vector<float>{0.25});
  EXPECT_EQ(blob->data(), memory);
}

} // namespace
