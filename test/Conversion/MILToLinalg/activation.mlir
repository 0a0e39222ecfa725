// RUN: mlmodel-opt %s --convert-mil-to-linalg | FileCheck %s

// 1 + erf(x) and 1 + tanh(x) lose all digits for negative x; neither is used.
// CHECK-LABEL: func.func @gelu(
// CHECK-NOT: math.erf %
// CHECK: math.erfc
// CHECK-NOT: math.tanh
// CHECK: math.exp
func.func @gelu(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = mil.gelu %x : tensor<4xf32>
  %1 = mil.gelu %0 {mode = "TANH_APPROXIMATION"} : tensor<4xf32>
  return %1 : tensor<4xf32>
}

// exp(x) - 1 is taken only where it keeps its digits.
// CHECK-LABEL: func.func @elu(
// CHECK: ^bb0(%[[X:.*]]: f32,
// CHECK: %[[EXP:.*]] = math.exp %[[X]]
// CHECK: %[[DIFFERENCE:.*]] = arith.subf %[[EXP]]
// CHECK: %[[SIZE:.*]] = math.absf %[[X]]
// CHECK: %[[NEAR:.*]] = arith.cmpf olt, %[[SIZE]]
// CHECK: arith.select %[[NEAR]], %{{.*}}, %[[DIFFERENCE]]
func.func @elu(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = mil.elu %x : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// min(x, 6) the way it was said before there was a clip layer.
// CHECK-LABEL: func.func @upper_bound(
// CHECK: %[[SIX:.*]] = arith.constant 6.0
// CHECK-NOT: arith.mulf
// CHECK: arith.cmpf ogt, %{{.*}}, %[[SIX]]
// CHECK-NOT: arith.mulf
// CHECK: return
func.func @upper_bound(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = mil.linear_activation %x {alpha = -1.0 : f32} : tensor<4xf32>
  %1 = mil.threshold %0 {alpha = -6.0 : f32} : tensor<4xf32>
  %2 = mil.linear_activation %1 {alpha = -1.0 : f32} : tensor<4xf32>
  return %2 : tensor<4xf32>
}

// Something is added: no bound.
// CHECK-LABEL: func.func @no_bound(
// CHECK-COUNT-2: arith.mulf
// CHECK: return
func.func @no_bound(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = mil.linear_activation %x {alpha = -1.0 : f32} : tensor<4xf32>
  %1 = mil.threshold %0 {alpha = -6.0 : f32} : tensor<4xf32>
  %2 = mil.linear_activation %1 {alpha = -1.0 : f32, beta = 1.0 : f32} : tensor<4xf32>
  return %2 : tensor<4xf32>
}
