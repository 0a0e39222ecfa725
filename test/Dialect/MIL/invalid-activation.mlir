// RUN: mlmodel-opt %s --verify-diagnostics --split-input-file

func.func @f(%x: tensor<2xf32>) {
  // expected-error @+1 {{one of EXACT, TANH_APPROXIMATION, SIGMOID_APPROXIMATION}}
  %0 = mil.gelu %x {mode = "FAST"} : tensor<2xf32>
  return
}

// -----

func.func @f(%x: tensor<2xf32>) {
  // expected-error @+1 {{axis 1 is outside rank 1}}
  %0 = mil.softmax %x {axis = 1 : i64} : tensor<2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3x2xf32>, %y: tensor<2xf32>) {
  // expected-error @+1 {{parameter 1 has 2 elements, but dimension 1 of 'tensor<1x3x2xf32>' has 3}}
  %0 = mil.prelu %x, %y : (tensor<1x3x2xf32>, tensor<2xf32>) -> tensor<1x3x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3x2xf32>, %y: tensor<3x1xf32>) {
  // expected-error @+1 {{parameter 1 must have rank 1}}
  %0 = mil.prelu %x, %y : (tensor<1x3x2xf32>, tensor<3x1xf32>) -> tensor<1x3x2xf32>
  return
}
