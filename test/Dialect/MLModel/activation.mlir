// RUN: mlmodel-opt %s --mlmodel-infer-shapes | FileCheck %s

mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<1x1x3x9x8xf32>):
    // CHECK: mlmodel.activation <"relu" -> "relu">{{.*}}ReLU = {}{{.*}} -> tensor<1x1x3x9x8xf32>
    %0 = mlmodel.activation <"relu" -> "relu"> (%x) {ReLU = {}} : (tensor<1x1x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: "prelu"{{.*}} -> tensor<1x1x3x9x8xf32>
    %1 = mlmodel.activation <"prelu" -> "prelu"> (%x) {PReLU = {alpha = #mlmodel.weights<dense<0.1> : tensor<3xf32>>}} : (tensor<1x1x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: "softplus"{{.*}} -> tensor<1x1x3x9x8xf32>
    %2 = mlmodel.activation <"softplus" -> "softplus"> (%x) {parametricSoftplus = {alpha = #mlmodel.weights<dense<0.1> : tensor<1xf32>>, beta = #mlmodel.weights<dense<0.1> : tensor<3xf32>>}} : (tensor<1x1x3x9x8xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.softmax_nd {{.*}} -> tensor<1x1x3x9x8xf32>
    %3 = mlmodel.softmax_nd <"s" -> "s"> (%2) {axis = -1 : i64} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %3 : tensor<*xf32>
  }
}
