// RUN: mlmodel-opt %s --split-input-file \
// RUN:   --pass-pipeline='builtin.module(func.func(mlmodel-note-sizes))' \
// RUN:   | FileCheck %s

// A sample that is lowered first tells its own sizes, to others as well.

// CHECK-LABEL: func.func @main
// CHECK-SAME: mlmodel.typical_sizes = [array<i64: 4, 6>, array<i64: 6>]
func.func @main(%x: tensor<4x6xf32>, %y: tensor<6xf32>)
    -> (tensor<4x6xf32>, tensor<6xf32>)
    attributes {mlmodel.typical_sizes} {
  // CHECK: linalg.exp {mlmodel.typical_sizes = array<i64: 4, 6>}
  %0 = linalg.exp ins(%x : tensor<4x6xf32>) outs(%x : tensor<4x6xf32>)
      -> tensor<4x6xf32>
  // CHECK: linalg.exp {mlmodel.typical_sizes = array<i64: 6>}
  %1 = linalg.exp ins(%y : tensor<6xf32>) outs(%y : tensor<6xf32>)
      -> tensor<6xf32>
  return %0, %1 : tensor<4x6xf32>, tensor<6xf32>
}

// -----

// Another size goes by those of the first.

// CHECK-LABEL: func.func @main
func.func @main(%x: tensor<5x7xf32>) -> tensor<5x7xf32>
    attributes {mlmodel.typical_sizes = [array<i64: 4, 6>]} {
  // CHECK: linalg.exp {mlmodel.typical_sizes = array<i64: 4, 6>}
  %0 = linalg.exp ins(%x : tensor<5x7xf32>) outs(%x : tensor<5x7xf32>)
      -> tensor<5x7xf32>
  return %0 : tensor<5x7xf32>
}

// -----

// Another number of nests, or of loops, has nothing in common with them.

// CHECK-LABEL: func.func @main
func.func @main(%x: tensor<5x7xf32>) -> tensor<5x7xf32>
    attributes {mlmodel.typical_sizes = [array<i64: 4>, array<i64: 6>]} {
  // CHECK: linalg.exp ins
  %0 = linalg.exp ins(%x : tensor<5x7xf32>) outs(%x : tensor<5x7xf32>)
      -> tensor<5x7xf32>
  return %0 : tensor<5x7xf32>
}

// -----

// CHECK-LABEL: func.func @main
func.func @main(%x: tensor<5x7xf32>) -> tensor<5x7xf32>
    attributes {mlmodel.typical_sizes = [array<i64: 35>]} {
  // CHECK: linalg.exp ins
  %0 = linalg.exp ins(%x : tensor<5x7xf32>) outs(%x : tensor<5x7xf32>)
      -> tensor<5x7xf32>
  return %0 : tensor<5x7xf32>
}

// -----

// Code for one size has nothing to note.

// CHECK-LABEL: func.func @main
func.func @main(%x: tensor<5x7xf32>) -> tensor<5x7xf32> {
  // CHECK: linalg.exp ins
  %0 = linalg.exp ins(%x : tensor<5x7xf32>) outs(%x : tensor<5x7xf32>)
      -> tensor<5x7xf32>
  return %0 : tensor<5x7xf32>
}
