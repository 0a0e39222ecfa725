//===- DecodeTest.cpp - Decoding and error reports ------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/Decode.h"
#include "MLModel/Compression/ErrorReport.h"
#include "MLModel/Compression/Float16.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>

using namespace mlmodel;

namespace {

TEST(Decode, LinearByRowInPieces) {
  AxisLayout layout = AxisLayout::get({3, 2, 700}, 1);
  std::vector<uint8_t> codes(layout.size());
  for (size_t i = 0; i < codes.size(); ++i)
    codes[i] = i * 7 % 32;
  std::vector<uint8_t> packed = packBits(codes, 5);
  std::vector<float> scale = {0.5f, 0.3f}, bias = {1.0f, -2.0f};
  for (size_t begin : {size_t(0), size_t(3), size_t(699), size_t(2900)}) {
    std::vector<float> out(codes.size() - begin);
    decodeLinear(packed, 5, BitOrder::MSBFirst, layout, scale, bias,
                 DecodeArithmetic::Float32, begin, out);
    for (size_t i = 0; i < out.size(); ++i) {
      size_t row = (begin + i) / 700 % 2;
      float product = scale[row] * float(codes[begin + i]);
      ASSERT_EQ(out[i], product + bias[row]);
    }
  }
}

TEST(Decode, OneScaleAndNoBias) {
  std::vector<uint8_t> codes = {1, 2, 3, 0};
  std::vector<float> out(4);
  decodeLinear(codes, 8, BitOrder::MSBFirst, {1, 2, 2}, {0.5f}, {},
               DecodeArithmetic::Float64, 0, out);
  EXPECT_EQ(out, (std::vector<float>{0.5f, 1.0f, 1.5f, 0.0f}));
}

TEST(Decode, LookupAndInt8) {
  std::vector<uint8_t> packed = packBits({3, 0, 1}, 2);
  std::vector<float> out(2);
  decodeLookup(packed, 2, BitOrder::MSBFirst, {9, 8, 7, 6}, 1, out);
  EXPECT_EQ(out, (std::vector<float>{9, 8}));
  decodeInt8({-128, 5, 6}, 0.5f, 1, out);
  EXPECT_EQ(out, (std::vector<float>{2.5f, 3.0f}));
}

TEST(Float16, EveryHalfRoundTrips) {
  for (uint32_t half = 0; half < 0x10000; ++half) {
    float value = halfToFloat(half);
    if (std::isnan(value))
      ASSERT_TRUE(std::isnan(halfToFloat(floatToHalf(value))));
    else
      ASSERT_EQ(floatToHalf(value), half);
  }
}

TEST(Float16, RoundsToNearestEven) {
  // Between neighbouring halves: below, at and above the middle.
  for (uint32_t half = 0; half + 1 < 0x7c00; ++half) {
    float low = halfToFloat(half), high = halfToFloat(half + 1);
    float middle = (low + high) / 2;
    ASSERT_EQ(floatToHalf(middle), half + (half & 1));
    ASSERT_EQ(floatToHalf(std::nextafter(middle, low)), half);
    ASSERT_EQ(floatToHalf(std::nextafter(middle, high)), half + 1);
  }
  EXPECT_EQ(floatToHalf(65519.99f), 0x7bff);
  EXPECT_EQ(floatToHalf(65520.0f), 0x7c00);
  EXPECT_EQ(floatToHalf(-1e9f), 0xfc00);
  EXPECT_EQ(floatToHalf(1e-30f), 0);
}

TEST(Float16, EncodeAndDecode) {
  std::vector<float> weights = {1.0f, -0.1f, 65503.0f}, out(2);
  auto bytes = llvm::cantFail(encodeFloat16(weights));
  EXPECT_EQ(bytes[0], 0x00);
  EXPECT_EQ(bytes[1], 0x3c);
  decodeFloat16(bytes, 1, out);
  EXPECT_EQ(out[0], halfToFloat(floatToHalf(-0.1f)));
  std::vector<float> large = {0, -65504.0f};
  auto refused = encodeFloat16(large);
  ASSERT_FALSE(bool(refused));
  EXPECT_NE(llvm::toString(refused.takeError()).find("element 1"),
            std::string::npos);
}

TEST(ErrorReport, Formulas) {
  std::vector<float> original = {3, -4, 0, 1}, decoded = {3, -4.5f, 0, 1.25f};
  ErrorReport report = measureError(original, decoded);
  EXPECT_EQ(report.count, 4u);
  EXPECT_EQ(report.changed, 2u);
  EXPECT_EQ(report.maxAbsError, 0.5);
  EXPECT_EQ(report.maxAbsErrorIndex, 1u);
  EXPECT_DOUBLE_EQ(report.squaredError, 0.3125);
  EXPECT_DOUBLE_EQ(report.mse, 0.078125);
  EXPECT_DOUBLE_EQ(report.snrDb, 10 * std::log10(26 / 0.3125));
  EXPECT_DOUBLE_EQ(report.psnrDb, 10 * std::log10(16 / 0.078125));
}

TEST(ErrorReport, IdenticalAndPiecewise) {
  std::vector<float> original(10000), decoded(10000);
  for (size_t i = 0; i < original.size(); ++i) {
    original[i] = std::sin(float(i));
    decoded[i] = std::round(original[i] * 50) / 50;
  }
  ErrorReport same = measureError(original, original);
  EXPECT_EQ(same.changed, 0u);
  EXPECT_EQ(same.snrDb, std::numeric_limits<double>::infinity());
  ErrorReport whole = measureError(original, decoded);
  ErrorAccumulator accumulator;
  llvm::ArrayRef<float> rest(decoded);
  accumulator.add(FloatView(original).slice(0, 4096), rest.take_front(4096));
  accumulator.add(FloatView(original).slice(4096, 5904), rest.drop_front(4096));
  ErrorReport pieces = accumulator.finish();
  EXPECT_EQ(whole.squaredError, pieces.squaredError);
  EXPECT_EQ(whole.maxAbsErrorIndex, pieces.maxAbsErrorIndex);
}

} // namespace
