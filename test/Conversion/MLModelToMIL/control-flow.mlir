// RUN: mlmodel-opt %s --split-input-file --mlmodel-infer-shapes --convert-mlmodel-to-mil | FileCheck %s

// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:[^:]*]]: tensor<1xf32>
// CHECK: %[[ELEMENT:.*]] = tensor.extract %[[X]]
// CHECK: %[[IS_POSITIVE:.*]] = arith.cmpf ogt, %[[ELEMENT]]
// CHECK: %[[Y:.*]] = scf.if %[[IS_POSITIVE]] -> (tensor<1xf32>) {
// CHECK:   mil.exp
// CHECK:   scf.yield
// CHECK: } else {
// CHECK:   scf.yield %[[X]]
// CHECK: }
// CHECK: scf.for {{.*}} iter_args(%[[STATE:.*]] = %[[Y]]) -> (tensor<1xf32>)
// CHECK:   %[[NEXT:.*]] = mil.add {{.*}}%[[STATE]]
// CHECK:   scf.yield %[[NEXT]]
mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {arrayInputShapeMapping = "EXACT_ARRAY_MAPPING", inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<1xf32>):
    %y = mlmodel.branch <"b"> (%x, %x) {carried = ["y"]} : (tensor<1xf32>, tensor<1xf32>) -> tensor<*xf32> {
      %e = mlmodel.unary <"e" -> "y"> (%x) {kind = "EXP"} : (tensor<1xf32>) -> tensor<*xf32>
      mlmodel.yield %e : tensor<*xf32>
    } else {
    }
    %z = mlmodel.loop <"l"> (%y) {carried = ["y"], maxLoopIterations = 7 : i64} : (tensor<*xf32>) -> tensor<*xf32> {
    } do {
    ^bb0(%a: tensor<*xf32>):
      %n = mlmodel.add <"n" -> "y"> (%a) {alpha = 1.0 : f32} : (tensor<*xf32>) -> tensor<*xf32>
      mlmodel.yield %n : tensor<*xf32>
    }
    mlmodel.output %z : tensor<*xf32>
  }
}
