//===- ConstantsTest.cpp - Packed weights against plain loops ---*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EngineTestUtils.h"
#include "gtest/gtest.h"
#include <cmath>
#include <random>

using namespace mlmodel::enginetest;

/// Values of `bits` bits, packed from the most significant bit down.
static std::vector<uint8_t> pack(const std::vector<unsigned> &values,
                                 unsigned bits) {
  std::vector<uint8_t> bytes((values.size() * bits + 7) / 8);
  for (size_t i = 0; i < values.size(); ++i)
    for (unsigned b = 0; b < bits; ++b)
      if (values[i] >> (bits - 1 - b) & 1) {
        size_t position = i * bits + b;
        bytes[position / 8] |= 0x80 >> (position % 8);
      }
  return bytes;
}

static std::vector<unsigned> randomValues(size_t count, unsigned bits,
                                          unsigned seed) {
  std::mt19937 generator(seed);
  std::vector<unsigned> values(count);
  for (unsigned &value : values)
    value = generator() % (1u << bits);
  return values;
}

/// A resource blob in MLIR's text: four bytes of alignment, then the data.
static std::string toResource(const void *data, size_t size) {
  const auto *bytes = static_cast<const uint8_t *>(data);
  std::string text = "0x01000000";
  const char *digits = "0123456789abcdef";
  for (size_t i = 0; i < size; ++i) {
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  return text;
}

static std::string withResource(const std::string &module, const void *data,
                                size_t size) {
  return module + "{-# dialect_resources: { builtin: { w: \"" +
         toResource(data, size) + "\" } } #-}\n";
}

static std::string denseFloats(const std::vector<float> &values) {
  std::string text = "dense<[";
  for (size_t i = 0; i < values.size(); ++i)
    text += (i ? ", " : "") + std::to_string(values[i]);
  return text + "]> : tensor<" + std::to_string(values.size()) + "xf32>";
}

/// Values that std::to_string prints exactly.
static std::vector<float> randomTable(size_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::vector<float> table(count);
  for (float &value : table)
    value = (int(generator() % 2001) - 1000) / 64.0f;
  for (float &value : table)
    value = std::round(value * 4) / 4;
  return table;
}

static std::string dataAttr(size_t bytes) {
  return "data = dense_resource<w> : tensor<" + std::to_string(bytes) + "xui8>";
}

/// Returns the decoded weights themselves.
static std::string returnWeights(const std::string &op,
                                 const std::string &type) {
  return "func.func @main() -> " + type + " {\n  %0 = mil." + op + " : " +
         type + "\n  return %0 : " + type + "\n}\n";
}

TEST(Constants, LinearPerChannel) {
  for (unsigned bits = 1; bits <= 8; ++bits)
    for (int axis : {0, 1}) {
      SCOPED_TRACE(bits * 10 + axis);
      // 7 * 5 values: the stream ends inside a byte for most widths.
      std::vector<int64_t> shape = {7, 5};
      std::vector<unsigned> q = randomValues(35, bits, bits);
      std::vector<uint8_t> bytes = pack(q, bits);
      std::vector<float> scale = randomTable(shape[axis], 1);
      std::vector<float> bias = randomTable(shape[axis], 2);
      Array expected(shape);
      for (int i = 0; i < 7; ++i)
        for (int j = 0; j < 5; ++j) {
          int c = axis == 0 ? i : j;
          expected[i * 5 + j] = q[i * 5 + j] * scale[c] + bias[c];
        }
      std::string op = "constexpr_linear_dequantize {" +
                       dataAttr(bytes.size()) +
                       ", bits = " + std::to_string(bits) +
                       " : i64, scale = " + denseFloats(scale) +
                       ", bias = " + denseFloats(bias) +
                       ", axis = " + std::to_string(axis) + " : i64}";
      std::string module = withResource(returnWeights(op, tensorType(shape)),
                                        bytes.data(), bytes.size());
      expectNear(run(module, {}).at(0), expected);
    }
}

TEST(Constants, SignedBytesOneScale) {
  std::vector<int8_t> q = {-128, -1, 0, 1, 127, 5};
  Array expected({2, 3});
  for (size_t i = 0; i < q.size(); ++i)
    expected[i] = q[i] * 0.5f;
  std::string op = "constexpr_linear_dequantize {data = dense_resource<w> : "
                   "tensor<6xsi8>, bits = 8 : i64, scale = dense<0.5> : "
                   "tensor<1xf32>}";
  std::string module =
      withResource(returnWeights(op, "tensor<2x3xf32>"), q.data(), q.size());
  expectNear(run(module, {}).at(0), expected);
}

TEST(Constants, Lut) {
  for (unsigned bits = 1; bits <= 8; ++bits) {
    SCOPED_TRACE(bits);
    std::vector<unsigned> q = randomValues(3 * 41, bits, bits);
    std::vector<uint8_t> bytes = pack(q, bits);
    std::vector<float> lut = randomTable(size_t(1) << bits, 3);
    Array expected({3, 41});
    for (size_t i = 0; i < q.size(); ++i)
      expected[i] = lut[q[i]];
    std::string op = "constexpr_lut_to_dense {" + dataAttr(bytes.size()) +
                     ", bits = " + std::to_string(bits) +
                     " : i64, lut = " + denseFloats(lut) + "}";
    std::string module = withResource(returnWeights(op, "tensor<3x41xf32>"),
                                      bytes.data(), bytes.size());
    expectNear(run(module, {}).at(0), expected);
  }
}

/// Two products share one set of packed weights, so decoding fuses into both.
TEST(Constants, LutInsideProducts) {
  for (unsigned bits = 1; bits <= 8; ++bits) {
    SCOPED_TRACE(bits);
    constexpr int m = 3, n = 21, k = 43;
    std::vector<unsigned> q = randomValues(n * k, bits, bits);
    std::vector<uint8_t> bytes = pack(q, bits);
    std::vector<float> lut = randomTable(size_t(1) << bits, 4);
    Array x = random({m, k}, 5), expected({m, n});
    for (int i = 0; i < m; ++i)
      for (int j = 0; j < n; ++j) {
        double sum = 0;
        for (int l = 0; l < k; ++l)
          sum += (double(x[i * k + l]) + x[i * k + l] * x[i * k + l]) *
                 lut[q[j * k + l]];
        expected[i * n + j] = float(sum);
      }
    std::string module = R"(
      func.func @main(%x: tensor<3x43xf32>) -> tensor<3x21xf32> {
        %w = mil.constexpr_lut_to_dense {)" +
                         dataAttr(bytes.size()) +
                         ", bits = " + std::to_string(bits) +
                         " : i64, lut = " + denseFloats(lut) +
                         R"(} : tensor<21x43xf32>
        %0 = mil.linear %x, %w : (tensor<3x43xf32>, tensor<21x43xf32>) -> tensor<3x21xf32>
        %1 = mil.square %x : tensor<3x43xf32>
        %2 = mil.matmul %1, %w {transpose_y = true} : (tensor<3x43xf32>, tensor<21x43xf32>) -> tensor<3x21xf32>
        %3 = mil.add %0, %2 : (tensor<3x21xf32>, tensor<3x21xf32>) -> tensor<3x21xf32>
        return %3 : tensor<3x21xf32>
      }
    )";
    expectNear(run(withResource(module, bytes.data(), bytes.size()), {x}).at(0),
               expected, 1e-4f);
  }
}

TEST(Constants, Halves) {
  // 1, -2, 65504, the smallest subnormal, infinity
  std::vector<uint16_t> halves = {0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00};
  Array expected({5}, {1, -2, 65504, std::ldexp(1.0f, -24), INFINITY});
  std::string module =
      "func.func @main() -> tensor<5xf32> {\n"
      "  %0 = mil.constexpr_cast dense_resource<w> : tensor<5xf16>\n"
      "  return %0 : tensor<5xf32>\n}\n";
  expectNear(
      run(withResource(module, halves.data(), halves.size() * 2), {}).at(0),
      expected, 0);
}

TEST(Constants, HalvesInsideProduct) {
  std::vector<uint16_t> halves(8 * 4);
  Array x = random({2, 4}, 1), expected({2, 8});
  for (size_t i = 0; i < halves.size(); ++i)
    halves[i] = uint16_t(0x3c00 + (i % 4) * 0x400); // 1, 2, 4, 8
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 8; ++j)
      for (int l = 0; l < 4; ++l)
        expected[i * 8 + j] += x[i * 4 + l] * float(1 << l);
  std::string module = R"(
    func.func @main(%x: tensor<2x4xf32>) -> tensor<2x8xf32> {
      %w = mil.constexpr_cast dense_resource<w> : tensor<8x4xf16>
      %0 = mil.linear %x, %w : (tensor<2x4xf32>, tensor<8x4xf32>) -> tensor<2x8xf32>
      return %0 : tensor<2x8xf32>
    }
  )";
  expectNear(
      run(withResource(module, halves.data(), halves.size() * 2), {x}).at(0),
      expected);
}

//===----------------------------------------------------------------------===//
// Sparse weights
//===----------------------------------------------------------------------===//

namespace {
/// A weight of 21 x 43, of which every element is stored with a probability.
struct SparseWeight {
  static constexpr int rows = 21, columns = 43;
  std::vector<bool> isStored;
  size_t stored = 0;
  std::vector<uint8_t> mask;

  SparseWeight(double density, unsigned seed) : mask((rows * columns + 7) / 8) {
    std::mt19937 generator(seed);
    for (int i = 0; i < rows * columns; ++i) {
      isStored.push_back(generator() % 1000 < density * 1000);
      if (!isStored.back())
        continue;
      ++stored;
      mask[i / 8] |= 1 << i % 8;
    }
  }
  std::string getMaskAttr() const {
    std::string text = "mask = dense<[";
    for (size_t i = 0; i < mask.size(); ++i)
      text += (i ? ", " : "") + std::to_string(mask[i]);
    return text + "]> : tensor<" + std::to_string(mask.size()) + "xui8>";
  }
  /// Multiplies random inputs with the weight that \p op makes, whose stored
  /// elements have the values that \p decode gives for (n-th stored, row).
  template <typename Decode>
  void check(const std::string &op, const void *data, size_t size,
             Decode decode) const {
    Array x = random({3, columns}, 5), expected({3, rows});
    std::vector<double> dense(rows * columns);
    for (size_t i = 0, next = 0; i < dense.size(); ++i)
      if (isStored[i])
        dense[i] = decode(next++, i / columns);
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < rows; ++j) {
        double sum = 0;
        for (int l = 0; l < columns; ++l)
          sum += x[i * columns + l] * dense[j * columns + l];
        expected[i * rows + j] = float(sum);
      }
    std::string module = R"(
      func.func @main(%x: tensor<3x43xf32>) -> tensor<3x21xf32> {
        %w = mil.)" + op +
                         R"( : tensor<21x43xf32>
        %0 = mil.linear %x, %w : (tensor<3x43xf32>, tensor<21x43xf32>) -> tensor<3x21xf32>
        return %0 : tensor<3x21xf32>
      }
    )";
    expectNear(run(withResource(module, data, size), {x}).at(0), expected,
               1e-4f);
  }
};
} // namespace

TEST(Constants, SparseFloats) {
  for (double density : {0.02, 0.25, 0.5, 1.0}) {
    SCOPED_TRACE(density);
    SparseWeight weight(density, 3);
    std::vector<float> values = randomTable(weight.stored, 9);
    std::string type = "tensor<" + std::to_string(weight.stored) + "xf32>";
    weight.check("constexpr_sparse_to_dense {data = dense_resource<w> : " +
                     type + ", " + weight.getMaskAttr() + "}",
                 values.data(), values.size() * sizeof(float),
                 [&](size_t i, size_t) { return values[i]; });
  }
}

TEST(Constants, SparseHalves) {
  SparseWeight weight(0.3, 4);
  std::vector<uint16_t> halves(weight.stored);
  for (size_t i = 0; i < halves.size(); ++i)
    halves[i] = uint16_t(0x3c00 + (i % 4) * 0x400); // 1, 2, 4, 8
  std::string type = "tensor<" + std::to_string(weight.stored) + "xf16>";
  weight.check("constexpr_sparse_to_dense {data = dense_resource<w> : " + type +
                   ", " + weight.getMaskAttr() + "}",
               halves.data(), halves.size() * 2,
               [](size_t i, size_t) { return 1 << i % 4; });
}

TEST(Constants, SparsePalettes) {
  for (unsigned bits = 1; bits <= 8; ++bits) {
    SCOPED_TRACE(bits);
    SparseWeight weight(0.4, bits);
    std::vector<unsigned> q = randomValues(weight.stored, bits, bits);
    std::vector<uint8_t> bytes = pack(q, bits);
    std::vector<float> lut = randomTable(size_t(1) << bits, 4);
    weight.check("constexpr_lut_to_dense {" + dataAttr(bytes.size()) +
                     ", bits = " + std::to_string(bits) + " : i64, lut = " +
                     denseFloats(lut) + ", " + weight.getMaskAttr() + "}",
                 bytes.data(), bytes.size(),
                 [&](size_t i, size_t) { return lut[q[i]]; });
  }
}

TEST(Constants, SparseLinear) {
  for (unsigned bits : {2u, 5u, 8u}) {
    SCOPED_TRACE(bits);
    SparseWeight weight(0.25, bits);
    std::vector<unsigned> q = randomValues(weight.stored, bits, bits);
    std::vector<uint8_t> bytes = pack(q, bits);
    std::vector<float> scale = randomTable(SparseWeight::rows, 1);
    std::vector<float> bias = randomTable(SparseWeight::rows, 2);
    weight.check("constexpr_linear_dequantize {" + dataAttr(bytes.size()) +
                     ", bits = " + std::to_string(bits) + " : i64, scale = " +
                     denseFloats(scale) + ", bias = " + denseFloats(bias) +
                     ", " + weight.getMaskAttr() + "}",
                 bytes.data(), bytes.size(), [&](size_t i, size_t row) {
                   return double(q[i]) * scale[row] + bias[row];
                 });
  }
}

/// Groups of seven rows have a table each; with a mask too.
TEST(Constants, GroupedPalettes) {
  for (double density : {0.4, 1.0}) {
    SCOPED_TRACE(density);
    constexpr unsigned bits = 3;
    SparseWeight weight(density, 8);
    std::vector<unsigned> q = randomValues(weight.stored, bits, bits);
    std::vector<uint8_t> bytes = pack(q, bits);
    std::vector<float> lut = randomTable(3 << bits, 4);
    std::string table = denseFloats(lut);
    // As [[...], [...], [...]].
    for (size_t group = 2; group != 0; --group) {
      size_t at = 0;
      for (size_t i = 0; i != group << bits; ++i)
        at = table.find(',', at + 1);
      table.replace(at, 2, "], [");
    }
    table = "dense<[" + table.substr(6, table.find('>') - 6) +
            "]> : tensor<3x8xf32>";
    weight.check("constexpr_lut_to_dense {" + dataAttr(bytes.size()) +
                     ", bits = 3 : i64, lut = " + table +
                     (density < 1 ? ", " + weight.getMaskAttr() : "") + "}",
                 bytes.data(), bytes.size(), [&](size_t i, size_t row) {
                   return lut[(row / 7 << bits) + q[i]];
                 });
  }
}

/// There is no data at all then.
TEST(Constants, SparseWithoutValues) {
  std::string zeros = "mask = dense<0> : tensor<113xui8>";
  std::string module = R"(
    func.func @main() -> tensor<21x43xf32> {
      %w = mil.constexpr_sparse_to_dense {data = dense<> : tensor<0xf32>, )" +
                       zeros + R"(} : tensor<21x43xf32>
      return %w : tensor<21x43xf32>
    }
  )";
  expectNear(run(module, {}).at(0), Array({21, 43}), 0);
}

TEST(Constants, MissingResourceIsAnError) {
  std::string error =
      getError("func.func @main() -> tensor<2xf32> {\n"
               "  %0 = mil.const dense_resource<nothing> : tensor<2xf32>\n"
               "  return %0 : tensor<2xf32>\n}\n",
               {});
  EXPECT_NE(error.find("has no data"), std::string::npos) << error;
}
