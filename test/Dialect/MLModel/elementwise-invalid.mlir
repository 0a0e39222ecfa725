// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics

func.func @broadcast(%x: tensor<1x3x9x8xf32>, %y: tensor<2x1x1xf32>) {
  // expected-error @+1 {{layer 'a' (add): input 1 of shape 2x1x1 does not broadcast with shape 1x3x9x8}}
  %0 = mlmodel.add <"a" -> "y"> (%x, %y) : (tensor<1x3x9x8xf32>, tensor<2x1x1xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @scale_channels(%x: tensor<1x3x9x8xf32>) {
  // expected-error @+1 {{shapeScale is 2, which does not broadcast to input 0 of shape 1x3x9x8}}
  %0 = mlmodel.scale <"s" -> "y"> (%x) {shapeScale = array<i64: 2>, scale = #mlmodel.weights<dense<2.0> : tensor<2xf32>>} : (tensor<1x3x9x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @scale_count(%x: tensor<1x3x9x8xf32>) {
  // expected-error @+1 {{scale: expected 3 values, got 2}}
  %0 = mlmodel.scale <"s" -> "y"> (%x) {shapeScale = array<i64: 3>, scale = #mlmodel.weights<dense<2.0> : tensor<2xf32>>} : (tensor<1x3x9x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @bias_missing(%x: tensor<1x3x9x8xf32>) {
  // expected-error @+1 {{bias: expected 3 values, got 0}}
  %0 = mlmodel.scale <"s" -> "y"> (%x) {shapeScale = array<i64: 1>, scale = #mlmodel.weights<dense<2.0> : tensor<1xf32>>, hasBias = true, shapeBias = array<i64: 3>} : (tensor<1x3x9x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @inputs(%x: tensor<3xf32>) {
  // expected-error @+1 {{layer 'o' (logicalOr): has 1 inputs, expected 2}}
  %0 = mlmodel.logical_or <"o" -> "y"> (%x) : (tensor<3xf32>) -> tensor<*xf32>
  return
}
