// RUN: mlmodel-opt %s --mlmodel-infer-shapes | FileCheck %s

mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x", "c"], outputNames = ["y"]} {
  ^bb0(%x: tensor<1x3x9x8xf32>, %c: tensor<1x3x1x1xf32>):
    // CHECK: mlmodel.add <"add" {{.*}} -> tensor<1x3x9x8xf32>
    %0 = mlmodel.add <"add" -> "add"> (%c, %x) : (tensor<1x3x1x1xf32>, tensor<1x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.unary <"u" {{.*}} -> tensor<1x3x9x8xf32>
    %1 = mlmodel.unary <"u" -> "u"> (%0) {kind = "LOG", shift = 1.0 : f32} : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.scale <"s" {{.*}} -> tensor<1x3x9x8xf32>
    %2 = mlmodel.scale <"s" -> "s"> (%1) {shapeScale = array<i64: 3>, scale = #mlmodel.weights<dense<2.0> : tensor<3xf32>>, hasBias = true, shapeBias = array<i64: 1, 9, 8>, bias = #mlmodel.weights<dense<2.0> : tensor<72xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.less_than <"l" {{.*}} -> tensor<1x3x9x8xf32>
    %3 = mlmodel.less_than <"l" -> "l"> (%2) {alpha = 1.0 : f32} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %3 : tensor<*xf32>
  }
}
