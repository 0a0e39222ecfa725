// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics

func.func @invalid(%a: tensor<2x3x4xf32>) {
  // expected-error @+2 {{24 elements do not fit into shape}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.reshape %a {shape = array<i64: 5, -1>} : (tensor<2x3x4xf32>) -> tensor<5x4xf32>
  return
}

// -----

func.func @invalid(%a: tensor<2x3x4xf32>) {
  // expected-error @+2 {{shape holds -1 twice}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.reshape %a {shape = array<i64: -1, -1>} : (tensor<2x3x4xf32>) -> tensor<5x4xf32>
  return
}

// -----

func.func @invalid(%a: tensor<2x3x4xf32>) {
  // expected-error @+2 {{shape copies dimension 3}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.reshape %a {shape = array<i64: 2, 3, 4, 0>} : (tensor<2x3x4xf32>) -> tensor<2x3x4x1xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x3xf32>) {
  // expected-error @+2 {{axis 1 has size 3 and cannot be dropped}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.squeeze %a {axes = array<i64: 1>} : (tensor<1x3xf32>) -> tensor<1xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x3xf32>) {
  // expected-error @+2 {{an axis is named twice}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.expand_dims %a {axes = array<i64: 0, -4>} : (tensor<1x3xf32>) -> tensor<1x1x1x3xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x3xf32>) {
  // expected-error @+2 {{axis holds 3, which is outside}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.flatten2d %a {axis = 3 : i64} : (tensor<1x3xf32>) -> tensor<3x1xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x3xf32>) {
  // expected-error @+2 {{an axis is named twice}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.transpose %a {perm = array<i64: 0, 0>} : (tensor<1x3xf32>) -> tensor<1x3xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x3xf32>) {
  // expected-error @+2 {{perm has 1 entries instead of 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.transpose %a {perm = array<i64: 0>} : (tensor<1x3xf32>) -> tensor<1x3xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x3xf32>) {
  // expected-error @+2 {{axis 2 is outside rank 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.reverse %a {axes = array<i64: 2>} : (tensor<1x3xf32>) -> tensor<1x3xf32>
  return
}

// -----

func.func @invalid(%a: tensor<2x3xf32>, %b: tensor<2xf32>) {
  // expected-error @+2 {{seq_axis and batch_axis are the same}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.reverse_sequence %a, %b {seq_axis = 0 : i64} : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @invalid(%a: tensor<6x2x2xf32>) {
  // expected-error @+2 {{4 does not divide 6}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.depth_to_space %a {block_size = 2 : i64} : (tensor<6x2x2xf32>) -> tensor<1x4x4xf32>
  return
}

// -----

func.func @invalid(%a: tensor<6x2x2xf32>) {
  // expected-error @+2 {{the block size holds 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.space_to_depth %a {block_size = 0 : i64} : (tensor<6x2x2xf32>) -> tensor<1x4x4xf32>
  return
}

// -----

func.func @invalid(%a: tensor<2x3xf32>, %b: tensor<4x1xf32>) {
  // expected-error @+2 {{dimension 0 of operand 1 differs: 2 against 4}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.concat %a, %b {axis = 1 : i64} : (tensor<2x3xf32>, tensor<4x1xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @invalid(%a: tensor<2x3xf32>, %b: tensor<2x1xf32>) {
  // expected-error @+2 {{dimension 1 of operand 1 differs: 3 against 1}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.concat %a, %b {axis = 1 : i64, interleave = true} : (tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @invalid(%a: tensor<4xf32>) {
  // expected-error @+2 {{sum of split_sizes against the size of the axis: 3 against 4}}
  // expected-error @+1 {{failed to infer returned types}}
  %r:2 = mil.split %a {split_sizes = array<i64: 1, 2>, axis = 0 : i64} : (tensor<4xf32>) -> (tensor<1xf32>, tensor<2xf32>)
  return
}

// -----

func.func @invalid(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>) {
  // expected-error @+2 {{axis 3 is outside rank 3}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.stack %a, %b {axis = 3 : i64} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3x2xf32>
  return
}

// -----

func.func @invalid(%a: tensor<2x3xf32>) {
  // expected-error @+2 {{an axis of size 3 cannot be reflected by 3}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.pad %a {pad = array<i64: 0, 3>, mode = "reflect"} : (tensor<2x3xf32>) -> tensor<2x6xf32>
  return
}

// -----

func.func @invalid(%a: tensor<2x3xf32>) {
  // expected-error @+2 {{pad has 3 entries for a tensor of rank 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.pad %a {pad = array<i64: 0, 3, 1>} : (tensor<2x3xf32>) -> tensor<2x6xf32>
  return
}

// -----

func.func @invalid(%a: tensor<2x3xf32>) {
  // expected-error @+2 {{reps holds 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.tile %a {reps = array<i64: 0, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @invalid(%a: tensor<2x3xf32>) {
  // expected-error @+2 {{the result has too many elements}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.tile %a {reps = array<i64: 1000000, 1000000>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @invalid(%a: tensor<2x3xf32>) {
  // expected-error @+2 {{x does not broadcast: 2 against 3}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.broadcast_to %a {shape = array<i64: 3, 3>} : (tensor<2x3xf32>) -> tensor<3x3xf32>
  return
}

// -----

func.func @invalid(%a: tensor<8xf32>) {
  // expected-error @+2 {{a window of 9 does not fit into an axis of size 8}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.sliding_windows %a {axis = 0 : i64, size = 9 : i64} : (tensor<8xf32>) -> tensor<1x9xf32>
  return
}

// -----

func.func @invalid(%a: tensor<8xf32>) {
  // expected-error @+2 {{x has rank 1, which is outside [2, 16]}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.band_part %a : (tensor<8xf32>) -> tensor<8xf32>
  return
}
