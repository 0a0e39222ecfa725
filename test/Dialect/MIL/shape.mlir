// RUN: mlmodel-opt %s | mlmodel-opt | FileCheck %s

// CHECK-LABEL: func @reshape(
// CHECK: mil.reshape %{{.*}} {{.*}} : (tensor<2x3x4xf32>) -> tensor<2x12xf32>
func.func @reshape(%a: tensor<2x3x4xf32>) -> tensor<2x12xf32> {
  %r = mil.reshape %a {shape = array<i64: 0, -1>} : (tensor<2x3x4xf32>) -> tensor<2x12xf32>
  return %r : tensor<2x12xf32>
}

// CHECK-LABEL: func @reshape_dynamic(
// CHECK: mil.reshape %{{.*}} {{.*}} : (tensor<?x3x4xf32>) -> tensor<?x?xf32>
func.func @reshape_dynamic(%a: tensor<?x3x4xf32>) -> tensor<?x?xf32> {
  %r = mil.reshape %a {shape = array<i64: 0, -1>} : (tensor<?x3x4xf32>) -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}

// CHECK-LABEL: func @squeeze(
// CHECK: mil.squeeze %{{.*}} {{.*}} : (tensor<1x3x1xf32>) -> tensor<3xf32>
func.func @squeeze(%a: tensor<1x3x1xf32>) -> tensor<3xf32> {
  %r = mil.squeeze %a {axes = array<i64: 0, -1>} : (tensor<1x3x1xf32>) -> tensor<3xf32>
  return %r : tensor<3xf32>
}

// CHECK-LABEL: func @squeeze_all(
// CHECK: mil.squeeze %{{.*}} : (tensor<1x1xf32>) -> tensor<f32>
func.func @squeeze_all(%a: tensor<1x1xf32>) -> tensor<f32> {
  %r = mil.squeeze %a : (tensor<1x1xf32>) -> tensor<f32>
  return %r : tensor<f32>
}

// CHECK-LABEL: func @expand_dims(
// CHECK: mil.expand_dims %{{.*}} {{.*}} : (tensor<10x5xf32>) -> tensor<1x10x1x5xf32>
func.func @expand_dims(%a: tensor<10x5xf32>) -> tensor<1x10x1x5xf32> {
  %r = mil.expand_dims %a {axes = array<i64: 0, 2>} : (tensor<10x5xf32>) -> tensor<1x10x1x5xf32>
  return %r : tensor<1x10x1x5xf32>
}

// CHECK-LABEL: func @flatten2d(
// CHECK: mil.flatten2d %{{.*}} {{.*}} : (tensor<2x3x4xf32>) -> tensor<6x4xf32>
func.func @flatten2d(%a: tensor<2x3x4xf32>) -> tensor<6x4xf32> {
  %r = mil.flatten2d %a {axis = 2 : i64} : (tensor<2x3x4xf32>) -> tensor<6x4xf32>
  return %r : tensor<6x4xf32>
}

// CHECK-LABEL: func @transpose(
// CHECK: mil.transpose %{{.*}} {{.*}} : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
func.func @transpose(%a: tensor<2x3x4xf32>) -> tensor<4x2x3xf32> {
  %r = mil.transpose %a {perm = array<i64: 2, 0, -2>} : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  return %r : tensor<4x2x3xf32>
}

// CHECK-LABEL: func @reverse(
// CHECK: mil.reverse %{{.*}} {{.*}} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
func.func @reverse(%a: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %r = mil.reverse %a {axes = array<i64: -1>} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %r : tensor<2x3x4xf32>
}

// CHECK-LABEL: func @reverse_sequence(
// CHECK: mil.reverse_sequence %{{.*}} {{.*}} : (tensor<2x3x4xf32>, tensor<2xf32>) -> tensor<2x3x4xf32>
func.func @reverse_sequence(%a: tensor<2x3x4xf32>, %b: tensor<2xf32>) -> tensor<2x3x4xf32> {
  %r = mil.reverse_sequence %a, %b {seq_axis = 1 : i64, batch_axis = 0 : i64} : (tensor<2x3x4xf32>, tensor<2xf32>) -> tensor<2x3x4xf32>
  return %r : tensor<2x3x4xf32>
}

// CHECK-LABEL: func @space_to_depth(
// CHECK: mil.space_to_depth %{{.*}} {{.*}} : (tensor<1x3x4x6xf32>) -> tensor<1x12x2x3xf32>
func.func @space_to_depth(%a: tensor<1x3x4x6xf32>) -> tensor<1x12x2x3xf32> {
  %r = mil.space_to_depth %a {block_size = 2 : i64} : (tensor<1x3x4x6xf32>) -> tensor<1x12x2x3xf32>
  return %r : tensor<1x12x2x3xf32>
}

// CHECK-LABEL: func @depth_to_space(
// CHECK: mil.depth_to_space %{{.*}} {{.*}} : (tensor<12x2x3xf32>) -> tensor<3x4x6xf32>
func.func @depth_to_space(%a: tensor<12x2x3xf32>) -> tensor<3x4x6xf32> {
  %r = mil.depth_to_space %a {block_size = 2 : i64} : (tensor<12x2x3xf32>) -> tensor<3x4x6xf32>
  return %r : tensor<3x4x6xf32>
}

// CHECK-LABEL: func @pixel_shuffle(
// CHECK: mil.pixel_shuffle %{{.*}} {{.*}} : (tensor<1x12x2x3xf32>) -> tensor<1x3x4x6xf32>
func.func @pixel_shuffle(%a: tensor<1x12x2x3xf32>) -> tensor<1x3x4x6xf32> {
  %r = mil.pixel_shuffle %a {upscale_factor = 2 : i64} : (tensor<1x12x2x3xf32>) -> tensor<1x3x4x6xf32>
  return %r : tensor<1x3x4x6xf32>
}

// CHECK-LABEL: func @pixel_unshuffle(
// CHECK: mil.pixel_unshuffle %{{.*}} {{.*}} : (tensor<1x3x4x6xf32>) -> tensor<1x12x2x3xf32>
func.func @pixel_unshuffle(%a: tensor<1x3x4x6xf32>) -> tensor<1x12x2x3xf32> {
  %r = mil.pixel_unshuffle %a {downscale_factor = 2 : i64} : (tensor<1x3x4x6xf32>) -> tensor<1x12x2x3xf32>
  return %r : tensor<1x12x2x3xf32>
}

// CHECK-LABEL: func @concat(
// CHECK: mil.concat %{{.*}} {{.*}} : (tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
func.func @concat(%a: tensor<2x3xf32>, %b: tensor<2x1xf32>) -> tensor<2x4xf32> {
  %r = mil.concat %a, %b {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// CHECK-LABEL: func @concat_interleave(
// CHECK: mil.concat %{{.*}} {{.*}} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
func.func @concat_interleave(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>) -> tensor<2x6xf32> {
  %r = mil.concat %a, %b {axis = 1 : i64, interleave = true} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
  return %r : tensor<2x6xf32>
}

// CHECK-LABEL: func @split(
// CHECK: mil.split %{{.*}} {{.*}} : (tensor<2x3xf32>) -> (tensor<2x1xf32>, tensor<2x2xf32>)
func.func @split(%a: tensor<2x3xf32>) -> (tensor<2x1xf32>, tensor<2x2xf32>) {
  %r:2 = mil.split %a {split_sizes = array<i64: 1, 2>, axis = -1 : i64} : (tensor<2x3xf32>) -> (tensor<2x1xf32>, tensor<2x2xf32>)
  return %r#0, %r#1 : tensor<2x1xf32>, tensor<2x2xf32>
}

// CHECK-LABEL: func @stack(
// CHECK: mil.stack %{{.*}} {{.*}} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3x2xf32>
func.func @stack(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>) -> tensor<2x3x2xf32> {
  %r = mil.stack %a, %b {axis = -1 : i64} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3x2xf32>
  return %r : tensor<2x3x2xf32>
}

// CHECK-LABEL: func @pad(
// CHECK: mil.pad %{{.*}} {{.*}} : (tensor<2x3xf32>) -> tensor<2x6xf32>
func.func @pad(%a: tensor<2x3xf32>) -> tensor<2x6xf32> {
  %r = mil.pad %a {pad = array<i64: 1, 2>, mode = "reflect"} : (tensor<2x3xf32>) -> tensor<2x6xf32>
  return %r : tensor<2x6xf32>
}

// CHECK-LABEL: func @tile(
// CHECK: mil.tile %{{.*}} {{.*}} : (tensor<2x3xf32>) -> tensor<4x9xf32>
func.func @tile(%a: tensor<2x3xf32>) -> tensor<4x9xf32> {
  %r = mil.tile %a {reps = array<i64: 2, 3>} : (tensor<2x3xf32>) -> tensor<4x9xf32>
  return %r : tensor<4x9xf32>
}

// CHECK-LABEL: func @broadcast_to(
// CHECK: mil.broadcast_to %{{.*}} {{.*}} : (tensor<2x1xf32>) -> tensor<4x2x3xf32>
func.func @broadcast_to(%a: tensor<2x1xf32>) -> tensor<4x2x3xf32> {
  %r = mil.broadcast_to %a {shape = array<i64: 4, 2, 3>} : (tensor<2x1xf32>) -> tensor<4x2x3xf32>
  return %r : tensor<4x2x3xf32>
}

// CHECK-LABEL: func @sliding_windows(
// CHECK: mil.sliding_windows %{{.*}} {{.*}} : (tensor<8x2xf32>) -> tensor<3x3x2xf32>
func.func @sliding_windows(%a: tensor<8x2xf32>) -> tensor<3x3x2xf32> {
  %r = mil.sliding_windows %a {axis = 0 : i64, size = 3 : i64, stride = 2 : i64} : (tensor<8x2xf32>) -> tensor<3x3x2xf32>
  return %r : tensor<3x3x2xf32>
}

// CHECK-LABEL: func @band_part(
// CHECK: mil.band_part %{{.*}} {{.*}} : (tensor<4x4xf32>) -> tensor<4x4xf32>
func.func @band_part(%a: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %r = mil.band_part %a {lower = 1 : i64, upper = 0 : i64} : (tensor<4x4xf32>) -> tensor<4x4xf32>
  return %r : tensor<4x4xf32>
}
