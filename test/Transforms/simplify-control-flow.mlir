// RUN: mlmodel-opt %s --mlmodel-simplify-control-flow | FileCheck %s
// RUN: mlmodel-opt %s --mlmodel-simplify-control-flow=unroll=9 | FileCheck %s --check-prefix=UNROLL
// The simplified model can be written, and computes the same.
// RUN: mlmodel-opt %s --mlmodel-simplify-control-flow -o %t.mlir
// RUN: mlmodel-translate --mlir-to-mlmodel %t.mlir -o %t.mlmodel
// RUN: mlmodel-translate --mlir-to-mlmodel %s -o %t.before.mlmodel
// RUN: mlmodel predict %t.before.mlmodel --input x=0.5 > %t.before
// RUN: mlmodel predict %t.mlmodel --input x=0.5 > %t.after
// RUN: diff %t.before %t.after

// CHECK-LABEL: mlmodel.network
// CHECK: ^bb0(%[[X:.*]]: tensor<*xf32>):
// A constant condition.
// CHECK-NOT: mlmodel.branch
// CHECK: %[[TAKEN:.*]] = mlmodel.unary <"take" -> "taken">(%[[X]])
// CHECK-NOT: mlmodel.branch
// Two rounds; the blob that is written again has new names but at the end.
// CHECK: %[[A:.*]] = mlmodel.add <"twice_1" -> "s_1">(%[[S:.*]])
// CHECK: %[[B:.*]] = mlmodel.add <"twice" -> "s">(%[[A]])
// The product reads nothing of the loop; what draws random numbers stays.
// CHECK: %[[P:.*]] = mlmodel.multiply_broadcastable <"product" -> "p">(%[[X]], %[[X]])
// CHECK: mlmodel.loop <"many">
// CHECK-NOT: multiply_broadcastable
// CHECK: mlmodel.random_uniform_static
// CHECK: mlmodel.add_broadcastable {{.*}}(%{{.*}}, %[[P]])
// A body with a jump stays.
// CHECK: mlmodel.loop <"jumps">
// CHECK: mlmodel.loop_break

// UNROLL-NOT: mlmodel.loop <"many">
// UNROLL-COUNT-9: mlmodel.random_uniform_static
// UNROLL: mlmodel.loop <"jumps">
mlmodel.model attributes {specificationVersion = 4 : i64, description = {input = [{name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 1>}}}], output = [{name = "taken", type = {multiArrayType = {dataType = "FLOAT32"}}}, {name = "s", type = {multiArrayType = {dataType = "FLOAT32"}}}, {name = "m", type = {multiArrayType = {dataType = "FLOAT32"}}}, {name = "j", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {arrayInputShapeMapping = "EXACT_ARRAY_MAPPING", inputNames = ["x"], outputNames = ["taken", "s", "m", "j"]} {
  ^bb0(%x: tensor<*xf32>):
    %one = mlmodel.fill_static <"one" -> "one">() {value = 1.0 : f32, targetShape = array<i64: 1>} : () -> tensor<*xf32>
    %taken = mlmodel.branch <"constant">(%one) {carried = ["taken"]} : (tensor<*xf32>) -> tensor<*xf32> {
      %a = mlmodel.unary <"take" -> "taken">(%x) {kind = "EXP"} : (tensor<*xf32>) -> tensor<*xf32>
      mlmodel.yield %a : tensor<*xf32>
    } else {
      %a = mlmodel.unary <"leave" -> "taken">(%x) {kind = "ABS"} : (tensor<*xf32>) -> tensor<*xf32>
      mlmodel.yield %a : tensor<*xf32>
    }
    %s0 = mlmodel.copy <"s0" -> "s">(%x) : (tensor<*xf32>) -> tensor<*xf32>
    %s = mlmodel.loop <"few">(%s0) {carried = ["s"], maxLoopIterations = 2 : i64} : (tensor<*xf32>) -> tensor<*xf32> {
    } do {
    ^bb0(%a: tensor<*xf32>):
      %b = mlmodel.add <"twice" -> "s">(%a) {alpha = 2.0 : f32} : (tensor<*xf32>) -> tensor<*xf32>
      mlmodel.yield %b : tensor<*xf32>
    }
    %m0 = mlmodel.copy <"m0" -> "m">(%x) : (tensor<*xf32>) -> tensor<*xf32>
    %m = mlmodel.loop <"many">(%m0) {carried = ["m"], maxLoopIterations = 9 : i64} : (tensor<*xf32>) -> tensor<*xf32> {
    } do {
    ^bb0(%a: tensor<*xf32>):
      %p = mlmodel.multiply_broadcastable <"product" -> "p">(%x, %x) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
      %r = mlmodel.random_uniform_static <"random" -> "r">() {seed = 7 : i64, minVal = 0.0 : f32, maxVal = 1.0 : f32, outputShape = array<i64: 1>} : () -> tensor<*xf32>
      %q = mlmodel.add_broadcastable <"q" -> "q">(%a, %p) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
      %n = mlmodel.add_broadcastable <"n" -> "m">(%q, %r) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
      mlmodel.yield %n : tensor<*xf32>
    }
    %j0 = mlmodel.copy <"j0" -> "j">(%x) : (tensor<*xf32>) -> tensor<*xf32>
    %j = mlmodel.loop <"jumps">(%j0) {carried = ["j"], maxLoopIterations = 3 : i64} : (tensor<*xf32>) -> tensor<*xf32> {
    } do {
    ^bb0(%a: tensor<*xf32>):
      %b = mlmodel.add <"next" -> "j">(%a) {alpha = 1.0 : f32} : (tensor<*xf32>) -> tensor<*xf32>
      mlmodel.branch <"stop_now">(%b) {carried = []} : (tensor<*xf32>) -> () {
        mlmodel.loop_break <"stop">(%b) : (tensor<*xf32>) -> ()
        mlmodel.yield
      } else {
      }
      mlmodel.yield %b : tensor<*xf32>
    }
    mlmodel.output %taken, %s, %m, %j : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
  }
}
