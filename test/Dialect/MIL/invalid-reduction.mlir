// RUN: mlmodel-opt %s --verify-diagnostics --split-input-file

func.func @f(%x: tensor<1x3xf32>) {
  // expected-error @+1 {{axis 2 is outside rank 2}}
  %0 = mil.reduce_sum %x {axes = array<i64: 2>} : (tensor<1x3xf32>) -> tensor<1xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3xf32>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{incompatible with return type}}
  %0 = mil.reduce_sum %x {axes = array<i64: 1>} : (tensor<1x3xf32>) -> tensor<1x1xf32>
  return
}

// -----

func.func @f(%x: tensor<1x0xf32>) {
  // expected-error @+1 {{has no element to choose}}
  %0 = mil.reduce_argmax %x : (tensor<1x0xf32>) -> tensor<1xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3xf32>) {
  // expected-error @+1 {{axis -3 is outside rank 2}}
  %0 = mil.cumsum %x {axis = -3 : i64} : tensor<1x3xf32>
  return
}
