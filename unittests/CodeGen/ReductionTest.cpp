//===- ReductionTest.cpp - Reductions and normalizations against plain loops -*-
// C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EngineTestUtils.h"
#include "gtest/gtest.h"
#include <cmath>
#include <functional>
#include <limits>

using namespace mlmodel::enginetest;

namespace {

struct ReduceCase {
  std::string op;
  double init;
  std::function<double(double acc, double x)> combine;
  std::function<double(double acc, double count)> post;
};

double keep(double acc, double) { return acc; }

} // namespace

static const ReduceCase kReduceCases[] = {
    {"reduce_sum", 0, std::plus<double>(), keep},
    {"reduce_mean", 0, std::plus<double>(), std::divides<double>()},
    {"reduce_max", -1e30, [](double a, double x) { return std::fmax(a, x); },
     keep},
    {"reduce_min", 1e30, [](double a, double x) { return std::fmin(a, x); },
     keep},
    {"reduce_prod", 1, std::multiplies<double>(), keep},
    {"reduce_l1_norm", 0, [](double a, double x) { return a + std::fabs(x); },
     keep},
    {"reduce_l2_norm", 0, [](double a, double x) { return a + x * x; },
     [](double a, double) { return std::sqrt(a); }},
    {"reduce_log_sum", 0, std::plus<double>(),
     [](double a, double) { return std::log(a); }},
    {"reduce_log_sum_exp", 0,
     [](double a, double x) { return a + std::exp(x); },
     [](double a, double) { return std::log(a); }},
    {"reduce_sum_square", 0, [](double a, double x) { return a + x * x; },
     keep},
};

/// Folds the dimensions in `mask` of a rank 3 array, keeping them with size 1.
static Array reduce(const ReduceCase &test, const Array &x, unsigned mask) {
  std::vector<int64_t> shape = x.shape;
  double count = 1;
  for (int i = 0; i < 3; ++i)
    if (mask >> i & 1) {
      count *= double(shape[i]);
      shape[i] = 1;
    }
  Array result(shape);
  std::vector<double> acc(result.size(), test.init);
  for (int64_t i = 0; i < x.shape[0]; ++i)
    for (int64_t j = 0; j < x.shape[1]; ++j)
      for (int64_t k = 0; k < x.shape[2]; ++k) {
        int64_t to =
            ((mask & 1 ? 0 : i) * shape[1] + (mask & 2 ? 0 : j)) * shape[2] +
            (mask & 4 ? 0 : k);
        acc[to] =
            test.combine(acc[to], x[(i * x.shape[1] + j) * x.shape[2] + k]);
      }
  for (size_t i = 0; i < acc.size(); ++i)
    result[i] = float(test.post(acc[i], count));
  return result;
}

static std::string axesAttr(unsigned mask) {
  std::string axes;
  for (int i = 0; i < 3; ++i)
    if (mask >> i & 1)
      axes += (axes.empty() ? "" : ", ") + std::to_string(i == 2 ? -1 : i);
  return "axes = array<i64: " + axes + ">";
}

TEST(Reduction, AllAxes) {
  for (const ReduceCase &test : kReduceCases)
    for (unsigned mask = 1; mask < 8; ++mask)
      for (bool keepDims : {false, true}) {
        SCOPED_TRACE(test.op + " " + std::to_string(mask));
        Array x = random({3, 4, 17}, mask, 0.5f, 1.5f);
        Array expected = reduce(test, x, mask);
        if (!keepDims) {
          expected.shape.clear();
          for (int i = 0; i < 3; ++i)
            if (!(mask >> i & 1))
              expected.shape.push_back(x.shape[i]);
        }
        std::string line = "%0 = mil." + test.op + " %a {" + axesAttr(mask) +
                           (keepDims ? ", keep_dims = true} : (" : "} : (") +
                           tensorType(x.shape) + ") -> " +
                           tensorType(expected.shape);
        expectNear(run(makeModule({x}, expected.shape, line), {x}).at(0),
                   expected, 1e-4f);
      }
}

TEST(Reduction, LogSumExpDoesNotOverflow) {
  Array x({4}, {1000, 1000, -1000, 0});
  Array expected({1}, {1000 + std::log(2.0f)});
  expectNear(run(makeModule({x}, {1},
                            "%0 = mil.reduce_log_sum_exp %a {keep_dims = true} "
                            ": (tensor<4xf32>) -> tensor<1xf32>"),
                 {x})
                 .at(0),
             expected);
}

TEST(Reduction, ArgTakesTheFirst) {
  Array x({2, 4}, {1, 5, 5, 2, -1, -3, 0, -3});
  auto arg = [&](const std::string &op) {
    return run(makeModule({x}, {2},
                          "%0 = mil." + op +
                              " %a : (tensor<2x4xf32>) -> tensor<2xf32>"),
               {x})
        .at(0);
  };
  expectNear(arg("reduce_argmax"), Array({2}, {1, 2}), 0);
  expectNear(arg("reduce_argmin"), Array({2}, {0, 1}), 0);
}

TEST(Reduction, Cumsum) {
  Array x = random({2, 5, 3}, 1);
  for (bool exclusive : {false, true})
    for (bool reverse : {false, true}) {
      Array expected(x.shape);
      for (int i = 0; i < 2; ++i)
        for (int k = 0; k < 3; ++k) {
          float sum = 0;
          for (int step = 0; step < 5; ++step) {
            int j = reverse ? 4 - step : step;
            size_t at = (i * 5 + j) * 3 + k;
            expected[at] = exclusive ? sum : sum + x[at];
            sum += x[at];
          }
        }
      std::string line = std::string("%0 = mil.cumsum %a {axis = 1 : i64, ") +
                         "exclusive = " + (exclusive ? "true" : "false") +
                         ", reverse = " + (reverse ? "true" : "false") +
                         "} : tensor<2x5x3xf32>";
      expectNear(run(makeModule({x}, x.shape, line), {x}).at(0), expected);
    }
}

TEST(Normalization, Softmax) {
  Array x = random({3, 7, 5}, 1, -90, 90);
  for (int axis = 0; axis < 3; ++axis) {
    Array expected(x.shape);
    int64_t size = x.shape[axis];
    int64_t stride = axis == 2 ? 1 : axis == 1 ? 5 : 35;
    for (size_t i = 0; i < x.size(); ++i) {
      if (i / stride % size != 0)
        continue;
      double top = -1e30, sum = 0;
      for (int64_t c = 0; c < size; ++c)
        top = std::fmax(top, x[i + c * stride]);
      for (int64_t c = 0; c < size; ++c)
        sum += std::exp(x[i + c * stride] - top);
      for (int64_t c = 0; c < size; ++c)
        expected[i + c * stride] =
            float(std::exp(x[i + c * stride] - top) / sum);
    }
    std::string line =
        "%0 = mil.softmax %a {axis = " + std::to_string(axis - 3) +
        " : i64} : tensor<3x7x5xf32>";
    expectNear(run(makeModule({x}, x.shape, line), {x}).at(0), expected);
  }
}

TEST(Normalization, Batch) {
  Array x = random({2, 3, 6}, 1), mean = random({3}, 2),
        variance = random({3}, 3, 0.5f, 2), gamma = random({3}, 4),
        beta = random({3}, 5);
  Array expected(x.shape);
  for (size_t i = 0; i < x.size(); ++i) {
    size_t c = i / 6 % 3;
    expected[i] =
        (x[i] - mean[c]) / std::sqrt(variance[c] + 1e-5f) * gamma[c] + beta[c];
  }
  std::string line =
      "%0 = mil.batch_norm %a, %b, %c gamma %d beta %e : (tensor<2x3x6xf32>, "
      "tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> "
      "tensor<2x3x6xf32>";
  std::vector<Array> inputs = {x, mean, variance, gamma, beta};
  expectNear(run(makeModule(inputs, x.shape, line), inputs).at(0), expected);
}

/// Mean 0 and variance 1 over consecutive runs of `length` elements.
static Array normalizeRuns(const Array &x, size_t length, double epsilon) {
  Array result(x.shape);
  for (size_t start = 0; start < x.size(); start += length) {
    double mean = 0, variance = 0;
    for (size_t i = 0; i < length; ++i)
      mean += x[start + i] / double(length);
    for (size_t i = 0; i < length; ++i)
      variance += std::pow(x[start + i] - mean, 2) / double(length);
    for (size_t i = 0; i < length; ++i)
      result[start + i] =
          float((x[start + i] - mean) / std::sqrt(variance + epsilon));
  }
  return result;
}

TEST(Normalization, Instance) {
  Array x = random({2, 3, 4, 5}, 1, 99, 101), gamma = random({3}, 2),
        beta = random({3}, 3);
  Array expected = normalizeRuns(x, 20, 1e-5);
  for (size_t i = 0; i < x.size(); ++i)
    expected[i] = expected[i] * gamma[i / 20 % 3] + beta[i / 20 % 3];
  std::string line = "%0 = mil.instance_norm %a gamma %b beta %c : "
                     "(tensor<2x3x4x5xf32>, tensor<3xf32>, tensor<3xf32>) -> "
                     "tensor<2x3x4x5xf32>";
  expectNear(
      run(makeModule({x, gamma, beta}, x.shape, line), {x, gamma, beta}).at(0),
      expected, 1e-4f);
}

TEST(Normalization, Layer) {
  Array x = random({2, 3, 4}, 1), gamma = random({3, 4}, 2);
  Array expected = normalizeRuns(x, 12, 0.5);
  for (size_t i = 0; i < x.size(); ++i)
    expected[i] *= gamma[i % 12];
  std::string line = "%0 = mil.layer_norm %a gamma %b {axes = array<i64: 1, "
                     "2>, epsilon = 0.5 : f32} : (tensor<2x3x4xf32>, "
                     "tensor<3x4xf32>) -> tensor<2x3x4xf32>";
  expectNear(run(makeModule({x, gamma}, x.shape, line), {x, gamma}).at(0),
             expected);
}

TEST(Normalization, L2) {
  Array x = random({2, 3, 4}, 1), expected(x.shape);
  for (size_t start = 0; start < x.size(); start += 12) {
    double sum = 0.25;
    for (size_t i = 0; i < 12; ++i)
      sum += double(x[start + i]) * x[start + i];
    for (size_t i = 0; i < 12; ++i)
      expected[start + i] = float(x[start + i] / std::sqrt(sum));
  }
  std::string line = "%0 = mil.l2_norm %a {axes = array<i64: 1, 2>, epsilon = "
                     "0.25 : f32} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>";
  expectNear(run(makeModule({x}, x.shape, line), {x}).at(0), expected);
}

TEST(Normalization, LocalResponse) {
  Array x = random({2, 6, 3}, 1);
  for (int size : {1, 2, 3, 5, 1000}) {
    SCOPED_TRACE(size);
    Array expected(x.shape);
    for (int n = 0; n < 2; ++n)
      for (int c = 0; c < 6; ++c)
        for (int i = 0; i < 3; ++i) {
          double sum = 0;
          for (int d = c - size / 2; d <= c + (size - 1) / 2; ++d)
            if (d >= 0 && d < 6)
              sum += std::pow(x[(n * 6 + d) * 3 + i], 2);
          size_t at = (n * 6 + c) * 3 + i;
          expected[at] = float(x[at] / std::pow(2 + 0.5 / size * sum, 0.75));
        }
    std::string line =
        "%0 = mil.local_response_norm %a {size = " + std::to_string(size) +
        " : i64, alpha = 0.5 : f32, k = 2.0 : f32} : "
        "(tensor<2x6x3xf32>) -> tensor<2x6x3xf32>";
    expectNear(run(makeModule({x}, x.shape, line), {x}).at(0), expected);
  }
}
