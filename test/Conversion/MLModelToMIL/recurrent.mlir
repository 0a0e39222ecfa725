// RUN: mlmodel-opt %s --mlmodel-infer-shapes --convert-mlmodel-to-mil | FileCheck %s

#w = #mlmodel.weights<dense<0.5> : tensor<6xf32>>
#r = #mlmodel.weights<dense<0.25> : tensor<4xf32>>

// The sums over the input are computed for the whole sequence before the loop.
// CHECK-LABEL: func.func @main(
// CHECK: mil.linear {{.*}} -> tensor<7x2x2xf32>
// CHECK: scf.for
// CHECK:   tensor.extract_slice {{.*}} to tensor<2x2xf32>
// CHECK:   mil.linear
// CHECK:   mil.clip {{.*}}alpha = -5.000000e+01 : f32, beta = 5.000000e+01 : f32
// CHECK:   mil.tanh
// CHECK:   tensor.insert_slice
// CHECK:   scf.yield
// CHECK: mil.reshape {{.*}} -> tensor<1x2x2x1x1xf32>
mlmodel.model attributes {specificationVersion = 1 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["s", "b"]} {
  ^bb0(%x: tensor<7x2x3x1x1xf32>):
    %0 = mlmodel.simple_recurrent <"s" -> "s"> (%x) {inputVectorSize = 3 : i64, outputVectorSize = 2 : i64, activation = {tanh = {}}, weightMatrix = #w, recursionMatrix = #r} : (tensor<7x2x3x1x1xf32>) -> tensor<*xf32>
    // Both directions, joined.
    // CHECK: scf.for
    // CHECK: scf.for
    // CHECK: arith.subi
    // CHECK: mil.concat {{.*}} -> tensor<7x2x4xf32>
    %1 = mlmodel.bi_directional_lstm <"b" -> "b"> (%x) {inputVectorSize = 3 : i64, outputVectorSize = 2 : i64, activationsForwardLSTM = [{sigmoid = {}}, {tanh = {}}, {tanh = {}}], activationsBackwardLSTM = [{sigmoid = {}}, {tanh = {}}, {tanh = {}}], params = {sequenceOutput = true}, weightParams = [{inputGateWeightMatrix = #w, forgetGateWeightMatrix = #w, blockInputWeightMatrix = #w, outputGateWeightMatrix = #w, inputGateRecursionMatrix = #r, forgetGateRecursionMatrix = #r, blockInputRecursionMatrix = #r, outputGateRecursionMatrix = #r}, {inputGateWeightMatrix = #w, forgetGateWeightMatrix = #w, blockInputWeightMatrix = #w, outputGateWeightMatrix = #w, inputGateRecursionMatrix = #r, forgetGateRecursionMatrix = #r, blockInputRecursionMatrix = #r, outputGateRecursionMatrix = #r}]} : (tensor<7x2x3x1x1xf32>) -> tensor<*xf32>
    // A function without its parameters is the usual one, not a constant 0.
    // CHECK: scf.for
    // CHECK:   %[[SUM:.*]] = mil.clip
    // CHECK:   tensor.insert_slice %[[SUM]]
    // CHECK: scf.for
    // 0.2 and 0.5 are mil's defaults too.
    // CHECK:   mil.sigmoid_hard %{{[0-9]+}} : tensor<2x2xf32>
    // CHECK: scf.for
    // CHECK:   mil.linear_activation %{{[0-9]+}} {alpha = 3.000000e+00 : f32}
    %2 = mlmodel.simple_recurrent <"l" -> "l"> (%x) {inputVectorSize = 3 : i64, outputVectorSize = 2 : i64, activation = {linear = {}}, weightMatrix = #w, recursionMatrix = #r} : (tensor<7x2x3x1x1xf32>) -> tensor<*xf32>
    %3 = mlmodel.simple_recurrent <"h" -> "h"> (%x) {inputVectorSize = 3 : i64, outputVectorSize = 2 : i64, activation = {sigmoidHard = {}}, weightMatrix = #w, recursionMatrix = #r} : (tensor<7x2x3x1x1xf32>) -> tensor<*xf32>
    %4 = mlmodel.simple_recurrent <"a" -> "a"> (%x) {inputVectorSize = 3 : i64, outputVectorSize = 2 : i64, activation = {linear = {alpha = 3.0 : f32}}, weightMatrix = #w, recursionMatrix = #r} : (tensor<7x2x3x1x1xf32>) -> tensor<*xf32>
    mlmodel.output %0, %1 : tensor<*xf32>, tensor<*xf32>
  }
}
