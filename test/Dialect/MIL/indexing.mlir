// RUN: mlmodel-opt %s | mlmodel-opt | FileCheck %s

// CHECK-LABEL: func @slice(
// CHECK: mil.slice_by_index %{{.*}} {{.*}} : (tensor<4x5x6xf32>) -> tensor<2x2xf32>
func.func @slice(%a: tensor<4x5x6xf32>) -> tensor<2x2xf32> {
  %r = mil.slice_by_index %a {begin = array<i64: 1, -1, 2>, end = array<i64: 3, -5, 0>, stride = array<i64: 1, -2, 1>, squeeze_mask = array<i1: false, false, true>} : (tensor<4x5x6xf32>) -> tensor<2x2xf32>
  return %r : tensor<2x2xf32>
}

// CHECK-LABEL: func @slice_by_size(
// CHECK: mil.slice_by_size %{{.*}} {{.*}} : (tensor<4x5xf32>, tensor<2xf32>) -> tensor<2x5xf32>
func.func @slice_by_size(%a: tensor<4x5xf32>, %b: tensor<2xf32>) -> tensor<2x5xf32> {
  %r = mil.slice_by_size %a, %b {size = array<i64: 2, -1>} : (tensor<4x5xf32>, tensor<2xf32>) -> tensor<2x5xf32>
  return %r : tensor<2x5xf32>
}

// CHECK-LABEL: func @gather(
// CHECK: mil.gather %{{.*}} {{.*}} : (tensor<2x3x4xf32>, tensor<5x6xf32>) -> tensor<2x5x6x4xf32>
func.func @gather(%a: tensor<2x3x4xf32>, %b: tensor<5x6xf32>) -> tensor<2x5x6x4xf32> {
  %r = mil.gather %a, %b {axis = 1 : i64} : (tensor<2x3x4xf32>, tensor<5x6xf32>) -> tensor<2x5x6x4xf32>
  return %r : tensor<2x5x6x4xf32>
}

// CHECK-LABEL: func @gather_batch(
// CHECK: mil.gather %{{.*}} {{.*}} : (tensor<2x3x4xf32>, tensor<2x6xf32>) -> tensor<2x6x4xf32>
func.func @gather_batch(%a: tensor<2x3x4xf32>, %b: tensor<2x6xf32>) -> tensor<2x6x4xf32> {
  %r = mil.gather %a, %b {axis = 1 : i64, batch_dims = 1 : i64} : (tensor<2x3x4xf32>, tensor<2x6xf32>) -> tensor<2x6x4xf32>
  return %r : tensor<2x6x4xf32>
}

// CHECK-LABEL: func @gather_along_axis(
// CHECK: mil.gather_along_axis %{{.*}} {{.*}} : (tensor<2x3xf32>, tensor<2x7xf32>) -> tensor<2x7xf32>
func.func @gather_along_axis(%a: tensor<2x3xf32>, %b: tensor<2x7xf32>) -> tensor<2x7xf32> {
  %r = mil.gather_along_axis %a, %b {axis = -1 : i64} : (tensor<2x3xf32>, tensor<2x7xf32>) -> tensor<2x7xf32>
  return %r : tensor<2x7xf32>
}

// CHECK-LABEL: func @gather_nd(
// CHECK: mil.gather_nd %{{.*}} : (tensor<2x3x4xf32>, tensor<5x2xf32>) -> tensor<5x4xf32>
func.func @gather_nd(%a: tensor<2x3x4xf32>, %b: tensor<5x2xf32>) -> tensor<5x4xf32> {
  %r = mil.gather_nd %a, %b : (tensor<2x3x4xf32>, tensor<5x2xf32>) -> tensor<5x4xf32>
  return %r : tensor<5x4xf32>
}

// CHECK-LABEL: func @scatter(
// CHECK: mil.scatter %{{.*}} {{.*}} : (tensor<2x3xf32>, tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x3xf32>
func.func @scatter(%a: tensor<2x3xf32>, %b: tensor<4xf32>, %c: tensor<2x4xf32>) -> tensor<2x3xf32> {
  %r = mil.scatter %a, %b, %c {axis = 1 : i64, mode = "add"} : (tensor<2x3xf32>, tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

// CHECK-LABEL: func @scatter_along_axis(
// CHECK: mil.scatter_along_axis %{{.*}} {{.*}} : (tensor<2x3xf32>, tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x3xf32>
func.func @scatter_along_axis(%a: tensor<2x3xf32>, %b: tensor<2x4xf32>, %c: tensor<2x4xf32>) -> tensor<2x3xf32> {
  %r = mil.scatter_along_axis %a, %b, %c {axis = 1 : i64, mode = "max"} : (tensor<2x3xf32>, tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

// CHECK-LABEL: func @scatter_nd(
// CHECK: mil.scatter_nd %{{.*}} : (tensor<2x3x4xf32>, tensor<5x2xf32>, tensor<5x4xf32>) -> tensor<2x3x4xf32>
func.func @scatter_nd(%a: tensor<2x3x4xf32>, %b: tensor<5x2xf32>, %c: tensor<5x4xf32>) -> tensor<2x3x4xf32> {
  %r = mil.scatter_nd %a, %b, %c : (tensor<2x3x4xf32>, tensor<5x2xf32>, tensor<5x4xf32>) -> tensor<2x3x4xf32>
  return %r : tensor<2x3x4xf32>
}

// CHECK-LABEL: func @one_hot(
// CHECK: mil.one_hot %{{.*}} {{.*}} : (tensor<2x3xf32>) -> tensor<4x2x3xf32>
func.func @one_hot(%a: tensor<2x3xf32>) -> tensor<4x2x3xf32> {
  %r = mil.one_hot %a {one_hot_vector_size = 4 : i64, axis = 0 : i64} : (tensor<2x3xf32>) -> tensor<4x2x3xf32>
  return %r : tensor<4x2x3xf32>
}
