// The inputs of a concatenation are computed where it needs them: nothing is left
// to do for it, and the profile has no line of it. The runtime has to bring all
// that folds the tensors which results start from.
// RUN: mlmodel-translate --mlir-to-mlmodel %s -o %t.mlmodel
// RUN: mlmodel benchmark %t.mlmodel --no-cache --profile --runs 1 --threads 1 | FileCheck %s

// CHECK: GFLOP/s {{.*}} layer
// CHECK-NOT: both
// CHECK: pool

mlmodel.model attributes {specificationVersion = 1 : i64, description = {input = [{name = "x", type = {multiArrayType = {shape = array<i64: 2, 20, 20>, dataType = "FLOAT32"}}}], output = [{name = "y", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    %a = mlmodel.convolution <"left" -> "a"> (%x) {outputChannels = 4 : i64, kernelChannels = 2 : i64, kernelSize = array<i64: 1, 1>, valid = {}, weights = #mlmodel.weights<dense<0.5> : tensor<8xf32>>, hasBias = true, bias = #mlmodel.weights<dense<1.0> : tensor<4xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    %b = mlmodel.activation <"left_relu" -> "b"> (%a) {ReLU = {}} : (tensor<*xf32>) -> tensor<*xf32>
    %c = mlmodel.convolution <"right" -> "c"> (%x) {outputChannels = 4 : i64, kernelChannels = 2 : i64, kernelSize = array<i64: 3, 3>, same = {}, weights = #mlmodel.weights<dense<0.25> : tensor<72xf32>>, hasBias = true, bias = #mlmodel.weights<dense<1.0> : tensor<4xf32>>} : (tensor<*xf32>) -> tensor<*xf32>
    %d = mlmodel.activation <"right_relu" -> "d"> (%c) {ReLU = {}} : (tensor<*xf32>) -> tensor<*xf32>
    %e = mlmodel.concat <"both" -> "e"> (%b, %d) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    %y = mlmodel.pooling <"pool" -> "y"> (%e) {kind = "AVERAGE", globalPooling = true, valid = {}} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}
