// RUN: mlmodel-opt %s --split-input-file --pass-pipeline='builtin.module(func.func(mlmodel-expose-buffers,mlmodel-outline-weights))' | FileCheck %s

// Inputs, static results, then weights are arguments; each weight once.
// CHECK-LABEL: @main
// CHECK-SAME: %arg0: memref<2xf32>, %arg1: memref<2xf32>, %arg2: memref<2xf32> {mlmodel.weight = dense_resource<weights> : tensor<2xf32>})
func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK-DAG: bufferization.to_tensor %arg0 restrict
  // CHECK-DAG: bufferization.to_tensor %arg2 restrict
  // CHECK-DAG: arith.constant dense<1.000000e+00> : tensor<100xf32>
  %w = arith.constant dense_resource<weights> : tensor<2xf32>
  %v = arith.constant dense_resource<weights> : tensor<2xf32>
  %splat = arith.constant dense<1.0> : tensor<100xf32>
  %0 = arith.addf %x, %w : tensor<2xf32>
  %1 = arith.addf %0, %v : tensor<2xf32>
  // CHECK: bufferization.materialize_in_destination %{{.*}} in restrict writable %arg1
  // CHECK: return
  return %1 : tensor<2xf32>
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x040000000000803f00000040"
    }
  }
#-}

// -----

// A result with a dynamic size stays a result.
// CHECK-LABEL: @main
// CHECK-SAME: (%arg0: memref<?xf32>, %arg1: memref<2xf32>) -> tensor<?xf32>
func.func @main(%x: tensor<?xf32>) -> (tensor<?xf32>, tensor<2xf32>) {
  %0 = arith.constant dense<1.0> : tensor<2xf32>
  %1 = arith.addf %x, %x : tensor<?xf32>
  return %1, %0 : tensor<?xf32>, tensor<2xf32>
}
