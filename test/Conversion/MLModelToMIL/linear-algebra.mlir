// RUN: mlmodel-opt %s --mlmodel-infer-shapes --convert-mlmodel-to-mil | FileCheck %s

// CHECK-LABEL: func.func @main(
mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x", "v", "i", "m"], outputNames = ["a", "b", "c", "d", "e"]} {
  ^bb0(%x: tensor<5x6x2x3x4xf32>, %v: tensor<10xf32>, %i: tensor<7x1x1x1xf32>, %m: tensor<2x10x3xf32>):
    // CHECK: mil.reshape {{.*}} -> tensor<5x6x24xf32>
    // CHECK: mil.linear {{.*}} -> tensor<5x6x2xf32>
    // CHECK: mil.reshape {{.*}} -> tensor<5x6x2x1x1xf32>
    %0 = mlmodel.inner_product <"ip" -> "a"> (%x) {inputChannels = 24 : i64, outputChannels = 2 : i64, weights = #mlmodel.weights<dense<0.0> : tensor<48xf32>>} : (tensor<5x6x2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mil.constexpr_lut_to_dense {bits = 2 : i64, {{.*}} : tensor<4x9xf32>
    // CHECK: mil.gather {{.*}} {axis = 1 : i64{{.*}} -> tensor<4x7xf32>
    // CHECK: mil.transpose {{.*}} -> tensor<7x4xf32>
    // CHECK: mil.reshape {{.*}} -> tensor<7x4x1x1xf32>
    %1 = mlmodel.embedding <"e" -> "b"> (%i) {inputDim = 9 : i64, outputChannels = 4 : i64, weights = #mlmodel.weights<dense<0> : tensor<9xui8>, #mlmodel.lut<bits = 2, table = [1.0, 2.0, 3.0, 4.0]>>} : (tensor<7x1x1x1xf32>) -> tensor<*xf32>
    // CHECK: mil.reshape {{.*}} -> tensor<1x10xf32>
    // CHECK: mil.matmul {{.*}} -> tensor<2x1x3xf32>
    %2 = mlmodel.batched_matmul <"mm" -> "c"> (%v, %m) : (tensor<10xf32>, tensor<2x10x3xf32>) -> tensor<*xf32>
    // CHECK: mil.const dense<0.000000e+00> : tensor<5x3xf32>
    // CHECK: mil.linear {{.*}} -> tensor<2x10x5xf32>
    %3 = mlmodel.batched_matmul <"mw" -> "d"> (%m) {weightMatrixFirstDimension = 3 : i64, weightMatrixSecondDimension = 5 : i64, weights = #mlmodel.weights<dense<0.0> : tensor<15xf32>>} : (tensor<2x10x3xf32>) -> tensor<*xf32>
    // Below the main diagonal: no band says that, so the rest is set to zero.
    // CHECK: mil.band_part {{.*}}lower = 0 : i64
    // CHECK: mil.select
    %4 = mlmodel.lower_triangular <"tri" -> "e"> (%m) {k = -1 : i64} : (tensor<2x10x3xf32>) -> tensor<*xf32>
    mlmodel.output %0, %1, %2, %3, %4 : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
  }
}
