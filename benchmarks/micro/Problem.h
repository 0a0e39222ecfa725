//===- Problem.h - What the kernels of a contest compute --------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_BENCHMARKS_MICRO_PROBLEM_H
#define MLMODEL_BENCHMARKS_MICRO_PROBLEM_H

#include <cstdint>
#include <string>
#include <vector>

namespace mlmodel::bench {

/// How our weights are stored. The peers always get them as float32.
enum class Encoding {
  Float32,
  /// Codes of 4 and of 8 bits, each the place of a value in one table.
  Palette4,
  Palette8,
  /// Codes of 8 bits, and a scale and a bias for each output.
  Linear8,
  /// Float32, of which this percentage, drawn by chance, is zero.
  Zeros75,
  Zeros90
};

/// As results are named.
const char *getName(Encoding encoding);

/// A product of matrices, y[rows, outputs] = x[rows, inputs] * w[outputs,
/// inputs] transposed, or a convolution, y[outputs, size, size] from x[inputs,
/// size, size] and w[outputs, inputs / groups, kernel, kernel]. Its kernels
/// move by one pixel over the image, around which zeros keep its size.
struct Problem {
  std::string name;
  int64_t inputs, outputs;
  /// 1 for convolutions.
  int64_t rows = 1;
  /// 0 for products of matrices.
  int64_t size = 0;
  int64_t kernel = 1, groups = 1;
  std::vector<Encoding> encodings = {Encoding::Float32};

  bool isConvolution() const { return size != 0; }
  /// Also of the pixels of an image, if kernels have one pixel.
  bool isMatrixProduct() const { return kernel == 1 && groups == 1; }
  /// Values that are added up for one of the results.
  int64_t getNumTerms() const { return inputs / groups * kernel * kernel; }
  int64_t getNumWeights() const { return outputs * getNumTerms(); }
  int64_t getNumInputs() const;
  int64_t getNumResults() const;
  /// Float operations with all weights, zeros as well; a multiply-add is two.
  double getNumOperations() const {
    return 2.0 * getNumResults() * getNumTerms();
  }

  std::vector<int64_t> getInputShape() const;
  std::vector<int64_t> getWeightShape() const;
  std::vector<int64_t> getResultShape() const;
};

/// Shapes of ResNet-50, MobileNet, BERT and large language models.
std::vector<Problem> getProblems();

struct Weights {
  Encoding encoding;
  /// Decoded, in row-major order.
  std::vector<float> values;
  /// One for each weight; none with Float32, Zeros75 and Zeros90.
  std::vector<uint8_t> codes;
  /// The values of a palette, or the scale of each output.
  std::vector<float> table;
  /// Of each output; only with Linear8.
  std::vector<float> biases;
};

/// Random numbers, the same each time, such that results are about as large as
/// inputs are.
Weights makeWeights(const Problem &problem, Encoding encoding);
std::vector<float> makeInput(const Problem &problem);

} // namespace mlmodel::bench

#endif // MLMODEL_BENCHMARKS_MICRO_PROBLEM_H
