// RUN: mlmodel-opt %s --mil-encode-sparse-weights="min-elements=1" | FileCheck %s
// RUN: mlmodel-opt %s --mil-encode-sparse-weights | FileCheck %s --check-prefix=SMALL
// RUN: mlmodel-opt %s --mil-encode-sparse-weights="min-elements=1 min-sparsity=0.7" | FileCheck %s --check-prefix=DENSE

// Of 1024 values and more by default.
// SMALL-NOT: mask

// CHECK-LABEL: @floats
// DENSE-LABEL: @floats
func.func @floats() -> tensor<4xf32> {
  // CHECK: mil.constexpr_sparse_to_dense {data = dense_resource<sparse> : tensor<2xf32>, mask = dense_resource<mask> : tensor<1xui8>} : tensor<4xf32>
  // DENSE: mil.const
  %0 = mil.const dense<[0.0, 5.0, -0.0, 6.0]> : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @halves
// DENSE-LABEL: @halves
func.func @halves() -> tensor<4xf32> {
  // CHECK: mil.constexpr_sparse_to_dense {data = dense_resource<sparse_1> : tensor<1xf16>, mask = dense_resource<mask_1> : tensor<1xui8>} : tensor<4xf32>
  // DENSE: mil.constexpr_sparse_to_dense
  %0 = mil.constexpr_cast dense<[0.0, 5.0, -0.0, 0.0]> : tensor<4xf16>
  return %0 : tensor<4xf32>
}

// Codes 0 0 1 2 of two bits, of which 0 and 3 mean 0.
// CHECK-LABEL: @palette
func.func @palette() -> tensor<2x2xf32> {
  // CHECK: mil.constexpr_lut_to_dense {bits = 2 : i64, data = dense_resource<sparse_2> : tensor<1xui8>, lut = {{.*}}, mask = dense_resource<mask_2> : tensor<1xui8>} : tensor<2x2xf32>
  %0 = mil.constexpr_lut_to_dense {data = dense<6> : tensor<1xui8>, bits = 2 : i64, lut = dense<[0.0, 1.0, 2.0, 0.0]> : tensor<4xf32>} : tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// Codes 1 2 2 2: 1 * 2 - 2 in the first row, 2 * 1 - 2 twice in the second.
// CHECK-LABEL: @linear
func.func @linear() -> tensor<2x2xf32> {
  // CHECK: mil.constexpr_linear_dequantize {{.*}}data = dense_resource<sparse_3> : tensor<1xui8>, mask = dense_resource<mask_3> : tensor<1xui8>
  %0 = mil.constexpr_linear_dequantize {data = dense<106> : tensor<1xui8>, bits = 2 : i64, scale = dense<[2.0, 1.0]> : tensor<2xf32>, bias = dense<[-2.0, -2.0]> : tensor<2xf32>} : tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// CHECK-LABEL: @dense
func.func @dense() -> tensor<4xf32> {
  // CHECK: mil.const
  %0 = mil.const dense<[1.0, 5.0, 0.0, 6.0]> : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-DAG: mask: "0x010000000A"
// CHECK-DAG: sparse: "0x010000000000A0400000C040"
// CHECK-DAG: mask_1: "0x0100000002"
// CHECK-DAG: sparse_1: "0x010000000045"
// CHECK-DAG: mask_2: "0x010000000C"
// CHECK-DAG: sparse_2: "0x0100000060"
// CHECK-DAG: mask_3: "0x0100000002"
// CHECK-DAG: sparse_3: "0x0100000080"
