// RUN: mlmodel-opt %s | mlmodel-opt | FileCheck %s

// CHECK-LABEL: func @conv(
// CHECK: mil.conv %{{.*}} {{.*}} : (tensor<1x4x9x8xf32>, tensor<6x2x3x3xf32>, tensor<6xf32>) -> tensor<1x6x4x8xf32>
func.func @conv(%a: tensor<1x4x9x8xf32>, %b: tensor<6x2x3x3xf32>, %c: tensor<6xf32>) -> tensor<1x6x4x8xf32> {
  %r = mil.conv %a, %b, %c {strides = array<i64: 2, 1>, dilations = array<i64: 1, 2>, groups = 2 : i64, pad_type = "custom", pad = array<i64: 1, 0, 2, 2>} : (tensor<1x4x9x8xf32>, tensor<6x2x3x3xf32>, tensor<6xf32>) -> tensor<1x6x4x8xf32>
  return %r : tensor<1x6x4x8xf32>
}

// CHECK-LABEL: func @conv_same(
// CHECK: mil.conv %{{.*}} {{.*}} : (tensor<?x4x9x8xf32>, tensor<6x4x3x3xf32>) -> tensor<?x6x5x4xf32>
func.func @conv_same(%a: tensor<?x4x9x8xf32>, %b: tensor<6x4x3x3xf32>) -> tensor<?x6x5x4xf32> {
  %r = mil.conv %a, %b {strides = array<i64: 2, 2>, pad_type = "same"} : (tensor<?x4x9x8xf32>, tensor<6x4x3x3xf32>) -> tensor<?x6x5x4xf32>
  return %r : tensor<?x6x5x4xf32>
}

// CHECK-LABEL: func @conv_1d(
// CHECK: mil.conv %{{.*}} : (tensor<1x4x9xf32>, tensor<6x4x3xf32>) -> tensor<1x6x7xf32>
func.func @conv_1d(%a: tensor<1x4x9xf32>, %b: tensor<6x4x3xf32>) -> tensor<1x6x7xf32> {
  %r = mil.conv %a, %b : (tensor<1x4x9xf32>, tensor<6x4x3xf32>) -> tensor<1x6x7xf32>
  return %r : tensor<1x6x7xf32>
}

// CHECK-LABEL: func @conv_3d(
// CHECK: mil.conv %{{.*}} : (tensor<1x4x5x5x5xf32>, tensor<6x4x3x3x3xf32>) -> tensor<1x6x3x3x3xf32>
func.func @conv_3d(%a: tensor<1x4x5x5x5xf32>, %b: tensor<6x4x3x3x3xf32>) -> tensor<1x6x3x3x3xf32> {
  %r = mil.conv %a, %b : (tensor<1x4x5x5x5xf32>, tensor<6x4x3x3x3xf32>) -> tensor<1x6x3x3x3xf32>
  return %r : tensor<1x6x3x3x3xf32>
}

// CHECK-LABEL: func @conv_dynamic(
// CHECK: mil.conv %{{.*}} : (tensor<1x4x?x8xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x?x6xf32>
func.func @conv_dynamic(%a: tensor<1x4x?x8xf32>, %b: tensor<6x4x3x3xf32>) -> tensor<1x6x?x6xf32> {
  %r = mil.conv %a, %b : (tensor<1x4x?x8xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x?x6xf32>
  return %r : tensor<1x6x?x6xf32>
}

// CHECK-LABEL: func @conv_transpose(
// CHECK: mil.conv_transpose %{{.*}} {{.*}} : (tensor<1x4x5x6xf32>, tensor<4x3x4x3xf32>, tensor<6xf32>) -> tensor<1x6x10x12xf32>
func.func @conv_transpose(%a: tensor<1x4x5x6xf32>, %b: tensor<4x3x4x3xf32>, %c: tensor<6xf32>) -> tensor<1x6x10x12xf32> {
  %r = mil.conv_transpose %a, %b, %c {strides = array<i64: 2, 2>, groups = 2 : i64, pad_type = "custom", pad = array<i64: 1, 1, 0, 1>} : (tensor<1x4x5x6xf32>, tensor<4x3x4x3xf32>, tensor<6xf32>) -> tensor<1x6x10x12xf32>
  return %r : tensor<1x6x10x12xf32>
}

// CHECK-LABEL: func @conv_transpose_same(
// CHECK: mil.conv_transpose %{{.*}} {{.*}} : (tensor<1x4x5x6xf32>, tensor<4x3x4x3xf32>) -> tensor<1x3x10x18xf32>
func.func @conv_transpose_same(%a: tensor<1x4x5x6xf32>, %b: tensor<4x3x4x3xf32>) -> tensor<1x3x10x18xf32> {
  %r = mil.conv_transpose %a, %b {strides = array<i64: 2, 3>, pad_type = "same"} : (tensor<1x4x5x6xf32>, tensor<4x3x4x3xf32>) -> tensor<1x3x10x18xf32>
  return %r : tensor<1x3x10x18xf32>
}

// CHECK-LABEL: func @conv_transpose_shape(
// CHECK: mil.conv_transpose %{{.*}} {{.*}} : (tensor<1x4x5x6xf32>, tensor<4x3x3x3xf32>) -> tensor<1x3x11x12xf32>
func.func @conv_transpose_shape(%a: tensor<1x4x5x6xf32>, %b: tensor<4x3x3x3xf32>) -> tensor<1x3x11x12xf32> {
  %r = mil.conv_transpose %a, %b {strides = array<i64: 2, 2>, output_shape = array<i64: 1, 3, 11, 12>, pad_type = "same"} : (tensor<1x4x5x6xf32>, tensor<4x3x3x3xf32>) -> tensor<1x3x11x12xf32>
  return %r : tensor<1x3x11x12xf32>
}

// CHECK-LABEL: func @max_pool(
// CHECK: mil.max_pool %{{.*}} {{.*}} : (tensor<1x4x9x8xf32>) -> tensor<1x4x5x4xf32>
func.func @max_pool(%a: tensor<1x4x9x8xf32>) -> tensor<1x4x5x4xf32> {
  %r = mil.max_pool %a {kernel_sizes = array<i64: 3, 3>, strides = array<i64: 2, 2>, pad_type = "same_lower"} : (tensor<1x4x9x8xf32>) -> tensor<1x4x5x4xf32>
  return %r : tensor<1x4x5x4xf32>
}

// CHECK-LABEL: func @avg_pool(
// CHECK: mil.avg_pool %{{.*}} {{.*}} : (tensor<1x4x10x8xf32>) -> tensor<1x4x5x4xf32>
func.func @avg_pool(%a: tensor<1x4x10x8xf32>) -> tensor<1x4x5x4xf32> {
  %r = mil.avg_pool %a {kernel_sizes = array<i64: 3, 3>, strides = array<i64: 2, 2>, ceil_mode = true, exclude_padding_from_average = true} : (tensor<1x4x10x8xf32>) -> tensor<1x4x5x4xf32>
  return %r : tensor<1x4x5x4xf32>
}

// CHECK-LABEL: func @l2_pool(
// CHECK: mil.l2_pool %{{.*}} {{.*}} : (tensor<1x4x5x6x7xf32>) -> tensor<1x4x4x5x6xf32>
func.func @l2_pool(%a: tensor<1x4x5x6x7xf32>) -> tensor<1x4x4x5x6xf32> {
  %r = mil.l2_pool %a {kernel_sizes = array<i64: 2, 2, 2>} : (tensor<1x4x5x6x7xf32>) -> tensor<1x4x4x5x6xf32>
  return %r : tensor<1x4x4x5x6xf32>
}
