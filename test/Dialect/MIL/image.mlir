// RUN: mlmodel-opt %s | mlmodel-opt | FileCheck %s

// CHECK-LABEL: func @upsample_nearest(
// CHECK: mil.upsample_nearest_neighbor %{{.*}} {{.*}} : (tensor<1x3x4x5xf32>) -> tensor<1x3x8x7xf32>
func.func @upsample_nearest(%a: tensor<1x3x4x5xf32>) -> tensor<1x3x8x7xf32> {
  %r = mil.upsample_nearest_neighbor %a {scale_factor_height = 2.0 : f32, scale_factor_width = 1.5 : f32} : (tensor<1x3x4x5xf32>) -> tensor<1x3x8x7xf32>
  return %r : tensor<1x3x8x7xf32>
}

// CHECK-LABEL: func @upsample_bilinear(
// CHECK: mil.upsample_bilinear %{{.*}} {{.*}} : (tensor<3x4x5xf32>) -> tensor<3x8x5xf32>
func.func @upsample_bilinear(%a: tensor<3x4x5xf32>) -> tensor<3x8x5xf32> {
  %r = mil.upsample_bilinear %a {scale_factor_height = 2.0 : f32, align_corners = false, half_pixel_centers = false} : (tensor<3x4x5xf32>) -> tensor<3x8x5xf32>
  return %r : tensor<3x8x5xf32>
}

// CHECK-LABEL: func @resize_nearest(
// CHECK: mil.resize_nearest_neighbor %{{.*}} {{.*}} : (tensor<3x4x5xf32>) -> tensor<3x7x3xf32>
func.func @resize_nearest(%a: tensor<3x4x5xf32>) -> tensor<3x7x3xf32> {
  %r = mil.resize_nearest_neighbor %a {target_size_height = 7 : i64, target_size_width = 3 : i64} : (tensor<3x4x5xf32>) -> tensor<3x7x3xf32>
  return %r : tensor<3x7x3xf32>
}

// CHECK-LABEL: func @resize_bilinear(
// CHECK: mil.resize_bilinear %{{.*}} {{.*}} : (tensor<3x4x5xf32>) -> tensor<3x7x3xf32>
func.func @resize_bilinear(%a: tensor<3x4x5xf32>) -> tensor<3x7x3xf32> {
  %r = mil.resize_bilinear %a {target_size_height = 7 : i64, target_size_width = 3 : i64, sampling_mode = "OFFSET_CORNERS"} : (tensor<3x4x5xf32>) -> tensor<3x7x3xf32>
  return %r : tensor<3x7x3xf32>
}

// CHECK-LABEL: func @crop(
// CHECK: mil.crop %{{.*}} {{.*}} : (tensor<3x4x5xf32>) -> tensor<3x3x3xf32>
func.func @crop(%a: tensor<3x4x5xf32>) -> tensor<3x3x3xf32> {
  %r = mil.crop %a {crop_height = array<i64: 1, 0>, crop_width = array<i64: 0, 2>} : (tensor<3x4x5xf32>) -> tensor<3x3x3xf32>
  return %r : tensor<3x3x3xf32>
}

// CHECK-LABEL: func @crop_resize(
// CHECK: mil.crop_resize %{{.*}} {{.*}} : (tensor<2x3x8x9xf32>, tensor<5x4xf32>, tensor<5xf32>) -> tensor<5x3x2x3xf32>
func.func @crop_resize(%a: tensor<2x3x8x9xf32>, %b: tensor<5x4xf32>, %c: tensor<5xf32>) -> tensor<5x3x2x3xf32> {
  %r = mil.crop_resize %a, %b, %c {target_height = 2 : i64, target_width = 3 : i64, box_coordinate_mode = "CENTER_SIZE_WIDTH_FIRST"} : (tensor<2x3x8x9xf32>, tensor<5x4xf32>, tensor<5xf32>) -> tensor<5x3x2x3xf32>
  return %r : tensor<5x3x2x3xf32>
}

// CHECK-LABEL: func @crop_resize_all(
// CHECK: mil.crop_resize %{{.*}} {{.*}} : (tensor<2x3x8x9xf32>, tensor<5x4xf32>) -> tensor<5x2x3x2x3xf32>
func.func @crop_resize_all(%a: tensor<2x3x8x9xf32>, %b: tensor<5x4xf32>) -> tensor<5x2x3x2x3xf32> {
  %r = mil.crop_resize %a, %b {target_height = 2 : i64, target_width = 3 : i64} : (tensor<2x3x8x9xf32>, tensor<5x4xf32>) -> tensor<5x2x3x2x3xf32>
  return %r : tensor<5x2x3x2x3xf32>
}
