// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(convert-mil-to-linalg,func.func(mlmodel-fuse-decode,mlmodel-fuse-elementwise))' | FileCheck %s

// Weights are decoded in the product, for each of two products.
// CHECK-LABEL: @decode
func.func @decode(%x: tensor<2x8xf32>) -> tensor<2x4xf32> {
  %w = mil.constexpr_lut_to_dense {data = dense_resource<weights> : tensor<16xui8>, bits = 4 : i64, lut = dense<[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0]> : tensor<16xf32>} : tensor<4x8xf32>
  // CHECK-NOT: mlmodel.decode
  // CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]
  // CHECK: tensor.extract
  // CHECK: tensor.extract
  // CHECK: arith.mulf
  // CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]
  // CHECK: tensor.extract
  // CHECK: tensor.extract
  // CHECK: arith.mulf
  %0 = mil.linear %x, %w : (tensor<2x8xf32>, tensor<4x8xf32>) -> tensor<2x4xf32>
  %1 = mil.square %x : tensor<2x8xf32>
  %2 = mil.linear %1, %w : (tensor<2x8xf32>, tensor<4x8xf32>) -> tensor<2x4xf32>
  %3 = mil.add %0, %2 : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %3 : tensor<2x4xf32>
}

// Loops that only the weights bound get an operand that bounds them.
// CHECK-LABEL: @window
func.func @window(%x: tensor<10xf32>) -> tensor<8xf32> {
  %w = mil.constexpr_lut_to_dense {data = dense_resource<small> : tensor<2xui8>, bits = 4 : i64, lut = dense<[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0]> : tensor<16xf32>} : tensor<3xf32>
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<8xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<8xf32>) -> tensor<8xf32>
  // CHECK: %[[SHAPE:.*]] = tensor.empty() : tensor<3xf32>
  // CHECK: linalg.generic {{.*}} ins(%arg0, %[[SHAPE]] : tensor<10xf32>, tensor<3xf32>)
  // CHECK: tensor.extract
  %0 = linalg.generic {
    indexing_maps = [affine_map<(d0, d1) -> (d0 + d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0)>],
    iterator_types = ["parallel", "reduction"]
  } ins(%x, %w : tensor<10xf32>, tensor<3xf32>) outs(%init : tensor<8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %1 = arith.mulf %a, %b : f32
    %2 = arith.addf %c, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// An activation moves into what reads each element once, a sum included, but
// not into a product, which reads it many times.
// CHECK-LABEL: @elementwise
func.func @elementwise(%x: tensor<2x8xf32>, %w: tensor<4x8xf32>) -> (tensor<2xf32>, tensor<2x4xf32>) {
  // CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]
  // CHECK: math.tanh
  // CHECK: math.sqrt
  // CHECK: arith.addf
  %0 = mil.tanh %x : tensor<2x8xf32>
  %1 = mil.sqrt %0 : tensor<2x8xf32>
  %2 = mil.reduce_sum %1 {axes = array<i64: 1>} : (tensor<2x8xf32>) -> tensor<2xf32>
  // CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]
  // CHECK: math.exp
  // CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]
  // CHECK-NOT: math.exp
  %3 = mil.exp %x : tensor<2x8xf32>
  %4 = mil.linear %3, %w : (tensor<2x8xf32>, tensor<4x8xf32>) -> tensor<2x4xf32>
  return %2, %4 : tensor<2xf32>, tensor<2x4xf32>
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x01000000000102030405060708090a0b0c0d0e0f",
      small: "0x010000000102"
    }
  }
#-}
