// RUN: mlmodel-opt %s --mlmodel-infer-shapes | FileCheck %s

#w3 = #mlmodel.weights<dense<0.0> : tensor<6xf32>>
#r = #mlmodel.weights<dense<0.0> : tensor<4xf32>>

mlmodel.model attributes {specificationVersion = 1 : i64} {
  mlmodel.network attributes {inputNames = ["x", "h", "c"], outputNames = ["y"]} {
  ^bb0(%x: tensor<7x2x3x1x1xf32>, %h: tensor<1x2x2x1x1xf32>, %c: tensor<1x2x2x1x1xf32>):
    // CHECK: mlmodel.simple_recurrent {{.*}} -> tensor<1x2x2x1x1xf32>
    %0 = mlmodel.simple_recurrent <"s" -> "s"> (%x) {inputVectorSize = 3 : i64, outputVectorSize = 2 : i64, activation = {tanh = {}}, weightMatrix = #w3, recursionMatrix = #r} : (tensor<7x2x3x1x1xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.gru {{.*}} -> (tensor<7x2x2x1x1xf32>, tensor<1x2x2x1x1xf32>)
    %1, %2 = mlmodel.gru <"g" -> "g", "gh"> (%x, %h) {inputVectorSize = 3 : i64, outputVectorSize = 2 : i64, sequenceOutput = true, activations = [{sigmoid = {}}, {tanh = {}}], updateGateWeightMatrix = #w3, resetGateWeightMatrix = #w3, outputGateWeightMatrix = #w3, updateGateRecursionMatrix = #r, resetGateRecursionMatrix = #r, outputGateRecursionMatrix = #r} : (tensor<7x2x3x1x1xf32>, tensor<1x2x2x1x1xf32>) -> (tensor<*xf32>, tensor<*xf32>)
    // CHECK: mlmodel.uni_directional_lstm {{.*}} -> (tensor<7x2x2x1x1xf32>, tensor<1x2x2x1x1xf32>, tensor<1x2x2x1x1xf32>)
    %3, %4, %5 = mlmodel.uni_directional_lstm <"l" -> "l", "lh", "lc"> (%x, %h, %c) {inputVectorSize = 3 : i64, outputVectorSize = 2 : i64, activations = [{sigmoid = {}}, {tanh = {}}, {tanh = {}}], params = {sequenceOutput = true}, weightParams = {inputGateWeightMatrix = #w3, forgetGateWeightMatrix = #w3, blockInputWeightMatrix = #w3, outputGateWeightMatrix = #w3, inputGateRecursionMatrix = #r, forgetGateRecursionMatrix = #r, blockInputRecursionMatrix = #r, outputGateRecursionMatrix = #r}} : (tensor<7x2x3x1x1xf32>, tensor<1x2x2x1x1xf32>, tensor<1x2x2x1x1xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
    mlmodel.output %3 : tensor<*xf32>
  }
}
