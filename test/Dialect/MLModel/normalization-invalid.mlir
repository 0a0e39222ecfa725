// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics

func.func @channels(%x: tensor<1x3x2x2xf32>) {
  // expected-error @+1 {{layer 'bn' (batchnorm): channels is 2, but input 0 has 3 channels}}
  %0 = mlmodel.batchnorm <"bn" -> "y"> (%x) {channels = 2 : i64, gamma = #mlmodel.weights<dense<1.0> : tensor<2xf32>>, beta = #mlmodel.weights<dense<1.0> : tensor<2xf32>>, mean = #mlmodel.weights<dense<1.0> : tensor<2xf32>>, variance = #mlmodel.weights<dense<1.0> : tensor<2xf32>>} : (tensor<1x3x2x2xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @variance(%x: tensor<1x3x2x2xf32>) {
  // expected-error @+1 {{variance: expected 1 values, got 0}}
  %0 = mlmodel.batchnorm <"bn" -> "y"> (%x) {channels = 1 : i64, gamma = #mlmodel.weights<dense<1.0> : tensor<1xf32>>, beta = #mlmodel.weights<dense<1.0> : tensor<1xf32>>, mean = #mlmodel.weights<dense<1.0> : tensor<1xf32>>} : (tensor<1x3x2x2xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @rank(%x: tensor<2x2xf32>) {
  // expected-error @+1 {{input 0 has rank 2, expected 3 or more}}
  %0 = mlmodel.l2_normalize <"n" -> "y"> (%x) : (tensor<2x2xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @window(%x: tensor<3x2x2xf32>) {
  // expected-error @+1 {{localSize is 0, expected 1 to}}
  %0 = mlmodel.lrn <"n" -> "y"> (%x) : (tensor<3x2x2xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @normalized(%x: tensor<3x2x2xf32>) {
  // expected-error @+1 {{normalizedShape is 3x2 but input 0 has shape 3x2x2}}
  %0 = mlmodel.layer_normalization <"n" -> "y"> (%x) {normalizedShape = array<i64: 3, 2>, gamma = #mlmodel.weights<dense<1.0> : tensor<6xf32>>, beta = #mlmodel.weights<dense<1.0> : tensor<6xf32>>} : (tensor<3x2x2xf32>) -> tensor<*xf32>
  return
}
