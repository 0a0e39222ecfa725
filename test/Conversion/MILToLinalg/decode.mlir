// RUN: mlmodel-opt %s --convert-mil-to-linalg | FileCheck %s

// Plain weights keep their resource.
// CHECK-LABEL: @plain
func.func @plain() -> tensor<2xf32> {
  // CHECK: arith.constant dense_resource<weights> : tensor<2xf32>
  // CHECK-NOT: linalg.generic
  %0 = mil.const dense_resource<weights> : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// CHECK-LABEL: @halves
func.func @halves() -> tensor<2xf32> {
  // CHECK: %[[DATA:.*]] = arith.constant dense<{{.*}}> : tensor<2xf16>
  // CHECK: linalg.generic {{.*}} ins(%[[DATA]] : tensor<2xf16>) {{.*}} attrs = {mlmodel.decode = 
  // CHECK: arith.extf
  %0 = mil.constexpr_cast dense<[1.0, 2.0]> : tensor<2xf16>
  return %0 : tensor<2xf32>
}

// Bytes are a view of the same resource in the shape of the result.
// CHECK-LABEL: @bytes
func.func @bytes() -> tensor<2x4xf32> {
  // CHECK: %[[DATA:.*]] = arith.constant dense_resource<weights> : tensor<2x4xi8>
  // CHECK: linalg.generic {{.*}} ins(%[[DATA]], {{.*}} attrs = {mlmodel.decode = 
  // CHECK: arith.extui
  // CHECK-NEXT: arith.sitofp
  // CHECK-NEXT: arith.mulf
  %0 = mil.constexpr_linear_dequantize {data = dense_resource<weights> : tensor<8xui8>, bits = 8 : i64, scale = dense<[1.0, 2.0]> : tensor<2xf32>} : tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// Four bits never cross a byte: one load each.
// CHECK-LABEL: @nibbles
func.func @nibbles() -> tensor<3x5xf32> {
  // CHECK: linalg.generic {{.*}} attrs = {mlmodel.decode = 
  // CHECK: affine.apply
  // CHECK: tensor.extract
  // CHECK-NOT: arith.minui
  // CHECK: tensor.extract
  // CHECK-NOT: tensor.extract
  %0 = mil.constexpr_lut_to_dense {data = dense_resource<weights> : tensor<8xui8>, bits = 4 : i64, lut = dense<0.0> : tensor<16xf32>} : tensor<3x5xf32>
  return %0 : tensor<3x5xf32>
}

// Three bits may: two loads, the second kept within the data.
// CHECK-LABEL: @three
func.func @three() -> tensor<21xf32> {
  // CHECK: linalg.generic {{.*}} attrs = {mlmodel.decode = 
  // CHECK: tensor.extract
  // CHECK: arith.minui
  // CHECK: tensor.extract
  // CHECK: arith.shli
  // CHECK: arith.ori
  %0 = mil.constexpr_lut_to_dense {data = dense_resource<weights> : tensor<8xui8>, bits = 3 : i64, lut = dense<0.0> : tensor<8xf32>} : tensor<21xf32>
  return %0 : tensor<21xf32>
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x040000000000803f00000040"
    }
  }
#-}
