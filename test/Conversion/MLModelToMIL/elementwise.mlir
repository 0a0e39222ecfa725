// RUN: mlmodel-opt %s --mlmodel-infer-shapes --convert-mlmodel-to-mil | FileCheck %s

// CHECK-LABEL: func.func @main(
mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x", "c"], outputNames = ["y"]} {
  ^bb0(%x: tensor<1x3x9x8xf32>, %c: tensor<1x3x1x1xf32>):
    // CHECK: mil.const dense<2.000000e+00> : tensor<f32>
    // CHECK: mil.mul
    // CHECK: mil.const dense<1.000000e+00> : tensor<f32>
    // CHECK: mil.add
    // CHECK: mil.log {{.*}}epsilon = 9.99999997E-7 : f32
    %0 = mlmodel.unary <"log" -> "0"> (%x) {kind = "LOG", scale = 2.0 : f32, shift = 1.0 : f32} : (tensor<1x3x9x8xf32>) -> tensor<*xf32>
    // A single input is added to alpha.
    // CHECK: mil.const dense<3.000000e+00> : tensor<f32>
    // CHECK: mil.add
    %1 = mlmodel.add <"alpha" -> "1"> (%0) {alpha = 3.0 : f32} : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.maximum
    // CHECK: mil.maximum
    %2 = mlmodel.max <"max" -> "2"> (%1, %c, %x) : (tensor<*xf32>, tensor<1x3x1x1xf32>, tensor<1x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: mil.constexpr_cast dense<2.000000e+00> : tensor<3x1x1xf16>
    // CHECK: mil.mul
    // CHECK: mil.const dense<5.000000e-01> : tensor<1x9x8xf32>
    // CHECK: mil.add
    %3 = mlmodel.scale <"scale" -> "3"> (%2) {shapeScale = array<i64: 3>, scale = #mlmodel.weights<dense<2.0> : tensor<3xf16>>, hasBias = true, shapeBias = array<i64: 1, 9, 8>, bias = #mlmodel.weights<dense<0.5> : tensor<72xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.less
    %4 = mlmodel.less_than <"less" -> "4"> (%3, %c) : (tensor<*xf32>, tensor<1x3x1x1xf32>) -> tensor<*xf32>
    // CHECK: mil.add
    // CHECK: mil.const dense<5.000000e-01> : tensor<f32>
    // CHECK: mil.mul
    %5 = mlmodel.average <"average" -> "y"> (%4, %x) : (tensor<*xf32>, tensor<1x3x9x8xf32>) -> tensor<*xf32>
    mlmodel.output %5 : tensor<*xf32>
  }
}
