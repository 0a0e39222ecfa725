// RUN: mlmodel-opt %s --convert-mil-to-linalg | FileCheck %s

// CHECK-DAG: #[[ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[ROW:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-DAG: #[[COLUMN:.*]] = affine_map<(d0, d1) -> (d0, 0)>
// CHECK-DAG: #[[FIRST:.*]] = affine_map<(d0, d1) -> (d0)>

// CHECK-LABEL: @broadcast
func.func @broadcast(%x: tensor<3xf32>, %y: tensor<2x1xf32>) -> tensor<2x3xf32> {
  // CHECK: linalg.generic {indexing_maps = [#[[ROW]], #[[COLUMN]], #[[ID]]], iterator_types = ["parallel", "parallel"]}
  // CHECK: arith.addf
  %0 = mil.add %x, %y : (tensor<3xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// The size of a dynamic result comes from the operand that has it.
// CHECK-LABEL: @dynamic
func.func @dynamic(%x: tensor<3xf32>, %y: tensor<?x1xf32>) -> tensor<?x3xf32> {
  // CHECK: %[[SIZE:.*]] = tensor.dim %arg1
  // CHECK: tensor.empty(%[[SIZE]]) : tensor<?x3xf32>
  %0 = mil.add %x, %y : (tensor<3xf32>, tensor<?x1xf32>) -> tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}

// CHECK-LABEL: @reduce
func.func @reduce(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  // CHECK: linalg.generic {indexing_maps = [#[[ID]], #[[FIRST]]], iterator_types = ["parallel", "reduction"]}
  // CHECK: arith.addf
  // CHECK: arith.divf
  // CHECK: tensor.expand_shape
  %0 = mil.reduce_mean %x {axes = array<i64: -1>, keep_dims = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return %0 : tensor<2x1xf32>
}

// The innermost loop runs along memory: k for transposed weights, else n.
// CHECK-LABEL: @products
func.func @products(%x: tensor<2x3xf32>, %w: tensor<4x3xf32>, %y: tensor<3x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>) {
  // CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]
  %0 = mil.linear %x, %w : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>
  // CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "reduction", "parallel"]
  %1 = mil.matmul %x, %y : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  return %0, %1 : tensor<2x4xf32>, tensor<2x4xf32>
}
