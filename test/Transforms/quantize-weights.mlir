// RUN: mlmodel-opt %s --mlmodel-quantize-weights="bits=2 min-elements=1" | FileCheck %s
// RUN: mlmodel-opt %s --mlmodel-quantize-weights="bits=2 min-elements=1 per-tensor" | FileCheck %s --check-prefix=TENSOR
// RUN: mlmodel-opt %s --mlmodel-quantize-weights="bits=3 mode=linear-symmetric min-elements=1 skip=up" | FileCheck %s --check-prefix=SYMMETRIC
// RUN: mlmodel-opt %s --mlmodel-quantize-weights | FileCheck %s --check-prefix=SMALL
// RUN: mlmodel-opt %s --mlmodel-quantize-weights="bits=2 min-elements=1" --mlmodel-decompress-weights | FileCheck %s --check-prefix=BACK

// Quantized weights are of version 3; without them nothing changes.
// CHECK: specificationVersion = 3
// SMALL: specificationVersion = 1
mlmodel.model attributes {specificationVersion = 1 : i64} {
  mlmodel.network attributes {inputNames = ["x", "m"], outputNames = ["y", "z"]} {
  ^bb0(%x: tensor<1x1x4x1x1xf32>, %m: tensor<1x1x2x4x4xf32>):
    // One scale per output channel; the bias vector stays.
    // CHECK: inner_product <"fc"
    // CHECK-SAME: bias = #mlmodel.weights<dense<[5.000000e-01, -5.000000e-01]> : tensor<2xf32>>
    // CHECK-SAME: weights = #mlmodel.weights<dense_resource<fc.weights> : tensor<2xui8>, #mlmodel.linear<bits = 2, scale = [1.000000e+00, 2.000000e+00], bias = [0.000000e+00, -3.000000e+00]>>
    // TENSOR: inner_product <"fc"
    // TENSOR-SAME: #mlmodel.linear<bits = 2, scale = [2.000000e+00], bias = [-3.000000e+00]>
    // SYMMETRIC: inner_product <"fc"
    // SYMMETRIC-SAME: tensor<3xui8>, #mlmodel.linear<bits = 3, scale = [1.000000e+00, 1.000000e+00], bias = [-4.000000e+00, -4.000000e+00]>
    // SMALL: inner_product <"fc"
    // SMALL-SAME: weights = #mlmodel.weights<dense<[0.000000e+00
    // BACK: inner_product <"fc"
    // BACK-SAME: weights = #mlmodel.weights<dense_resource<{{.*}}> : tensor<8xf32>>
    %y = mlmodel.inner_product <"fc" -> "y"> (%x) {inputChannels = 4 : i64, outputChannels = 2 : i64, hasBias = true, bias = #mlmodel.weights<dense<[0.5, -0.5]> : tensor<2xf32>>, weights = #mlmodel.weights<dense<[0.0, 1.0, 2.0, 3.0, -3.0, -3.0, 3.0, 3.0]> : tensor<8xf32>>} : (tensor<1x1x4x1x1xf32>) -> tensor<*xf32>
    // Of a deconvolution, the output channels are the second axis of [2, 2, 2, 2].
    // CHECK: convolution <"up"
    // CHECK-SAME: #mlmodel.linear<bits = 2, scale = [1.000000e+00, 1.000000e+01], bias = [0.000000e+00, 0.000000e+00]>
    // SYMMETRIC: convolution <"up"
    // SYMMETRIC-SAME: weights = #mlmodel.weights<dense<[0.000000e+00
    %z = mlmodel.convolution <"up" -> "z"> (%m) {isDeconvolution = true, outputChannels = 2 : i64, kernelChannels = 2 : i64, nGroups = 1 : i64, kernelSize = array<i64: 2, 2>, valid = {}, weights = #mlmodel.weights<dense<[0.0, 1.0, 2.0, 3.0, 0.0, 10.0, 20.0, 30.0, 3.0, 2.0, 1.0, 0.0, 30.0, 20.0, 10.0, 0.0]> : tensor<16xf32>>} : (tensor<1x1x2x4x4xf32>) -> tensor<*xf32>
    mlmodel.output %y, %z : tensor<*xf32>, tensor<*xf32>
  }
}

// Most significant bits first: codes 0 1 2 3 and 0 0 3 3 are 1B and 0F.
// CHECK: fc.weights: "0x010000001B0F"
// CHECK: up.weights: "0x010000001B1BE4E4"
// Codes 4 5 6 7 1 1 7 7 of three bits.
// SYMMETRIC: fc.weights: "0x0100000097727F"
// BACK: "0x01000000000000000000803F0000004000004040000040C0000040C00000404000004040"
