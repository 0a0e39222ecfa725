// RUN: not mlmodel-opt %s --mlmodel-quantize-weights="bits=9" 2>&1 | FileCheck %s --check-prefix=WIDE
// RUN: not mlmodel-opt %s --mlmodel-quantize-weights="bits=0" 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not mlmodel-opt %s --mlmodel-quantize-weights="bits=1 mode=linear-symmetric" 2>&1 | FileCheck %s --check-prefix=SYMMETRIC
// RUN: not mlmodel-opt %s --mlmodel-quantize-weights="mode=kmeans" 2>&1 | FileCheck %s --check-prefix=MODE
// RUN: not mlmodel-opt %s --mlmodel-palettize-weights="mode=linear" 2>&1 | FileCheck %s --check-prefix=PALETTE
// RUN: not mlmodel-opt %s --mlmodel-palettize-weights="skip=[" 2>&1 | FileCheck %s --check-prefix=SKIP

// WIDE: bits is 9, expected 1 to 8 for linear
// NONE: bits is 0, expected 1 to 8 for linear
// SYMMETRIC: bits is 1, expected 2 to 8 for linear-symmetric
// MODE: mode is 'kmeans', expected linear or linear-symmetric
// PALETTE: mode is 'linear', expected kmeans, uniform, unique or table
// SKIP: skip: '[' is not a regular expression
mlmodel.model attributes {specificationVersion = 1 : i64} {
  mlmodel.network attributes {inputNames = ["x"], outputNames = ["x"]} {
  ^bb0(%x: tensor<1x1x4x1x1xf32>):
    mlmodel.output %x : tensor<1x1x4x1x1xf32>
  }
}
