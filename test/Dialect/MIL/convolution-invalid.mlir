// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics

func.func @invalid(%a: tensor<1x4x9x8xf32>, %b: tensor<6x3x3x3xf32>) {
  // expected-error @+2 {{weight takes 3 channels in 1 groups, but x has 4}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.conv %a, %b : (tensor<1x4x9x8xf32>, tensor<6x3x3x3xf32>) -> tensor<1x6x7x6xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x9x8xf32>, %b: tensor<6x1x3x3xf32>) {
  // expected-error @+2 {{4 groups do not divide 6 output channels}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.conv %a, %b {groups = 4 : i64} : (tensor<1x4x9x8xf32>, tensor<6x1x3x3xf32>) -> tensor<1x6x7x6xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x9x8xf32>, %b: tensor<6x4x3x3xf32>) {
  // expected-error @+2 {{groups holds 0, which is outside}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.conv %a, %b {groups = 0 : i64} : (tensor<1x4x9x8xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x7x6xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x9x8xf32>, %b: tensor<6x4x3xf32>) {
  // expected-error @+2 {{weight has rank 3, which is outside [4, 4]}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.conv %a, %b : (tensor<1x4x9x8xf32>, tensor<6x4x3xf32>) -> tensor<1x6x7x6xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x9x8xf32>, %b: tensor<6x4x3x3xf32>, %c: tensor<5xf32>) {
  // expected-error @+2 {{bias has 5 elements, but there are 6 output channels}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.conv %a, %b, %c : (tensor<1x4x9x8xf32>, tensor<6x4x3x3xf32>, tensor<5xf32>) -> tensor<1x6x7x6xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x9x8xf32>, %b: tensor<6x4x3x3xf32>) {
  // expected-error @+2 {{strides has 1 entries instead of 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.conv %a, %b {strides = array<i64: 1>} : (tensor<1x4x9x8xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x7x6xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x9x8xf32>, %b: tensor<6x4x3x3xf32>) {
  // expected-error @+2 {{strides holds 0, which is outside}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.conv %a, %b {strides = array<i64: 1, 0>} : (tensor<1x4x9x8xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x7x6xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x9x8xf32>, %b: tensor<6x4x3x3xf32>) {
  // expected-error @+2 {{dilations holds -1, which is outside}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.conv %a, %b {dilations = array<i64: 1, -1>} : (tensor<1x4x9x8xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x7x6xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x9x8xf32>, %b: tensor<6x4x3x3xf32>) {
  // expected-error @+2 {{a window of 17 does not fit into a padded input of 9}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.conv %a, %b {dilations = array<i64: 8, 1>} : (tensor<1x4x9x8xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x7x6xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x9x8xf32>, %b: tensor<6x4x3x3xf32>) {
  // expected-error @+2 {{pad holds -1, which is outside}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.conv %a, %b {pad_type = "custom", pad = array<i64: 0, 0, -1, 0>} : (tensor<1x4x9x8xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x7x6xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x9x8xf32>, %b: tensor<6x4x3x3xf32>) {
  // expected-error @+2 {{a window is too large}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.conv %a, %b {dilations = array<i64: 1073741824, 1>} : (tensor<1x4x9x8xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x7x6xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x9x8xf32>, %b: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{attribute 'pad_type' failed to satisfy constraint}}
  %r = mil.conv %a, %b {pad_type = "full"} : (tensor<1x4x9x8xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x7x6xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x9x8xf32>, %b: tensor<6x4x3x3xf32>) {
  // expected-error @+2 {{are incompatible with return type(s) of operation}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.conv %a, %b : (tensor<1x4x9x8xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x7x7xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x9x8xf32>, %b: tensor<6x3x3x3xf32>) {
  // expected-error @+2 {{weight takes 6 channels, but x has 4}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.conv_transpose %a, %b : (tensor<1x4x9x8xf32>, tensor<6x3x3x3xf32>) -> tensor<1x3x11x10xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x9x8xf32>, %b: tensor<4x3x3x3xf32>) {
  // expected-error @+2 {{channels of output_shape and weight: 4 against 3}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.conv_transpose %a, %b {output_shape = array<i64: 1, 4, 11, 10>} : (tensor<1x4x9x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x11x10xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x9x8xf32>, %b: tensor<4x3x3x3xf32>) {
  // expected-error @+2 {{an output size of -1 is out of range}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.conv_transpose %a, %b {pad_type = "custom", pad = array<i64: 6, 6, 0, 0>} : (tensor<1x4x9x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x3x1x10xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x9x8xf32>) {
  // expected-error @+2 {{ceil_mode needs symmetric padding}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.max_pool %a {kernel_sizes = array<i64: 2, 2>, pad_type = "custom", pad = array<i64: 0, 1, 0, 0>, ceil_mode = true} : (tensor<1x4x9x8xf32>) -> tensor<1x4x9x7xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x9x8xf32>) {
  // expected-error @+2 {{ceil_mode does not go with pad_type same}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.avg_pool %a {kernel_sizes = array<i64: 2, 2>, pad_type = "same", ceil_mode = true} : (tensor<1x4x9x8xf32>) -> tensor<1x4x9x8xf32>
  return
}

// -----

func.func @invalid(%a: tensor<1x4x9x8xf32>) {
  // expected-error @+2 {{kernel has 3 entries instead of 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.l2_pool %a {kernel_sizes = array<i64: 2, 2, 2>} : (tensor<1x4x9x8xf32>) -> tensor<1x4x8x7xf32>
  return
}
