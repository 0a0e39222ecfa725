// RUN: mlmodel-opt %s --mlmodel-palettize-weights="bits=1 min-elements=1" | FileCheck %s
// RUN: mlmodel-opt %s --mlmodel-palettize-weights="bits=2 min-elements=1 mode=uniform" | FileCheck %s --check-prefix=UNIFORM
// RUN: mlmodel-opt %s --mlmodel-palettize-weights="bits=0 min-elements=1 mode=unique" | FileCheck %s --check-prefix=UNIQUE
// RUN: mlmodel-opt %s --mlmodel-palettize-weights="bits=0 min-elements=1 mode=unique remarks" -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: mlmodel-opt %s --mlmodel-palettize-weights="bits=1 min-elements=1 vectors" | FileCheck %s --check-prefix=VECTORS

// REMARK: remark: layer 'fc' (innerProduct): weights: unique, 2 bits, 32 to 18 bytes, no error

mlmodel.model attributes {specificationVersion = 1 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["z"]} {
  ^bb0(%x: tensor<1x1x4x1x1xf32>):
    // CHECK: inner_product <"fc"
    // CHECK-SAME: weights = #mlmodel.weights<dense_resource<fc.weights> : tensor<1xui8>, #mlmodel.lut<bits = 1, table = [2.500000e-01, 2.250000e+00]>>
    // UNIFORM: inner_product <"fc"
    // UNIFORM-SAME: tensor<2xui8>, #mlmodel.lut<bits = 2, table = [0.000000e+00, 1.000000e+00, 2.000000e+00, 3.000000e+00]>
    // UNIQUE: inner_product <"fc"
    // UNIQUE-SAME: tensor<2xui8>, #mlmodel.lut<bits = 2, table = [0.000000e+00, 1.000000e+00, 2.000000e+00, 3.000000e+00]>
    %y = mlmodel.inner_product <"fc" -> "y"> (%x) {inputChannels = 4 : i64, outputChannels = 2 : i64, weights = #mlmodel.weights<dense<[0.0, 1.0, 2.0, 3.0, 0.0, 0.0, 2.0, 2.0]> : tensor<8xf32>>} : (tensor<1x1x4x1x1xf32>) -> tensor<*xf32>
    // Vectors only where wanted.
    // CHECK: bias <"b"
    // CHECK-SAME: bias = #mlmodel.weights<dense<
    // VECTORS: bias <"b"
    // VECTORS-SAME: tensor<1xui8>, #mlmodel.lut<bits = 1, table = [1.000000e+00, 2.000000e+00]>
    %z = mlmodel.bias <"b" -> "z"> (%y) {shape = array<i64: 4>, bias = #mlmodel.weights<dense<[1.0, 2.0, 1.0, 2.0]> : tensor<4xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %z : tensor<*xf32>
  }
}

// CHECK: fc.weights: "0x0100000033"
