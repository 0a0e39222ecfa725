// RUN: mlmodel-opt %s --convert-mil-to-linalg | FileCheck %s

// Two passes of the merge sort are one step; 6 elements need 3 passes.
// CHECK-LABEL: @argsort
func.func @argsort(%x: tensor<4x6x5xf32>) -> tensor<4x6x5xf32> {
  // CHECK: linalg.transpose
  // CHECK: arith.bitcast
  // CHECK-DAG: %[[STEPS:.*]] = arith.constant 2 : index
  // CHECK: scf.for %{{.*}} = %{{.*}} to %[[STEPS]] step %{{.*}} iter_args(%{{.*}}, %{{.*}}) -> (tensor<20x6xi32>, tensor<20x6xi32>)
  // CHECK: scf.yield %[[FIRST:.*]], %[[SECOND:.*]] : tensor<20x6xi32>, tensor<20x6xi32>
  // CHECK: linalg.transpose
  %0 = mil.argsort %x {axis = 1 : i64} : (tensor<4x6x5xf32>) -> tensor<4x6x5xf32>
  return %0 : tensor<4x6x5xf32>
}

// CHECK-LABEL: @topk
func.func @topk(%x: tensor<6xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  // CHECK: scf.for
  // CHECK: %[[INDICES:.*]] = tensor.extract_slice %{{.*}}[0] [2] [1]
  // CHECK: tensor.extract
  // CHECK: return %{{.*}}, %[[INDICES]]
  %0:2 = mil.topk %x {k = 2 : i64} : (tensor<6xf32>) -> (tensor<2xf32>, tensor<2xf32>)
  return %0#0, %0#1 : tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: @nms
// CHECK: scf.for %{{.*}} iter_args(%{{.*}}, %{{.*}}) -> (tensor<2x7xf32>, tensor<2xf32>)
// CHECK: scf.for %{{.*}} iter_args(%{{.*}}, %{{.*}}) -> (tensor<2x7xf32>, index)
// CHECK: scf.for %{{.*}} iter_args(%{{.*}}) -> (i1)
// CHECK: arith.divf
func.func @nms(%boxes: tensor<2x10x4xf32>, %scores: tensor<2x10x3xf32>, %t: tensor<1xf32>) -> tensor<2x7xf32> {
  %0:4 = mil.non_maximum_suppression %boxes, %scores, %t, %t {max_boxes = 7 : i64} : (tensor<2x10x4xf32>, tensor<2x10x3xf32>, tensor<1xf32>, tensor<1xf32>) -> (tensor<2x7x4xf32>, tensor<2x7x3xf32>, tensor<2x7xf32>, tensor<2xf32>)
  return %0#2 : tensor<2x7xf32>
}
