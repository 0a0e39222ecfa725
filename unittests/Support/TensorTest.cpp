//===- TensorTest.cpp - Tensors and element conversion --------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/Tensor.h"
#include "TestUtils.h"
#include "llvm/ADT/APFloat.h"
#include <cmath>
#include <limits>

using namespace llvm;
using namespace mlmodel;
using namespace mlmodel::testing;

//===----------------------------------------------------------------------===//
// Halves, against APFloat
//===----------------------------------------------------------------------===//

static float referenceFloat(uint16_t half) {
  APFloat value(APFloat::IEEEhalf(), APInt(16, half));
  bool lossy;
  value.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven, &lossy);
  return value.convertToFloat();
}

template <typename T> static uint16_t referenceHalf(T from) {
  APFloat value(from);
  bool lossy;
  value.convert(APFloat::IEEEhalf(), APFloat::rmNearestTiesToEven, &lossy);
  return static_cast<uint16_t>(value.bitcastToAPInt().getZExtValue());
}

static bool isNaNHalf(uint16_t half) { return (half & 0x7FFF) > 0x7C00; }

TEST(Half, EveryHalfToFloat) {
  for (uint32_t i = 0; i < 65536; ++i) {
    uint16_t half = static_cast<uint16_t>(i);
    float value = halfBitsToFloat(half);
    if (isNaNHalf(half))
      ASSERT_TRUE(std::isnan(value)) << i;
    else
      ASSERT_EQ(bit_cast<uint32_t>(value),
                bit_cast<uint32_t>(referenceFloat(half)))
          << i;
  }
}

TEST(Half, EveryHalfSurvivesFloatAndDouble) {
  for (uint32_t i = 0; i < 65536; ++i) {
    uint16_t half = static_cast<uint16_t>(i);
    ASSERT_EQ(floatToHalfBits(halfBitsToFloat(half)), half);
    if (!isNaNHalf(half)) {
      ASSERT_EQ(doubleToHalfBits(halfBitsToFloat(half)), half);
    }
  }
}

/// Around every half and every midpoint between two halves: the value, and its
/// neighbours as float and as double.
TEST(Half, RoundsToNearestEvenAtEveryBoundary) {
  for (uint32_t i = 0; i <= 0x7C00; ++i) {
    float low = halfBitsToFloat(static_cast<uint16_t>(i));
    // Beyond the largest half, rounding goes on as if 65536 followed.
    float high =
        i >= 0x7BFF ? 65536.f : halfBitsToFloat(static_cast<uint16_t>(i + 1));
    float middle = i == 0x7C00 ? low : low + (high - low) / 2;
    for (float center : {low, middle}) {
      float values[] = {center, std::nextafter(center, -INFINITY),
                        std::nextafter(center, INFINITY)};
      for (float value : values) {
        ASSERT_EQ(floatToHalfBits(value), referenceHalf(value)) << value;
        ASSERT_EQ(floatToHalfBits(-value), referenceHalf(-value)) << value;
      }
      double exact = center;
      double doubles[] = {exact, std::nextafter(exact, -INFINITY),
                          std::nextafter(exact, INFINITY)};
      for (double value : doubles) {
        ASSERT_EQ(doubleToHalfBits(value), referenceHalf(value)) << value;
        ASSERT_EQ(doubleToHalfBits(-value), referenceHalf(-value)) << value;
      }
    }
  }
}

TEST(Half, ExtremeFloats) {
  for (float value :
       {0.f, -0.f, std::numeric_limits<float>::max(),
        std::numeric_limits<float>::min(),
        std::numeric_limits<float>::denorm_min(), 65504.f, 65519.996f, 65520.f,
        0x1p-24f, 0x1p-25f, 0x1.000002p-25f, 0x1p-26f, 0x1.ffcp-15f})
    EXPECT_EQ(floatToHalfBits(value), referenceHalf(value)) << value;
  for (double value : {1e300, -1e300, 5e-324, 65519.99999999999, 65520.0})
    EXPECT_EQ(doubleToHalfBits(value), referenceHalf(value)) << value;
}

TEST(Half, NaNStaysNaN) {
  for (uint32_t bits : {0x7F800001u, 0xFF800001u, 0x7FC00000u, 0x7FFFFFFFu})
    EXPECT_TRUE(isNaNHalf(floatToHalfBits(bit_cast<float>(bits)))) << bits;
  EXPECT_TRUE(isNaNHalf(doubleToHalfBits(NAN)));
}

TEST(Half, BulkConversion) {
  std::vector<uint16_t> halves = {0x3C00, 0xC000, 0x7BFF}, back(3);
  std::vector<float> floats(3);
  convertHalfToFloat(halves, floats);
  EXPECT_EQ(floats, (std::vector<float>{1, -2, 65504}));
  convertFloatToHalf(floats, back);
  EXPECT_EQ(back, halves);
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

TEST(Tensor, CountsElements) {
  EXPECT_EQ(elementCount({}), 1);
  EXPECT_EQ(elementCount({2, 3}), 6);
  EXPECT_EQ(elementCount({2, 0, 3}), 0);
  EXPECT_EQ(elementCount({-1}), std::nullopt);
  EXPECT_EQ(elementCount({int64_t(1) << 32, int64_t(1) << 31}), std::nullopt);
  EXPECT_EQ(elementCount({0, int64_t(1) << 62, 2}), std::nullopt);
}

TEST(Tensor, CreatesAlignedZeros) {
  Tensor tensor = expectValue(Tensor::create(ElementType::Int16, {2, 3}));
  EXPECT_EQ(tensor.size(), 6);
  EXPECT_EQ(tensor.bytes().size(), 12u);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor.bytes().data()) % 64, 0u);
  for (int16_t value : tensor.data<int16_t>())
    EXPECT_EQ(value, 0);
}

TEST(Tensor, RefusesImpossibleSizes) {
  expectError(Tensor::create(ElementType::Float32, {int64_t(1) << 60}),
              ExitCode::Limit, "1152921504606846976 elements of type float32");
  expectError(Tensor::create(ElementType::Float64, {int64_t(1) << 61}),
              ExitCode::Limit, "no memory");
  expectError(Tensor::create(ElementType::Float32, {2, -3}), ExitCode::Usage,
              "2x-3");
}

TEST(Tensor, CopiesAreDeep) {
  Tensor a = Tensor::fromValues<int32_t>({2}, {1, 2});
  Tensor b = a;
  EXPECT_EQ(a, b);
  b.mutableData<int32_t>()[0] = 7;
  EXPECT_EQ(a.data<int32_t>()[0], 1);
  EXPECT_NE(a, b);
}

TEST(Tensor, ScalarsAndEmptyTensors) {
  EXPECT_EQ(Tensor::scalar(1.5f).rank(), 0);
  EXPECT_EQ(Tensor::scalar(1.5f).data<float>()[0], 1.5f);
  EXPECT_EQ(Tensor().size(), 0);
  EXPECT_EQ(Tensor().toFloat32(), Tensor());
  EXPECT_EQ(shapeToString({}), "scalar");
  EXPECT_EQ(shapeToString({1, 20, 3}), "1x20x3");
}

TEST(Tensor, Reshapes) {
  Tensor tensor = Tensor::fromValues<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  expectSuccess(tensor.reshape({3, 1, 2}));
  EXPECT_EQ(tensor.shape(), ArrayRef<int64_t>({3, 1, 2}));
  expectError(tensor.reshape({4}), ExitCode::Usage, "3x1x2 cannot become 4");
}

TEST(Tensor, EveryTypeHoldsSmallNumbers) {
  for (int i = 0; i <= static_cast<int>(ElementType::Bool); ++i) {
    ElementType type = static_cast<ElementType>(i);
    Tensor tensor = Tensor::fromFloat32(type, {3}, {0, 1, 1});
    EXPECT_EQ(tensor.type(), type);
    EXPECT_EQ(tensor.bytes().size(), 3 * elementSize(type));
    Tensor back = tensor.toFloat32();
    EXPECT_EQ(back, Tensor::fromValues<float>({3}, {0, 1, 1}))
        << elementTypeName(type).str();
    for (int j = 0; j <= static_cast<int>(ElementType::Bool); ++j)
      EXPECT_EQ(tensor.convertTo(static_cast<ElementType>(j)).toFloat32(),
                back);
  }
}

template <typename To, typename From> static To convertOne(From value) {
  return Tensor::scalar(value)
      .convertTo(ElementTypeOf<To>::value)
      .template data<To>()[0];
}

TEST(Tensor, ToIntegerTruncatesAndSaturates) {
  EXPECT_EQ(convertOne<int32_t>(2.9f), 2);
  EXPECT_EQ(convertOne<int32_t>(-2.9f), -2);
  EXPECT_EQ(convertOne<int32_t>(3e9f), INT32_MAX);
  EXPECT_EQ(convertOne<int32_t>(-INFINITY), INT32_MIN);
  EXPECT_EQ(convertOne<int32_t>(NAN), 0);
  EXPECT_EQ(convertOne<int32_t>(2147483520.f), 2147483520);
  EXPECT_EQ(convertOne<int64_t>(9223372036854775808.0), INT64_MAX);
  EXPECT_EQ(convertOne<uint64_t>(18446744073709551616.0), UINT64_MAX);
  EXPECT_EQ(convertOne<uint8_t>(-0.5f), 0);
  EXPECT_EQ(convertOne<uint8_t>(-5.f), 0);
  EXPECT_EQ(convertOne<uint8_t>(255.9f), 255);
  EXPECT_EQ(convertOne<int8_t>(Half::fromFloat(-200.f)), -128);
}

TEST(Tensor, BetweenIntegersSaturates) {
  EXPECT_EQ(convertOne<int8_t>(int64_t(-1000)), -128);
  EXPECT_EQ(convertOne<uint8_t>(int64_t(-1000)), 0);
  EXPECT_EQ(convertOne<int64_t>(UINT64_MAX), INT64_MAX);
  EXPECT_EQ(convertOne<uint64_t>(INT64_MIN), 0u);
  EXPECT_EQ(convertOne<int64_t>(INT64_MIN), INT64_MIN);
  // Not by way of a floating-point type, which would lose the last bit.
  EXPECT_EQ(convertOne<uint64_t>(INT64_MAX), uint64_t(INT64_MAX));
}

TEST(Tensor, ToBool) {
  EXPECT_TRUE(convertOne<bool>(0.25f));
  EXPECT_TRUE(convertOne<bool>(NAN));
  EXPECT_FALSE(convertOne<bool>(-0.f));
  EXPECT_FALSE(convertOne<bool>(Half{0x8000}));
  EXPECT_EQ(convertOne<float>(true), 1.f);
}

TEST(Tensor, ToHalfRoundsOnce) {
  // Just above a tie that is below float's precision.
  EXPECT_EQ(convertOne<Half>(1.0 + 0x1p-11 + 0x1p-40).bits, 0x3C01);
  EXPECT_EQ(convertOne<Half>(1.0 + 0x1p-11).bits, 0x3C00);
  EXPECT_EQ(convertOne<Half>(int32_t(2049)).bits, referenceHalf(2049.0));
  EXPECT_EQ(convertOne<Half>(INT64_MAX).bits, 0x7C00);
}
