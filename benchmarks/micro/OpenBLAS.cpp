//===- OpenBLAS.cpp - Products of matrices by OpenBLAS --------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Program.h"
#include <cassert>
#include <cblas.h>

using namespace mlmodel::bench;

namespace {
class BLASProgram : public Program {
public:
  BLASProgram(const Problem &problem, const Weights &weights,
              const std::vector<float> &input)
      : problem(problem), weights(weights.values), input(input),
        result(problem.getNumResults()) {}

  void run() override {
    int n = int(problem.outputs), k = int(problem.inputs);
    if (problem.isConvolution()) {
      // y[outputs, pixels] = w[outputs, inputs] * x[inputs, pixels].
      int pixels = int(problem.size * problem.size);
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, pixels, k, 1,
                  weights.data(), k, input.data(), pixels, 0, result.data(),
                  pixels);
    } else if (problem.rows == 1) {
      cblas_sgemv(CblasRowMajor, CblasNoTrans, n, k, 1, weights.data(), k,
                  input.data(), 1, 0, result.data(), 1);
    } else {
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, int(problem.rows), n,
                  k, 1, input.data(), k, weights.data(), k, 0, result.data(),
                  n);
    }
  }

  std::vector<float> getResult() override { return result; }

private:
  Problem problem;
  std::vector<float> weights, input, result;
};
} // namespace

MadeProgram mlmodel::bench::makeOpenBLAS(const Problem &problem,
                                         const Weights &weights,
                                         const std::vector<float> &input) {
  assert(problem.isMatrixProduct() && "OpenBLAS has no convolutions");
  openblas_set_num_threads(1);
  return std::make_unique<BLASProgram>(problem, weights, input);
}
