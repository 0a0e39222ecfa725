// RUN: split-file %s %t
// RUN: mlmodel-translate --mlir-to-mlmodel %t/ranges.mlir -o %t/ranges.mlmodel
// RUN: not mlmodel info --shapes %t/ranges.mlmodel | FileCheck %s --match-full-lines --strict-whitespace
// RUN: not mlmodel info --shapes --json %t/ranges.mlmodel | tr -d ' \n' | FileCheck %s --check-prefix=JSON
// RUN: mlmodel-translate --mlir-to-mlmodel %t/listed.mlir -o %t/listed.mlmodel
// RUN: not mlmodel info --shapes %t/listed.mlmodel | FileCheck %s --check-prefix=LISTED
// RUN: mlmodel-translate --mlir-to-mlmodel %t/pair.mlir -o %t/pair.mlmodel
// RUN: not mlmodel info --shapes %t/pair.mlmodel | FileCheck %s --check-prefix=PAIR
// RUN: mlmodel-translate --mlir-to-mlmodel %t/open.mlir -o %t/open.mlmodel
// RUN: mlmodel info --shapes %t/open.mlmodel | FileCheck %s --check-prefix=OPEN
// RUN: mlmodel info --shapes %digits | FileCheck %s --check-prefix=FIXED

// A window of 5 needs 5 rows, and pairs an even number. The width is not open.
//      CHECK:'image' is 16x12, 'x' is 6x3: works
// CHECK-NEXT:'image' is 1x12, 'x' is 1x3: fails
// CHECK-NEXT:  layer 'window' (pooling): the kernel covers 5 elements but the padded input 'image' has only 1
// CHECK-NEXT:'image' is 64x12, 'x' is 20x3: works
// CHECK-NEXT:height of 'image' (1 to 64)
// CHECK-NEXT:  works: 5 to 64
// CHECK-NEXT:  fails: 1 to 4
// CHECK-NEXT:    at 1: layer 'window' (pooling): the kernel covers 5 elements but the padded input 'image' has only 1
// CHECK-NEXT:axis 0 of 'x' (1 to 20)
// CHECK-NEXT:  works: 2 to 20 in steps of 2
// CHECK-NEXT:  fails: 1 to 19 in steps of 2
// CHECK-NEXT:    at 1: layer 'pairs' (rankPreservingReshape): targetShape 2x-1 does not fit the 3 elements of shape 1x3

// JSON: {"scans":[{"fails":[{"problem":"layer'window'{{[^"]*}}","sizes":[1,2,3,4],"verdict":"fails"}],"isComplete":true,"lower":1,"size":"heightof'image'","upper":64,"works":[5,6,

// LISTED: 'x' is 4: works
// LISTED-NEXT: 'x' is 2x4: works
// LISTED-NEXT: 'x' is 5: fails
// LISTED-NEXT: layer 'sum' (addBroadcastable): input 'w' of shape 4 does not broadcast with shape 5

// Two lengths that must agree.
// PAIR: axis 0 of 'b' (2 to 9)
// PAIR-NEXT: works: 2
// PAIR-NEXT: fails: 3 to 9
// PAIR-NEXT: at 3: layer 'sum' (addBroadcastable): input 'b' of shape 3 does not broadcast with shape 2
// PAIR-NEXT: axis 0 of 'a' and axis 0 of 'b' together (2 to 9)
// PAIR-NEXT: works: 2 to 9
// PAIR-NOT: fails

// A model is right that could be too large.
// OPEN: axis 0 of 'x' (1 and more, 1024 sizes tried)
// OPEN-NEXT: works: 1 to 512, {{.*}} in steps of 127
// OPEN-NEXT: too large: {{.*}} to 65536 in steps of 127
// OPEN-NEXT: layer 'tile' (tile): output of shape {{.*}} is larger than the limit

// FIXED: no input has a flexible shape

//--- ranges.mlir
mlmodel.model attributes {specificationVersion = 4 : i64, description = {
  input = [{name = "image", type = {imageType = {colorSpace = "RGB", height = 16 : i64, width = 12 : i64, imageSizeRange = {
              heightRange = {lowerBound = 1 : i64, upperBound = 64 : i64},
              widthRange = {lowerBound = 12 : i64, upperBound = 12 : i64}}}}},
           {name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 6, 3>, shapeRange = {sizeRanges = [
              {lowerBound = 1 : i64, upperBound = 20 : i64}, {lowerBound = 3 : i64, upperBound = 3 : i64}]}}}}],
  output = [{name = "y", type = {multiArrayType = {dataType = "FLOAT32"}}}, {name = "z", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {arrayInputShapeMapping = "EXACT_ARRAY_MAPPING", imageInputShapeMapping = "RANK4_IMAGE_MAPPING", inputNames = ["image", "x"], outputNames = ["y", "z"]} {
  ^bb0(%image: tensor<*xf32>, %x: tensor<*xf32>):
    %y = mlmodel.pooling <"window" -> "y">(%image) {kernelSize = array<i64: 5, 5>, stride = array<i64: 2, 2>, valid = {}} : (tensor<*xf32>) -> tensor<*xf32>
    %z = mlmodel.rank_preserving_reshape <"pairs" -> "z">(%x) {targetShape = array<i64: 2, -1>} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y, %z : tensor<*xf32>, tensor<*xf32>
  }
}
//--- listed.mlir
mlmodel.model attributes {specificationVersion = 4 : i64, description = {
  input = [{name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 4>, enumeratedShapes = {shapes = [
              {shape = array<i64: 4>}, {shape = array<i64: 2, 4>}, {shape = array<i64: 5>}]}}}}],
  output = [{name = "y", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {arrayInputShapeMapping = "EXACT_ARRAY_MAPPING", inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    %w = mlmodel.load_constant_nd <"w" -> "w">() {shape = array<i64: 4>, data = #mlmodel.weights<dense<1.0> : tensor<4xf32>>} : () -> tensor<*xf32>
    %y = mlmodel.add_broadcastable <"sum" -> "y">(%x, %w) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}
//--- pair.mlir
mlmodel.model attributes {specificationVersion = 4 : i64, description = {
  input = [{name = "a", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 2>, shapeRange = {sizeRanges = [{lowerBound = 2 : i64, upperBound = 9 : i64}]}}}},
           {name = "b", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 2>, shapeRange = {sizeRanges = [{lowerBound = 2 : i64, upperBound = 9 : i64}]}}}}],
  output = [{name = "y", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {arrayInputShapeMapping = "EXACT_ARRAY_MAPPING", inputNames = ["a", "b"], outputNames = ["y"]} {
  ^bb0(%a: tensor<*xf32>, %b: tensor<*xf32>):
    %y = mlmodel.add_broadcastable <"sum" -> "y">(%a, %b) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}
//--- open.mlir
mlmodel.model attributes {specificationVersion = 4 : i64, description = {
  input = [{name = "x", type = {multiArrayType = {dataType = "FLOAT32", shape = array<i64: 2>, shapeRange = {sizeRanges = [{lowerBound = 1 : i64, upperBound = -1 : i64}]}}}}],
  output = [{name = "y", type = {multiArrayType = {dataType = "FLOAT32"}}}]}} {
  mlmodel.network attributes {arrayInputShapeMapping = "EXACT_ARRAY_MAPPING", inputNames = ["x"], outputNames = ["y"]} {
  ^bb0(%x: tensor<*xf32>):
    %y = mlmodel.tile <"tile" -> "y">(%x) {reps = array<i64: 100000>} : (tensor<*xf32>) -> tensor<*xf32>
    mlmodel.output %y : tensor<*xf32>
  }
}
