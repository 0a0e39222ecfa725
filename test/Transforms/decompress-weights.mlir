// RUN: mlmodel-opt %s --mlmodel-decompress-weights | FileCheck %s

mlmodel.model attributes {specificationVersion = 3 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<1x1x4x1x1xf32>):
    // CHECK-COUNT-3: weights = #mlmodel.weights<dense_resource<{{[^,]*}}> : tensor<4xf32>>
    %a = mlmodel.inner_product <"linear" -> "a"> (%x) {inputChannels = 4 : i64, outputChannels = 1 : i64, weights = #mlmodel.weights<dense<27> : tensor<1xui8>, #mlmodel.linear<bits = 2, scale = [2.0], bias = [-1.0]>>} : (tensor<1x1x4x1x1xf32>) -> tensor<*xf32>
    %b = mlmodel.inner_product <"lut" -> "b"> (%x) {inputChannels = 4 : i64, outputChannels = 1 : i64, weights = #mlmodel.weights<dense<27> : tensor<1xui8>, #mlmodel.lut<bits = 2, table = [4.0, 3.0, 2.0, 1.0]>>} : (tensor<1x1x4x1x1xf32>) -> tensor<*xf32>
    %c = mlmodel.inner_product <"half" -> "c"> (%x) {inputChannels = 4 : i64, outputChannels = 1 : i64, weights = #mlmodel.weights<dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf16>>} : (tensor<1x1x4x1x1xf32>) -> tensor<*xf32>
    mlmodel.output %a : tensor<*xf32>
  }
}

// CHECK-DAG: linear.weights: "0x01000000000080BF0000803F000040400000A040"
// CHECK-DAG: lut.weights: "0x010000000000804000004040000000400000803F"
// CHECK-DAG: half.weights: "0x010000000000803F000000400000404000008040"
