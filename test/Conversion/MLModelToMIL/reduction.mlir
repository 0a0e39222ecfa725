// RUN: mlmodel-opt %s --mlmodel-infer-shapes --convert-mlmodel-to-mil | FileCheck %s

mlmodel.model attributes {specificationVersion = 5 : i64} {
  mlmodel.network attributes {inputNames = ["x", "v", "s"], outputNames = ["y"]} {
  ^bb0(%x: tensor<2x3x4x5xf32>, %v: tensor<5xf32>, %s: tensor<1xf32>):
    // CHECK: mil.reduce_mean {{.*}}{axes = array<i64: -3, -2, -1>, keep_dims = true}
    %r0 = mlmodel.reduce <"l0" -> "r0"> (%x) {mode = "AVG"} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.reduce_sum {{.*}}{axes = array<i64: -2, -1>, keep_dims = true}
    %r1 = mlmodel.reduce <"l1" -> "r1"> (%x) {axis = "HW"} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.reduce_argmax {{.*}}{axis = -3 : i64, keep_dims = true}
    %r2 = mlmodel.reduce <"l2" -> "r2"> (%x) {mode = "ARGMAX", axis = "C"} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.reduce_sum {{.*}}{axes = array<i64: -1>, keep_dims = true}
    %r3 = mlmodel.reduce <"l3" -> "r3"> (%v) {axis = "W"} : (tensor<5xf32>) -> tensor<*xf32>
    // CHECK: mil.reduce_argmin {{.*}}{axis = 2 : i64, keep_dims = true}
    %r4 = mlmodel.arg_min <"l4" -> "r4"> (%x) {axis = -2 : i64} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.reduce_argmax {{.*}}{axis = 1 : i64}
    %r5 = mlmodel.arg_max <"l5" -> "r5"> (%x) {axis = 1 : i64, removeDim = true} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.reduce_argmax {{.*}}{axis = 0 : i64}
    // CHECK: mil.reshape {{.*}}{shape = array<i64: 1>}
    %r6 = mlmodel.arg_max <"l6" -> "r6"> (%v) {removeDim = true} : (tensor<5xf32>) -> tensor<*xf32>
    // CHECK: mil.cumsum {{.*}}{axis = 3 : i64, reverse = true}
    %r7 = mlmodel.cum_sum <"l7" -> "r7"> (%x) {axis = -1 : i64, reverse = true} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.reshape {{.*}}{shape = array<i64>}
    // CHECK: mil.cumsum {{.*}}: tensor<2x3x4x5xf32>
    // CHECK: mil.const dense<-3.000000e+00> : tensor<f32>
    // CHECK: mil.equal {{.*}}: (tensor<f32>, tensor<f32>) -> tensor<f32>
    // CHECK: mil.const dense<1.000000e+00> : tensor<f32>
    // CHECK: mil.equal {{.*}}: (tensor<f32>, tensor<f32>) -> tensor<f32>
    // CHECK: mil.logical_or {{.*}}: (tensor<f32>, tensor<f32>) -> tensor<f32>
    // CHECK: mil.cumsum {{.*}}{axis = 1 : i64}
    // CHECK: mil.select {{.*}}: (tensor<f32>, tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>) -> tensor<2x3x4x5xf32>
    // CHECK: mil.const dense<-2.000000e+00> : tensor<f32>
    // CHECK: mil.equal {{.*}}: (tensor<f32>, tensor<f32>) -> tensor<f32>
    // CHECK: mil.const dense<2.000000e+00> : tensor<f32>
    // CHECK: mil.equal {{.*}}: (tensor<f32>, tensor<f32>) -> tensor<f32>
    // CHECK: mil.logical_or {{.*}}: (tensor<f32>, tensor<f32>) -> tensor<f32>
    // CHECK: mil.cumsum {{.*}}{axis = 2 : i64}
    // CHECK: mil.select {{.*}}: (tensor<f32>, tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>) -> tensor<2x3x4x5xf32>
    // CHECK: mil.const dense<-1.000000e+00> : tensor<f32>
    // CHECK: mil.equal {{.*}}: (tensor<f32>, tensor<f32>) -> tensor<f32>
    // CHECK: mil.const dense<3.000000e+00> : tensor<f32>
    // CHECK: mil.equal {{.*}}: (tensor<f32>, tensor<f32>) -> tensor<f32>
    // CHECK: mil.logical_or {{.*}}: (tensor<f32>, tensor<f32>) -> tensor<f32>
    // CHECK: mil.cumsum {{.*}}{axis = 3 : i64}
    // CHECK: mil.select {{.*}}: (tensor<f32>, tensor<2x3x4x5xf32>, tensor<2x3x4x5xf32>) -> tensor<2x3x4x5xf32>
    %r8 = mlmodel.cum_sum <"l8" -> "r8"> (%x, %s) {axis = 9 : i64} : (tensor<2x3x4x5xf32>, tensor<1xf32>) -> tensor<*xf32>
    // CHECK: mil.reduce_l1_norm {{.*}}{axes = array<i64: 0, -1>}
    %r9 = mlmodel.reduce_l1 <"l9" -> "r9"> (%x) {axes = array<i64: 0, -1>} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.reduce_l2_norm {{.*}}{axes = array<i64: 0, -1>, keep_dims = true}
    %r10 = mlmodel.reduce_l2 <"l10" -> "r10"> (%x) {axes = array<i64: 0, -1>, keepDims = true} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.reduce_max {{.*}}{axes = array<i64: 0, -1>}
    %r11 = mlmodel.reduce_max <"l11" -> "r11"> (%x) {axes = array<i64: 0, -1>} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.reduce_min {{.*}}{axes = array<i64: 0, -1>, keep_dims = true}
    %r12 = mlmodel.reduce_min <"l12" -> "r12"> (%x) {axes = array<i64: 0, -1>, keepDims = true} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.reduce_sum {{.*}}{axes = array<i64: 0, -1>}
    %r13 = mlmodel.reduce_sum <"l13" -> "r13"> (%x) {axes = array<i64: 0, -1>} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.reduce_prod {{.*}}{axes = array<i64: 0, -1>, keep_dims = true}
    %r14 = mlmodel.reduce_prod <"l14" -> "r14"> (%x) {axes = array<i64: 0, -1>, keepDims = true} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.reduce_mean {{.*}}{axes = array<i64: 0, -1>}
    %r15 = mlmodel.reduce_mean <"l15" -> "r15"> (%x) {axes = array<i64: 0, -1>} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.reduce_log_sum {{.*}}{axes = array<i64: 0, -1>, keep_dims = true}
    %r16 = mlmodel.reduce_log_sum <"l16" -> "r16"> (%x) {axes = array<i64: 0, -1>, keepDims = true} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.reduce_sum_square {{.*}}{axes = array<i64: 0, -1>}
    %r17 = mlmodel.reduce_sum_square <"l17" -> "r17"> (%x) {axes = array<i64: 0, -1>} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.reduce_log_sum_exp {{.*}}{axes = array<i64: 0, -1>, keep_dims = true}
    %r18 = mlmodel.reduce_log_sum_exp <"l18" -> "r18"> (%x) {axes = array<i64: 0, -1>, keepDims = true} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    // CHECK: mil.reduce_sum {{.*}}: (tensor<2x3x4x5xf32>) -> tensor<f32>
    // CHECK: mil.reshape {{.*}}{shape = array<i64: 1>}
    %r19 = mlmodel.reduce_sum <"l19" -> "r19"> (%x) {axes = array<i64: 0, -1>, reduceAll = true} : (tensor<2x3x4x5xf32>) -> tensor<*xf32>
    mlmodel.output %r19 : tensor<*xf32>
  }
}
