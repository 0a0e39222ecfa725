//===- EngineTestUtils.cpp - Run small networks in tests --------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EngineTestUtils.h"
#include "MLModel/Dialect/MIL/IR/MIL.h"
#include "MLModel/Runtime/Engine.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"
#include <cmath>
#include <numeric>
#include <random>

using namespace mlmodel::enginetest;

static size_t countElements(const std::vector<int64_t> &shape) {
  return std::accumulate(shape.begin(), shape.end(), size_t(1),
                         std::multiplies<size_t>());
}

Array::Array(std::vector<int64_t> shape)
    : shape(shape), values(countElements(shape)) {}

Array::Array(std::vector<int64_t> shape, std::vector<float> values)
    : shape(std::move(shape)), values(std::move(values)) {}

Array mlmodel::enginetest::random(std::vector<int64_t> shape, unsigned seed,
                                  float low, float high) {
  Array array(std::move(shape));
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> uniform(low, high);
  for (float &value : array.values)
    value = uniform(generator);
  return array;
}

std::string mlmodel::enginetest::tensorType(const std::vector<int64_t> &shape,
                                            const std::string &element) {
  std::string type = "tensor<";
  for (int64_t size : shape)
    type += (size < 0 ? "?" : std::to_string(size)) + "x";
  return type + element + ">";
}

std::string mlmodel::enginetest::makeModule(const std::vector<Array> &inputs,
                                            const std::vector<int64_t> &result,
                                            const std::string &line) {
  std::string arguments;
  for (size_t i = 0; i < inputs.size(); ++i)
    arguments += (i ? ", %" : "%") + std::string(1, char('a' + i)) + ": " +
                 tensorType(inputs[i].shape);
  std::string type = tensorType(result);
  return "func.func @main(" + arguments + ") -> " + type + " {\n  " + line +
         "\n  return %0 : " + type + "\n}\n";
}

/// Runs an engine; the error goes to `error`.
static std::vector<Array> tryRun(const mlmodel::Engine &engine,
                                 const std::vector<Array> &inputs,
                                 std::string &error) {
  std::vector<mlmodel::TensorView> views;
  for (const Array &input : inputs)
    views.push_back({input.values.data(), input.shape});
  std::vector<mlmodel::FloatTensor> outputs;
  if (llvm::Error failure = engine.run(views, outputs)) {
    error += llvm::toString(std::move(failure));
    return {};
  }
  std::vector<Array> results;
  for (const mlmodel::FloatTensor &output : outputs)
    results.emplace_back(
        output.shape().vec(),
        std::vector<float>(output.data(),
                           output.data() + output.numElements()));
  return results;
}

/// Compiles a module and hands the engines for these options to `use`; the
/// error goes to `error`.
static void
withEngines(const std::string &source,
            llvm::ArrayRef<mlmodel::EngineOptions> options, std::string &error,
            llvm::function_ref<void(const mlmodel::Engine &engine)> use) {
  mlir::MLIRContext context;
  context.disableMultithreading();
  context.loadDialect<mlir::arith::ArithDialect, mlir::func::FuncDialect,
                      mlir::scf::SCFDialect, mlir::tensor::TensorDialect,
                      mlmodel::mil::MILDialect>();
  mlir::ScopedDiagnosticHandler handler(&context,
                                        [&](mlir::Diagnostic &diagnostic) {
                                          error += diagnostic.str();
                                          return mlir::success();
                                        });
  auto module = mlir::parseSourceString<mlir::ModuleOp>(source, &context);
  if (!module)
    return;
  std::optional<mlmodel::CompiledStage> compiled;
  for (const mlmodel::EngineOptions &each : options) {
    auto engine = compiled ? mlmodel::Engine::load(*compiled, each)
                           : mlmodel::Engine::create(*module, each);
    if (!engine) {
      error += llvm::toString(engine.takeError());
      return;
    }
    compiled = (*engine)->compiled();
    use(**engine);
  }
}

/// Compiles and runs; the error goes to `error`.
static std::vector<Array> tryRun(const std::string &source,
                                 const std::vector<Array> &inputs,
                                 const mlmodel::EngineOptions &options,
                                 std::string &error) {
  std::vector<Array> results;
  withEngines(source, options, error, [&](const mlmodel::Engine &engine) {
    results = tryRun(engine, inputs, error);
  });
  return results;
}

std::vector<Array> mlmodel::enginetest::run(const std::string &module,
                                            const std::vector<Array> &inputs,
                                            unsigned optLevel) {
  std::string error;
  EngineOptions options;
  options.optLevel = optLevel;
  std::vector<Array> results = tryRun(module, inputs, options, error);
  EXPECT_EQ(error, "") << module;
  return results;
}

std::vector<std::vector<Array>>
mlmodel::enginetest::runOnThreads(const std::string &module,
                                  const std::vector<Array> &inputs,
                                  const std::vector<unsigned> &threads) {
  constexpr int kRuns = 3;
  std::vector<EngineOptions> options(threads.size());
  for (size_t i = 0; i < threads.size(); ++i)
    options[i].threads = threads[i];
  std::string error;
  std::vector<std::vector<Array>> results;
  withEngines(module, options, error, [&](const Engine &engine) {
    for (int i = 0; i < kRuns; ++i)
      results.push_back(tryRun(engine, inputs, error));
  });
  EXPECT_EQ(error, "") << module;
  return results;
}

std::string mlmodel::enginetest::getError(const std::string &module,
                                          const std::vector<Array> &inputs,
                                          uint64_t maxBytes) {
  std::string error;
  EngineOptions options;
  options.codegen.maxBytes = maxBytes;
  tryRun(module, inputs, options, error);
  return error;
}

void mlmodel::enginetest::expectNear(const Array &actual, const Array &expected,
                                     float tolerance) {
  ASSERT_EQ(actual.shape, expected.shape);
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t i = 0; i < actual.size(); ++i) {
    float a = actual[i], e = expected[i];
    if (a == e || (std::isnan(a) && std::isnan(e)))
      continue;
    ASSERT_LE(std::fabs(a - e), tolerance * std::max(1.0f, std::fabs(e)))
        << "element " << i << " is " << a << ", expected " << e;
  }
}
