// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics

func.func @no_weights(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+1 {{layer 'conv' (convolution): weights: expected 216 values, got 0}}
  %0 = mlmodel.convolution <"conv" -> "y"> (%x) {outputChannels = 8 : i64, kernelChannels = 3 : i64} : (tensor<1x3x8x8xf32>) -> tensor<*xf32>
  return
}

// -----

// The number of weights is 2^64, which must not wrap to the 0 that are there.
func.func @wrap(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+1 {{layer 'conv' (convolution): weights would need more values than 64 bits can count}}
  %0 = mlmodel.convolution <"conv" -> "y"> (%x) {outputChannels = 8589934592 : i64, kernelChannels = 2147483648 : i64, kernelSize = array<i64: 1, 1>} : (tensor<1x3x8x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @channels(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+1 {{kernelChannels is 2, but input 0 has 3 channels}}
  %0 = mlmodel.convolution <"conv" -> "y"> (%x) {outputChannels = 1 : i64, kernelChannels = 2 : i64, kernelSize = array<i64: 1, 1>, weights = #mlmodel.weights<dense<0.0> : tensor<2xf32>>} : (tensor<1x3x8x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @groups(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+1 {{nGroups is 3, which does not divide outputChannels 4}}
  %0 = mlmodel.convolution <"conv" -> "y"> (%x) {outputChannels = 4 : i64, kernelChannels = 1 : i64, nGroups = 3 : i64, kernelSize = array<i64: 1, 1>} : (tensor<1x3x8x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @kernel_zero(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+1 {{kernelSize is 0, expected 1 to 2147483647}}
  %0 = mlmodel.convolution <"conv" -> "y"> (%x) {outputChannels = 1 : i64, kernelChannels = 3 : i64, kernelSize = array<i64: 0, 1>} : (tensor<1x3x8x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @stride(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+1 {{stride is -1 (or 18446744073709551615), expected 1 to 2147483647}}
  %0 = mlmodel.convolution <"conv" -> "y"> (%x) {outputChannels = 1 : i64, kernelChannels = 3 : i64, kernelSize = array<i64: 1, 1>, stride = array<i64: -1, 1>} : (tensor<1x3x8x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @padding(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+1 {{paddingAmounts is -1 (or 18446744073709551615)}}
  %0 = mlmodel.convolution <"conv" -> "y"> (%x) {outputChannels = 1 : i64, kernelChannels = 3 : i64, kernelSize = array<i64: 1, 1>, valid = {paddingAmounts = array<i64: -1, 0, 0, 0>}} : (tensor<1x3x8x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @too_small(%x: tensor<1x1x2x2xf32>) {
  // expected-error @+1 {{the kernel covers 3 elements but the padded input 0 has only 2}}
  %0 = mlmodel.convolution <"conv" -> "y"> (%x) {outputChannels = 1 : i64, kernelChannels = 1 : i64, weights = #mlmodel.weights<dense<0.0> : tensor<9xf32>>} : (tensor<1x1x2x2xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @bias(%x: tensor<1x1x2x2xf32>) {
  // expected-error @+1 {{bias: expected 1 values, got 0}}
  %0 = mlmodel.convolution <"conv" -> "y"> (%x) {outputChannels = 1 : i64, kernelChannels = 1 : i64, hasBias = true, kernelSize = array<i64: 1, 1>, weights = #mlmodel.weights<dense<0.0> : tensor<1xf32>>} : (tensor<1x1x2x2xf32>) -> tensor<*xf32>
  return
}

// -----

// The output is small, but not what would have to be padded for it.
func.func @padding_bomb(%x: tensor<1x1x2x2xf32>) {
  // expected-error @+1 {{is larger than the limit of 2147483648 elements}}
  %0 = mlmodel.pooling <"pool" -> "y"> (%x) {kernelSize = array<i64: 1, 1>, stride = array<i64: 1000000000, 1000000000>, valid = {paddingAmounts = array<i64: 1000000000, 0, 1000000000, 0>}} : (tensor<1x1x2x2xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @result(%x: tensor<1x1x2x2xf32>) {
  // expected-error @+1 {{has type 'tensor<1x1x2x2xf32>' but the layer produces shape 1x1x1x1}}
  %0 = mlmodel.pooling <"pool" -> "y"> (%x) {globalPooling = true} : (tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32>
  return
}

// -----

func.func @misspelt(%x: tensor<1x1x3x8x8xf32>) {
  // expected-error @+1 {{layer 'p' (pooling): has no field 'type'}}
  %0 = mlmodel.pooling <"p" -> "y"> (%x) {type = "AVERAGE", globalPooling = true, valid = {}} : (tensor<1x1x3x8x8xf32>) -> tensor<*xf32>
  return
}
