//===- BitPackingTest.cpp - Packing of codes ------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/BitPacking.h"
#include "gtest/gtest.h"
#include <random>

using namespace mlmodel;

namespace {

TEST(BitPacking, KnownBytes) {
  std::vector<uint8_t> codes = {1, 2, 3, 7, 0};
  EXPECT_EQ(packBits(codes, 3, BitOrder::MSBFirst),
            (std::vector<uint8_t>{0b00101001, 0b11110000}));
  EXPECT_EQ(packBits(codes, 3, BitOrder::LSBFirst),
            (std::vector<uint8_t>{0b11010001, 0b00001110}));
}

TEST(BitPacking, Sizes) {
  EXPECT_EQ(packedSize(0, 5), 0u);
  EXPECT_EQ(packedSize(1, 1), 1u);
  EXPECT_EQ(packedSize(8, 3), 3u);
  EXPECT_EQ(packedSize(9, 3), 4u);
  EXPECT_EQ(packedSize(17, 7), 15u);
}

/// One bit at a time, straight from the definition.
std::vector<uint8_t> packSlowly(const std::vector<uint8_t> &codes,
                                unsigned bits, BitOrder order) {
  std::vector<uint8_t> out((codes.size() * bits + 7) / 8);
  for (size_t i = 0; i < codes.size(); ++i)
    for (unsigned j = 0; j < bits; ++j) {
      if (!(codes[i] >> j & 1))
        continue;
      if (order == BitOrder::MSBFirst) {
        size_t s = i * bits + bits - 1 - j;
        out[s / 8] |= 1 << (7 - s % 8);
      } else {
        size_t s = i * bits + j;
        out[s / 8] |= 1 << (s % 8);
      }
    }
  return out;
}

TEST(BitPacking, AllWidthsAndLengths) {
  std::mt19937 random(7);
  for (BitOrder order : {BitOrder::MSBFirst, BitOrder::LSBFirst})
    for (unsigned bits = 1; bits <= 8; ++bits)
      for (size_t count : {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 64, 1000}) {
        std::vector<uint8_t> codes(count);
        for (uint8_t &code : codes)
          code = random() & ((1u << bits) - 1);
        std::vector<uint8_t> packed = packBits(codes, bits, order);
        ASSERT_EQ(packed, packSlowly(codes, bits, order));
        ASSERT_EQ(unpackBits(packed, bits, count, order), codes);
        for (size_t i = 0; i < count; ++i)
          ASSERT_EQ(unpackOne(packed, bits, order, i), codes[i]);
      }
}

TEST(BitPacking, UnpackFromAnyPosition) {
  std::mt19937 random(8);
  std::vector<uint8_t> codes(50);
  for (BitOrder order : {BitOrder::MSBFirst, BitOrder::LSBFirst})
    for (unsigned bits = 1; bits <= 8; ++bits) {
      for (uint8_t &code : codes)
        code = random() & ((1u << bits) - 1);
      std::vector<uint8_t> packed = packBits(codes, bits, order);
      for (size_t begin = 0; begin <= codes.size(); ++begin)
        for (size_t end = begin; end <= codes.size(); ++end) {
          std::vector<uint8_t> part(end - begin);
          unpackBits(packed, bits, order, begin, part);
          ASSERT_TRUE(
              std::equal(part.begin(), part.end(), codes.begin() + begin));
        }
    }
}

} // namespace
