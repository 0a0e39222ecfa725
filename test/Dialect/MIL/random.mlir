// RUN: mlmodel-opt %s | mlmodel-opt | FileCheck %s

// CHECK-LABEL: @random
func.func @random(%x: tensor<2x5xf32>) {
  // CHECK: mil.random_normal {mean = 1.000000e+00 : f32, seed = 7 : i64, shape = array<i64: 3, 4>} : () -> tensor<3x4xf32>
  %0 = mil.random_normal {shape = array<i64: 3, 4>, mean = 1.0 : f32, seed = 7 : i64} : () -> tensor<3x4xf32>
  // CHECK: mil.random_uniform {high = 2.000000e+00 : f32, shape = array<i64: 3>} : () -> tensor<3xf32>
  %1 = mil.random_uniform {shape = array<i64: 3>, high = 2.0 : f32} : () -> tensor<3xf32>
  // CHECK: mil.random_bernoulli {shape = array<i64: 3>} : () -> tensor<3xf32>
  %2 = mil.random_bernoulli {shape = array<i64: 3>} : () -> tensor<3xf32>
  // CHECK: mil.random_categorical %{{.*}} {mode = "probs", size = 9 : i64} : (tensor<2x5xf32>) -> tensor<2x9xf32>
  %3 = mil.random_categorical %x {mode = "probs", size = 9 : i64} : (tensor<2x5xf32>) -> tensor<2x9xf32>
  return
}
