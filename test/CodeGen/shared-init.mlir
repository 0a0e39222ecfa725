// RUN: mlmodel-opt %s --mlmodel-expose-buffers | FileCheck %s

// Each sum starts from its own zeros: had both the same, they could end up in
// the buffer of one result, where one would overwrite the other.
// CHECK-LABEL: func.func @main
// CHECK-DAG: %[[E0:.*]] = tensor.empty
// CHECK-DAG: %[[E1:.*]] = tensor.empty
// CHECK-DAG: %[[F0:.*]] = linalg.fill {{.*}} outs(%[[E0]]
// CHECK-DAG: %[[F1:.*]] = linalg.fill {{.*}} outs(%[[E1]]
// CHECK: linalg.matmul {{.*}} outs(%[[FA:.*]] : tensor
// CHECK-NOT: linalg.matmul {{.*}} outs(%[[FA]] : tensor
// CHECK: return
func.func @main(%a: tensor<2x2xf32>, %b: tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>) {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x2xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x2xf32>) -> tensor<2x2xf32>
  %0 = linalg.matmul ins(%a, %b : tensor<2x2xf32>, tensor<2x2xf32>) outs(%init : tensor<2x2xf32>) -> tensor<2x2xf32>
  %1 = linalg.matmul ins(%b, %a : tensor<2x2xf32>, tensor<2x2xf32>) outs(%init : tensor<2x2xf32>) -> tensor<2x2xf32>
  return %0, %1 : tensor<2x2xf32>, tensor<2x2xf32>
}
