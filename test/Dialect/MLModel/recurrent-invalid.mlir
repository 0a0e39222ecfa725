// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics

func.func @sizes(%x: tensor<7x2x3x1x1xf32>) {
  // expected-error @+1 {{layer 's' (simpleRecurrent): outputVectorSize is 0, expected a positive number}}
  %0 = mlmodel.simple_recurrent <"s" -> "y"> (%x) {inputVectorSize = 3 : i64} : (tensor<7x2x3x1x1xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @activation(%x: tensor<7x2x3x1x1xf32>) {
  // expected-error @+1 {{activation is not one of linear, sigmoid, tanh, scaledTanh, sigmoidHard and ReLU}}
  %0 = mlmodel.simple_recurrent <"s" -> "y"> (%x) {inputVectorSize = 3 : i64, outputVectorSize = 2 : i64, activation = {ELU = {alpha = 1.0 : f32}}} : (tensor<7x2x3x1x1xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @overflow(%x: tensor<7x2x3x1x1xf32>) {
  // expected-error @+1 {{inputGateWeightMatrix would need more values than 64 bits can count}}
  %0 = mlmodel.uni_directional_lstm <"l" -> "y"> (%x) {inputVectorSize = 4611686018427387904 : i64, outputVectorSize = 4611686018427387904 : i64, activations = [{sigmoid = {}}, {tanh = {}}, {tanh = {}}]} : (tensor<7x2x3x1x1xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @state(%x: tensor<7x2x1x1x1xf32>, %h: tensor<1x3x1x1x1xf32>) {
  // expected-error @+1 {{input 1 has shape 1x3x1x1x1, expected 1x2x1x1x1}}
  %0 = mlmodel.simple_recurrent <"s" -> "y"> (%x, %h) {inputVectorSize = 1 : i64, outputVectorSize = 1 : i64, activation = {tanh = {}}, weightMatrix = #mlmodel.weights<dense<0.0> : tensor<1xf32>>, recursionMatrix = #mlmodel.weights<dense<0.0> : tensor<1xf32>>} : (tensor<7x2x1x1x1xf32>, tensor<1x3x1x1x1xf32>) -> tensor<*xf32>
  return
}
