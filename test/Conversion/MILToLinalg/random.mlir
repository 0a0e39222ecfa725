// RUN: mlmodel-opt %s --convert-mil-to-linalg | FileCheck %s

// CHECK-LABEL: @normal
func.func @normal() -> tensor<3x4xf32> {
  // The position in row-major order is the counter.
  // CHECK: linalg.index 0
  // CHECK: linalg.index 1
  // CHECK: arith.shrui
  // CHECK: math.log
  // CHECK-DAG: math.sqrt
  // CHECK-DAG: math.cos
  %0 = mil.random_normal {shape = array<i64: 3, 4>, seed = 7 : i64} : () -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// CHECK-LABEL: @bernoulli
func.func @bernoulli() -> tensor<3xf32> {
  // CHECK: arith.cmpf olt
  // CHECK: arith.select
  %0 = mil.random_bernoulli {shape = array<i64: 3>} : () -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// CHECK-LABEL: @categorical
func.func @categorical(%x: tensor<2x5xf32>) -> tensor<2x9xf32> {
  // CHECK: iterator_types = ["parallel", "parallel", "reduction"]
  // CHECK: arith.cmpf ole
  %0 = mil.random_categorical %x {mode = "probs", size = 9 : i64} : (tensor<2x5xf32>) -> tensor<2x9xf32>
  return %0 : tensor<2x9xf32>
}
