// RUN: mlmodel-opt %s | mlmodel-opt | FileCheck %s

// CHECK-LABEL: @constants
func.func @constants() {
  // CHECK: mil.const dense<{{.*}}> : tensor<2xf32>
  %0 = mil.const dense<[1.0, 2.0]> : tensor<2xf32>
  // CHECK: mil.const dense_resource<weights> : tensor<2xf32>
  %1 = mil.const dense_resource<weights> : tensor<2xf32>
  // CHECK: mil.constexpr_cast dense<{{.*}}> : tensor<2xf16>
  %2 = mil.constexpr_cast dense<[1.0, 2.0]> : tensor<2xf16>
  // CHECK: mil.constexpr_linear_dequantize {{.*}} : tensor<2x3xf32>
  %3 = mil.constexpr_linear_dequantize {data = dense<[1, 2, 3]> : tensor<3xui8>, bits = 4 : i64, scale = dense<[1.0, 2.0]> : tensor<2xf32>, bias = dense<[1.0, 2.0]> : tensor<2xf32>} : tensor<2x3xf32>
  // CHECK: mil.constexpr_linear_dequantize {{.*}} : tensor<3xf32>
  %4 = mil.constexpr_linear_dequantize {data = dense<[1, -2, 3]> : tensor<3xsi8>, bits = 8 : i64, scale = dense<2.0> : tensor<1xf32>} : tensor<3xf32>
  // CHECK: mil.constexpr_lut_to_dense {{.*}} : tensor<5xf32>
  %5 = mil.constexpr_lut_to_dense {data = dense<[1, 2]> : tensor<2xui8>, bits = 3 : i64, lut = dense<0.0> : tensor<8xf32>} : tensor<5xf32>
  // CHECK: mil.constexpr_sparse_to_dense {{.*}} : tensor<2x5xf32>
  %6 = mil.constexpr_sparse_to_dense {data = dense<[5.0, 6.0]> : tensor<2xf32>, mask = dense<[10, 0]> : tensor<2xui8>} : tensor<2x5xf32>
  // CHECK: mil.constexpr_lut_to_dense {{.*}}mask = {{.*}} : tensor<5xf32>
  %7 = mil.constexpr_lut_to_dense {data = dense<[1]> : tensor<1xui8>, bits = 3 : i64, lut = dense<0.0> : tensor<8xf32>, mask = dense<3> : tensor<1xui8>} : tensor<5xf32>
  return
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x040000000000803f00000040"
    }
  }
#-}
