// RUN: mlmodel-translate --mlir-to-mlmodel %s -o %t.mlmodel
// RUN: mlmodel predict %t.mlmodel --input x=3,5,6,7 --input i=1 | tr -d ' \n' | FileCheck %s
// RUN: mlmodel predict %t.mlmodel --input x=3,5,6,7 --input i=-1 | tr -d ' \n' | FileCheck %s --check-prefix=LAST
// RUN: not mlmodel predict %t.mlmodel --input x=3,5,6,7 --input i=4 2>&1 | FileCheck %s --check-prefix=OUTSIDE

// The shape of one element is known, but not whether the index is in the axis.
// CHECK: "values":[5]
// LAST: "values":[7]
// OUTSIDE: layer 'slice' (sliceDynamic): beginIds is 4, but axis 0 has size 4
mlmodel.model attributes {specificationVersion = 4 : i64, description = {input = [{name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 4>}}}, {name = "i", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 1>}}}], output = [{name = "y", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {arrayInputShapeMapping = "EXACT_ARRAY_MAPPING", inputNames = ["x", "i"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>, %i: tensor<*xf32>):
    %end = mlmodel.load_constant_nd <"end" -> "end">() {shape = array<i64: 1>, data = #mlmodel.weights<dense<[4.0]> : tensor<1xf32>>} : () -> tensor<*xf32>
    %y = mlmodel.slice_dynamic <"slice" -> "y">(%x, %i, %end) {strides = array<i64: 1>, beginMasks = array<i1: false>, endMasks = array<i1: false>, squeezeMasks = array<i1: true>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}
