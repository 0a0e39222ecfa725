// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics

func.func @invalid(%a: tensor<4xf32>) {
  // expected-error @+2 {{the slice of axis 0 of size 4 is empty}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.slice_by_index %a {begin = array<i64: 2>, end = array<i64: 2>} : (tensor<4xf32>) -> tensor<1xf32>
  return
}

// -----

func.func @invalid(%a: tensor<4xf32>) {
  // expected-error @+2 {{index 4 is outside axis 0 of size 4}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.slice_by_index %a {begin = array<i64: 4>, end = array<i64: 2>, squeeze_mask = array<i1: true>} : (tensor<4xf32>) -> tensor<f32>
  return
}

// -----

func.func @invalid(%a: tensor<4xf32>) {
  // expected-error @+2 {{stride must not be 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.slice_by_index %a {begin = array<i64: 0>, end = array<i64: 2>, stride = array<i64: 0>} : (tensor<4xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @invalid(%a: tensor<?xf32>) {
  // expected-error @+2 {{axis 0 must be static}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.slice_by_index %a {begin = array<i64: 0>, end = array<i64: 2>} : (tensor<?xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @invalid(%a: tensor<4xf32>, %b: tensor<1xf32>) {
  // expected-error @+2 {{a size of 5 does not fit into an axis of size 4}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.slice_by_size %a, %b {size = array<i64: 5>} : (tensor<4xf32>, tensor<1xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @invalid(%a: tensor<4xf32>, %b: tensor<2xf32>) {
  // expected-error @+2 {{axis 1 is outside rank 1}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.gather %a, %b {axis = 1 : i64} : (tensor<4xf32>, tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @invalid(%a: tensor<0xf32>, %b: tensor<2xf32>) {
  // expected-error @+2 {{an indexed axis must have a static size of at least 1}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.gather %a, %b : (tensor<0xf32>, tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @invalid(%a: tensor<4xf32>, %b: tensor<4xf32>) {
  // expected-error @+2 {{batch_dims holds 1, which is outside [0, 0]}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.gather %a, %b {batch_dims = 1 : i64} : (tensor<4xf32>, tensor<4xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @invalid(%a: tensor<4x2xf32>, %b: tensor<2x3xf32>) {
  // expected-error @+2 {{shape of indices: 3 against 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.gather_along_axis %a, %b {axis = 0 : i64} : (tensor<4x2xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @invalid(%a: tensor<4x2xf32>, %b: tensor<2x3xf32>) {
  // expected-error @+2 {{the last dimension of indices holds 3, which is outside [1, 2]}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.gather_nd %a, %b : (tensor<4x2xf32>, tensor<2x3xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @invalid(%a: tensor<4x2xf32>, %b: tensor<3xf32>, %c: tensor<2x2xf32>) {
  // expected-error @+2 {{shape of updates: 2 against 3}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.scatter %a, %b, %c : (tensor<4x2xf32>, tensor<3xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
  return
}

// -----

func.func @invalid(%a: tensor<4x2xf32>, %b: tensor<3xf32>, %c: tensor<3x2xf32>) {
  // expected-error @+1 {{attribute 'mode' failed to satisfy constraint}}
  %r = mil.scatter %a, %b, %c {mode = "xor"} : (tensor<4x2xf32>, tensor<3xf32>, tensor<3x2xf32>) -> tensor<4x2xf32>
  return
}

// -----

func.func @invalid(%a: tensor<4x2xf32>, %b: tensor<3x2xf32>, %c: tensor<3x2xf32>) {
  // expected-error @+2 {{shape of updates has 2 entries instead of 1}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.scatter_nd %a, %b, %c : (tensor<4x2xf32>, tensor<3x2xf32>, tensor<3x2xf32>) -> tensor<4x2xf32>
  return
}

// -----

func.func @invalid(%a: tensor<4xf32>) {
  // expected-error @+2 {{one_hot_vector_size holds 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.one_hot %a {one_hot_vector_size = 0 : i64} : (tensor<4xf32>) -> tensor<4x1xf32>
  return
}
