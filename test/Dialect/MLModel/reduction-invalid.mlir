// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics

func.func @reduce_argmax(%x: tensor<*xf32>) {
  // expected-error @+1 {{mode ARGMAX with axis CHW, expected one of C, H, W}}
  %0 = mlmodel.reduce <"l" -> "y0"> (%x) {mode = "ARGMAX"} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @reduce_rank(%x: tensor<4xf32>) {
  // expected-error @+1 {{input 0 has rank 1, expected 2 or more}}
  %0 = mlmodel.reduce <"l" -> "y0"> (%x) {axis = "HW"} : (tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @argmax_axis(%x: tensor<4xf32>) {
  // expected-error @+1 {{axis is 1, but the input has rank 1}}
  %0 = mlmodel.arg_max <"l" -> "y0"> (%x) {axis = 1 : i64} : (tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @cumsum_axis(%x: tensor<4xf32>) {
  // expected-error @+1 {{axis is -2}}
  %0 = mlmodel.cum_sum <"l" -> "y0"> (%x) {axis = -2 : i64} : (tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @reduce_twice(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{axes is -2 (or 18446744073709551614), but that axis is named twice}}
  %0 = mlmodel.reduce_sum <"l" -> "y0"> (%x) {axes = array<i64: 1, -2>} : (tensor<2x3x4xf32>) -> tensor<*xf32>
  return
}
