//===- ElementwiseTest.cpp - Elementwise ops against plain loops -*- C++
//-*-===//
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

struct UnaryCase {
  std::string op;
  std::function<double(double)> reference;
  float low = -2;
  float high = 2;
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double softplus(double x) { return std::log1p(std::exp(x)); }

} // namespace

static const UnaryCase kUnaryCases[] = {
    {"abs", [](double x) { return std::fabs(x); }},
    {"exp", [](double x) { return std::exp(x); }, -10, 10},
    {"exp2", [](double x) { return std::exp2(x); }, -10, 10},
    {"sqrt", [](double x) { return std::sqrt(x); }, 0, 9},
    {"ceil", [](double x) { return std::ceil(x); }},
    {"floor", [](double x) { return std::floor(x); }},
    {"round", [](double x) { return std::nearbyint(x); }, -9, 9},
    {"sin", [](double x) { return std::sin(x); }, -9, 9},
    {"cos", [](double x) { return std::cos(x); }, -9, 9},
    {"tan", [](double x) { return std::tan(x); }, -1, 1},
    {"asin", [](double x) { return std::asin(x); }, -1, 1},
    {"acos", [](double x) { return std::acos(x); }, -1, 1},
    {"atan", [](double x) { return std::atan(x); }, -9, 9},
    {"sinh", [](double x) { return std::sinh(x); }},
    {"cosh", [](double x) { return std::cosh(x); }},
    {"tanh", [](double x) { return std::tanh(x); }, -9, 9},
    {"asinh", [](double x) { return std::asinh(x); }, -9, 9},
    {"acosh", [](double x) { return std::acosh(x); }, 1, 9},
    {"atanh", [](double x) { return std::atanh(x); }, -0.9f, 0.9f},
    {"erf", [](double x) { return std::erf(x); }, -4, 4},
    {"square", [](double x) { return x * x; }},
    {"sign", [](double x) { return double((x > 0) - (x < 0)); }},
    {"logical_not", [](double x) { return x == 0 ? 1.0 : 0.0; }},
    {"log %a {epsilon = 0.5 : f32}", [](double x) { return std::log(x + 0.5); },
     0, 9},
    {"rsqrt", [](double x) { return 1 / std::sqrt(x + 1e-12); }, 0.1f, 9},
    {"inverse %a {epsilon = 0.25 : f32}",
     [](double x) { return 1 / (x + 0.25); }, 0.1f, 9},
    {"threshold %a {alpha = 0.5 : f32}",
     [](double x) { return std::fmax(x, 0.5); }},
    {"clip %a {alpha = -0.5 : f32, beta = 1.5 : f32}",
     [](double x) { return std::fmin(std::fmax(x, -0.5), 1.5); }},
    {"relu", [](double x) { return std::fmax(x, 0); }},
    {"relu6", [](double x) { return std::fmin(std::fmax(x, 0), 6); }, -9, 9},
    {"leaky_relu", [](double x) { return x < 0 ? 0.01f * x : x; }},
    {"thresholded_relu", [](double x) { return x < 1 ? 0 : x; }},
    {"clamped_relu %a {alpha = 0.5 : f32, beta = 1.0 : f32}",
     [](double x) { return std::fmin(x < 0 ? 0.5 * x : x, 1); }},
    {"linear_activation %a {alpha = 3.0 : f32, beta = 1.0 : f32}",
     [](double x) { return 3 * x + 1; }},
    {"elu %a {alpha = 2.0 : f32}",
     [](double x) { return x < 0 ? 2 * std::expm1(x) : x; }},
    {"sigmoid", sigmoid, -30, 30},
    {"sigmoid_hard",
     [](double x) { return std::fmin(std::fmax(0.2f * x + 0.5f, 0), 1); }, -9,
     9},
    {"silu", [](double x) { return x * sigmoid(x); }, -30, 30},
    {"softplus", softplus, -30, 30},
    {"softsign", [](double x) { return x / (1 + std::fabs(x)); }},
    {"scaled_tanh %a {alpha = 2.0 : f32, beta = 0.5 : f32}",
     [](double x) { return 2 * std::tanh(0.5 * x); }},
    {"gelu",
     [](double x) { return x / 2 * (1 + std::erf(x / std::sqrt(2.0))); }},
    {"gelu %a {mode = \"TANH_APPROXIMATION\"}",
     [](double x) {
       return x / 2 *
              (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
     }},
    {"gelu %a {mode = \"SIGMOID_APPROXIMATION\"}",
     [](double x) { return x * sigmoid(1.702 * x); }},
};

static std::string unaryLine(const std::string &op, const std::string &type) {
  bool hasOperand = op.find('%') != std::string::npos;
  return "%0 = mil." + op + (hasOperand ? "" : " %a") + " : " + type;
}

TEST(Elementwise, Unary) {
  unsigned seed = 1;
  for (const UnaryCase &test : kUnaryCases) {
    SCOPED_TRACE(test.op);
    Array x = random({3, 37}, seed++, test.low, test.high);
    Array expected(x.shape);
    for (size_t i = 0; i < x.size(); ++i)
      expected[i] = float(test.reference(x[i]));
    std::string line = unaryLine(test.op, tensorType(x.shape));
    std::vector<Array> y = run(makeModule({x}, x.shape, line), {x});
    ASSERT_EQ(y.size(), 1u);
    expectNear(y[0], expected);
  }
}

TEST(Elementwise, SpecialValues) {
  float inf = std::numeric_limits<float>::infinity();
  float nan = std::numeric_limits<float>::quiet_NaN();
  // As many as fill vectors, so that not only the scalar loop is tested.
  Array x({64});
  float special[] = {nan, inf, -inf, 0.0f, -0.0f, 88.0f, -1000.0f, 1e-20f};
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = special[i % 8];
  for (const char *op : {"relu", "relu6", "exp", "tanh", "sigmoid", "softplus",
                         "sqrt", "abs", "sign", "round"}) {
    SCOPED_TRACE(op);
    const UnaryCase *test = std::find_if(
        std::begin(kUnaryCases), std::end(kUnaryCases),
        [&](const UnaryCase &candidate) { return candidate.op == op; });
    Array expected(x.shape);
    for (size_t i = 0; i < x.size(); ++i) {
      double value = test->reference(x[i]);
      bool keepsNan = std::isnan(x[i]);
      bool isLinear = std::string(op) == "softplus" && x[i] > 80;
      expected[i] = keepsNan ? nan : isLinear ? x[i] : float(value);
    }
    std::string line = unaryLine(op, tensorType(x.shape));
    std::vector<Array> y = run(makeModule({x}, x.shape, line), {x});
    ASSERT_EQ(y.size(), 1u);
    expectNear(y[0], expected);
  }
}

namespace {
struct BinaryCase {
  std::string op;
  std::function<double(double, double)> reference;
};
} // namespace

static double pythonMod(double x, double y) {
  return x - y * std::floor(x / y);
}

static const BinaryCase kBinaryCases[] = {
    {"add", std::plus<double>()},
    {"sub", std::minus<double>()},
    {"mul", std::multiplies<double>()},
    {"real_div", std::divides<double>()},
    {"floor_div", [](double x, double y) { return std::floor(x / y); }},
    {"mod", pythonMod},
    {"pow", [](double x, double y) { return std::pow(x, y); }},
    {"maximum", [](double x, double y) { return std::fmax(x, y); }},
    {"minimum", [](double x, double y) { return std::fmin(x, y); }},
    {"equal", std::equal_to<double>()},
    {"not_equal", std::not_equal_to<double>()},
    {"less", std::less<double>()},
    {"less_equal", std::less_equal<double>()},
    {"greater", std::greater<double>()},
    {"greater_equal", std::greater_equal<double>()},
    {"logical_and", [](double x, double y) { return x && y; }},
    {"logical_or", [](double x, double y) { return x || y; }},
    {"logical_xor", [](double x, double y) { return !x != !y; }},
};

/// [2, 1, 5] op [3, 1] = [2, 3, 5], on small whole numbers where it must be
/// exact and where equality happens.
TEST(Elementwise, Binary) {
  unsigned seed = 1;
  for (const BinaryCase &test : kBinaryCases) {
    SCOPED_TRACE(test.op);
    Array x = random({2, 1, 5}, seed++, -3, 3),
          y = random({3, 1}, seed++, 1, 4);
    bool isLogic = test.op.rfind("logical", 0) == 0;
    for (float &value : x.values)
      value = test.op == "pow" ? std::fabs(value) : std::round(value);
    for (float &value : y.values)
      value = isLogic ? std::floor(value / 2) : std::round(value);
    Array expected({2, 3, 5});
    for (int i = 0; i < 2; ++i)
      for (int j = 0; j < 3; ++j)
        for (int k = 0; k < 5; ++k)
          expected[(i * 3 + j) * 5 + k] =
              float(test.reference(x[i * 5 + k], y[j]));
    std::string line = "%0 = mil." + test.op + " %a, %b : (" +
                       tensorType(x.shape) + ", " + tensorType(y.shape) +
                       ") -> " + tensorType(expected.shape);
    std::vector<Array> z =
        run(makeModule({x, y}, expected.shape, line), {x, y});
    ASSERT_EQ(z.size(), 1u);
    expectNear(z[0], expected);
  }
}

TEST(Elementwise, SelectBroadcasts) {
  Array c({2, 1}, {0, 3}), a = random({3}, 1), b = random({2, 3}, 2);
  Array expected({2, 3}, {b[0], b[1], b[2], a[0], a[1], a[2]});
  std::string line =
      "%0 = mil.select %a, %b, %c : (tensor<2x1xf32>, tensor<3xf32>, "
      "tensor<2x3xf32>) -> tensor<2x3xf32>";
  expectNear(run(makeModule({c, a, b}, {2, 3}, line), {c, a, b}).at(0),
             expected);
}

TEST(Elementwise, Channelwise) {
  Array x = random({2, 3, 4}, 1), alpha = random({3}, 2), beta = random({1}, 3);
  Array expected(x.shape);
  for (size_t i = 0; i < x.size(); ++i)
    expected[i] = x[i] < 0 ? alpha[i / 4 % 3] * x[i] : x[i];
  expectNear(run(makeModule({x, alpha}, x.shape,
                            "%0 = mil.prelu %a, %b {axis = -2 : i64} : "
                            "(tensor<2x3x4xf32>, tensor<3xf32>) -> "
                            "tensor<2x3x4xf32>"),
                 {x, alpha})
                 .at(0),
             expected);
  for (size_t i = 0; i < x.size(); ++i)
    expected[i] = float(alpha[i / 4 % 3] * softplus(beta[0] * x[i]));
  expectNear(run(makeModule({x, alpha, beta}, x.shape,
                            "%0 = mil.softplus_parametric %a, %b, %c : "
                            "(tensor<2x3x4xf32>, tensor<3xf32>, "
                            "tensor<1xf32>) -> tensor<2x3x4xf32>"),
                 {x, alpha, beta})
                 .at(0),
             expected);
}

TEST(Elementwise, ChainIsFusedAndRight) {
  Array x = random({1000}, 7), expected(x.shape);
  for (size_t i = 0; i < x.size(); ++i)
    expected[i] = std::fmax(std::tanh(x[i]) * std::tanh(x[i]) + 1 - x[i], 0);
  std::string module = R"(
    func.func @main(%x: tensor<1000xf32>) -> tensor<1000xf32> {
      %one = mil.const dense<1.0> : tensor<1xf32>
      %0 = mil.tanh %x : tensor<1000xf32>
      %1 = mil.square %0 : tensor<1000xf32>
      %2 = mil.add %1, %one : (tensor<1000xf32>, tensor<1xf32>) -> tensor<1000xf32>
      %3 = mil.sub %2, %x : (tensor<1000xf32>, tensor<1000xf32>) -> tensor<1000xf32>
      %4 = mil.relu %3 : tensor<1000xf32>
      return %4 : tensor<1000xf32>
    })";
  for (unsigned optLevel : {0, 1, 3})
    expectNear(run(module, {x}, optLevel).at(0), expected);
}
