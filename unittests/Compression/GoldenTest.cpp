//===- GoldenTest.cpp - Vectors computed by coremltools -------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compares with every vector in MLMODEL_SHARED_DIR/golden and closes with a
// count by verdict; a vector of a family that no check knows fails. What is not
// equal bit for bit is argued in docs/Compression.md. Skips where the vectors
// are absent.
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
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "gtest/gtest.h"
#include <map>

using namespace mlmodel;
using llvm::cantFail;
using llvm::StringRef;

namespace {

/// What a check found; a difference that is not allowed is a test failure.
enum class Verdict {
  /// Every array is the same, bit for bit.
  Exact,
  /// Another solution of the same problem, whose error is at most theirs.
  NotWorse,
  /// The same codes, and a table that is off by one rounding of float32.
  SameCodes,
  /// ML Program's integers with zero points are not stored here; their packing
  /// is the same.
  PackingOnly,
  /// Neither the algorithm nor its encoding is in a NeuralNetwork file.
  NotInFormat,
};

const char *describe(Verdict verdict) {
  switch (verdict) {
  case Verdict::Exact:
    return "equal bit for bit";
  case Verdict::NotWorse:
    return "error at most theirs";
  case Verdict::SameCodes:
    return "codes equal, table within a rounding";
  case Verdict::PackingOnly:
    return "ML Program integers, packing equal";
  case Verdict::NotInFormat:
    return "ML Program only, not checked";
  }
  return "";
}

/// One folder of arrays and parameters.
class Vector {
public:
  Vector(const std::string &folder, const std::string &name)
      : name(name), folder(folder + "/" + name + "/") {
    auto text = llvm::MemoryBuffer::getFile(this->folder + "params.json");
    if (text)
      parameters = cantFail(llvm::json::parse((*text)->getBuffer()));
  }

  bool has(StringRef array) const {
    const llvm::json::Object *arrays =
        parameters.getAsObject()->getObject("arrays");
    return arrays && arrays->get(array);
  }
  unsigned getInt(StringRef key, int64_t otherwise = 0) const {
    return parameters.getAsObject()->getInteger(key).value_or(otherwise);
  }
  double getNumber(StringRef key) const {
    return parameters.getAsObject()->getNumber(key).value_or(0);
  }
  NpyArray read(const std::string &array) const {
    NpyArray result;
    EXPECT_TRUE(readNpy(folder + array + ".npy", result)) << array;
    return result;
  }
  std::vector<float> floats(const std::string &array) const {
    NpyArray result = read(array);
    if (result.type != "<f2")
      return result.as<float>();
    std::vector<float> values;
    for (uint16_t half : result.as<uint16_t>())
      values.push_back(halfToFloat(half));
    return values;
  }
  std::vector<uint8_t> codes(const std::string &array) const {
    return read(array).as<uint8_t>();
  }

  std::string name;

private:
  std::string folder;
  llvm::json::Value parameters = llvm::json::Object();
};

double squaredError(const std::vector<float> &weights,
                    const std::vector<float> &decoded) {
  double total = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    double error = double(weights[i]) - double(decoded[i]);
    total += error * error;
  }
  return total;
}

std::vector<float> decode(const std::vector<float> &table,
                          const std::vector<uint8_t> &indices) {
  std::vector<float> values;
  for (uint8_t index : indices)
    values.push_back(table[index]);
  return values;
}

//===----------------------------------------------------------------------===//
// NeuralNetwork
//===----------------------------------------------------------------------===//

Verdict checkLinear(const Vector &v) {
  LinearMode mode = StringRef(v.name).contains("symmetric")
                        ? LinearMode::Symmetric
                        : LinearMode::Linear;
  unsigned bits = v.getInt("nbits");
  NpyArray w = v.read("w");
  std::vector<float> weights = w.as<float>();
  AxisLayout layout = w.shape.size() == 1
                          ? AxisLayout::flat(weights.size())
                          : AxisLayout::get(w.shape, v.getInt("axis"));
  auto result = cantFail(quantizeLinear(weights, layout, bits, mode));
  EXPECT_EQ(result.codes, v.codes("q"));
  EXPECT_EQ(result.scale, v.floats("scale"));
  EXPECT_EQ(result.bias, v.floats("bias"));
  std::vector<uint8_t> packed = packBits(result.codes, bits);
  if (v.has("raw")) {
    EXPECT_EQ(packed, v.codes("raw"));
  }
  if (v.has("dequant")) {
    std::vector<float> decoded(weights.size());
    decodeLinear(packed, bits, BitOrder::MSBFirst, layout, result.scale,
                 result.bias, DecodeArithmetic::Float64, 0, decoded);
    EXPECT_EQ(decoded, v.floats("dequant"));
  }
  return Verdict::Exact;
}

Verdict checkLinearTable(const Vector &v) {
  unsigned bits = v.getInt("nbits");
  auto palette = cantFail(uniformPalette(v.floats("w"), bits));
  EXPECT_EQ(palette.indices, v.codes("q"));
  EXPECT_EQ(palette.table, v.floats("lut"));
  EXPECT_EQ(packBits(palette.indices, bits), v.codes("raw"));
  return Verdict::Exact;
}

//===----------------------------------------------------------------------===//
// Palettes of ML Program
//===----------------------------------------------------------------------===//

/// Entries beyond those used are zero in both.
Verdict checkUnique(const Vector &v) {
  auto palette = cantFail(uniquePalette(v.floats("w")));
  EXPECT_EQ(palette.indices, v.codes("indices"));
  EXPECT_EQ(palette.table, v.floats("lut"));
  return Verdict::Exact;
}

/// Theirs computes the table step by step in float32; ours, as NeuralNetwork's
/// tools do, in float64 and rounds once.
Verdict checkUniform(const Vector &v) {
  auto palette = cantFail(uniformPalette(v.floats("w"), v.getInt("nbits")));
  EXPECT_EQ(palette.indices, v.codes("indices"));
  std::vector<float> table = v.floats("lut");
  float rounding =
      std::max(std::fabs(table.front()), std::fabs(table.back())) * 0x1p-23f;
  for (size_t i = 0; i < table.size(); ++i)
    EXPECT_NEAR(palette.table[i], table[i], rounding) << i;
  return palette.table == table ? Verdict::Exact : Verdict::SameCodes;
}

/// The weights are halves, and the table was rounded to halves: the partition
/// must be the same, and the table the same after that rounding.
Verdict checkExactKMeans(const Vector &v) {
  std::vector<float> weights = v.floats("w"), table = v.floats("lut");
  auto result = cantFail(kMeans1D(weights, 1u << v.getInt("nbits")));
  EXPECT_EQ(result.indices, v.codes("indices"));
  EXPECT_EQ(packBits(result.indices, v.getInt("nbits"), BitOrder::LSBFirst),
            v.codes("packed"));
  for (size_t i = 0; i < table.size(); ++i)
    EXPECT_EQ(halfToFloat(floatToHalf(result.table[i])), table[i]);
  EXPECT_LE(result.certificate.cost,
            squaredError(weights, decode(table, v.codes("indices"))));
  EXPECT_LE(result.certificate.relativeGap, 1e-12);
  return Verdict::Exact;
}

Verdict checkLloyd(const Vector &v) {
  std::vector<float> weights = v.floats("w");
  auto result = cantFail(kMeans1D(weights, 1u << v.getInt("nbits")));
  double theirs = v.read("mse").as<double>()[0] * double(weights.size());
  double ours = squaredError(weights, decode(result.table, result.indices));
  EXPECT_LE(ours, theirs * (1 + 1e-6));
  return Verdict::NotWorse;
}

/// One table for each group of channels.
Verdict checkGroups(const Vector &v) {
  NpyArray w = v.read("w");
  std::vector<float> weights = w.as<float>();
  AxisLayout layout = AxisLayout::get(w.shape, v.getInt("channel_axis"));
  size_t size = v.getInt("group_size");
  double ours = 0;
  for (size_t group = 0; group < layout.axis; group += size) {
    std::vector<float> values;
    for (size_t i = 0; i < weights.size(); ++i)
      if (i / layout.inner % layout.axis / size == group / size)
        values.push_back(weights[i]);
    auto result = cantFail(kMeans1D(values, 1u << v.getInt("nbits")));
    ours += squaredError(values, decode(result.table, result.indices));
  }
  EXPECT_LE(ours, squaredError(weights, v.floats("dequant")) * (1 + 1e-6));
  return Verdict::NotWorse;
}

Verdict skipVectors(const Vector &) { return Verdict::NotInFormat; }

//===----------------------------------------------------------------------===//
// Pruning
//===----------------------------------------------------------------------===//

KeepMask prune(const Vector &v, FloatView weights,
               const std::vector<int64_t> &shape) {
  StringRef name = v.name;
  auto along = [&] { return AxisLayout::get(shape, v.getInt("dim")); };
  if (name.starts_with("mil_prune_mag"))
    return cantFail(pruneByMagnitude(weights, v.getNumber("target_sparsity")));
  if (name.starts_with("mil_prune_thr"))
    return cantFail(pruneByThreshold(weights, float(v.getNumber("threshold"))));
  if (name.starts_with("mil_prune_block"))
    return cantFail(pruneBlocks(weights, along(), v.getInt("block_size"),
                                v.getNumber("target_sparsity")));
  return cantFail(pruneNofM(weights, along(), v.getInt("n"), v.getInt("m")));
}

Verdict checkPruning(const Vector &v) {
  NpyArray w = v.read("w");
  std::vector<float> weights = v.floats("w"), dense(weights.size());
  KeepMask mask = prune(v, weights, w.shape);
  EXPECT_EQ(packBits(mask, 1, BitOrder::LSBFirst), v.codes("mask"));
  std::vector<float> kept = gatherKept(weights, mask);
  EXPECT_EQ(kept, v.floats("nonzero"));
  scatterKept(kept, mask, dense);
  EXPECT_EQ(dense, v.floats("dense"));
  return Verdict::Exact;
}

/// q is stored here with a float32 bias instead of an integer zero point. What
/// is the same is how codes of 4 bits are packed.
Verdict checkIntegers(const Vector &v) {
  if (!v.has("blob"))
    return Verdict::NotInFormat;
  std::vector<uint8_t> codes = v.codes("q");
  for (uint8_t &code : codes)
    code &= 15;
  EXPECT_EQ(packBits(codes, 4, BitOrder::LSBFirst), v.codes("blob"));
  return Verdict::PackingOnly;
}

//===----------------------------------------------------------------------===//
// All of them
//===----------------------------------------------------------------------===//

/// The check of the first prefix that fits a name.
const std::pair<const char *, Verdict (*)(const Vector &)> checks[] = {
    {"nn_linear_lut_", checkLinearTable}, {"nn_linear_", checkLinear},
    {"mil_unique_", checkUnique},         {"mil_uniform_", checkUniform},
    {"mil_kmeans1d_", checkExactKMeans},  {"mil_kmeans_sklearn_", checkLloyd},
    {"mil_kmeans_grouped_", checkGroups}, {"mil_kmeans_vector", skipVectors},
    {"mil_prune_", checkPruning},         {"mil_linear_", checkIntegers},
};

TEST(Golden, AllVectors) {
  std::string root = std::string(MLMODEL_SHARED_DIR) + "/golden";
  std::vector<std::string> names;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(root, error), end;
       it != end && !error; it.increment(error))
    if (llvm::sys::fs::is_directory(it->path()))
      names.push_back(llvm::sys::path::filename(it->path()).str());
  if (names.empty())
    GTEST_SKIP() << "no golden vectors in " << root
                 << " (set MLMODEL_SHARED_DIR when configuring)";
  llvm::sort(names);
  std::map<Verdict, size_t> counts;
  for (const std::string &name : names) {
    SCOPED_TRACE(name);
    auto *check = llvm::find_if(checks, [&](const auto &entry) {
      return StringRef(name).starts_with(entry.first);
    });
    ASSERT_NE(check, std::end(checks)) << "no check knows this vector";
    Verdict verdict = check->second(Vector(root, name));
    ++counts[verdict];
    // A NeuralNetwork file has to be the same to the bit.
    if (StringRef(name).starts_with("nn_")) {
      EXPECT_EQ(verdict, Verdict::Exact);
    }
  }
  printf("%zu golden vectors:\n", names.size());
  for (auto [verdict, count] : counts)
    printf("  %3zu %s\n", count, describe(verdict));
}

} // namespace
