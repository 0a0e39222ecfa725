// RUN: mlmodel-opt %s --mlmodel-infer-shapes --convert-mlmodel-to-mil | FileCheck %s

mlmodel.model attributes {specificationVersion = 5 : i64} {
  mlmodel.network attributes {inputNames = ["x", "k", "b", "c"], outputNames = ["y"]} {
  ^bb0(%x: tensor<4x6x5xf32>, %k: tensor<1xf32>, %b: tensor<2x10x4xf32>, %c: tensor<2x10x3xf32>):
    // CHECK: mil.topk {{.*}}{axis = 1 : i64, k = 3 : i64}
    %r0:2 = mlmodel.top_k <"l0" -> "r0_0", "r0_1"> (%x) {axis = 1 : i64, K = 3 : i64} : (tensor<4x6x5xf32>) -> (tensor<*xf32>, tensor<*xf32>)
    // CHECK: mil.const dense<2.000000e+00> : tensor<1xf32>
    %r1 = mlmodel.load_constant_nd <"l1" -> "r1"> () {shape = array<i64: 1>, data = #mlmodel.weights<dense<[2.0]> : tensor<1xf32>>} : () -> tensor<*xf32>
    // CHECK: mil.topk {{.*}}{axis = 2 : i64, k = 2 : i64}
    %r2:2 = mlmodel.top_k <"l2" -> "r2_0", "r2_1"> (%x, %r1) {axis = -1 : i64} : (tensor<4x6x5xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
    // CHECK: mil.argsort {{.*}}{axis = 1 : i64}
    %r3 = mlmodel.arg_sort <"l3" -> "r3"> (%x) {axis = 1 : i64, descending = true} : (tensor<4x6x5xf32>) -> tensor<*xf32>
    // CHECK: mil.const dense<0.000000e+00> : tensor<1xf32>
    // CHECK: mil.const dense<0.000000e+00> : tensor<1xf32>
    // CHECK: mil.non_maximum_suppression {{.*}}{max_boxes = 7 : i64}
    %r4:4 = mlmodel.non_maximum_suppression <"l4" -> "r4_0", "r4_1", "r4_2", "r4_3"> (%b, %c) {maxBoxes = 7 : i64} : (tensor<2x10x4xf32>, tensor<2x10x3xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
    mlmodel.output %r4#0 : tensor<*xf32>
  }
}
