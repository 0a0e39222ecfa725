// RUN: mlmodel-opt %s | mlmodel-opt | FileCheck %s

// CHECK-LABEL: @selection
func.func @selection(%x: tensor<4x6x5xf32>, %boxes: tensor<2x10x4xf32>, %scores: tensor<2x10x3xf32>, %t: tensor<1xf32>) {
  // CHECK: mil.argsort %{{.*}} {ascending = true, axis = 1 : i64} : (tensor<4x6x5xf32>) -> tensor<4x6x5xf32>
  %0 = mil.argsort %x {axis = 1 : i64, ascending = true} : (tensor<4x6x5xf32>) -> tensor<4x6x5xf32>
  // CHECK: mil.topk %{{.*}} {axis = 1 : i64, k = 3 : i64} : (tensor<4x6x5xf32>) -> (tensor<4x3x5xf32>, tensor<4x3x5xf32>)
  %1:2 = mil.topk %x {axis = 1 : i64, k = 3 : i64} : (tensor<4x6x5xf32>) -> (tensor<4x3x5xf32>, tensor<4x3x5xf32>)
  // CHECK: mil.non_maximum_suppression %{{.*}} {max_boxes = 7 : i64, per_class_suppression = true}
  %2:4 = mil.non_maximum_suppression %boxes, %scores, %t, %t {max_boxes = 7 : i64, per_class_suppression = true} : (tensor<2x10x4xf32>, tensor<2x10x3xf32>, tensor<1xf32>, tensor<1xf32>) -> (tensor<2x7x4xf32>, tensor<2x7x3xf32>, tensor<2x7xf32>, tensor<2xf32>)
  return
}
