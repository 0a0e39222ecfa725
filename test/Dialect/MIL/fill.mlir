// RUN: mlmodel-opt %s | mlmodel-opt | FileCheck %s

// CHECK-LABEL: func @fill(
// CHECK: mil.fill {{.*}} : () -> tensor<2x3xf32>
func.func @fill() -> tensor<2x3xf32> {
  %r = mil.fill {shape = array<i64: 2, 3>, value = 1.5 : f32} : () -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

// CHECK-LABEL: func @range(
// CHECK: mil.range_1d {{.*}} : () -> tensor<5xf32>
func.func @range() -> tensor<5xf32> {
  %r = mil.range_1d {start = 1.0 : f32, end = 3.1 : f32, step = 0.5 : f32} : () -> tensor<5xf32>
  return %r : tensor<5xf32>
}
