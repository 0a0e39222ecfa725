// RUN: mlmodel-opt %s --mlmodel-infer-shapes --convert-mlmodel-to-mil | FileCheck %s

mlmodel.model attributes {specificationVersion = 5 : i64} {
  mlmodel.network attributes {inputNames = ["x", "n", "s"], outputNames = ["y"]} {
  ^bb0(%x: tensor<2x3xf32>, %n: tensor<3xf32>, %s: tensor<1xf32>):
    // CHECK: mil.const dense<1.000000e+00> : tensor<2x3x4xf32>
    // CHECK: mil.reshape {{.*}}{shape = array<i64: 1, 1, 2, 3, 4>}
    %r0 = mlmodel.load_constant <"l0" -> "r0"> () {shape = array<i64: 2, 3, 4>, data = #mlmodel.weights<dense<1.0> : tensor<24xf32>>} : () -> tensor<*xf32>
    // CHECK: mil.const dense<1.000000e+00> : tensor<6x4xf32>
    %r1 = mlmodel.load_constant_nd <"l1" -> "r1"> () {shape = array<i64: 6, 4>, data = #mlmodel.weights<dense<1.0> : tensor<24xf32>>} : () -> tensor<*xf32>
    // CHECK: mil.fill {{.*}}{shape = array<i64: 2, 3>, value = 2.000000e+00 : f32}
    %r2 = mlmodel.fill_like <"l2" -> "r2"> (%x) {value = 2.0 : f32} : (tensor<2x3xf32>) -> tensor<*xf32>
    // CHECK: mil.fill {{.*}}{shape = array<i64: 5, 4>, value = 2.000000e+00 : f32}
    %r3 = mlmodel.fill_static <"l3" -> "r3"> () {value = 2.0 : f32, targetShape = array<i64: 5, 4>} : () -> tensor<*xf32>
    // CHECK: mil.const dense<[3.000000e+00, 2.000000e+00]> : tensor<2xf32>
    %r4 = mlmodel.load_constant_nd <"l4" -> "r4"> () {shape = array<i64: 2>, data = #mlmodel.weights<dense<[3.0, 2.0]> : tensor<2xf32>>} : () -> tensor<*xf32>
    // CHECK: mil.fill {{.*}}{shape = array<i64: 3, 2>}
    %r5 = mlmodel.fill_dynamic <"l5" -> "r5"> (%r4) : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.range_1d {{.*}}{end = 1.000000e+01 : f32, start = 1.000000e+00 : f32, step = 2.500000e+00 : f32}
    %r6 = mlmodel.range_static <"l6" -> "r6"> () {endValue = 10.0 : f32, startValue = 1.0 : f32, stepSizeValue = 2.5 : f32} : () -> tensor<*xf32>
    // CHECK: mil.const dense<7.000000e+00> : tensor<1xf32>
    %r7 = mlmodel.load_constant_nd <"l7" -> "r7"> () {shape = array<i64: 1>, data = #mlmodel.weights<dense<[7.0]> : tensor<1xf32>>} : () -> tensor<*xf32>
    // CHECK: mil.range_1d {{.*}}{end = 7.000000e+00 : f32, start = 1.000000e+00 : f32, step = 2.000000e+00 : f32}
    %r8 = mlmodel.range_dynamic <"l8" -> "r8"> (%r7) {startValue = 1.0 : f32, stepSizeValue = 2.0 : f32} : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.random_normal {{.*}}{seed = 1 : i64, shape = array<i64: 2, 3>}
    %r9 = mlmodel.random_normal_like <"l9" -> "r9"> (%x) {seed = 1 : i64, stdDev = 1.0 : f32} : (tensor<2x3xf32>) -> tensor<*xf32>
    // CHECK: mil.random_normal {{.*}}{seed = 0 : i64, shape = array<i64: 7, 8>, stddev = 0.000000e+00 : f32}
    %r10 = mlmodel.random_normal_static <"l10" -> "r10"> () {outputShape = array<i64: 7, 8>} : () -> tensor<*xf32>
    // CHECK: mil.random_normal {{.*}}{seed = 0 : i64, shape = array<i64: 3, 2>, stddev = 0.000000e+00 : f32}
    %r11 = mlmodel.random_normal_dynamic <"l11" -> "r11"> (%r4) : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.random_uniform {{.*}}{seed = 0 : i64, shape = array<i64: 2, 3>}
    %r12 = mlmodel.random_uniform_like <"l12" -> "r12"> (%x) {maxVal = 1.0 : f32} : (tensor<2x3xf32>) -> tensor<*xf32>
    // CHECK: mil.random_uniform {{.*}}{high = 0.000000e+00 : f32, seed = 0 : i64, shape = array<i64: 7, 8>}
    %r13 = mlmodel.random_uniform_static <"l13" -> "r13"> () {outputShape = array<i64: 7, 8>} : () -> tensor<*xf32>
    // CHECK: mil.random_bernoulli {{.*}}{seed = 0 : i64, shape = array<i64: 2, 3>}
    %r14 = mlmodel.random_bernoulli_like <"l14" -> "r14"> (%x) {prob = 0.5 : f32} : (tensor<2x3xf32>) -> tensor<*xf32>
    // CHECK: mil.random_bernoulli {{.*}}{prob = 0.000000e+00 : f32, seed = 0 : i64, shape = array<i64: 7, 8>}
    %r15 = mlmodel.random_bernoulli_static <"l15" -> "r15"> () {outputShape = array<i64: 7, 8>} : () -> tensor<*xf32>
    // CHECK: mil.random_bernoulli {{.*}}{prob = 0.000000e+00 : f32, seed = 0 : i64, shape = array<i64: 3, 2>}
    %r16 = mlmodel.random_bernoulli_dynamic <"l16" -> "r16"> (%r4) : (tensor<*xf32>) -> tensor<*xf32>
    // CHECK: mil.random_categorical {{.*}}{seed = 0 : i64, size = 9 : i64}
    %r17 = mlmodel.categorical_distribution <"l17" -> "r17"> (%x) {numSamples = 9 : i64, isLogits = true} : (tensor<2x3xf32>) -> tensor<*xf32>
    mlmodel.output %r17 : tensor<*xf32>
  }
}
