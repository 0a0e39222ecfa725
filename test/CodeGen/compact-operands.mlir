// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(convert-mil-to-linalg,func.func(mlmodel-drop-unit-loops,mlmodel-pack-operands{lanes=8 registers=16}))' --mlir-elide-elementsattrs-if-larger=8 --mlir-elide-resource-strings-if-larger=8 | FileCheck %s

// CHECK-DAG: #[[GAPS:.*]] = affine_map<(d0, d1, d2) -> (d0, d1 * 2, d2 * 2)>
// CHECK-DAG: #[[ALL:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>

// Each pixel is read for 256 output channels: those that count are gathered.
// CHECK-LABEL: @pointwise
// CHECK: linalg.generic {indexing_maps = [#[[GAPS]], #[[ALL]]], iterator_types = ["parallel", "parallel", "parallel"]} ins({{.*}} : tensor<32x14x14xf32>) outs({{.*}} : tensor<32x7x7xf32>)
// CHECK: "reduction"
// CHECK-SAME: ins({{.*}} : tensor<32x7x7xf32>
func.func @pointwise(%x: tensor<1x32x14x14xf32>) -> tensor<1x256x7x7xf32> {
  %w = mil.const dense<0.5> : tensor<256x32x1x1xf32>
  %r = mil.conv %x, %w {strides = array<i64: 2, 2>} : (tensor<1x32x14x14xf32>, tensor<256x32x1x1xf32>) -> tensor<1x256x7x7xf32>
  return %r : tensor<1x256x7x7xf32>
}

// Windows overlap; nothing is left out.
// CHECK-LABEL: @windows
// CHECK-NOT: #[[GAPS]],
// CHECK: return
func.func @windows(%x: tensor<1x32x15x15xf32>) -> tensor<1x64x7x7xf32> {
  %w = mil.const dense<0.5> : tensor<64x32x3x3xf32>
  %r = mil.conv %x, %w {strides = array<i64: 2, 2>} : (tensor<1x32x15x15xf32>, tensor<64x32x3x3xf32>) -> tensor<1x64x7x7xf32>
  return %r : tensor<1x64x7x7xf32>
}
