// RUN: mlmodel-opt %s --mlmodel-infer-shapes | FileCheck %s

mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x", "w", "v"], outputNames = ["y"]} {
  ^bb0(%x: tensor<1x1x3x9x8xf32>, %w: tensor<2x3x2x2xf32>, %v: tensor<1x2x5x6x7xf32>):
    // A kernel of 3x3, strides of 1 and no padding are the defaults.
    // CHECK: mlmodel.convolution <"defaults" -> "defaults">{{.*}} -> tensor<1x1x4x7x6xf32>
    %0 = mlmodel.convolution <"defaults" -> "defaults"> (%x) {outputChannels = 4 : i64, kernelChannels = 3 : i64, weights = #mlmodel.weights<dense<0.0> : tensor<108xf32>>} : (tensor<1x1x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: "strided"{{.*}} -> tensor<1x1x2x5x4xf32>
    %1 = mlmodel.convolution <"strided" -> "strided"> (%x) {outputChannels = 2 : i64, kernelChannels = 3 : i64, kernelSize = array<i64: 2, 2>, stride = array<i64: 2, 2>, same = {asymmetryMode = "TOP_LEFT_HEAVY"}, weights = #mlmodel.weights<dense<0.0> : tensor<24xf32>>} : (tensor<1x1x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: "dilated"{{.*}} -> tensor<1x1x3x8x3xf32>
    %2 = mlmodel.convolution <"dilated" -> "dilated"> (%x) {outputChannels = 3 : i64, kernelChannels = 1 : i64, nGroups = 3 : i64, kernelSize = array<i64: 3, 3>, dilationFactor = array<i64: 1, 3>, valid = {paddingAmounts = array<i64: 1, 0, 1, 0>}, weights = #mlmodel.weights<dense<0.0> : tensor<27xf32>>} : (tensor<1x1x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: "at_run_time"{{.*}} -> tensor<1x1x2x8x7xf32>
    %3 = mlmodel.convolution <"at_run_time" -> "at_run_time"> (%x, %w) {outputChannels = 2 : i64, kernelChannels = 3 : i64, kernelSize = array<i64: 2, 2>} : (tensor<1x1x3x9x8xf32>, tensor<2x3x2x2xf32>) -> tensor<*xf32>
    // CHECK: "transposed"{{.*}} -> tensor<1x1x5x19x17xf32>
    %4 = mlmodel.convolution <"transposed" -> "transposed"> (%x) {isDeconvolution = true, outputChannels = 5 : i64, kernelChannels = 3 : i64, kernelSize = array<i64: 3, 3>, stride = array<i64: 2, 2>, weights = #mlmodel.weights<dense<0.0> : tensor<135xf32>>} : (tensor<1x1x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: "transposed_same"{{.*}} -> tensor<1x1x5x18x16xf32>
    %5 = mlmodel.convolution <"transposed_same" -> "transposed_same"> (%x) {isDeconvolution = true, outputChannels = 5 : i64, kernelChannels = 3 : i64, kernelSize = array<i64: 3, 3>, stride = array<i64: 2, 2>, same = {}, weights = #mlmodel.weights<dense<0.0> : tensor<135xf32>>} : (tensor<1x1x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.convolution3d {{.*}} -> tensor<1x4x3x2x6xf32>
    %6 = mlmodel.convolution3d <"c3" -> "c3"> (%v) {outputChannels = 4 : i64, inputChannels = 2 : i64, nGroups = 2 : i64, kernelDepth = 3 : i64, kernelHeight = 2 : i64, kernelWidth = 2 : i64, strideDepth = 1 : i64, strideHeight = 3 : i64, strideWidth = 1 : i64, dilationDepth = 1 : i64, dilationHeight = 1 : i64, dilationWidth = 1 : i64, paddingType = "VALID", weights = #mlmodel.weights<dense<0.0> : tensor<48xf32>>} : (tensor<1x2x5x6x7xf32>) -> tensor<*xf32>

    // CHECK: mlmodel.pooling <"pool" {{.*}} -> tensor<1x1x3x4x4xf32>
    %7 = mlmodel.pooling <"pool" -> "pool"> (%x) {kernelSize = array<i64: 2, 2>, stride = array<i64: 2, 2>} : (tensor<1x1x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: "last_pixel"{{.*}} -> tensor<1x1x3x5x4xf32>
    %8 = mlmodel.pooling <"last_pixel" -> "last_pixel"> (%x) {kernelSize = array<i64: 2, 2>, stride = array<i64: 2, 2>, includeLastPixel = {}} : (tensor<1x1x3x9x8xf32>) -> tensor<*xf32>
    // The last window would lie in the padding: it is dropped.
    // CHECK: "last_padding"{{.*}} -> tensor<1x1x3x5x3xf32>
    %9 = mlmodel.pooling <"last_padding" -> "last_padding"> (%x) {kernelSize = array<i64: 2, 2>, stride = array<i64: 2, 3>, includeLastPixel = {paddingAmounts = array<i64: 1, 1>}} : (tensor<1x1x3x9x8xf32>) -> tensor<*xf32>
    // Padding of the height is enough to drop a window of the width.
    // CHECK: "other_padding"{{.*}} -> tensor<1x1x3x5x3xf32>
    %13 = mlmodel.pooling <"other_padding" -> "other_padding"> (%x) {kernelSize = array<i64: 2, 1>, stride = array<i64: 2, 3>, includeLastPixel = {paddingAmounts = array<i64: 1, 0>}} : (tensor<1x1x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: "global"{{.*}} -> tensor<1x1x3x1x1xf32>
    %10 = mlmodel.pooling <"global" -> "global"> (%x) {globalPooling = true, kernelSize = array<i64: 0, 0>} : (tensor<1x1x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.pooling3d {{.*}} -> tensor<1x2x3x3x4xf32>
    %11 = mlmodel.pooling3d <"p3" -> "p3"> (%v) {kind = "AVERAGE", kernelDepth = 2 : i64, kernelHeight = 2 : i64, kernelWidth = 2 : i64, strideDepth = 2 : i64, strideHeight = 2 : i64, strideWidth = 2 : i64, paddingType = "SAME"} : (tensor<1x2x5x6x7xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.global_pooling3d {{.*}} -> tensor<1x2x1x1x1xf32>
    %12 = mlmodel.global_pooling3d <"g3" -> "g3"> (%v) {kind = "MAX"} : (tensor<1x2x5x6x7xf32>) -> tensor<*xf32>
    mlmodel.output %12 : tensor<*xf32>
  }
}
