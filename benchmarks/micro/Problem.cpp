//===- Problem.cpp - What the kernels of a contest compute ----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Problem.h"
#include <cmath>
#include <random>

using namespace mlmodel::bench;

const char *mlmodel::bench::getName(Encoding encoding) {
  switch (encoding) {
  case Encoding::Float32:
    return "float32";
  case Encoding::Palette4:
    return "palette4";
  case Encoding::Palette8:
    return "palette8";
  case Encoding::Linear8:
    return "linear8";
  case Encoding::Zeros75:
    return "zeros75";
  case Encoding::Zeros90:
    return "zeros90";
  }
  return "";
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

std::vector<int64_t> Problem::getInputShape() const {
  if (isConvolution())
    return {1, inputs, size, size};
  return {rows, inputs};
}

std::vector<int64_t> Problem::getWeightShape() const {
  if (isConvolution())
    return {outputs, inputs / groups, kernel, kernel};
  return {outputs, inputs};
}

std::vector<int64_t> Problem::getResultShape() const {
  if (isConvolution())
    return {1, outputs, size, size};
  return {rows, outputs};
}

int64_t Problem::getNumInputs() const {
  return inputs * (isConvolution() ? size * size : rows);
}

int64_t Problem::getNumResults() const {
  return outputs * (isConvolution() ? size * size : rows);
}

static std::string formatName(const char *family,
                              std::initializer_list<int64_t> sizes) {
  std::string name = family;
  const char *separator = "/";
  for (int64_t size : sizes) {
    name += separator + std::to_string(size);
    separator = "x";
  }
  return name;
}

static Problem makeVectorProduct(int64_t inputs, int64_t outputs) {
  Problem problem{formatName("gemv", {inputs, outputs}), inputs, outputs};
  problem.encodings = {Encoding::Float32, Encoding::Palette4,
                       Encoding::Palette8, Encoding::Linear8};
  return problem;
}

static Problem makeProduct(int64_t rows, int64_t inputs, int64_t outputs) {
  return {formatName("gemm", {rows, inputs, outputs}), inputs, outputs, rows};
}

static Problem makeConvolution(int64_t kernel, int64_t inputs, int64_t outputs,
                               int64_t size) {
  return {
      formatName(kernel == 1 ? "conv1x1" : "conv3x3", {inputs, outputs, size}),
      inputs,
      outputs,
      /*rows=*/1,
      size,
      kernel};
}

static Problem makeSparse(int64_t inputs, int64_t outputs, int64_t size) {
  Problem problem = makeConvolution(1, inputs, outputs, size);
  problem.encodings = {Encoding::Float32, Encoding::Zeros75, Encoding::Zeros90};
  return problem;
}

static Problem makeDepthwise(int64_t channels, int64_t size) {
  return {formatName("depthwise3x3", {channels, size}),
          channels,
          channels,
          /*rows=*/1,
          size,
          /*kernel=*/3,
          /*groups=*/channels};
}

std::vector<Problem> mlmodel::bench::getProblems() {
  return {
      makeVectorProduct(768, 768),
      makeVectorProduct(768, 3072),
      makeVectorProduct(4096, 4096),
      makeProduct(8, 768, 768),
      makeProduct(8, 4096, 4096),
      makeProduct(128, 768, 768),
      makeProduct(128, 768, 3072),
      makeProduct(128, 3072, 768),
      makeProduct(128, 4096, 4096),
      makeConvolution(1, 64, 64, 56),
      makeConvolution(1, 256, 64, 56),
      makeConvolution(1, 512, 128, 28),
      makeConvolution(1, 1024, 256, 14),
      makeConvolution(1, 256, 1024, 14),
      makeConvolution(1, 512, 2048, 7),
      makeConvolution(3, 64, 64, 56),
      makeConvolution(3, 128, 128, 28),
      makeConvolution(3, 256, 256, 14),
      makeConvolution(3, 512, 512, 7),
      makeDepthwise(32, 112),
      makeDepthwise(128, 56),
      makeDepthwise(256, 28),
      makeDepthwise(512, 14),
      makeSparse(512, 512, 16),
      makeSparse(256, 1024, 16),
      makeSparse(768, 768, 16),
      makeSparse(768, 3072, 16),
  };
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

namespace {
/// Numbers that do not depend on the library: only its generator is used.
class Draw {
public:
  explicit Draw(unsigned seed) : engine(seed) {}

  /// From 0 to 1.
  float fraction() { return float(engine() >> 8) * 0x1p-24f; }
  float uniform(float limit) { return (2 * fraction() - 1) * limit; }
  uint8_t code(unsigned bits) { return uint8_t(engine() >> (32 - bits)); }

private:
  std::mt19937 engine;
};
} // namespace

static void fillPalette(Weights &weights, unsigned bits, float limit,
                        Draw &draw) {
  weights.table.resize(size_t(1) << bits);
  for (float &value : weights.table)
    value = draw.uniform(limit);
  weights.codes.resize(weights.values.size());
  for (size_t i = 0; i < weights.values.size(); ++i) {
    weights.codes[i] = draw.code(bits);
    weights.values[i] = weights.table[weights.codes[i]];
  }
}

static void fillLinear(Weights &weights, int64_t outputs, float limit,
                       Draw &draw) {
  for (int64_t i = 0; i < outputs; ++i) {
    weights.table.push_back(limit / 128 * (1 + draw.fraction()));
    weights.biases.push_back(-128 * weights.table.back());
  }
  size_t terms = weights.values.size() / outputs;
  weights.codes.resize(weights.values.size());
  for (size_t i = 0; i < weights.values.size(); ++i) {
    weights.codes[i] = draw.code(8);
    weights.values[i] =
        weights.table[i / terms] * weights.codes[i] + weights.biases[i / terms];
  }
}

static void fillFloats(Weights &weights, float limit, Draw &draw) {
  float zeros = weights.encoding == Encoding::Zeros75   ? 0.75f
                : weights.encoding == Encoding::Zeros90 ? 0.9f
                                                        : 0;
  for (float &value : weights.values) {
    bool isZero = draw.fraction() < zeros;
    value = isZero ? 0 : draw.uniform(limit);
  }
}

Weights mlmodel::bench::makeWeights(const Problem &problem, Encoding encoding) {
  Draw draw(/*seed=*/1);
  // The variance of a sum of numbers that are uniform up to the limit, times
  // inputs of variance 1 / 3, is then 1 / 3 again.
  float limit = std::sqrt(3.0f / problem.getNumTerms());
  Weights weights{encoding};
  weights.values.resize(problem.getNumWeights());
  switch (encoding) {
  case Encoding::Float32:
  case Encoding::Zeros75:
  case Encoding::Zeros90:
    fillFloats(weights, limit, draw);
    break;
  case Encoding::Palette4:
    fillPalette(weights, /*bits=*/4, limit, draw);
    break;
  case Encoding::Palette8:
    fillPalette(weights, /*bits=*/8, limit, draw);
    break;
  case Encoding::Linear8:
    fillLinear(weights, problem.outputs, limit, draw);
    break;
  }
  return weights;
}

std::vector<float> mlmodel::bench::makeInput(const Problem &problem) {
  Draw draw(/*seed=*/2);
  std::vector<float> input(problem.getNumInputs());
  for (float &value : input)
    value = draw.uniform(/*limit=*/1);
  return input;
}
