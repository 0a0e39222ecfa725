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
