// Optional arrays that are not given are what the model says, or zero.
// RUN: mlmodel-translate --mlir-to-mlmodel %s -o %t.mlmodel
// RUN: mlmodel info %t.mlmodel | FileCheck %s --check-prefix=INFO
// INFO: half: {{.*}}optional (0.5)
// INFO: four: {{.*}}optional (4)
// INFO: none: {{.*}}optional{{$}}
// RUN: mlmodel predict %t.mlmodel --input x=1,2 | FileCheck %s --check-prefix=DEFAULTS
// DEFAULTS: "values": [
// DEFAULTS-NEXT: 5.5,
// DEFAULTS-NEXT: 6.5
// RUN: mlmodel predict %t.mlmodel --input x=1,2 --input half=7,8 --input none=10,20 | FileCheck %s --check-prefix=GIVEN
// GIVEN: "values": [
// GIVEN-NEXT: 22,
// GIVEN-NEXT: 34
// RUN: not mlmodel predict %t.mlmodel --input half=7,8 2>&1 | FileCheck %s --check-prefix=MISSING
// MISSING: input 'x' (float32 multi-array 2) is missing

mlmodel.model attributes {specificationVersion = 5 : i64, description = {input = [{name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 2>}}}, {name = "half", type = {isOptional = true, multiArrayType = {dataType = "FLOAT32", floatDefaultValue = 0.5 : f32, shape = array<i64: 2>}}}, {name = "four", type = {isOptional = true, multiArrayType = {dataType = "INT32", intDefaultValue = 4 : i64, shape = array<i64: 2>}}}, {name = "none", type = {isOptional = true, multiArrayType = {dataType = "DOUBLE", shape = array<i64: 2>}}}], output = [{name = "y", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 2>}}}]}} {
  mlmodel.network attributes {inputNames = ["x", "half", "four", "none"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>, %half: tensor<*xf32>, %four: tensor<*xf32>, %none: tensor<*xf32>):
    %y = mlmodel.add <"add" -> "y"> (%x, %half, %four, %none) {} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}
