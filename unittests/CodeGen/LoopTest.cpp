//===- LoopTest.cpp - Control flow around tensors ---------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What loops and branches yield may be a tensor made in their body, an input,
// another one's state, or what it was before. Which buffer it lies in, and who
// frees it, is only known when the network runs.
//
//===----------------------------------------------------------------------===//

#include "EngineTestUtils.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace mlmodel::enginetest;

/// A function of x and y of four elements each, with a body that ends in %r0
/// and %r1.
static std::string makeLoop(const std::string &body) {
  return R"(
    func.func @main(%x: tensor<4xf32>, %y: tensor<4xf32>)
        -> (tensor<4xf32>, tensor<4xf32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c5 = arith.constant 5 : index)" +
         body + R"(
      return %r0, %r1 : tensor<4xf32>, tensor<4xf32>
    })";
}

/// x, y after `rounds` of x, y = step(x, y), element by element.
static void expectRounds(const std::string &module, int rounds,
                         void (*step)(float &x, float &y)) {
  Array x = random({4}, 1, -1, 1), y = random({4}, 2, -1, 1);
  Array first = x, second = y;
  for (int round = 0; round < rounds; ++round)
    for (size_t i = 0; i < x.size(); ++i)
      step(first[i], second[i]);
  std::vector<Array> results = run(module, {x, y});
  ASSERT_EQ(results.size(), 2u);
  expectNear(results[0], first);
  expectNear(results[1], second);
}

/// The state of every round is a new tensor.
TEST(Loops, YieldNewTensors) {
  std::string module = makeLoop(R"(
      %r0, %r1 = scf.for %i = %c0 to %c5 step %c1
          iter_args(%a = %x, %b = %y) -> (tensor<4xf32>, tensor<4xf32>) {
        %s = mil.add %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
        %t = mil.tanh %s : tensor<4xf32>
        %u = mil.mul %t, %a : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
        scf.yield %t, %u : tensor<4xf32>, tensor<4xf32>
      })");
  expectRounds(module, 5, [](float &x, float &y) {
    float t = std::tanh(x + y);
    y = t * x;
    x = t;
  });
}

/// Both inputs change places, so neither may be written to.
TEST(Loops, SwapState) {
  std::string module = makeLoop(R"(
      %r0, %r1 = scf.for %i = %c0 to %c5 step %c1
          iter_args(%a = %x, %b = %y) -> (tensor<4xf32>, tensor<4xf32>) {
        scf.yield %b, %a : tensor<4xf32>, tensor<4xf32>
      })");
  expectRounds(module, 5, [](float &x, float &y) { std::swap(x, y); });
}

/// Two states that start from one tensor, which CSE makes one of two fills.
TEST(Loops, StatesFromOneTensor) {
  std::string module = makeLoop(R"(
      %z = mil.fill {shape = array<i64: 4>} : () -> tensor<4xf32>
      %w = mil.fill {shape = array<i64: 4>} : () -> tensor<4xf32>
      %r0, %r1 = scf.for %i = %c0 to %c5 step %c1
          iter_args(%a = %z, %b = %w) -> (tensor<4xf32>, tensor<4xf32>) {
        %s = mil.add %a, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
        %t = mil.sub %b, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
        scf.yield %s, %t : tensor<4xf32>, tensor<4xf32>
      })");
  Array x = random({4}, 1), y = random({4}, 2), first({4}), second({4});
  for (size_t i = 0; i < 4; ++i) {
    first[i] = 5 * x[i];
    second[i] = -5 * y[i];
  }
  std::vector<Array> results = run(module, {x, y});
  ASSERT_EQ(results.size(), 2u);
  expectNear(results[0], first);
  expectNear(results[1], second);
}

/// As a recurrent layer: all outputs on the way are the result, and the last
/// of them too.
TEST(Loops, CollectOutputs) {
  std::string module = R"(
    func.func @main(%x: tensor<6x4xf32>, %h: tensor<4xf32>)
        -> (tensor<6x4xf32>, tensor<4xf32>, tensor<1x4xf32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c6 = arith.constant 6 : index
      %e = tensor.empty() : tensor<6x4xf32>
      %r:2 = scf.for %i = %c0 to %c6 step %c1
          iter_args(%a = %h, %all = %e) -> (tensor<4xf32>, tensor<6x4xf32>) {
        %v = tensor.extract_slice %x[%i, 0] [1, 4] [1, 1]
            : tensor<6x4xf32> to tensor<4xf32>
        %s = mil.add %a, %v : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
        %t = mil.tanh %s : tensor<4xf32>
        %n = tensor.insert_slice %t into %all[%i, 0] [1, 4] [1, 1]
            : tensor<4xf32> into tensor<6x4xf32>
        scf.yield %t, %n : tensor<4xf32>, tensor<6x4xf32>
      }
      %l = mil.reshape %r#0 {shape = array<i64: 1, 4>}
          : (tensor<4xf32>) -> tensor<1x4xf32>
      return %r#1, %r#0, %l : tensor<6x4xf32>, tensor<4xf32>, tensor<1x4xf32>
    })";
  Array x = random({6, 4}, 1), h = random({4}, 2), all({6, 4}), last = h;
  for (size_t i = 0; i < all.size(); ++i)
    all[i] = last[i % 4] = std::tanh(last[i % 4] + x[i]);
  std::vector<Array> results = run(module, {x, h});
  ASSERT_EQ(results.size(), 3u);
  expectNear(results[0], all);
  expectNear(results[1], last);
  expectNear(results[2], Array({1, 4}, last.values));
}

/// One side of the branch yields an input, the other a new tensor.
TEST(Loops, BranchInLoop) {
  std::string module = makeLoop(R"(
      %c3 = arith.constant 3 : index
      %r0, %r1 = scf.for %i = %c0 to %c5 step %c1
          iter_args(%a = %x, %b = %y) -> (tensor<4xf32>, tensor<4xf32>) {
        %early = arith.cmpi ult, %i, %c3 : index
        %s = scf.if %early -> tensor<4xf32> {
          %t = mil.add %a, %b
              : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
          scf.yield %t : tensor<4xf32>
        } else {
          scf.yield %y : tensor<4xf32>
        }
        scf.yield %s, %a : tensor<4xf32>, tensor<4xf32>
      })");
  Array x = random({4}, 1), y = random({4}, 2), first = x, second = y;
  for (int round = 0; round < 5; ++round) {
    Array next = y;
    for (size_t i = 0; i < 4 && round < 3; ++i)
      next[i] = first[i] + second[i];
    second = first;
    first = next;
  }
  std::vector<Array> results = run(module, {x, y});
  ASSERT_EQ(results.size(), 2u);
  expectNear(results[0], first);
  expectNear(results[1], second);
}

/// A loop that runs until its own state says stop. If that is at once, it
/// leaves its inputs, which stay the caller's.
TEST(Loops, WhileState) {
  std::string module = makeLoop(R"(
      %limit = arith.constant 10.0 : f32
      %r0, %r1 = scf.while (%a = %x, %b = %y)
          : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
        %v = tensor.extract %a[%c0] : tensor<4xf32>
        %more = arith.cmpf olt, %v, %limit : f32
        scf.condition(%more) %a, %b : tensor<4xf32>, tensor<4xf32>
      } do {
      ^bb0(%a: tensor<4xf32>, %b: tensor<4xf32>):
        %s = mil.add %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
        scf.yield %s, %a : tensor<4xf32>, tensor<4xf32>
      })");
  for (float start : {1.0f, 9.5f, 20.0f}) {
    Array x({4}, {start, 2, 3, 4}), y({4}, {1, -1, 0, 5});
    Array first = x, second = y;
    while (first[0] < 10)
      for (size_t i = 0; i < 4; ++i) {
        float sum = first[i] + second[i];
        second[i] = first[i];
        first[i] = sum;
      }
    std::vector<Array> results = run(module, {x, y});
    ASSERT_EQ(results.size(), 2u);
    expectNear(results[0], first);
    expectNear(results[1], second);
  }
}
