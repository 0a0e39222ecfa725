// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics --mlmodel-quantize-weights="min-elements=1"
// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics --mlmodel-palettize-weights="min-elements=1 bits=1"

// expected-error@below {{layer 'nan' (innerProduct): weights: weight element 1 is nan}}
mlmodel.model attributes {specificationVersion = 1 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<1x1x4x1x1xf32>):
    %y = mlmodel.inner_product <"nan" -> "y"> (%x) {inputChannels = 4 : i64, outputChannels = 1 : i64, weights = #mlmodel.weights<dense<[0.0, 0x7FC00000, 0.0, 3.0]> : tensor<4xf32>>} : (tensor<1x1x4x1x1xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}

// -----

// expected-error@below {{layer 'inf' (innerProduct): weights: weight element 3 is inf}}
mlmodel.model attributes {specificationVersion = 1 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<1x1x4x1x1xf32>):
    %y = mlmodel.inner_product <"inf" -> "y"> (%x) {inputChannels = 4 : i64, outputChannels = 1 : i64, weights = #mlmodel.weights<dense<[0.0, 1.0, 0.0, 0x7F800000]> : tensor<4xf32>>} : (tensor<1x1x4x1x1xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}
