//===- LinearAlgebraTest.cpp - Matrix products against plain loops -*- C++
//-*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EngineTestUtils.h"
#include "gtest/gtest.h"

using namespace mlmodel::enginetest;

TEST(LinearAlgebra, Linear) {
  for (bool hasBias : {false, true})
    for (std::vector<int64_t> batch :
         {std::vector<int64_t>{}, {1}, {5}, {2, 3}}) {
      std::vector<int64_t> xShape = batch, yShape = batch;
      xShape.push_back(37);
      yShape.push_back(19);
      Array x = random(xShape, 1), w = random({19, 37}, 2), b = random({19}, 3),
            expected(yShape);
      for (size_t i = 0; i < expected.size(); ++i) {
        double sum = hasBias ? b[i % 19] : 0;
        for (int k = 0; k < 37; ++k)
          sum += double(x[i / 19 * 37 + k]) * w[i % 19 * 37 + k];
        expected[i] = float(sum);
      }
      std::vector<Array> inputs = {x, w};
      if (hasBias)
        inputs.push_back(b);
      std::string line =
          std::string("%0 = mil.linear %a, %b") + (hasBias ? ", %c" : "") +
          " : (" + tensorType(xShape) + ", tensor<19x37xf32>" +
          (hasBias ? ", tensor<19xf32>" : "") + ") -> " + tensorType(yShape);
      expectNear(run(makeModule(inputs, yShape, line), inputs).at(0), expected,
                 1e-4f);
    }
}

/// [2, 1, m, k] times [3, k, n], either one transposed.
TEST(LinearAlgebra, MatmulBroadcasts) {
  constexpr int m = 4, n = 18, k = 5;
  for (bool tx : {false, true})
    for (bool ty : {false, true}) {
      Array x = random({2, 1, tx ? k : m, tx ? m : k}, 1);
      Array y = random({3, ty ? n : k, ty ? k : n}, 2);
      Array expected({2, 3, m, n});
      for (int b = 0; b < 2; ++b)
        for (int c = 0; c < 3; ++c)
          for (int i = 0; i < m; ++i)
            for (int j = 0; j < n; ++j) {
              double sum = 0;
              for (int l = 0; l < k; ++l)
                sum += double(x[b * m * k + (tx ? l * m + i : i * k + l)]) *
                       y[c * n * k + (ty ? j * k + l : l * n + j)];
              expected[((b * 3 + c) * m + i) * n + j] = float(sum);
            }
      std::string line = std::string("%0 = mil.matmul %a, %b {transpose_x = ") +
                         (tx ? "true" : "false") +
                         ", transpose_y = " + (ty ? "true" : "false") +
                         "} : (" + tensorType(x.shape) + ", " +
                         tensorType(y.shape) + ") -> " +
                         tensorType(expected.shape);
      expectNear(run(makeModule({x, y}, expected.shape, line), {x, y}).at(0),
                 expected, 1e-4f);
    }
}

TEST(LinearAlgebra, EmptySumIsZero) {
  Array x({2, 0}), y({0, 3}), expected({2, 3});
  expectNear(run(makeModule({x, y}, {2, 3},
                            "%0 = mil.matmul %a, %b : (tensor<2x0xf32>, "
                            "tensor<0x3xf32>) -> tensor<2x3xf32>"),
                 {x, y})
                 .at(0),
             expected);
}
