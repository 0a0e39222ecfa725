// RUN: mlmodel-translate --mlir-to-mlmodel %s -o %t.mlmodel
// RUN: not mlmodel predict %t.mlmodel --input x=1 --max-loop-iterations 50 2>&1 | FileCheck %s --check-prefix=ROUNDS
// RUN: not mlmodel predict %t.mlmodel --input x=1 --deadline 0.01 2>&1 | FileCheck %s --check-prefix=DEADLINE
// RUN: mlmodel predict %t.mlmodel --input x=0 | tr -d ' \n' | FileCheck %s
// RUN: not mlmodel predict %t.mlmodel --input x=1 --deadline soon 2>&1 | FileCheck %s --check-prefix=USAGE

// ROUNDS: layer 'forever' (loop): loops have run 50 rounds in this prediction, which is the limit
// DEADLINE: layer 'forever' (loop): the deadline of 0.01{{0*}} seconds has passed
// USAGE: --deadline: 'soon' is no positive number of seconds
// CHECK: "values":[0]
mlmodel.model attributes {specificationVersion = 4 : i64, description = {input = [{name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 1>}}}], output = [{name = "y", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {arrayInputShapeMapping = "EXACT_ARRAY_MAPPING", inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    %y = mlmodel.copy <"y0" -> "y">(%x) : (tensor<*xf32>) -> tensor<*xf32>
    %ys = mlmodel.loop <"forever">(%y) {carried = ["y"], conditionVar = "more"} : (tensor<*xf32>) -> tensor<*xf32> {
    ^bb0(%a: tensor<*xf32>):
      %more = mlmodel.greater_than <"more" -> "more">(%a) {alpha = 0.5 : f32} : (tensor<*xf32>) -> tensor<*xf32>
      mlmodel.yield %a : tensor<*xf32>
    } do {
    ^bb0(%a: tensor<*xf32>):
      %next = mlmodel.add <"next" -> "y">(%a) {alpha = 1.0 : f32} : (tensor<*xf32>) -> tensor<*xf32>
      mlmodel.yield %next : tensor<*xf32>
    }
    mlmodel.output %ys : tensor<*xf32>
  }
}
