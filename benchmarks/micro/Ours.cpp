//===- Ours.cpp - Networks of one operation -------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/BitPacking.h"
#include "MLModel/Dialect/MIL/IR/MIL.h"
#include "MLModel/Runtime/Engine.h"
#include "Program.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlmodel;
using namespace mlmodel::bench;
using llvm::Error;
using llvm::formatv;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// As text
//===----------------------------------------------------------------------===//

static std::string formatType(llvm::ArrayRef<int64_t> shape) {
  std::string type = "tensor<";
  for (int64_t size : shape)
    type += std::to_string(size) + "x";
  return type + "f32>";
}

/// The operation that the weights are the result of. Their values are resources
/// that the text only names.
static std::string formatWeights(const Problem &problem, const Weights &weights,
                                 size_t numBytes) {
  std::string type = formatType(problem.getWeightShape());
  switch (weights.encoding) {
  case Encoding::Float32:
  case Encoding::Zeros75:
  case Encoding::Zeros90:
    return "mil.const dense_resource<values> : " + type;
  case Encoding::Palette4:
  case Encoding::Palette8:
    return formatv("mil.constexpr_lut_to_dense {{data = dense_resource<codes> "
                   ": tensor<{0}xui8>, bits = {1} : i64, lut = "
                   "dense_resource<table> : tensor<{2}xf32>} : {3}",
                   numBytes, weights.encoding == Encoding::Palette4 ? 4 : 8,
                   weights.table.size(), type);
  case Encoding::Linear8:
    return formatv("mil.constexpr_linear_dequantize {{data = "
                   "dense_resource<codes> : tensor<{0}xui8>, bits = 8 : i64, "
                   "scale = dense_resource<table> : tensor<{1}xf32>, bias = "
                   "dense_resource<biases> : tensor<{1}xf32>} : {2}",
                   numBytes, weights.table.size(), type);
  }
  return "";
}

static std::string formatModule(const Problem &problem, const Weights &weights,
                                size_t numBytes) {
  std::string input = formatType(problem.getInputShape());
  std::string result = formatType(problem.getResultShape());
  std::string operation = "mil.linear %x, %w";
  if (problem.isConvolution())
    operation = formatv("mil.conv %x, %w {{pad_type = \"same\", groups = {0} "
                        ": i64}",
                        problem.groups);
  return formatv("func.func @main(%x: {0}) -> {1} {{\n"
                 "  %w = {2}\n"
                 "  %y = {3} : ({0}, {4}) -> {1}\n"
                 "  return %y : {1}\n}\n",
                 input, result, formatWeights(problem, weights, numBytes),
                 operation, formatType(problem.getWeightShape()));
}

//===----------------------------------------------------------------------===//
// As programs
//===----------------------------------------------------------------------===//

namespace {
class CompiledProgram : public Program {
public:
  explicit CompiledProgram(const std::vector<float> &input)
      : context(mlir::MLIRContext::Threading::DISABLED), input(input) {
    context.loadDialect<mlir::func::FuncDialect, mil::MILDialect>();
  }

  Error parse(const std::string &text) {
    module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    return module ? Error::success()
                  : llvm::createStringError("not a module:\n" + text);
  }

  /// Gives the resource \p name its values.
  template <typename T>
  void setResource(StringRef name, const std::vector<T> &values) {
    mlir::DenseResourceElementsHandle::getManagerInterface(&context)
        .getBlobManager()
        .update(name, mlir::HeapAsmResourceBlob::allocateAndCopyInferAlign<T>(
                          values));
  }

  /// Runs once, so that errors are found here.
  Error compile() {
    auto made = Engine::create(*module);
    if (!made)
      return made.takeError();
    engine = std::move(*made);
    return engine->run(getView(), outputs);
  }

  void run() override { llvm::cantFail(engine->run(getView(), outputs)); }

  std::vector<float> getResult() override {
    const FloatTensor &output = outputs.front();
    return {output.data(), output.data() + output.numElements()};
  }

private:
  TensorView getView() const {
    return {input.data(), engine->inputs().front()};
  }

  mlir::MLIRContext context;
  std::vector<float> input;
  std::vector<FloatTensor> outputs;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::unique_ptr<Engine> engine;
};

} // namespace

/// The codes of packed weights as the format has them; empty for others.
static std::vector<uint8_t> pack(const Weights &weights) {
  if (weights.codes.empty())
    return {};
  return packBits(weights.codes,
                  weights.encoding == Encoding::Palette4 ? 4 : 8);
}

MadeProgram mlmodel::bench::makeOurs(const Problem &problem,
                                     const Weights &weights,
                                     const std::vector<float> &input) {
  auto program = std::make_unique<CompiledProgram>(input);
  std::vector<uint8_t> packed = pack(weights);
  if (Error error =
          program->parse(formatModule(problem, weights, packed.size())))
    return std::move(error);
  if (packed.empty()) {
    program->setResource("values", weights.values);
  } else {
    program->setResource("codes", packed);
    program->setResource("table", weights.table);
  }
  if (!weights.biases.empty())
    program->setResource("biases", weights.biases);
  if (Error error = program->compile())
    return std::move(error);
  return program;
}

MadeProgram mlmodel::bench::makeCall() {
  auto program = std::make_unique<CompiledProgram>(std::vector<float>{-1.0f});
  if (Error error = program->parse(R"(
      func.func @main(%x: tensor<1xf32>) -> tensor<1xf32> {
        %y = mil.relu %x : tensor<1xf32>
        return %y : tensor<1xf32>
      })"))
    return std::move(error);
  if (Error error = program->compile())
    return std::move(error);
  return program;
}
