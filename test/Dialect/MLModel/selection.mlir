// RUN: mlmodel-opt %s --mlmodel-infer-shapes | FileCheck %s

mlmodel.model attributes {specificationVersion = 5 : i64} {
  mlmodel.network attributes {inputNames = ["x", "k", "b", "c"], outputNames = ["y"]} {
  ^bb0(%x: tensor<4x6x5xf32>, %k: tensor<1xf32>, %b: tensor<2x10x4xf32>, %c: tensor<2x10x3xf32>):
    // CHECK: mlmodel.top_k <"l0"{{.*}} -> (tensor<4x3x5xf32>, tensor<4x3x5xf32>)
    %r0:2 = mlmodel.top_k <"l0" -> "r0_0", "r0_1"> (%x) {axis = 1 : i64, K = 3 : i64} : (tensor<4x6x5xf32>) -> (tensor<*xf32>, tensor<*xf32>)
    // CHECK: mlmodel.top_k <"l1"{{.*}} -> (tensor<4x6x?xf32>, tensor<4x6x?xf32>)
    %r1:2 = mlmodel.top_k <"l1" -> "r1_0", "r1_1"> (%x, %k) {axis = -1 : i64, K = 99 : i64} : (tensor<4x6x5xf32>, tensor<1xf32>) -> (tensor<*xf32>, tensor<*xf32>)
    // CHECK: mlmodel.load_constant_nd <"l2"{{.*}} -> tensor<1xf32>
    %r2 = mlmodel.load_constant_nd <"l2" -> "r2"> () {shape = array<i64: 1>, data = #mlmodel.weights<dense<[2.0]> : tensor<1xf32>>} : () -> tensor<*xf32>
    // CHECK: mlmodel.top_k <"l3"{{.*}} -> (tensor<4x6x2xf32>, tensor<4x6x2xf32>)
    %r3:2 = mlmodel.top_k <"l3" -> "r3_0", "r3_1"> (%x, %r2) {axis = -1 : i64} : (tensor<4x6x5xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
    // CHECK: mlmodel.arg_sort <"l4"{{.*}} -> tensor<4x6x5xf32>
    %r4 = mlmodel.arg_sort <"l4" -> "r4"> (%x) {axis = 1 : i64, descending = true} : (tensor<4x6x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.non_maximum_suppression <"l5"{{.*}} -> (tensor<2x7x4xf32>, tensor<2x7x3xf32>, tensor<2x7xf32>, tensor<2xf32>)
    %r5:4 = mlmodel.non_maximum_suppression <"l5" -> "r5_0", "r5_1", "r5_2", "r5_3"> (%b, %c) {maxBoxes = 7 : i64} : (tensor<2x10x4xf32>, tensor<2x10x3xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
    // CHECK: mlmodel.non_maximum_suppression <"l6"{{.*}} -> (tensor<2x?x4xf32>, tensor<2x?x3xf32>, tensor<2x?xf32>, tensor<2xf32>)
    %r6:4 = mlmodel.non_maximum_suppression <"l6" -> "r6_0", "r6_1", "r6_2", "r6_3"> (%b, %c, %k, %k, %k) {maxBoxes = 7 : i64} : (tensor<2x10x4xf32>, tensor<2x10x3xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
    mlmodel.output %r6#0 : tensor<*xf32>
  }
}
