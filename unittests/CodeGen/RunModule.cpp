//===- RunModule.cpp - Run small modules against references -----*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RunModule.h"
#include "MLModel/Dialect/MIL/IR/MIL.h"
#include "MLModel/Runtime/Engine.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include <cmath>

using namespace mlmodel::test;

void mlmodel::test::forEach(const Shape &shape,
                            std::function<void(const Shape &)> visit) {
  for (int64_t size : shape)
    if (size == 0)
      return;
  Shape index(shape.size(), 0);
  while (true) {
    visit(index);
    size_t i = shape.size();
    while (i > 0 && ++index[i - 1] == shape[i - 1])
      index[--i] = 0;
    if (i == 0)
      return;
  }
}

Array::Array(Shape sizes, float value) : shape(std::move(sizes)) {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  data.assign(count, value);
}

int64_t Array::offset(const Shape &index) const {
  int64_t result = 0;
  for (size_t i = 0; i < shape.size(); ++i)
    result = result * shape[i] + index[i];
  return result;
}

bool Array::contains(const Shape &index) const {
  for (size_t i = 0; i < shape.size(); ++i)
    if (index[i] < 0 || index[i] >= shape[i])
      return false;
  return true;
}

int64_t Random::integer(int64_t low, int64_t high) {
  return low + int64_t(engine() % uint64_t(high - low + 1));
}

Array Random::uniform(Shape shape, float low, float high) {
  Array array(std::move(shape));
  for (float &value : array.data)
    value = low + (high - low) * float(engine()) / 4294967296.0f;
  return array;
}

Array Random::integers(Shape shape, int64_t low, int64_t high) {
  Array array(std::move(shape));
  for (float &value : array.data)
    value = float(integer(low, high));
  return array;
}

std::string mlmodel::test::formatType(const Shape &shape) {
  std::string text = "tensor<";
  for (int64_t size : shape)
    text += (size < 0 ? std::string("?") : std::to_string(size)) + "x";
  return text + "f32>";
}

std::string mlmodel::test::formatList(const Shape &values) {
  std::string text = "array<i64";
  const char *separator = ": ";
  for (int64_t value : values) {
    text += separator + std::to_string(value);
    separator = ", ";
  }
  return text + ">";
}

/// The module of runOp.
static std::string formatModule(const std::string &op,
                                const std::string &attributes,
                                const std::vector<Array> &inputs,
                                const std::vector<Shape> &results) {
  std::string names, arguments, types, resultTypes;
  for (size_t i = 0; i < inputs.size(); ++i) {
    std::string separator = i == 0 ? "" : ", ";
    std::string name = "%a" + std::to_string(i);
    std::string type = formatType(inputs[i].shape);
    names += separator + name;
    arguments += separator + name + ": " + type;
    types += separator + type;
  }
  std::string outputs;
  for (size_t i = 0; i < results.size(); ++i) {
    std::string separator = i == 0 ? "" : ", ";
    resultTypes += separator + formatType(results[i]);
    outputs += separator + "%r#" + std::to_string(i);
  }
  return "func.func @main(" + arguments + ") -> (" + resultTypes + ") {\n" +
         "  %r:" + std::to_string(results.size()) + " = mil." + op + " " +
         names + " {" + attributes + "} : (" + types + ") -> (" + resultTypes +
         ")\n  return " + outputs + " : " + resultTypes + "\n}\n";
}

std::vector<Array> mlmodel::test::runOp(const std::string &op,
                                        const std::string &attributes,
                                        const std::vector<Array> &inputs,
                                        const std::vector<Shape> &results) {
  std::string text = formatModule(op, attributes, inputs, results);
  SCOPED_TRACE(text);
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<mlir::func::FuncDialect, mlmodel::mil::MILDialect>();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  if (!module) {
    ADD_FAILURE() << "the module is not valid";
    return {};
  }
  auto engine = mlmodel::Engine::create(*module);
  if (!engine) {
    ADD_FAILURE() << llvm::toString(engine.takeError());
    return {};
  }
  std::vector<mlmodel::TensorView> views;
  for (const Array &input : inputs)
    views.push_back({input.data.data(), input.shape});
  std::vector<mlmodel::FloatTensor> outputs;
  if (llvm::Error error = (*engine)->run(views, outputs)) {
    ADD_FAILURE() << llvm::toString(std::move(error));
    return {};
  }
  std::vector<Array> arrays;
  for (mlmodel::FloatTensor &output : outputs) {
    Array array(Shape(output.shape().begin(), output.shape().end()));
    std::copy_n(output.data(), array.data.size(), array.data.begin());
    arrays.push_back(std::move(array));
  }
  return arrays;
}

void mlmodel::test::expectOp(const std::string &op,
                             const std::string &attributes,
                             const std::vector<Array> &inputs,
                             const Array &expected, float tolerance) {
  SCOPED_TRACE(formatModule(op, attributes, inputs, {expected.shape}));
  auto outputs = runOp(op, attributes, inputs, {expected.shape});
  ASSERT_EQ(outputs.size(), 1u);
  ASSERT_EQ(outputs[0].shape, expected.shape);
  for (size_t i = 0; i < expected.data.size(); ++i) {
    float a = outputs[0].data[i], e = expected.data[i];
    if (std::isinf(e) && a == e)
      continue;
    ASSERT_LE(std::abs(a - e), tolerance * std::max(1.0f, std::abs(e)))
        << "at element " << i << ": " << a << " instead of " << e;
  }
}
