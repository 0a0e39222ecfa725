//===- EngineTestUtils.h - Run small networks in tests ----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_UNITTESTS_CODEGEN_ENGINETESTUTILS_H
#define MLMODEL_UNITTESTS_CODEGEN_ENGINETESTUTILS_H

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace mlmodel::enginetest {

struct Array {
  std::vector<int64_t> shape;
  std::vector<float> values;

  Array() = default;
  explicit Array(std::vector<int64_t> shape);
  Array(std::vector<int64_t> shape, std::vector<float> values);
  float &operator[](size_t i) { return values[i]; }
  float operator[](size_t i) const { return values[i]; }
  size_t size() const { return values.size(); }
};

/// Uniform values in [low, high].
Array random(std::vector<int64_t> shape, unsigned seed, float low = -2,
             float high = 2);

/// Compiles a module and runs its @main; fails the test on errors.
std::vector<Array> run(const std::string &module,
                       const std::vector<Array> &inputs, unsigned optLevel = 3);

/// The results with each of these numbers of threads, of code that is compiled
/// once and run several times.
std::vector<std::vector<Array>>
runOnThreads(const std::string &module, const std::vector<Array> &inputs,
             const std::vector<unsigned> &threads);

/// The error of compiling or running a module; empty if there is none.
std::string getError(const std::string &module,
                     const std::vector<Array> &inputs, uint64_t maxBytes = 0);

/// A module with one @main(%a, %b, ...) that returns %0. `line` defines %0.
std::string makeModule(const std::vector<Array> &inputs,
                       const std::vector<int64_t> &result,
                       const std::string &line);

/// tensor<2x3xf32>
std::string tensorType(const std::vector<int64_t> &shape,
                       const std::string &element = "f32");

/// Equal within `tolerance` relative to max(1, |expected|); NaN equals NaN.
void expectNear(const Array &actual, const Array &expected,
                float tolerance = 1e-5f);

} // namespace mlmodel::enginetest

#endif // MLMODEL_UNITTESTS_CODEGEN_ENGINETESTUTILS_H
