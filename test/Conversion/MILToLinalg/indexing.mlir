// RUN: mlmodel-opt %s --convert-mil-to-linalg | FileCheck %s

// A slice that walks backwards is cut out forwards and reversed.
// CHECK: affine_map<(d0) -> (-d0 + 2)>
// CHECK-LABEL: func @slice(
// CHECK: tensor.extract_slice %{{.*}}[1] [3] [2]
// CHECK: linalg.generic
func.func @slice(%x: tensor<9xf32>) -> tensor<3xf32> {
  %r = mil.slice_by_index %x {begin = array<i64: 5>, end = array<i64: 0>, stride = array<i64: -2>} : (tensor<9xf32>) -> tensor<3xf32>
  return %r : tensor<3xf32>
}

// No float can lead outside the axis.
// CHECK-LABEL: func @gather(
// CHECK: arith.maxnumf
// CHECK: arith.minnumf
// CHECK: arith.fptosi
// CHECK: arith.select
// CHECK: arith.maxsi
// CHECK: arith.minsi
// CHECK: tensor.extract
func.func @gather(%x: tensor<5x3xf32>, %i: tensor<4xf32>) -> tensor<4x3xf32> {
  %r = mil.gather %x, %i {axis = 0 : i64} : (tensor<5x3xf32>, tensor<4xf32>) -> tensor<4x3xf32>
  return %r : tensor<4x3xf32>
}

// CHECK-LABEL: func @scatter(
// CHECK: scf.for
// CHECK: scf.for
// CHECK: arith.addf
// CHECK: tensor.insert
func.func @scatter(%x: tensor<5x3xf32>, %i: tensor<4xf32>, %u: tensor<4x3xf32>) -> tensor<5x3xf32> {
  %r = mil.scatter %x, %i, %u {mode = "add"} : (tensor<5x3xf32>, tensor<4xf32>, tensor<4x3xf32>) -> tensor<5x3xf32>
  return %r : tensor<5x3xf32>
}
