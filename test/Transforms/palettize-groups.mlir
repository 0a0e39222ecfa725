// RUN: mlmodel-opt %s --mil-palettize-groups="bits=1 group-size=2 min-elements=1" 2>%t.err | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK < %t.err
// RUN: mlmodel-opt %s --mil-palettize-groups="bits=1 group-size=1 axis=-1 min-elements=1" | FileCheck %s --check-prefix=COLUMNS
// RUN: mlmodel-opt %s --mil-palettize-groups="group-size=2" 2>/dev/null | FileCheck %s --check-prefix=SMALL
// RUN: not mlmodel-opt %s --mil-palettize-groups="bits=9" 2>&1 | FileCheck %s --check-prefix=BITS
// RUN: mlmodel-opt %s --mil-palettize-groups="bits=1 group-size=2 min-elements=1" --mil-encode-sparse-weights="min-elements=1" 2>/dev/null | FileCheck %s --check-prefix=SPARSE

// BITS: bits is 9 and group-size is 32, expected 1 to 8 and at least 1
// SMALL-NOT: constexpr_lut_to_dense
// REMARK: remark: stays: groups of 2 do not divide 3 channels

// Two tables for rows 0 to 1 and 2 to 3, the codes of 0 0 0 4 and 1 1 3 3.
// CHECK-LABEL: @rows
// COLUMNS-LABEL: @rows
// SPARSE-LABEL: @rows
func.func @rows() -> tensor<4x2xf32> {
  // CHECK: mil.constexpr_lut_to_dense {bits = 1 : i64, data = dense_resource<palette> : tensor<1xui8>, lut = dense<{{\[\[}}0.000000e+00, 4.000000e+00], [1.000000e+00, 3.000000e+00]]> : tensor<2x2xf32>} : tensor<4x2xf32>
  // COLUMNS: axis = 1 : i64
  // Zeros of the first group: 3 of 8 are too few.
  // SPARSE-NOT: mask
  %0 = mil.const dense<[[0.0, 0.0], [0.0, 4.0], [1.0, 1.0], [3.0, 3.0]]> : tensor<4x2xf32>
  return %0 : tensor<4x2xf32>
}

// CHECK-LABEL: @odd
// SPARSE-LABEL: @odd
func.func @odd() -> tensor<3x2xf32> {
  // CHECK: mil.const
  %0 = mil.const dense<[[0.0, 0.0], [0.0, 4.0], [1.0, 1.0]]> : tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// Vectors have no groups.
// CHECK-LABEL: @vector
func.func @vector() -> tensor<4xf32> {
  // CHECK: mil.const
  %0 = mil.const dense<[0.0, 0.0, 0.0, 4.0]> : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK: palette: "0x0100000013"
