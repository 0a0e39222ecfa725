// RUN: mlmodel-translate --mlir-to-mlmodel %s -o %t.mlmodel
// RUN: mlmodel predict %t.mlmodel --input x=0,5,0,7 --input n=2 | tr -d ' \n' | FileCheck %s
// RUN: mlmodel predict %t.mlmodel --input x=1,5,6,7 --input n=4 | tr -d ' \n' | FileCheck %s --check-prefix=FOUR
// RUN: not mlmodel predict %t.mlmodel --input x=0,0,0,0 --input n=2 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not mlmodel predict %t.mlmodel --input x=0,1,0,0 --input n=3 2>&1 | FileCheck %s --check-prefix=MISFIT

// How many rows there are decides the shape of all that follows.
// CHECK: "shape":[2,1],{{.*}}"values":[1,3]
// CHECK-SAME: "shape":[2,2],{{.*}}"values":[0,5,0,7]
// FOUR: "shape":[4,1],{{.*}}"values":[0,1,2,3]
// FOUR-SAME: "shape":[4,1],{{.*}}"values":[1,5,6,7]
// NONE: layer 'where' (whereNonZero): no element of input 'x' is different from 0; an empty output is not supported
// MISFIT: layer 'reshape' (reshapeDynamic): target shape 3x-1 does not fit the 4 elements of shape 4
mlmodel.model attributes {specificationVersion = 4 : i64, description = {input = [{name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 4>}}}, {name = "n", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 1>}}}], output = [{name = "places", type = {multiArrayType = {dataType = "FLOAT32"}}}, {name = "reshaped", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {arrayInputShapeMapping = "EXACT_ARRAY_MAPPING", inputNames = ["x", "n"], outputNames = ["places", "reshaped"]} {
  ^bb0(%x: tensor<*xf32>, %n: tensor<*xf32>):
    %rows = mlmodel.where_non_zero <"where" -> "rows">(%x) : (tensor<*xf32>) -> tensor<*xf32>
    %places = mlmodel.copy <"copy" -> "places">(%rows) : (tensor<*xf32>) -> tensor<*xf32>
    %rest = mlmodel.fill_static <"rest" -> "rest">() {value = -1.0 : f32, targetShape = array<i64: 1>} : () -> tensor<*xf32>
    %shape = mlmodel.concat_nd <"shape" -> "shape">(%n, %rest) {axis = 0 : i64} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    %reshaped = mlmodel.reshape_dynamic <"reshape" -> "reshaped">(%x, %shape) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %places, %reshaped : tensor<*xf32>, tensor<*xf32>
  }
}
