// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics

func.func @none(%x: tensor<3x8x8xf32>) {
  // expected-error @+1 {{layer 'a' (activation): names 0 functions, expected 1}}
  %0 = mlmodel.activation <"a" -> "y"> (%x) : (tensor<3x8x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @two(%x: tensor<3x8x8xf32>) {
  // expected-error @+1 {{names 2 functions, expected 1}}
  %0 = mlmodel.activation <"a" -> "y"> (%x) {ReLU = {}, tanh = {}} : (tensor<3x8x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @channels(%x: tensor<3x8x8xf32>) {
  // expected-error @+1 {{PReLU.alpha: expected 3 values, got 2}}
  %0 = mlmodel.activation <"a" -> "y"> (%x) {PReLU = {alpha = #mlmodel.weights<dense<0.1> : tensor<2xf32>>}} : (tensor<3x8x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @missing(%x: tensor<3x8x8xf32>) {
  // expected-error @+1 {{parametricSoftplus.beta is missing}}
  %0 = mlmodel.activation <"a" -> "y"> (%x) {parametricSoftplus = {alpha = #mlmodel.weights<dense<0.1> : tensor<1xf32>>}} : (tensor<3x8x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @axis(%x: tensor<3x8x8xf32>) {
  // expected-error @+1 {{axis is 3, but the input has rank 3}}
  %0 = mlmodel.softmax_nd <"a" -> "y"> (%x) {axis = 3 : i64} : (tensor<3x8x8xf32>) -> tensor<*xf32>
  return
}
