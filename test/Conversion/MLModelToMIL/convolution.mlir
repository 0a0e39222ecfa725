// RUN: mlmodel-opt %s --split-input-file --mlmodel-infer-shapes --convert-mlmodel-to-mil | FileCheck %s

// The leading axes become one batch and come back afterwards; padding amounts
// are computed.
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:.*]]: tensor<2x1x3x9x8xf32> {mlmodel.name = "x"}
// CHECK-SAME: -> (tensor<2x1x4x5x4xf32> {mlmodel.name = "y"}
mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x", "v"], outputNames = ["y", "t", "p", "g", "v3"]} {
  ^bb0(%x: tensor<2x1x3x9x8xf32>, %v: tensor<1x2x5x6x7xf32>):
    // CHECK-DAG: %[[B:.*]] = mil.const dense<1.000000e+00> : tensor<4xf32>
    // CHECK-DAG: %[[W:.*]] = mil.const dense<0.000000e+00> : tensor<4x3x3x3xf32>
    // CHECK: %[[R:.*]] = mil.reshape %[[X]] {{.*}} -> tensor<2x3x9x8xf32>
    // CHECK: mil.conv %[[R]], %[[W]], %[[B]] {{.*}}pad = array<i64: 1, 1, 0, 1>, pad_type = "custom", strides = array<i64: 2, 2>{{.*}} -> tensor<2x4x5x4xf32>
    // CHECK: mil.reshape {{.*}} -> tensor<2x1x4x5x4xf32>
    %0 = mlmodel.convolution <"conv" -> "y"> (%x) {outputChannels = 4 : i64, kernelChannels = 3 : i64, stride = array<i64: 2, 2>, same = {}, hasBias = true, weights = #mlmodel.weights<dense<0.0> : tensor<108xf32>>, bias = #mlmodel.weights<dense<1.0> : tensor<4xf32>>} : (tensor<2x1x3x9x8xf32>) -> tensor<*xf32>
    // Scales of a transposed convolution belong to the second axis.
    // CHECK: mil.constexpr_linear_dequantize {axis = 1 : i64, bits = 8 : i64{{.*}} : tensor<3x2x3x3xf32>
    // CHECK: mil.conv_transpose {{.*}}output_shape = array<i64: 2, 2, 19, 17>
    %1 = mlmodel.convolution <"transposed" -> "t"> (%x) {isDeconvolution = true, outputChannels = 2 : i64, kernelChannels = 3 : i64, stride = array<i64: 2, 2>, weights = #mlmodel.weights<dense<0> : tensor<54xui8>, #mlmodel.linear<bits = 8, scale = [1.0, 2.0]>>} : (tensor<2x1x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: mil.avg_pool {{.*}}ceil_mode = true, exclude_padding_from_average = true
    %2 = mlmodel.pooling <"pool" -> "p"> (%x) {kind = "AVERAGE", stride = array<i64: 2, 2>, includeLastPixel = {}, avgPoolExcludePadding = true} : (tensor<2x1x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: mil.reduce_max {{.*}}axes = array<i64: -2, -1>, keep_dims = true
    %3 = mlmodel.pooling <"global" -> "g"> (%x) {globalPooling = true} : (tensor<2x1x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: mil.conv {{.*}}groups = 2 : i64{{.*}} -> tensor<1x4x3x5x6xf32>
    %4 = mlmodel.convolution3d <"conv3" -> "v3"> (%v) {outputChannels = 4 : i64, inputChannels = 2 : i64, nGroups = 2 : i64, kernelDepth = 3 : i64, kernelHeight = 2 : i64, kernelWidth = 2 : i64, strideDepth = 1 : i64, strideHeight = 1 : i64, strideWidth = 1 : i64, dilationDepth = 1 : i64, dilationHeight = 1 : i64, dilationWidth = 1 : i64, weights = #mlmodel.weights<dense<0.0> : tensor<48xf32>>} : (tensor<1x2x5x6x7xf32>) -> tensor<*xf32>
    mlmodel.output %0, %1, %2, %3, %4 : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
  }
}

// -----

// Where padding of one axis drops a window of the other, mil keeps that window:
// it is sliced off.
// CHECK-LABEL: func.func @main(
// CHECK: %[[POOLED:.*]] = mil.max_pool {{.*}}ceil_mode = true{{.*}} -> tensor<1x3x5x4xf32>
// CHECK: mil.slice_by_index %[[POOLED]] {{.*}} -> tensor<1x3x5x3xf32>
mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<1x3x9x8xf32>):
    %0 = mlmodel.pooling <"pool" -> "y"> (%x) {kernelSize = array<i64: 2, 1>, stride = array<i64: 2, 3>, includeLastPixel = {paddingAmounts = array<i64: 1, 0>}} : (tensor<1x3x9x8xf32>) -> tensor<*xf32>
    mlmodel.output %0 : tensor<*xf32>
  }
}
