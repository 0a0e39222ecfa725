// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics

func.func @invalid() {
  // expected-error @+2 {{shape holds -1}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.fill {shape = array<i64: -1>} : () -> tensor<1xf32>
  return
}

// -----

func.func @invalid() {
  // expected-error @+2 {{the range is empty or too long}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.range_1d {end = -1.0 : f32} : () -> tensor<1xf32>
  return
}

// -----

func.func @invalid() {
  // expected-error @+2 {{the range is empty or too long}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = mil.range_1d {end = 1.0 : f32, step = 0.0 : f32} : () -> tensor<1xf32>
  return
}
