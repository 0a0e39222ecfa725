// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics

func.func @invalid(%a: tensor<4x5xf32>) {
  // expected-error @+2 {{x has rank 2, which is outside [3, 16]}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.crop %a {crop_height = array<i64: 1, 0>, crop_width = array<i64: 0, 2>} : (tensor<4x5xf32>) -> tensor<3x3xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x5xf32>) {
  // expected-error @+2 {{the size of the result holds 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.crop %a {crop_height = array<i64: 2, 2>, crop_width = array<i64: 0, 2>} : (tensor<1x4x5xf32>) -> tensor<1x1x3xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x5xf32>) {
  // expected-error @+2 {{is out of range}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.upsample_nearest_neighbor %a {scale_factor_height = 0.1 : f32} : (tensor<1x4x5xf32>) -> tensor<1x1x5xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x5xf32>) {
  // expected-error @+2 {{align_corners and half_pixel_centers do not go together}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.upsample_bilinear %a {half_pixel_centers = true} : (tensor<1x4x5xf32>) -> tensor<1x4x5xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x5xf32>) {
  // expected-error @+1 {{attribute 'sampling_mode' failed to satisfy constraint}}
  %r = mil.resize_bilinear %a {sampling_mode = "default"} : (tensor<1x4x5xf32>) -> tensor<1x1x1xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x5xf32>) {
  // expected-error @+2 {{the size of the result holds -3}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.resize_nearest_neighbor %a {target_size_height = -3 : i64, target_size_width = 3 : i64} : (tensor<1x4x5xf32>) -> tensor<1x1x1xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x5x5xf32>, %b: tensor<2x5xf32>) {
  // expected-error @+2 {{boxes must be [N, 4]}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.crop_resize %a, %b : (tensor<1x4x5x5xf32>, tensor<2x5xf32>) -> tensor<2x4x1x1xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x5x5xf32>, %b: tensor<2x4xf32>, %c: tensor<3xf32>) {
  // expected-error @+2 {{number of box_indices against boxes: 3 against 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.crop_resize %a, %b, %c : (tensor<1x4x5x5xf32>, tensor<2x4xf32>, tensor<3xf32>) -> tensor<2x4x1x1xf32>
  return
}
