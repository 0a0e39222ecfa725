// RUN: mlmodel-opt %s | mlmodel-opt | FileCheck %s

// CHECK-LABEL: @products
func.func @products(%x: tensor<2x1x3x4xf32>, %y: tensor<5x4x6xf32>, %w: tensor<6x4xf32>, %b: tensor<6xf32>) {
  // CHECK: mil.matmul {{.*}} -> tensor<2x5x3x6xf32>
  %0 = mil.matmul %x, %y : (tensor<2x1x3x4xf32>, tensor<5x4x6xf32>) -> tensor<2x5x3x6xf32>
  // CHECK: mil.matmul {{.*}} {transpose_y = true}
  %1 = mil.matmul %x, %w {transpose_y = true} : (tensor<2x1x3x4xf32>, tensor<6x4xf32>) -> tensor<2x1x3x6xf32>
  // CHECK: mil.linear {{.*}} -> tensor<2x1x3x6xf32>
  %2 = mil.linear %x, %w, %b : (tensor<2x1x3x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<2x1x3x6xf32>
  // CHECK: mil.linear {{.*}} -> tensor<2x1x3x6xf32>
  %3 = mil.linear %x, %w : (tensor<2x1x3x4xf32>, tensor<6x4xf32>) -> tensor<2x1x3x6xf32>
  return
}
