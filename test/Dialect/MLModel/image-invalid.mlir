// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics

func.func @crop(%x: tensor<3x9x8xf32>) {
  // expected-error @+1 {{layer 'c' (crop): cropAmounts 5 and 4 leave nothing of input 0 of size 9}}
  %0 = mlmodel.crop <"c" -> "y"> (%x) {cropAmounts = array<i64: 5, 4, 0, 0>} : (tensor<3x9x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @offset(%x: tensor<3x9x8xf32>, %r: tensor<3x4x4xf32>) {
  // expected-error @+1 {{offset is 6 and input 1 has size 4, but input 0 has only 9}}
  %0 = mlmodel.crop <"c" -> "y"> (%x, %r) {offset = array<i64: 6, 0>} : (tensor<3x9x8xf32>, tensor<3x4x4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @huge(%x: tensor<3x9x8xf32>) {
  // expected-error @+1 {{is larger than the limit of 2147483648 elements}}
  %0 = mlmodel.upsample <"u" -> "y"> (%x) {scalingFactor = array<i64: 4611686018427387904, 1>} : (tensor<3x9x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @not_a_number(%x: tensor<3x9x8xf32>) {
  // expected-error @+1 {{expected a positive number}}
  %0 = mlmodel.upsample <"u" -> "y"> (%x) {fractionalScalingFactor = array<f32: 0x7FC00000, 1.0>} : (tensor<3x9x8xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @boxes(%x: tensor<1x1x3x9x8xf32>, %b: tensor<6x1x3x1x1xf32>) {
  // expected-error @+1 {{input 1 has shape 6x1x3x1x1, expected Nx1x4x1x1 or Nx1x5x1x1}}
  %0 = mlmodel.crop_resize <"c" -> "y"> (%x, %b) : (tensor<1x1x3x9x8xf32>, tensor<6x1x3x1x1xf32>) -> tensor<*xf32>
  return
}
