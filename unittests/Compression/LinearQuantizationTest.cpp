//===- LinearQuantizationTest.cpp - Affine quantization -------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/LinearQuantization.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>
#include <random>

using namespace mlmodel;
using llvm::toString;

namespace {

LinearQuantization quantize(const std::vector<float> &weights,
                            AxisLayout layout, unsigned bits, LinearMode mode) {
  return llvm::cantFail(quantizeLinear(weights, layout, bits, mode));
}

TEST(LinearQuantization, RoundsHalfToEven) {
  // min 0, max 3, 2 bits: scale 1, so the weights are rounded themselves.
  auto result = quantize({0.0f, 0.5f, 1.5f, 2.5f, 3.0f}, AxisLayout::flat(5), 2,
                         LinearMode::Linear);
  EXPECT_EQ(result.codes, (std::vector<uint8_t>{0, 0, 2, 2, 3}));
  EXPECT_EQ(result.scale, std::vector<float>{1.0f});
  EXPECT_EQ(result.bias, std::vector<float>{0.0f});
}

TEST(LinearQuantization, MatchesNearbyintOnRandomWeights) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal(0.1f, 2.0f);
  std::vector<float> weights(10007);
  for (float &weight : weights)
    weight = normal(random);
  for (unsigned bits = 1; bits <= 8; ++bits) {
    auto result = quantize(weights, AxisLayout::flat(weights.size()), bits,
                           LinearMode::Linear);
    double low = *std::min_element(weights.begin(), weights.end());
    double high = *std::max_element(weights.begin(), weights.end());
    double scale = (high - low) / ((1 << bits) - 1);
    for (size_t i = 0; i < weights.size(); ++i)
      ASSERT_EQ(result.codes[i],
                std::nearbyint((weights[i] - low) * (1 / scale)));
  }
}

TEST(LinearQuantization, SymmetricEdges) {
  // Radius 127: scale 1, bias -128; codes stay in 1..255.
  auto result = quantize({-127.0f, 0.0f, 127.0f, 0.5f, 1.5f},
                         AxisLayout::flat(5), 8, LinearMode::Symmetric);
  EXPECT_EQ(result.codes, (std::vector<uint8_t>{1, 128, 255, 128, 130}));
  EXPECT_EQ(result.scale[0], 1.0f);
  EXPECT_EQ(result.bias[0], -128.0f);
}

TEST(LinearQuantization, TinyScaleGivesZeroCodes) {
  // The rule compares the scale, not the range: 255e-6 is the limit here.
  auto result = quantize({0.0f, 2.5e-4f, 0.0f, 2.6e-4f}, {1, 2, 2}, 8,
                         LinearMode::Linear);
  EXPECT_EQ(result.codes, (std::vector<uint8_t>{0, 0, 0, 255}));
  auto symmetric = quantize({1.0e-4f, -1.2e-4f, 0.0f, 0.0f}, {1, 2, 2}, 8,
                            LinearMode::Symmetric);
  EXPECT_EQ(symmetric.codes, (std::vector<uint8_t>{0, 0, 0, 0}));
  EXPECT_LT(symmetric.bias[0], 0.0f);
  EXPECT_EQ(symmetric.scale[1], 0.0f);
}

TEST(LinearQuantization, AxisOneEqualsTransposedAxisZero) {
  std::mt19937 random(4);
  std::uniform_real_distribution<float> uniform(-1, 1);
  const size_t a = 3, b = 5, inner = 7;
  std::vector<float> weights(a * b * inner), moved(weights.size());
  for (float &weight : weights)
    weight = uniform(random);
  for (size_t i = 0; i < a; ++i)
    for (size_t j = 0; j < b; ++j)
      for (size_t k = 0; k < inner; ++k)
        moved[(j * a + i) * inner + k] = weights[(i * b + j) * inner + k];
  auto first = quantize(weights, AxisLayout::get({a, b, inner}, 1), 6,
                        LinearMode::Linear);
  auto second =
      quantize(moved, AxisLayout::get({b, a, inner}, 0), 6, LinearMode::Linear);
  EXPECT_EQ(first.scale, second.scale);
  EXPECT_EQ(first.bias, second.bias);
  for (size_t i = 0; i < a; ++i)
    for (size_t j = 0; j < b; ++j)
      for (size_t k = 0; k < inner; ++k)
        ASSERT_EQ(first.codes[(i * b + j) * inner + k],
                  second.codes[(j * a + i) * inner + k]);
}

TEST(LinearQuantization, ReadsUnalignedWeights) {
  std::vector<float> weights = {1.0f, -2.0f, 3.5f, 0.25f};
  std::vector<uint8_t> bytes(1 + weights.size() * 4);
  std::memcpy(bytes.data() + 1, weights.data(), weights.size() * 4);
  FloatView view(bytes.data() + 1, weights.size());
  auto result = llvm::cantFail(
      quantizeLinear(view, AxisLayout::flat(4), 8, LinearMode::Linear));
  EXPECT_EQ(
      result.codes,
      quantize(weights, AxisLayout::flat(4), 8, LinearMode::Linear).codes);
}

TEST(LinearQuantization, Refusals) {
  float nan = std::numeric_limits<float>::quiet_NaN();
  float inf = std::numeric_limits<float>::infinity();
  std::vector<float> good = {1.0f, 2.0f}, withNan = {1.0f, nan},
                     withInf = {-inf, 1.0f};
  auto message = [](const std::vector<float> &weights, AxisLayout layout,
                    unsigned bits, LinearMode mode) {
    auto result = quantizeLinear(weights, layout, bits, mode);
    return result ? std::string("accepted") : toString(result.takeError());
  };
  AxisLayout flat = AxisLayout::flat(2);
  EXPECT_EQ(message(withNan, flat, 8, LinearMode::Linear),
            "weight element 1 is nan; only finite values can be compressed");
  EXPECT_EQ(message(withInf, flat, 8, LinearMode::Linear),
            "weight element 0 is -inf; only finite values can be compressed");
  EXPECT_NE(message(good, flat, 9, LinearMode::Linear).find("9 bits"),
            std::string::npos);
  EXPECT_NE(message(good, flat, 1, LinearMode::Symmetric).find("1 bits"),
            std::string::npos);
  EXPECT_NE(message(good, {1, 3, 1}, 8, LinearMode::Linear).find("1 x 3 x 1"),
            std::string::npos);
  std::vector<float> wide = {-3e38f, 3e38f};
  EXPECT_NE(message(wide, flat, 1, LinearMode::Linear).find("channel 0"),
            std::string::npos);
  EXPECT_EQ(message(wide, flat, 8, LinearMode::Linear), "accepted");
}

TEST(LinearQuantization, EmptyWeights) {
  auto result = quantize({}, {1, 4, 0}, 8, LinearMode::Linear);
  EXPECT_TRUE(result.codes.empty());
  EXPECT_EQ(result.scale.size(), 4u);
}

/// Channels of all magnitudes and signs, a third of whose values are 0.
TEST(LinearKeepingZero, ZerosAreExactAndErrorsSmall) {
  std::mt19937 random(11);
  std::uniform_real_distribution<float> uniform(-1, 1);
  for (LinearMode mode : {LinearMode::Linear, LinearMode::Symmetric})
    for (unsigned bits = mode == LinearMode::Linear ? 1 : 2; bits <= 8; ++bits)
      for (int round = 0; round != 200; ++round) {
        SCOPED_TRACE(bits * 1000 + round);
        AxisLayout layout{1, 3, 40};
        std::vector<float> weights(layout.size());
        float size = std::ldexp(1.0f, int(random() % 240) - 130);
        float shift = round % 4 == 0 ? uniform(random) : 0;
        for (float &weight : weights)
          weight = random() % 3 ? size * (uniform(random) + shift) : 0;
        auto result = llvm::cantFail(
            quantizeLinearKeepingZero(weights, layout, bits, mode));
        for (size_t i = 0; i != weights.size(); ++i) {
          float scale = result.scale[i / 40], bias = result.bias[i / 40];
          auto code = static_cast<float>(result.codes[i]);
          // Fused or not.
          float fused = std::fma(scale, code, bias);
          volatile float product = scale * code;
          float decoded = product + bias;
          if (weights[i] == 0) {
            EXPECT_EQ(fused, 0.0f);
            EXPECT_EQ(decoded, 0.0f);
          }
          // Half a step of rounding and half a step of shifting.
          EXPECT_NEAR(decoded, weights[i], scale * 1.001f) << i;
        }
      }
}

TEST(LinearKeepingZero, ChannelsOfZeros) {
  std::vector<float> zeros(6);
  auto result = llvm::cantFail(quantizeLinearKeepingZero(
      zeros, AxisLayout::flat(6), 4, LinearMode::Linear));
  EXPECT_EQ(result.scale, std::vector<float>{0.0f});
  EXPECT_EQ(result.bias, std::vector<float>{0.0f});
}

TEST(Int8Quantization, TruncatesTowardZero) {
  std::vector<float> weights = {127.0f, 1.9f, -1.9f, -0.5f, -127.0f};
  auto result = llvm::cantFail(quantizeInt8(weights));
  EXPECT_EQ(result.codes, (std::vector<int8_t>{127, 1, -1, 0, -127}));
  EXPECT_EQ(result.scale, 1.0f);
  std::vector<float> zeros(3);
  EXPECT_EQ(llvm::cantFail(quantizeInt8(zeros)).scale, 0.0f);
}

} // namespace
