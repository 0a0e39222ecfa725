// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics

func.func @constant_rank() {
  // expected-error @+1 {{shape has 1 entries, expected 3}}
  %0 = mlmodel.load_constant <"l" -> "y0"> () {shape = array<i64: 5>} : () -> tensor<*xf32>
  return
}

// -----

func.func @constant_count() {
  // expected-error @+1 {{data: expected 6 values, got 5}}
  %0 = mlmodel.load_constant_nd <"l" -> "y0"> () {shape = array<i64: 6>, data = #mlmodel.weights<dense<1.0> : tensor<5xf32>>} : () -> tensor<*xf32>
  return
}

// -----

func.func @constant_overflow() {
  // expected-error @+1 {{data would need more values than 64 bits can count}}
  %0 = mlmodel.load_constant_nd <"l" -> "y0"> () {shape = array<i64: 1099511627776, 1099511627776>, data = #mlmodel.weights<dense<1.0> : tensor<5xf32>>} : () -> tensor<*xf32>
  return
}

// -----

func.func @constant_zero() {
  // expected-error @+1 {{shape is 0, must be positive}}
  %0 = mlmodel.load_constant_nd <"l" -> "y0"> () {shape = array<i64: 0>} : () -> tensor<*xf32>
  return
}

// -----

func.func @fill_bomb() {
  // expected-error @+1 {{is larger than the limit}}
  %0 = mlmodel.fill_static <"l" -> "y0"> () {targetShape = array<i64: 1073741824, 1073741824>} : () -> tensor<*xf32>
  return
}

// -----

func.func @fill_none() {
  // expected-error @+1 {{targetShape is empty}}
  %0 = mlmodel.fill_static <"l" -> "y0"> () : () -> tensor<*xf32>
  return
}

// -----

func.func @range_step() {
  // expected-error @+1 {{is larger than the limit}}
  %0 = mlmodel.range_static <"l" -> "y0"> () {endValue = 3.0 : f32} : () -> tensor<*xf32>
  return
}

// -----

func.func @range_empty() {
  // expected-error @+1 {{is empty}}
  %0 = mlmodel.range_static <"l" -> "y0"> () {endValue = 3.0 : f32, stepSizeValue = -1.0 : f32} : () -> tensor<*xf32>
  return
}

// -----

func.func @range_bomb() {
  // expected-error @+1 {{is larger than the limit of 2147483648 elements}}
  %0 = mlmodel.range_static <"l" -> "y0"> () {endValue = 3.0e38 : f32, stepSizeValue = 1.0e-38 : f32} : () -> tensor<*xf32>
  return
}

// -----

func.func @range_nan() {
  // expected-error @+1 {{is empty}}
  %0 = mlmodel.range_static <"l" -> "y0"> () {endValue = 0x7FC00000 : f32, stepSizeValue = 1.0 : f32} : () -> tensor<*xf32>
  return
}

// -----

func.func @random_negative() {
  // expected-error @+1 {{outputShape is -1}}
  %0 = mlmodel.random_normal_static <"l" -> "y0"> () {outputShape = array<i64: -1>} : () -> tensor<*xf32>
  return
}

// -----

func.func @categorical_samples(%x: tensor<4xf32>) {
  // expected-error @+1 {{numSamples is 0, must be positive}}
  %0 = mlmodel.categorical_distribution <"l" -> "y0"> (%x) : (tensor<4xf32>) -> tensor<*xf32>
  return
}
