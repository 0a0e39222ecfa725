// RUN: mlmodel-opt %s --mlmodel-infer-shapes | FileCheck %s

// A body that is absent leaves the blob as it was: what comes out may have either
// size.
// CHECK-LABEL: mlmodel.model
// CHECK: mlmodel.branch <"absent">({{.*}}) {carried = ["g"]} : (tensor<1xf32>, tensor<1xf32>) -> tensor<?xf32>
// CHECK: mlmodel.branch <"same">({{.*}}) {carried = ["g"]} : (tensor<1xf32>, tensor<?xf32>) -> tensor<?xf32>
// CHECK: mlmodel.branch <"kept">({{.*}}) {carried = ["h"]} : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
mlmodel.model attributes {specificationVersion = 4 : i64, description = {input = [{name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 1>}}}], output = [{name = "g", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {arrayInputShapeMapping = "EXACT_ARRAY_MAPPING", inputNames = ["x"], outputNames = ["g", "h"]} {
  ^bb0(%x: tensor<*xf32>):
    %g = mlmodel.branch <"absent">(%x, %x) {carried = ["g"]} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32> {
      %twice = mlmodel.concat_nd <"twice" -> "g">(%x, %x) {axis = 0 : i64} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
      mlmodel.yield %twice : tensor<*xf32>
    } else {
    }
    %g2 = mlmodel.branch <"same">(%x, %g) {carried = ["g"]} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32> {
      %more = mlmodel.add <"more" -> "g">(%g) {alpha = 1.0 : f32} : (tensor<*xf32>) -> tensor<*xf32>
      mlmodel.yield %more : tensor<*xf32>
    } else {
    }
    %h = mlmodel.branch <"kept">(%x, %x) {carried = ["h"]} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32> {
      %more = mlmodel.add <"more" -> "h">(%x) {alpha = 1.0 : f32} : (tensor<*xf32>) -> tensor<*xf32>
      mlmodel.yield %more : tensor<*xf32>
    } else {
    }
    mlmodel.output %g2, %h : tensor<*xf32>, tensor<*xf32>
  }
}
