// RUN: mlmodel-opt %s --mlmodel-quantize-weights="mode=float16 min-elements=1" | FileCheck %s --check-prefix=HALF
// RUN: mlmodel-opt %s --mlmodel-quantize-weights="mode=int8-dynamic min-elements=1" | FileCheck %s --check-prefix=BYTES
// RUN: mlmodel-opt %s --mlmodel-quantize-weights="mode=int8-dynamic min-elements=1 remarks" -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: echo "0, 2 -3" > %t.txt
// RUN: mlmodel-opt %s --mlmodel-palettize-weights="mode=table table=%t.txt bits=2 min-elements=1" | FileCheck %s --check-prefix=TABLE
// RUN: not mlmodel-opt %s --mlmodel-palettize-weights="mode=table table=%t.txt bits=1" 2>&1 | FileCheck %s --check-prefix=LONG
// RUN: not mlmodel-opt %s --mlmodel-palettize-weights="mode=table" 2>&1 | FileCheck %s --check-prefix=FILE
// RUN: echo "types: [{type: innerProduct, palettize: 1}]" > %t.yaml
// RUN: echo "layers: [{name: biased, keep: true}]" >> %t.yaml
// RUN: mlmodel-opt %s --mlmodel-quantize-weights="mode=float16 min-elements=1 config=%t.yaml remarks" -o /dev/null 2>&1 | FileCheck %s --check-prefix=CONFIG

// LONG: the table has 3 values, expected at most 2
// FILE: mode table and a table's file go together
// REMARK-DAG: layer 'biased' (innerProduct): weights stays: the format allows int8-dynamic only without a bias
// REMARK-DAG: layer 'conv' (convolution): weights stays: int8-dynamic is for innerProduct and batchedMatmul
// CONFIG-DAG: layer 'fc' (innerProduct): weights: kmeans, 1 bits
// CONFIG-DAG: layer 'biased' (innerProduct): weights stays: kept by name
// CONFIG-DAG: layer 'conv' (convolution): weights: float16, 16 bits, 64 to 32 bytes

// HALF: specificationVersion = 2
// BYTES: specificationVersion = 5
mlmodel.model attributes {specificationVersion = 1 : i64} {
  mlmodel.network attributes {inputNames = ["x", "m"], outputNames = ["y", "z", "w"]} {
  ^bb0(%x: tensor<1x1x4x1x1xf32>, %m: tensor<1x1x1x4x4xf32>):
    // HALF: inner_product <"fc"
    // HALF-SAME: weights = #mlmodel.weights<dense_resource<fc.weights> : tensor<8xf16>>
    // BYTES: inner_product <"fc"
    // BYTES-SAME: int8DynamicQuantize = true
    // BYTES-SAME: weights = #mlmodel.weights<dense_resource<fc.weights> : tensor<8xsi8>, #mlmodel.linear<bits = 8, scale = [2.500000e-01]>>
    // TABLE: inner_product <"fc"
    // TABLE-SAME: #mlmodel.lut<bits = 2, table = [0.000000e+00, 2.000000e+00, -3.000000e+00, 0.000000e+00]>
    %y = mlmodel.inner_product <"fc" -> "y"> (%x) {inputChannels = 4 : i64, outputChannels = 2 : i64, weights = #mlmodel.weights<dense<[0.0, 1.0, 2.0, 31.75, -3.0, -3.25, 3.0, -2.1]> : tensor<8xf32>>} : (tensor<1x1x4x1x1xf32>) -> tensor<*xf32>
    // BYTES: inner_product <"biased"
    // BYTES-SAME: tensor<4xf32>
    %z = mlmodel.inner_product <"biased" -> "z"> (%x) {inputChannels = 4 : i64, outputChannels = 1 : i64, hasBias = true, bias = #mlmodel.weights<dense<[0.5]> : tensor<1xf32>>, weights = #mlmodel.weights<dense<[0.0, 1.0, 2.0, 3.0]> : tensor<4xf32>>} : (tensor<1x1x4x1x1xf32>) -> tensor<*xf32>
    %w = mlmodel.convolution <"conv" -> "w"> (%m) {outputChannels = 4 : i64, kernelChannels = 1 : i64, kernelSize = array<i64: 2, 2>, valid = {}, weights = #mlmodel.weights<dense<[0.0, 1.0, 2.0, 3.0, 0.0, 10.0, 20.0, 30.0, 3.0, 2.0, 1.0, 0.0, 30.0, 20.0, 10.0, 0.0]> : tensor<16xf32>>} : (tensor<1x1x1x4x4xf32>) -> tensor<*xf32>
    mlmodel.output %y, %z, %w : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
  }
}

// Truncated towards zero: 0 4 8 127 -12 -13 12 -8.
// BYTES: fc.weights: "0x010000000004087FF4F30CF8"
// The nearest of 0 2 -3, the smaller of two equally near: 0 1 -> 0, 2 -> 1, 31.75 -> 1 ...
// TABLE: fc.weights: "0x0100000005A6"
