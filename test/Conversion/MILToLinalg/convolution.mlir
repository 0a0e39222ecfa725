// RUN: mlmodel-opt %s --convert-mil-to-linalg | FileCheck %s

// The output columns are the innermost loop, behind the reductions.
// CHECK-DAG: #[[X:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d3, d2 * 2 + d4, d6 * 2 + d5)>
// CHECK-DAG: #[[W:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, d3, d4, d5)>
// CHECK-DAG: #[[Y:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d6)>
// Depthwise: neither channel loop is left.
// CHECK-DAG: #[[DX:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2 + d3, d4 + d5)>
// CHECK-DAG: #[[DW:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d1, d3, d4)>
// Pointwise: the rows and columns are neighbouring loops.
// CHECK-DAG: #[[PX:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d2, d3, d4)>
// CHECK-DAG: #[[PW:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d1, d2)>

// CHECK-LABEL: func @conv(
// CHECK: tensor.pad {{.*}} low[0, 0, 0, 1] high[0, 0, 1, 1]
// CHECK: linalg.broadcast
// CHECK: linalg.generic {indexing_maps = [#[[X]], #[[W]], #[[Y]]], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
// CHECK: arith.mulf {{.*}} fastmath<reassoc,contract>
// CHECK: arith.addf {{.*}} fastmath<reassoc,contract>
func.func @conv(%x: tensor<1x4x8x9xf32>, %w: tensor<6x4x3x3xf32>, %b: tensor<6xf32>) -> tensor<1x6x4x5xf32> {
  %r = mil.conv %x, %w, %b {strides = array<i64: 2, 2>, pad_type = "same"} : (tensor<1x4x8x9xf32>, tensor<6x4x3x3xf32>, tensor<6xf32>) -> tensor<1x6x4x5xf32>
  return %r : tensor<1x6x4x5xf32>
}

// CHECK-LABEL: func @depthwise(
// CHECK: linalg.generic {indexing_maps = [#[[DX]], #[[DW]],
func.func @depthwise(%x: tensor<1x4x8x9xf32>, %w: tensor<4x1x3x3xf32>) -> tensor<1x4x6x7xf32> {
  %r = mil.conv %x, %w {groups = 4 : i64} : (tensor<1x4x8x9xf32>, tensor<4x1x3x3xf32>) -> tensor<1x4x6x7xf32>
  return %r : tensor<1x4x6x7xf32>
}

// CHECK-LABEL: func @pointwise(
// CHECK: linalg.generic {indexing_maps = [#[[PX]], #[[PW]], {{#.*}}]
func.func @pointwise(%x: tensor<?x4x8x9xf32>, %w: tensor<6x4x1x1xf32>) -> tensor<?x6x8x9xf32> {
  %r = mil.conv %x, %w : (tensor<?x4x8x9xf32>, tensor<6x4x1x1xf32>) -> tensor<?x6x8x9xf32>
  return %r : tensor<?x6x8x9xf32>
}

// One convolution of stride 1 for all four phases, then interleaved.
// CHECK-LABEL: func @conv_transpose(
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]
// CHECK: linalg.transpose
// CHECK: tensor.extract_slice {{.*}}[0, 0, 1, 1]
func.func @conv_transpose(%x: tensor<1x4x5x5xf32>, %w: tensor<4x3x4x4xf32>) -> tensor<1x3x10x10xf32> {
  %r = mil.conv_transpose %x, %w {strides = array<i64: 2, 2>, pad_type = "same"} : (tensor<1x4x5x5xf32>, tensor<4x3x4x4xf32>) -> tensor<1x3x10x10xf32>
  return %r : tensor<1x3x10x10xf32>
}

// CHECK-LABEL: func @max_pool(
// CHECK: tensor.pad
// CHECK: linalg.generic
// CHECK: arith.cmpf ogt
// CHECK: arith.select
func.func @max_pool(%x: tensor<1x4x8x9xf32>) -> tensor<1x4x4x5xf32> {
  %r = mil.max_pool %x {kernel_sizes = array<i64: 3, 3>, strides = array<i64: 2, 2>, pad_type = "same"} : (tensor<1x4x8x9xf32>) -> tensor<1x4x4x5xf32>
  return %r : tensor<1x4x4x5xf32>
}
