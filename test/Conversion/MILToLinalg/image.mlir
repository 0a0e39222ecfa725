// RUN: mlmodel-opt %s --convert-mil-to-linalg | FileCheck %s

// Whole factors need no index arithmetic.
// CHECK-LABEL: func @upsample(
// CHECK-NOT: tensor.extract
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<3x4x2x5x3xf32>)
// CHECK: tensor.collapse_shape
func.func @upsample(%x: tensor<3x4x5xf32>) -> tensor<3x8x15xf32> {
  %r = mil.upsample_nearest_neighbor %x {scale_factor_height = 2.0 : f32, scale_factor_width = 3.0 : f32} : (tensor<3x4x5xf32>) -> tensor<3x8x15xf32>
  return %r : tensor<3x8x15xf32>
}

// The points are tables.
// CHECK-LABEL: func @resize(
// CHECK: arith.constant dense<[0, 1, 3]> : tensor<3xi64>
// CHECK: arith.constant dense<[0.000000e+00, 5.000000e-01, 0.000000e+00]> : tensor<3xf32>
// CHECK-COUNT-4: tensor.extract
func.func @resize(%x: tensor<3x4x3xf32>) -> tensor<3x3x3xf32> {
  %r = mil.resize_bilinear %x {target_size_height = 3 : i64, target_size_width = 3 : i64, sampling_mode = "ALIGN_CORNERS"} : (tensor<3x4x3xf32>) -> tensor<3x3x3xf32>
  return %r : tensor<3x3x3xf32>
}
