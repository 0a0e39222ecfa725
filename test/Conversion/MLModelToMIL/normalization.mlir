// RUN: mlmodel-opt %s --mlmodel-infer-shapes --convert-mlmodel-to-mil | FileCheck %s

#c = #mlmodel.weights<dense<1.0> : tensor<3xf32>>

// CHECK-LABEL: func.func @main(
mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<2x1x3x9x8xf32>):
    // CHECK: mil.batch_norm {{.*}}axis = 2 : i64
    %0 = mlmodel.batchnorm <"bn" -> "0"> (%x) {channels = 3 : i64, gamma = #c, beta = #c, mean = #c, variance = #c} : (tensor<2x1x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: mil.reshape {{.*}} -> tensor<2x3x9x8xf32>
    // CHECK: mil.instance_norm
    // CHECK: mil.reshape {{.*}} -> tensor<2x1x3x9x8xf32>
    %1 = mlmodel.batchnorm <"in" -> "1"> (%0) {channels = 3 : i64, computeMeanVar = true, instanceNormalization = true, gamma = #c, beta = #c} : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.reduce_mean {{.*}}axes = array<i64: 0, 1, 3, 4>, keep_dims = true
    // CHECK: mil.sub
    // CHECK: mil.square
    // CHECK: mil.reduce_mean {{.*}}axes = array<i64: 0, 1, 3, 4>
    // CHECK: mil.batch_norm
    %2 = mlmodel.batchnorm <"batch" -> "2"> (%1) {channels = 3 : i64, computeMeanVar = true, gamma = #c, beta = #c} : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.layer_norm {{.*}}axes = array<i64: -3, -2, -1>
    %3 = mlmodel.mvn <"mvn" -> "3"> (%2) {acrossChannels = true, normalizeVariance = true} : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.l2_norm
    %4 = mlmodel.l2_normalize <"l2" -> "4"> (%3) : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.local_response_norm {{.*}}alpha = 1.000000e+00 : f32, axis = 2 : i64, beta = 5.000000e-01 : f32, size = 3 : i64
    %5 = mlmodel.lrn <"lrn" -> "5"> (%4) {localSize = 3 : i64, alpha = 1.0 : f32, beta = 0.5 : f32} : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.layer_norm {{.*}} gamma {{.*}} beta {{.*}}axes = array<i64: -1>
    %6 = mlmodel.layer_normalization <"ln" -> "y"> (%5) {normalizedShape = array<i64: 8>, eps = 1.0e-5 : f32, gamma = #mlmodel.weights<dense<1.0> : tensor<8xf32>>, beta = #mlmodel.weights<dense<1.0> : tensor<8xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %6 : tensor<*xf32>
  }
}
