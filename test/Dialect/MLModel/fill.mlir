// RUN: mlmodel-opt %s --mlmodel-infer-shapes | FileCheck %s

mlmodel.model attributes {specificationVersion = 5 : i64} {
  mlmodel.network attributes {inputNames = ["x", "n", "s"], outputNames = ["y"]} {
  ^bb0(%x: tensor<2x3xf32>, %n: tensor<3xf32>, %s: tensor<1xf32>):
    // CHECK: mlmodel.load_constant <"l0"{{.*}} -> tensor<1x1x2x3x4xf32>
    %r0 = mlmodel.load_constant <"l0" -> "r0"> () {shape = array<i64: 2, 3, 4>, data = #mlmodel.weights<dense<1.0> : tensor<24xf32>>} : () -> tensor<*xf32>
    // CHECK: mlmodel.load_constant_nd <"l1"{{.*}} -> tensor<6x4xf32>
    %r1 = mlmodel.load_constant_nd <"l1" -> "r1"> () {shape = array<i64: 6, 4>, data = #mlmodel.weights<dense<1.0> : tensor<24xf32>>} : () -> tensor<*xf32>
    // CHECK: mlmodel.fill_like <"l2"{{.*}} -> tensor<2x3xf32>
    %r2 = mlmodel.fill_like <"l2" -> "r2"> (%x) {value = 2.0 : f32} : (tensor<2x3xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.fill_static <"l3"{{.*}} -> tensor<5x4xf32>
    %r3 = mlmodel.fill_static <"l3" -> "r3"> () {value = 2.0 : f32, targetShape = array<i64: 5, 4>} : () -> tensor<*xf32>
    // CHECK: mlmodel.fill_dynamic <"l4"{{.*}} -> tensor<?x?x?xf32>
    %r4 = mlmodel.fill_dynamic <"l4" -> "r4"> (%n) {value = 2.0 : f32} : (tensor<3xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.load_constant_nd <"l5"{{.*}} -> tensor<2xf32>
    %r5 = mlmodel.load_constant_nd <"l5" -> "r5"> () {shape = array<i64: 2>, data = #mlmodel.weights<dense<[3.0, 2.0]> : tensor<2xf32>>} : () -> tensor<*xf32>
    // CHECK: mlmodel.fill_dynamic <"l6"{{.*}} -> tensor<3x2xf32>
    %r6 = mlmodel.fill_dynamic <"l6" -> "r6"> (%r5) : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.range_static <"l7"{{.*}} -> tensor<4xf32>
    %r7 = mlmodel.range_static <"l7" -> "r7"> () {endValue = 10.0 : f32, startValue = 1.0 : f32, stepSizeValue = 2.5 : f32} : () -> tensor<*xf32>
    // CHECK: mlmodel.range_dynamic <"l8"{{.*}} -> tensor<?xf32>
    %r8 = mlmodel.range_dynamic <"l8" -> "r8"> (%s) {stepSizeValue = 1.0 : f32} : (tensor<1xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.load_constant_nd <"l9"{{.*}} -> tensor<1xf32>
    %r9 = mlmodel.load_constant_nd <"l9" -> "r9"> () {shape = array<i64: 1>, data = #mlmodel.weights<dense<[7.0]> : tensor<1xf32>>} : () -> tensor<*xf32>
    // CHECK: mlmodel.range_dynamic <"l10"{{.*}} -> tensor<3xf32>
    %r10 = mlmodel.range_dynamic <"l10" -> "r10"> (%r9) {startValue = 1.0 : f32, stepSizeValue = 2.0 : f32} : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.random_normal_like <"l11"{{.*}} -> tensor<2x3xf32>
    %r11 = mlmodel.random_normal_like <"l11" -> "r11"> (%x) {seed = 1 : i64, stdDev = 1.0 : f32} : (tensor<2x3xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.random_normal_static <"l12"{{.*}} -> tensor<7x8xf32>
    %r12 = mlmodel.random_normal_static <"l12" -> "r12"> () {outputShape = array<i64: 7, 8>} : () -> tensor<*xf32>
    // CHECK: mlmodel.random_normal_dynamic <"l13"{{.*}} -> tensor<3x2xf32>
    %r13 = mlmodel.random_normal_dynamic <"l13" -> "r13"> (%r5) : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.random_uniform_like <"l14"{{.*}} -> tensor<2x3xf32>
    %r14 = mlmodel.random_uniform_like <"l14" -> "r14"> (%x) {maxVal = 1.0 : f32} : (tensor<2x3xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.random_uniform_static <"l15"{{.*}} -> tensor<7x8xf32>
    %r15 = mlmodel.random_uniform_static <"l15" -> "r15"> () {outputShape = array<i64: 7, 8>} : () -> tensor<*xf32>
    // CHECK: mlmodel.random_uniform_dynamic <"l16"{{.*}} -> tensor<?x?x?xf32>
    %r16 = mlmodel.random_uniform_dynamic <"l16" -> "r16"> (%n) : (tensor<3xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.random_bernoulli_like <"l17"{{.*}} -> tensor<2x3xf32>
    %r17 = mlmodel.random_bernoulli_like <"l17" -> "r17"> (%x) {prob = 0.5 : f32} : (tensor<2x3xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.random_bernoulli_static <"l18"{{.*}} -> tensor<7x8xf32>
    %r18 = mlmodel.random_bernoulli_static <"l18" -> "r18"> () {outputShape = array<i64: 7, 8>} : () -> tensor<*xf32>
    // CHECK: mlmodel.random_bernoulli_dynamic <"l19"{{.*}} -> tensor<3x2xf32>
    %r19 = mlmodel.random_bernoulli_dynamic <"l19" -> "r19"> (%r5) : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.categorical_distribution <"l20"{{.*}} -> tensor<2x9xf32>
    %r20 = mlmodel.categorical_distribution <"l20" -> "r20"> (%x) {numSamples = 9 : i64, isLogits = true} : (tensor<2x3xf32>) -> tensor<*xf32>
    mlmodel.output %r20 : tensor<*xf32>
  }
}
