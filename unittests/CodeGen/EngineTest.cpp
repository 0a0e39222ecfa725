//===- EngineTest.cpp - The engine's interface ------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Runtime/Engine.h"
#include "EngineTestUtils.h"
#include "MLModel/Dialect/MIL/IR/ElementwiseOps.h"
#include "MLModel/Dialect/MIL/IR/LinearAlgebraOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"
#include <thread>

using namespace mlmodel::enginetest;

TEST(Engine, DynamicResultsAreOwned) {
  std::string module = R"(
    func.func @main(%x: tensor<?x3xf32>, %y: tensor<3xf32>)
        -> (tensor<?x3xf32>, tensor<3xf32>, tensor<?xf32>) {
      %0 = mil.add %x, %y : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
      %1 = mil.reduce_sum %x {axes = array<i64: 0>} : (tensor<?x3xf32>) -> tensor<3xf32>
      %2 = mil.reduce_mean %x {axes = array<i64: 1>} : (tensor<?x3xf32>) -> tensor<?xf32>
      return %0, %1, %2 : tensor<?x3xf32>, tensor<3xf32>, tensor<?xf32>
    })";
  for (int64_t rows : {0, 1, 5}) {
    Array x = random({rows, 3}, 1), y = random({3}, 2);
    Array sum({rows, 3}), columns({3}), means({rows});
    for (int64_t i = 0; i < rows * 3; ++i) {
      sum[i] = x[i] + y[i % 3];
      columns[i % 3] += x[i];
      means[i / 3] += x[i] / 3;
    }
    std::vector<Array> results = run(module, {x, y});
    ASSERT_EQ(results.size(), 3u);
    expectNear(results[0], sum);
    expectNear(results[1], columns);
    expectNear(results[2], means);
  }
}

/// Results that are an input, a constant, or each other get their own memory.
TEST(Engine, TrivialResults) {
  std::string module = R"(
    func.func @main(%x: tensor<?xf32>, %y: tensor<2xf32>)
        -> (tensor<?xf32>, tensor<?xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
      %c = mil.const dense<[3.0, 4.0]> : tensor<2xf32>
      %s = mil.const dense<7.0> : tensor<2xf32>
      return %x, %x, %y, %c, %s : tensor<?xf32>, tensor<?xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
    })";
  Array x = random({5}, 1), y = random({2}, 2);
  std::vector<Array> results = run(module, {x, y});
  ASSERT_EQ(results.size(), 5u);
  expectNear(results[0], x, 0);
  expectNear(results[1], x, 0);
  expectNear(results[2], y, 0);
  expectNear(results[3], Array({2}, {3, 4}), 0);
  expectNear(results[4], Array({2}, {7, 7}), 0);
}

TEST(Engine, ReportsWrongInputs) {
  Array two = random({2}, 1), three = random({3}, 2);
  std::string module =
      makeModule({two}, {2}, "%0 = mil.relu %a : tensor<2xf32>");
  EXPECT_EQ(getError(module, {two}), "");
  EXPECT_EQ(getError(module, {}), "the network has 1 inputs, but 0 were given");
  EXPECT_EQ(getError(module, {three}),
            "input 0 must have shape [2], but has [3]");
}

TEST(Engine, ReportsMissingMain) {
  EXPECT_EQ(getError("module {}", {}), "the module has no function @main");
}

TEST(Engine, LimitsMemory) {
  Array x = random({64, 64}, 1);
  std::string module = R"(
    func.func @main(%a: tensor<64x64xf32>) -> tensor<64x64xf32> {
      %0 = mil.matmul %a, %a : (tensor<64x64xf32>, tensor<64x64xf32>) -> tensor<64x64xf32>
      %1 = mil.matmul %0, %a : (tensor<64x64xf32>, tensor<64x64xf32>) -> tensor<64x64xf32>
      return %1 : tensor<64x64xf32>
    })";
  EXPECT_EQ(getError(module, {x}, 16384), "");
  EXPECT_NE(getError(module, {x}, 16383).find("the limit is 16383"),
            std::string::npos);
}

TEST(Engine, KeepsOutputMemoryAndRunsInThreads) {
  mlir::MLIRContext context;
  context.loadDialect<mlir::func::FuncDialect, mlmodel::mil::MILDialect>();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(
      makeModule({Array({100})}, {100}, "%0 = mil.exp %a : tensor<100xf32>"),
      &context);
  ASSERT_TRUE(module);
  auto engine = mlmodel::Engine::create(*module);
  ASSERT_TRUE(bool(engine)) << llvm::toString(engine.takeError());
  ASSERT_EQ((*engine)->inputs().size(), 1u);
  EXPECT_EQ((*engine)->outputs()[0], std::vector<int64_t>{100});

  auto work = [&](unsigned seed) {
    Array x = random({100}, seed), expected({100});
    for (size_t i = 0; i < x.size(); ++i)
      expected[i] = std::exp(x[i]);
    std::vector<mlmodel::FloatTensor> outputs;
    const float *memory = nullptr;
    for (int repeat = 0; repeat < 20; ++repeat) {
      mlmodel::TensorView view{x.values.data(), x.shape};
      llvm::Error error = (*engine)->run(view, outputs);
      EXPECT_FALSE(bool(error));
      EXPECT_TRUE(repeat == 0 || outputs[0].data() == memory);
      memory = outputs[0].data();
    }
    Array result({100}, std::vector<float>(memory, memory + 100));
    expectNear(result, expected);
  };
  std::thread other(work, 1);
  work(2);
  other.join();
}

TEST(Engine, ThreadsHaveTheirOwnIntermediateResults) {
  mlir::MLIRContext context;
  context.loadDialect<mlir::func::FuncDialect, mlmodel::mil::MILDialect>();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(
      makeModule({Array({64, 64})}, {64, 64},
                 "%1 = mil.matmul %a, %a : (tensor<64x64xf32>, "
                 "tensor<64x64xf32>) -> tensor<64x64xf32>\n"
                 "%0 = mil.matmul %1, %1 : (tensor<64x64xf32>, "
                 "tensor<64x64xf32>) -> tensor<64x64xf32>"),
      &context);
  ASSERT_TRUE(module);
  auto engine = mlmodel::Engine::create(*module);
  ASSERT_TRUE(bool(engine)) << llvm::toString(engine.takeError());
  EXPECT_GT((*engine)->compiled().arenaBytes, 0u);

  auto run = [&](const Array &x) {
    std::vector<mlmodel::FloatTensor> outputs;
    llvm::Error error =
        (*engine)->run(mlmodel::TensorView{x.values.data(), x.shape}, outputs);
    EXPECT_FALSE(bool(error));
    const float *data = outputs[0].data();
    return std::vector<float>(data, data + x.size());
  };
  auto work = [&](unsigned seed) {
    Array x = random({64, 64}, seed);
    std::vector<float> first = run(x);
    for (int repeat = 0; repeat < 200; ++repeat)
      EXPECT_EQ(run(x), first);
  };
  std::thread other(work, 1);
  work(2);
  other.join();
}

TEST(Engine, TryCreateReportsInsteadOfAborting) {
  mlir::MLIRContext context;
  context.loadDialect<mlir::func::FuncDialect, mlmodel::mil::MILDialect>();
  std::string message;
  mlir::ScopedDiagnosticHandler handler(&context,
                                        [&](mlir::Diagnostic &diagnostic) {
                                          message = diagnostic.str();
                                          return mlir::success();
                                        });
  mlir::OpBuilder builder(&context);
  mlir::Location loc = builder.getUnknownLoc();
  mlir::OwningOpRef<mlir::ModuleOp> module = mlir::ModuleOp::create(loc);
  builder.setInsertionPointToStart(module->getBody());
  auto two = mlmodel::mil::getTensorType(&context, {2});
  auto three = mlmodel::mil::getTensorType(&context, {3});
  auto func = mlir::func::FuncOp::create(
      builder, loc, "main", builder.getFunctionType({two, three}, {}));
  builder.setInsertionPointToStart(func.addEntryBlock());
  mlir::Value x = func.getArgument(0), y = func.getArgument(1);

  auto good = mlmodel::mil::tryCreate<mlmodel::mil::AddOp>(builder, loc, x, x);
  ASSERT_TRUE(mlir::succeeded(good));
  EXPECT_EQ(good->getResult().getType(), two);
  auto bad = mlmodel::mil::tryCreate<mlmodel::mil::AddOp>(builder, loc, x, y);
  EXPECT_TRUE(mlir::failed(bad));
  EXPECT_NE(message.find("does not broadcast"), std::string::npos) << message;
  auto linear = mlmodel::mil::tryCreate<mlmodel::mil::LinearOp>(
      builder, loc, x, y, mlir::Value());
  EXPECT_TRUE(mlir::failed(linear));
}
