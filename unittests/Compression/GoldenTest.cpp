//===- GoldenTest.cpp - Vectors computed by coremltools -------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compares with the arrays in MLMODEL_SHARED_DIR/golden, bit for bit where the
// algorithm is deterministic. Skips where the vectors are absent.
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/Decode.h"
#include "MLModel/Compression/ErrorReport.h"
#include "MLModel/Compression/Float16.h"
#include "MLModel/Compression/KMeans1D.h"
#include "MLModel/Compression/LinearQuantization.h"
#include "MLModel/Compression/LookupTable.h"
#include "MLModel/Compression/Sparsity.h"
#include "NpyReader.h"
#include "gtest/gtest.h"

using namespace mlmodel;
using llvm::cantFail;

namespace {

class Golden : public testing::Test {
protected:
  void SetUp() override {
    NpyArray probe;
    if (!readNpy(root + "nn_linear_fc_8/w.npy", probe))
      GTEST_SKIP() << "no golden vectors in " << root
                   << " (set MLMODEL_SHARED_DIR when configuring)";
  }

  NpyArray read(const std::string &vector, const std::string &array) {
    NpyArray result;
    EXPECT_TRUE(readNpy(root + vector + "/" + array + ".npy", result))
        << vector << "/" << array;
    return result;
  }
  std::vector<float> floats(const std::string &vector,
                            const std::string &array) {
    NpyArray result = read(vector, array);
    if (result.type != "<f2")
      return result.as<float>();
    std::vector<uint16_t> halves = result.as<uint16_t>();
    std::vector<float> values;
    for (uint16_t half : halves)
      values.push_back(halfToFloat(half));
    return values;
  }
  std::vector<uint8_t> codes(const std::string &vector,
                             const std::string &array) {
    return read(vector, array).as<uint8_t>();
  }

  void checkLinear(const std::string &name, unsigned bits, LinearMode mode,
                   unsigned axis, bool hasDecoded) {
    SCOPED_TRACE(name);
    NpyArray w = read(name, "w");
    std::vector<float> weights = w.as<float>();
    AxisLayout layout = w.shape.size() == 1 ? AxisLayout::flat(weights.size())
                                            : AxisLayout::get(w.shape, axis);
    auto result = cantFail(quantizeLinear(weights, layout, bits, mode));
    EXPECT_EQ(result.codes, codes(name, "q"));
    EXPECT_EQ(result.scale, floats(name, "scale"));
    EXPECT_EQ(result.bias, floats(name, "bias"));
    if (!hasDecoded)
      return;
    std::vector<uint8_t> packed = packBits(result.codes, bits);
    EXPECT_EQ(packed, codes(name, "raw"));
    std::vector<float> decoded(weights.size());
    decodeLinear(packed, bits, BitOrder::MSBFirst, layout, result.scale,
                 result.bias, DecodeArithmetic::Float64, 0, decoded);
    EXPECT_EQ(decoded, floats(name, "dequant"));
  }

  std::string root = std::string(MLMODEL_SHARED_DIR) + "/golden/";
};

TEST_F(Golden, Linear) {
  for (std::string layer : {"conv", "fc", "bias"})
    for (unsigned bits = 1; bits <= 8; ++bits)
      checkLinear("nn_linear_" + layer + "_" + std::to_string(bits), bits,
                  LinearMode::Linear, 0, true);
}

TEST_F(Golden, LinearDeconvolution) {
  checkLinear("nn_linear_deconv_8", 8, LinearMode::Linear, 1, false);
}

TEST_F(Golden, LinearSymmetric) {
  for (std::string layer : {"conv", "fc", "bias"})
    checkLinear("nn_linear_symmetric_" + layer + "_8", 8, LinearMode::Symmetric,
                0, false);
}

TEST_F(Golden, LinearLookupTable) {
  for (std::string layer : {"conv", "fc", "bias"})
    for (unsigned bits = 1; bits <= 8; ++bits) {
      std::string name = "nn_linear_lut_" + layer + "_" + std::to_string(bits);
      SCOPED_TRACE(name);
      auto palette = cantFail(uniformPalette(floats(name, "w"), bits));
      EXPECT_EQ(palette.indices, codes(name, "q"));
      EXPECT_EQ(palette.table, floats(name, "lut"));
      EXPECT_EQ(packBits(palette.indices, bits), codes(name, "raw"));
    }
}

/// Entries beyond those used are zero in both.
TEST_F(Golden, UniquePalette) {
  auto palette = cantFail(uniquePalette(floats("mil_unique_5values", "w")));
  EXPECT_EQ(palette.indices, codes("mil_unique_5values", "indices"));
  EXPECT_EQ(palette.table, floats("mil_unique_5values", "lut"));
}

double squaredError(const std::vector<float> &weights,
                    const std::vector<float> &table,
                    const std::vector<uint8_t> &indices) {
  double total = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    double error = double(weights[i]) - double(table[indices[i]]);
    total += error * error;
  }
  return total;
}

/// The vectors hold halves, whose table was rounded to halves: the partition
/// must be the same, and the table the same after that rounding.
TEST_F(Golden, KMeansExact) {
  for (unsigned bits : {1, 2, 3, 4, 6, 8}) {
    std::string name = "mil_kmeans1d_" + std::to_string(bits);
    SCOPED_TRACE(name);
    std::vector<float> weights = floats(name, "w");
    auto result = cantFail(kMeans1D(weights, 1u << bits));
    EXPECT_EQ(result.indices, codes(name, "indices"));
    std::vector<float> table = floats(name, "lut");
    for (size_t i = 0; i < table.size(); ++i)
      EXPECT_EQ(halfToFloat(floatToHalf(result.table[i])), table[i]);
    EXPECT_LE(result.certificate.cost,
              squaredError(weights, table, codes(name, "indices")));
    EXPECT_LE(result.certificate.relativeGap, 1e-12);
  }
}

TEST_F(Golden, KMeansNotWorseThanLloyd) {
  for (unsigned bits : {1, 2, 3, 4, 6, 8}) {
    std::string name = "mil_kmeans_sklearn_" + std::to_string(bits);
    SCOPED_TRACE(name);
    std::vector<float> weights = floats(name, "w");
    auto result = cantFail(kMeans1D(weights, 1u << bits));
    double mse = read(name, "mse").as<double>()[0];
    double ours = squaredError(weights, result.table, result.indices) /
                  double(weights.size());
    EXPECT_LE(ours, mse * (1 + 1e-6));
  }
}

/// Pruning by magnitude rounds the percentile to half for half weights; only
/// the float32 vectors are ours to match.
TEST_F(Golden, Pruning) {
  auto check = [&](const std::string &suffix, auto prune) {
    std::string name = "mil_prune_" + suffix + "_float32";
    SCOPED_TRACE(name);
    NpyArray w = read(name, "w");
    std::vector<float> weights = w.as<float>();
    KeepMask mask = cantFail(prune(FloatView(weights), w.shape));
    EXPECT_EQ(packBits(mask, 1, BitOrder::LSBFirst), codes(name, "mask"));
    std::vector<float> kept = gatherKept(weights, mask), dense(weights.size());
    EXPECT_EQ(kept, floats(name, "nonzero"));
    scatterKept(kept, mask, dense);
    EXPECT_EQ(dense, floats(name, "dense"));
  };
  using Shape = const std::vector<int64_t> &;
  for (int percent : {0, 25, 50, 75, 90, 100})
    check("mag" + std::to_string(percent), [&](FloatView w, Shape) {
      return pruneByMagnitude(w, percent / 100.0);
    });
  check("thr", [](FloatView w, Shape) { return pruneByThreshold(w, 0.2f); });
  for (unsigned dim : {0, 1}) {
    std::string dimName = "_dim" + std::to_string(dim);
    for (auto [n, m] : {std::pair<unsigned, unsigned>{1, 2}, {2, 4}, {3, 5}})
      check(std::to_string(n) + "_" + std::to_string(m) + dimName,
            [&, n = n, m = m](FloatView w, Shape shape) {
              return pruneNofM(w, AxisLayout::get(shape, dim), n, m);
            });
    check("block4" + dimName, [&](FloatView w, Shape shape) {
      return pruneBlocks(w, AxisLayout::get(shape, dim), 4, 0.5);
    });
  }
  check("conv_2_4", [](FloatView w, Shape shape) {
    return pruneNofM(w, AxisLayout::get(shape, 1), 1, 2);
  });
}

} // namespace
