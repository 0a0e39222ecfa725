//===- RunModule.h - Run small modules against references -------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_UNITTESTS_CODEGEN_RUNMODULE_H
#define MLMODEL_UNITTESTS_CODEGEN_RUNMODULE_H

#include "llvm/ADT/ArrayRef.h"
#include "gtest/gtest.h"
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace mlmodel::test {

using Shape = std::vector<int64_t>;

/// Visits every index of `shape` in row-major order.
void forEach(const Shape &shape, std::function<void(const Shape &)> visit);

/// A float32 tensor with slow, obvious access.
struct Array {
  Array() = default;
  explicit Array(Shape sizes, float value = 0);

  int64_t offset(const Shape &index) const;
  float &at(const Shape &index) { return data[offset(index)]; }
  float at(const Shape &index) const { return data[offset(index)]; }
  bool contains(const Shape &index) const;

  Shape shape;
  std::vector<float> data;
};

/// Seeded values: the same on every run.
class Random {
public:
  explicit Random(unsigned seed) : engine(seed) {}
  int64_t integer(int64_t low, int64_t high);
  Array uniform(Shape shape, float low = -1, float high = 1);
  Array integers(Shape shape, int64_t low, int64_t high);

private:
  std::mt19937 engine;
};

std::string formatType(const Shape &shape);
/// `array<i64: 1, 2>`
std::string formatList(const Shape &values);

/// Compiles and runs a module of one operation, `mil.<op> <attributes>`, on
/// `inputs`; its results have the given shapes.
std::vector<Array> runOp(const std::string &op, const std::string &attributes,
                         const std::vector<Array> &inputs,
                         const std::vector<Shape> &results);

/// Runs an operation with one result and compares.
void expectOp(const std::string &op, const std::string &attributes,
              const std::vector<Array> &inputs, const Array &expected,
              float tolerance = 0);

} // namespace mlmodel::test

#endif // MLMODEL_UNITTESTS_CODEGEN_RUNMODULE_H
