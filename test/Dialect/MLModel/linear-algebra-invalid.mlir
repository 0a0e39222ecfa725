// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics

func.func @inner_product(%x: tensor<1x3x2x2xf32>) {
  // expected-error @+1 {{layer 'ip' (innerProduct): inputChannels is 3, but input 0 of shape 1x3x2x2 has vectors of 12 elements}}
  %0 = mlmodel.inner_product <"ip" -> "y"> (%x) {inputChannels = 3 : i64, outputChannels = 1 : i64, weights = #mlmodel.weights<dense<0.0> : tensor<3xf32>>} : (tensor<1x3x2x2xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @dynamic_quantization(%x: tensor<3xf32>) {
  // expected-error @+1 {{int8DynamicQuantize is true but weights have no int8RawValue}}
  %0 = mlmodel.inner_product <"ip" -> "y"> (%x) {inputChannels = 3 : i64, outputChannels = 1 : i64, int8DynamicQuantize = true, weights = #mlmodel.weights<dense<0.0> : tensor<3xf32>>} : (tensor<3xf32>) -> tensor<*xf32>
  return
}

// -----

// 2^32 * 2^32 values are not the 0 that are there.
func.func @embedding(%x: tensor<1x1x1x1xf32>) {
  // expected-error @+1 {{weights would need more values than 64 bits can count}}
  %0 = mlmodel.embedding <"e" -> "y"> (%x) {inputDim = 4294967296 : i64, outputChannels = 4294967296 : i64} : (tensor<1x1x1x1xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @lookup_table(%x: tensor<4xf32>) {
  // expected-error @+1 {{weights: expected 4 entries in the lookup table, got 2}}
  %0 = mlmodel.inner_product <"ip" -> "y"> (%x) {inputChannels = 4 : i64, outputChannels = 1 : i64, weights = #mlmodel.weights<dense<0> : tensor<1xui8>, #mlmodel.lut<bits = 2, table = [1.0, 2.0]>>} : (tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @matmul(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) {
  // expected-error @+1 {{cannot multiply matrices of shapes 2x3 and 2x3}}
  %0 = mlmodel.batched_matmul <"m" -> "y"> (%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @band(%x: tensor<2xf32>) {
  // expected-error @+1 {{input 0 has rank 1, expected 2 or more}}
  %0 = mlmodel.matrix_band_part <"b" -> "y"> (%x) : (tensor<2xf32>) -> tensor<*xf32>
  return
}
