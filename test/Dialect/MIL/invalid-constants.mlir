// RUN: mlmodel-opt %s --verify-diagnostics --split-input-file

func.func @f() {
  // expected-error @+1 {{source_val must be of f16}}
  %0 = mil.constexpr_cast dense<1.0> : tensor<2xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{bits must be in [1, 8], but is 9}}
  %0 = mil.constexpr_lut_to_dense {data = dense<1> : tensor<2xui8>, bits = 9 : i64, lut = dense<0.0> : tensor<8xf32>} : tensor<1xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{data has 2 bytes, but 6 elements of 3 bits need 3}}
  %0 = mil.constexpr_lut_to_dense {data = dense<1> : tensor<2xui8>, bits = 3 : i64, lut = dense<0.0> : tensor<8xf32>} : tensor<6xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{lut has 4 elements, but 3 bits need 8}}
  %0 = mil.constexpr_lut_to_dense {data = dense<1> : tensor<2xui8>, bits = 3 : i64, lut = dense<0.0> : tensor<4xf32>} : tensor<5xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{data must be 1-D of ui8}}
  %0 = mil.constexpr_lut_to_dense {data = dense<1> : tensor<2xsi8>, bits = 8 : i64, lut = dense<0.0> : tensor<256xf32>} : tensor<2xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{scale has 3 elements, but dimension 0 of 'tensor<2x3xf32>' has 2}}
  %0 = mil.constexpr_linear_dequantize {data = dense<1> : tensor<6xui8>, bits = 8 : i64, scale = dense<1.0> : tensor<3xf32>} : tensor<2x3xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{bias has 1 elements, but scale has 2}}
  %0 = mil.constexpr_linear_dequantize {data = dense<1> : tensor<6xui8>, bits = 8 : i64, scale = dense<1.0> : tensor<2xf32>, bias = dense<1.0> : tensor<1xf32>} : tensor<2x3xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{signed data has 8 bits, not 4}}
  %0 = mil.constexpr_linear_dequantize {data = dense<1> : tensor<3xsi8>, bits = 4 : i64, scale = dense<1.0> : tensor<2xf32>} : tensor<2x3xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{needs 12 bytes, but its resource has 8}}
  %0 = mil.const dense_resource<weights> : tensor<3xf32>
  return
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x040000000000803f00000040"
    }
  }
#-}

// -----

func.func @f() {
  // expected-error @+1 {{mask must be tensor<2xui8>, but is 'tensor<1xui8>'}}
  %0 = mil.constexpr_sparse_to_dense {data = dense<[5.0, 6.0]> : tensor<2xf32>, mask = dense<10> : tensor<1xui8>} : tensor<9xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{data has 2 elements, but the mask marks 3}}
  %0 = mil.constexpr_sparse_to_dense {data = dense<[5.0, 6.0]> : tensor<2xf32>, mask = dense<11> : tensor<1xui8>} : tensor<4xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{mask has bits after the last element}}
  %0 = mil.constexpr_sparse_to_dense {data = dense<[5.0, 6.0]> : tensor<2xf32>, mask = dense<18> : tensor<1xui8>} : tensor<4xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{data must be 1-D of f32 or f16}}
  %0 = mil.constexpr_sparse_to_dense {data = dense<[5, 6]> : tensor<2xi32>, mask = dense<3> : tensor<1xui8>} : tensor<4xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{data has 2 bytes, but 2 elements of 3 bits need 1}}
  %0 = mil.constexpr_lut_to_dense {data = dense<1> : tensor<2xui8>, bits = 3 : i64, lut = dense<0.0> : tensor<8xf32>, mask = dense<5> : tensor<1xui8>} : tensor<4xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{lut has 2 tables, which do not divide dimension 0 of 'tensor<3xf32>'}}
  %0 = mil.constexpr_lut_to_dense {data = dense<1> : tensor<1xui8>, bits = 1 : i64, lut = dense<0.0> : tensor<2x2xf32>} : tensor<3xf32>
  return
}
