//===- ThreadsTest.cpp - Results do not depend on the threads -------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Networks that are big enough for several threads, with sizes that leave
// something over behind vectors, tiles and parts.
//
//===----------------------------------------------------------------------===//

#include "EngineTestUtils.h"
#include "MLModel/Dialect/MIL/IR/MIL.h"
#include "MLModel/Runtime/Engine.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"
#include <chrono>
#include <cstring>

using namespace mlmodel::enginetest;

/// Expects the same bytes from any number of threads, in any run.
static void expectSame(const std::string &module,
                       const std::vector<Array> &inputs) {
  std::vector<std::vector<Array>> results =
      runOnThreads(module, inputs, {1, 2, 3, 5});
  ASSERT_FALSE(results.empty());
  for (const std::vector<Array> &each : results) {
    ASSERT_EQ(each.size(), results[0].size());
    for (size_t i = 0; i < each.size(); ++i) {
      const std::vector<float> &values = each[i].values;
      ASSERT_EQ(values.size(), results[0][i].size());
      EXPECT_EQ(std::memcmp(values.data(), results[0][i].values.data(),
                            values.size() * sizeof(float)),
                0);
    }
  }
}

TEST(Threads, Convolution) {
  Array x = random({1, 19, 45, 43}, 1), w = random({37, 19, 3, 3}, 2);
  std::string line = "%0 = mil.conv %a, %b {pad_type = \"same\"} : "
                     "(tensor<1x19x45x43xf32>, tensor<37x19x3x3xf32>) -> "
                     "tensor<1x37x45x43xf32>";
  expectSame(makeModule({x, w}, {1, 37, 45, 43}, line), {x, w});
}

TEST(Threads, DepthwiseConvolution) {
  Array x = random({1, 61, 37, 39}, 1), w = random({61, 1, 3, 3}, 2);
  std::string line =
      "%0 = mil.conv %a, %b {pad_type = \"same\", groups = 61 : i64} : "
      "(tensor<1x61x37x39xf32>, tensor<61x1x3x3xf32>) -> "
      "tensor<1x61x37x39xf32>";
  expectSame(makeModule({x, w}, x.shape, line), {x, w});
}

/// Many terms: they are taken in blocks.
TEST(Threads, Product) {
  Array x = random({67, 1031}, 1), y = random({1031, 213}, 2);
  std::string line = "%0 = mil.matmul %a, %b : (tensor<67x1031xf32>, "
                     "tensor<1031x213xf32>) -> tensor<67x213xf32>";
  expectSame(makeModule({x, y}, {67, 213}, line), {x, y});
}

/// The greatest of each row is found by a loop nest without vectors, whose
/// rounds need what was filled in before.
TEST(Threads, SoftmaxOfManyRows) {
  Array x = random({1, 13, 127, 131}, 1);
  std::string line = "%0 = mil.softmax %a {axis = -1 : i64} : "
                     "tensor<1x13x127x131xf32>";
  for (int i = 0; i < 4; ++i)
    expectSame(makeModule({x}, x.shape, line), {x});
}

TEST(Threads, SoftmaxAndNormalization) {
  Array x = random({3, 151, 173}, 1), gamma = random({173}, 2);
  std::string module = R"(
    func.func @main(%x: tensor<3x151x173xf32>, %g: tensor<173xf32>)
        -> tensor<3x151x173xf32> {
      %0 = mil.softmax %x {axis = -1 : i64} : tensor<3x151x173xf32>
      %1 = mil.layer_norm %0 gamma %g {axes = array<i64: -1>, epsilon = 1.0e-3 : f32} : (tensor<3x151x173xf32>, tensor<173xf32>) -> tensor<3x151x173xf32>
      %2 = mil.softmax %1 {axis = 1 : i64} : tensor<3x151x173xf32>
      return %2 : tensor<3x151x173xf32>
    })";
  expectSame(module, {x, gamma});
}

TEST(Threads, Elementwise) {
  Array x = random({100003}, 1), y = random({100003}, 2);
  std::string module = R"(
    func.func @main(%x: tensor<100003xf32>, %y: tensor<100003xf32>)
        -> tensor<100003xf32> {
      %0 = mil.tanh %x : tensor<100003xf32>
      %1 = mil.mul %0, %y : (tensor<100003xf32>, tensor<100003xf32>) -> tensor<100003xf32>
      %2 = mil.add %1, %x : (tensor<100003xf32>, tensor<100003xf32>) -> tensor<100003xf32>
      return %2 : tensor<100003xf32>
    })";
  expectSame(module, {x, y});
}

/// Each round of the loop needs all of the one before it.
TEST(Threads, Recurrent) {
  Array h = random({1, 517}, 1), w = random({517, 517}, 2, -0.1f, 0.1f);
  std::string module = R"(
    func.func @main(%h: tensor<1x517xf32>, %w: tensor<517x517xf32>)
        -> tensor<1x517xf32> {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c40 = arith.constant 40 : index
      %r = scf.for %i = %c0 to %c40 step %c1
          iter_args(%s = %h) -> (tensor<1x517xf32>) {
        %0 = mil.matmul %s, %w : (tensor<1x517xf32>, tensor<517x517xf32>) -> tensor<1x517xf32>
        %1 = mil.tanh %0 : tensor<1x517xf32>
        scf.yield %1 : tensor<1x517xf32>
      }
      return %r : tensor<1x517xf32>
    })";
  expectSame(module, {h, w});
}

/// What is measured is the time that passes until all threads have ended a
/// layer, not the sum of theirs: all layers together take no longer than the
/// run.
TEST(Threads, ProfileMeasuresThePassingTime) {
  std::string module = R"(
    func.func @main(%x: tensor<301x301xf32>) -> tensor<301x301xf32> {
      %0 = mil.matmul %x, %x : (tensor<301x301xf32>, tensor<301x301xf32>) -> tensor<301x301xf32> loc("product")
      %1 = mil.softmax %0 {axis = 0 : i64} : tensor<301x301xf32> loc("softmax")
      return %1 : tensor<301x301xf32>
    })";
  mlir::MLIRContext context;
  context.loadDialect<mlir::func::FuncDialect, mlmodel::mil::MILDialect>();
  auto parsed = mlir::parseSourceString<mlir::ModuleOp>(module, &context);
  ASSERT_TRUE(parsed);
  mlmodel::EngineOptions options;
  options.profile = true;
  options.threads = 3;
  auto engine = mlmodel::Engine::create(*parsed, options);
  ASSERT_TRUE(bool(engine)) << llvm::toString(engine.takeError());

  Array x = random({301, 301}, 1);
  std::vector<mlmodel::FloatTensor> outputs;
  auto start = std::chrono::steady_clock::now();
  for (int repeat = 0; repeat < 5; ++repeat)
    ASSERT_FALSE(bool((*engine)->run(
        mlmodel::TensorView{x.values.data(), x.shape}, outputs)));
  std::chrono::duration<double> passed =
      std::chrono::steady_clock::now() - start;

  std::vector<std::string> layers;
  double total = 0;
  for (auto [section, seconds] :
       llvm::zip((*engine)->compiled().sections, (*engine)->sectionSeconds())) {
    layers.push_back(section.layer);
    EXPECT_GT(seconds, 0) << section.layer;
    total += seconds;
  }
  EXPECT_EQ(layers, (std::vector<std::string>{"product", "softmax"}));
  EXPECT_LE(total, passed.count());
}
