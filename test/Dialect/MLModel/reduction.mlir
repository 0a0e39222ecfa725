// RUN: mlmodel-opt %s --mlmodel-infer-shapes | FileCheck %s

mlmodel.model attributes {specificationVersion = 5 : i64} {
  mlmodel.network attributes {inputNames = ["x", "v", "s"], outputNames = ["y"]} {
  ^bb0(%x: tensor<2x3x4x5xf32>, %v: tensor<5xf32>, %s: tensor<1xf32>):
    // CHECK: mlmodel.reduce <"l0"{{.*}} -> tensor<2x1x1x1xf32>
    %r0 = mlmodel.reduce <"l0" -> "r0"> (%x) {mode = "AVG"} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reduce <"l1"{{.*}} -> tensor<2x3x1x1xf32>
    %r1 = mlmodel.reduce <"l1" -> "r1"> (%x) {axis = "HW"} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reduce <"l2"{{.*}} -> tensor<2x1x4x5xf32>
    %r2 = mlmodel.reduce <"l2" -> "r2"> (%x) {mode = "ARGMAX", axis = "C"} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reduce <"l3"{{.*}} -> tensor<1xf32>
    %r3 = mlmodel.reduce <"l3" -> "r3"> (%v) {axis = "W"} : (tensor<5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.arg_min <"l4"{{.*}} -> tensor<2x3x1x5xf32>
    %r4 = mlmodel.arg_min <"l4" -> "r4"> (%x) {axis = -2 : i64} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.arg_max <"l5"{{.*}} -> tensor<2x4x5xf32>
    %r5 = mlmodel.arg_max <"l5" -> "r5"> (%x) {axis = 1 : i64, removeDim = true} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.arg_max <"l6"{{.*}} -> tensor<1xf32>
    %r6 = mlmodel.arg_max <"l6" -> "r6"> (%v) {removeDim = true} : (tensor<5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.cum_sum <"l7"{{.*}} -> tensor<2x3x4x5xf32>
    %r7 = mlmodel.cum_sum <"l7" -> "r7"> (%x) {axis = -1 : i64, reverse = true} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.cum_sum <"l8"{{.*}} -> tensor<2x3x4x5xf32>
    %r8 = mlmodel.cum_sum <"l8" -> "r8"> (%x, %s) {axis = 9 : i64} : (tensor<2x3x4x5xf32>, tensor<1xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reduce_l1 <"l9"{{.*}} -> tensor<3x4xf32>
    %r9 = mlmodel.reduce_l1 <"l9" -> "r9"> (%x) {axes = array<i64: 0, -1>} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reduce_l2 <"l10"{{.*}} -> tensor<1x3x4x1xf32>
    %r10 = mlmodel.reduce_l2 <"l10" -> "r10"> (%x) {axes = array<i64: 0, -1>, keepDims = true} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reduce_max <"l11"{{.*}} -> tensor<3x4xf32>
    %r11 = mlmodel.reduce_max <"l11" -> "r11"> (%x) {axes = array<i64: 0, -1>} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reduce_min <"l12"{{.*}} -> tensor<1x3x4x1xf32>
    %r12 = mlmodel.reduce_min <"l12" -> "r12"> (%x) {axes = array<i64: 0, -1>, keepDims = true} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reduce_sum <"l13"{{.*}} -> tensor<3x4xf32>
    %r13 = mlmodel.reduce_sum <"l13" -> "r13"> (%x) {axes = array<i64: 0, -1>} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reduce_prod <"l14"{{.*}} -> tensor<1x3x4x1xf32>
    %r14 = mlmodel.reduce_prod <"l14" -> "r14"> (%x) {axes = array<i64: 0, -1>, keepDims = true} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reduce_mean <"l15"{{.*}} -> tensor<3x4xf32>
    %r15 = mlmodel.reduce_mean <"l15" -> "r15"> (%x) {axes = array<i64: 0, -1>} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reduce_log_sum <"l16"{{.*}} -> tensor<1x3x4x1xf32>
    %r16 = mlmodel.reduce_log_sum <"l16" -> "r16"> (%x) {axes = array<i64: 0, -1>, keepDims = true} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reduce_sum_square <"l17"{{.*}} -> tensor<3x4xf32>
    %r17 = mlmodel.reduce_sum_square <"l17" -> "r17"> (%x) {axes = array<i64: 0, -1>} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reduce_log_sum_exp <"l18"{{.*}} -> tensor<1x3x4x1xf32>
    %r18 = mlmodel.reduce_log_sum_exp <"l18" -> "r18"> (%x) {axes = array<i64: 0, -1>, keepDims = true} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.reduce_sum <"l19"{{.*}} -> tensor<1xf32>
    %r19 = mlmodel.reduce_sum <"l19" -> "r19"> (%x) {axes = array<i64: 0, -1>, reduceAll = true} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    mlmodel.output %r19 : tensor<*xf32>
  }
}
