// RUN: mlmodel-opt %s --mlmodel-lower-to-llvm | FileCheck %s
// RUN: not mlmodel-opt %s --mlmodel-lower-to-llvm=max-bytes=100 2>&1 | FileCheck %s --check-prefix=LIMIT

// LIMIT: intermediate results need 256 bytes, the limit is 100

// CHECK: llvm.func @main(%arg0: !llvm.ptr, %arg1: !llvm.ptr {llvm.noalias}
// CHECK-NOT: unrealized_conversion_cast
func.func @main(%x: tensor<8x8xf32>, %w: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %0 = mil.matmul %x, %w : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = mil.matmul %0, %w : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  return %1 : tensor<8x8xf32>
}
