//===- WeightScheme.h - How one weight is to be stored ----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TRANSFORMS_WEIGHTSCHEME_H
#define MLMODEL_TRANSFORMS_WEIGHTSCHEME_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mlmodel {

enum class CompressionMethod {
  /// The values keep their type; only pruning changes them.
  None,
  /// w = scale * q + bias.
  Linear,
  LinearSymmetric,
  /// IEEE halves.
  Float16,
  /// Signed bytes with one scale, for products with inputs rounded to bytes.
  Int8Dynamic,
  /// w = table[q], with the table of least squared error ...
  KMeans,
  /// ... of even steps from the least to the greatest value ...
  Uniform,
  /// ... of the values themselves, where there are few enough of them ...
  Unique,
  /// ... or given by the user.
  Table,
};

/// The name in options and reports: "linear", "linear-symmetric", "kmeans" ...
llvm::StringRef getMethodName(CompressionMethod method);
std::optional<CompressionMethod> parseMethod(llvm::StringRef name);

/// Which values become zero.
struct Pruning {
  enum class Method {
    /// The fraction `sparsity` with the least magnitudes.
    Magnitude,
    /// All magnitudes up to `threshold`.
    Threshold,
    /// The `n` least of each run of `m`.
    NofM,
    /// The fraction `sparsity` of runs of `block` with the least norms.
    Block,
  };
  Method method = Method::Magnitude;
  double sparsity = 0;
  float threshold = 0;
  unsigned n = 0, m = 0;
  unsigned block = 0;
  /// Runs of NofM and Block go along the output channels, not the inputs.
  bool alongOutputs = false;
};

struct WeightScheme {
  CompressionMethod method = CompressionMethod::Linear;
  /// 1 to 8; from 2 for LinearSymmetric. 0 lets Unique and Table choose the
  /// least. Of no meaning for None, Float16 and Int8Dynamic.
  unsigned bits = 8;
  /// One scale for the whole of each weight instead of one per channel.
  bool perTensor = false;
  /// Values that are zero stay exactly zero. Pruning implies it.
  bool keepZeros = false;
  /// Of Table: up to 256 finite values in any order.
  std::shared_ptr<const std::vector<float>> table;
  std::optional<Pruning> pruning;

  bool keepsZeros() const { return keepZeros || pruning; }

  /// ExitCode::Usage if a number is out of range or the parts do not fit.
  llvm::Error check() const;
  /// "kmeans, 4 bits", "magnitude 0.75, float16": for reports and progress.
  std::string describe() const;
};

/// A scheme as options and files give it, before its parts are put together.
/// What is not given has the default that WeightScheme documents.
struct SchemeSpec {
  /// 1 to 8 bits of integers, or 16 for halves.
  std::optional<unsigned> quantize;
  std::optional<unsigned> palettize;
  bool symmetric = false, perTensor = false, int8Dynamic = false;
  bool keepZeros = false;
  /// Of palettize: kmeans, uniform, unique or table.
  std::string mode;
  /// A file of numbers, .npy or text.
  std::string table;
  std::optional<double> sparsify;
  std::optional<double> threshold;
  /// "2:4": the two least of each run of four become zero.
  std::string nOfM;
  unsigned block = 0;
  /// "inputs" or "outputs": the direction of runs.
  std::string along;

  /// Puts the parts together; nothing if none of them asks for a change.
  /// Reads the table's file. Errors: ExitCode::Usage, or IO of the file.
  llvm::Expected<std::optional<WeightScheme>> resolve() const;
};

} // namespace mlmodel

#endif // MLMODEL_TRANSFORMS_WEIGHTSCHEME_H
