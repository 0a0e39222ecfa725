// RUN: mlmodel-opt %s --verify-diagnostics --split-input-file

func.func @f(%x: tensor<1x3xf32>) {
  // expected-error @+1 {{rank 3 or more}}
  %0 = mil.instance_norm %x : (tensor<1x3xf32>) -> tensor<1x3xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3x4xf32>, %y: tensor<4xf32>) {
  // expected-error @+1 {{gamma is 'tensor<4xf32>', but must be 'tensor<3xf32>'}}
  %0 = mil.instance_norm %x gamma %y : (tensor<1x3x4xf32>, tensor<4xf32>) -> tensor<1x3x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3x4xf32>, %y: tensor<4xf32>) {
  // expected-error @+1 {{beta is 'tensor<4xf32>', but must be 'tensor<3x4xf32>'}}
  %0 = mil.layer_norm %x beta %y {axes = array<i64: 1, 2>} : (tensor<1x3x4xf32>, tensor<4xf32>) -> tensor<1x3x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3x4xf32>) {
  // expected-error @+1 {{an axis is named twice}}
  %0 = mil.l2_norm %x {axes = array<i64: 1, -2>} : (tensor<1x3x4xf32>) -> tensor<1x3x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3x4xf32>) {
  // expected-error @+1 {{size must be in [1, 2^31)}}
  %0 = mil.local_response_norm %x {size = 0 : i64} : (tensor<1x3x4xf32>) -> tensor<1x3x4xf32>
  return
}
