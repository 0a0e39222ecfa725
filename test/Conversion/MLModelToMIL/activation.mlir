// RUN: mlmodel-opt %s --mlmodel-infer-shapes --convert-mlmodel-to-mil | FileCheck %s

// CHECK-LABEL: func.func @main(
mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<1x1x3x9x8xf32>):
    // CHECK: mil.relu %
    %0 = mlmodel.activation <"relu" -> "0"> (%x) {ReLU = {}} : (tensor<1x1x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: mil.linear_activation {{.*}}alpha = 2.000000e+00 : f32{{.*}}
    %1 = mlmodel.activation <"linear" -> "1"> (%0) {linear = {alpha = 2.0 : f32}} : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: %[[A:.*]] = mil.const dense<1.000000e-01> : tensor<3xf32>
    // CHECK: mil.prelu %{{.*}}, %[[A]] {axis = 2 : i64}
    %2 = mlmodel.activation <"prelu" -> "2"> (%1) {PReLU = {alpha = #mlmodel.weights<dense<0.1> : tensor<3xf32>>}} : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.softplus_parametric {{.*}} (tensor<1x1x3x9x8xf32>, tensor<1xf32>, tensor<3xf32>)
    %3 = mlmodel.activation <"softplus" -> "3"> (%2) {parametricSoftplus = {alpha = #mlmodel.weights<dense<0.1> : tensor<1xf32>>, beta = #mlmodel.weights<dense<0.1> : tensor<3xf32>>}} : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.gelu {{.*}}mode = "TANH_APPROXIMATION"
    %4 = mlmodel.gelu <"gelu" -> "4"> (%3) {mode = "TANH_APPROXIMATION"} : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.softmax {{.*}}axis = -3 : i64
    %5 = mlmodel.softmax <"softmax" -> "y"> (%4) : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %5 : tensor<*xf32>
  }
}
