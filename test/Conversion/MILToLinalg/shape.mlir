// RUN: mlmodel-opt %s --convert-mil-to-linalg | FileCheck %s

// One insertion per operand, whatever the shapes.
// CHECK-LABEL: func @concat(
// CHECK-COUNT-3: tensor.insert_slice
// CHECK-NOT: tensor.insert_slice
// CHECK: return
func.func @concat(%a: tensor<2x300xf32>, %b: tensor<2x1xf32>) -> tensor<2x601xf32> {
  %r = mil.concat %a, %b, %a {axis = 1 : i64} : (tensor<2x300xf32>, tensor<2x1xf32>, tensor<2x300xf32>) -> tensor<2x601xf32>
  return %r : tensor<2x601xf32>
}

// CHECK-LABEL: func @split(
// CHECK: tensor.extract_slice %{{.*}}[0, 0] [2, 3] [1, 1]
// CHECK: tensor.extract_slice %{{.*}}[0, 3] [2, 4] [1, 1]
func.func @split(%a: tensor<2x7xf32>) -> (tensor<2x3xf32>, tensor<2x4xf32>) {
  %r:2 = mil.split %a {axis = 1 : i64, split_sizes = array<i64: 3, 4>} : (tensor<2x7xf32>) -> (tensor<2x3xf32>, tensor<2x4xf32>)
  return %r#0, %r#1 : tensor<2x3xf32>, tensor<2x4xf32>
}

// Repetitions are loops of one generic.
// CHECK-LABEL: func @tile(
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<100x2x50x3xf32>)
// CHECK: tensor.collapse_shape {{.*}} into tensor<200x150xf32>
func.func @tile(%a: tensor<2x3xf32>) -> tensor<200x150xf32> {
  %r = mil.tile %a {reps = array<i64: 100, 50>} : (tensor<2x3xf32>) -> tensor<200x150xf32>
  return %r : tensor<200x150xf32>
}

// A view, not a copy.
// CHECK-LABEL: func @reshape(
// CHECK: tensor.collapse_shape
// CHECK-NEXT: tensor.expand_shape
// CHECK-NEXT: return
func.func @reshape(%a: tensor<4x6xf32>) -> tensor<3x8xf32> {
  %r = mil.reshape %a {shape = array<i64: 3, 8>} : (tensor<4x6xf32>) -> tensor<3x8xf32>
  return %r : tensor<3x8xf32>
}
