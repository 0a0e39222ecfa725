// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-pack-operands{lanes=8 registers=16},mlmodel-transform-images))' --split-input-file --mlir-elide-resource-strings-if-larger=10 | FileCheck %s
// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-pack-operands{lanes=0 registers=16},mlmodel-transform-images))' --split-input-file | FileCheck %s --check-prefix=SCALAR

// The image gets as many columns as four tiles of four results need, 4 * 3 + 6,
// is transformed, and becomes one more input; the weights lie in vectors.
// CHECK-LABEL: @convolution
// CHECK: %[[ZERO:.*]] = arith.constant 0.0
// CHECK: %[[IMAGE:.*]] = tensor.pad %arg0 low[0, 1, 1] high[0, 1, 3]
// CHECK: %[[MATRIX:.*]] = arith.constant dense<{{\[\[}}1.265625{{.*}}> : tensor<6x6xf32>
// CHECK: %[[COLUMNS:.*]] = linalg.generic {{.*}} ins(%[[IMAGE]], %[[MATRIX]] : {{.*}}) {{.*}} attrs = {mlmodel.winograd}
// CHECK: } -> tensor<6x32x16x4xf32>
// CHECK-NEXT: %[[ZEROS:.*]] = linalg.fill ins(%[[ZERO]]
// CHECK-NEXT: linalg.generic {{.*}} ins(%[[IMAGE]], %{{.*}}, %[[COLUMNS]] : tensor<32x16x18xf32>, tensor<4x32x3x3x8xf32>, tensor<6x32x16x4xf32>) outs(%[[ZEROS]] : {{.*}}) attrs = {mlmodel.winograd}
// CHECK-NEXT: ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32, %{{.*}}: f32, %[[S:.*]]: f32):
// CHECK-NEXT: %[[P:.*]] = arith.mulf %[[A]], %[[B]]
// CHECK-NEXT: arith.addf %[[S]], %[[P]]

// Without vectors there is nothing to win.
// SCALAR-LABEL: @convolution
// SCALAR-NOT: mlmodel.winograd
#image = affine_map<(o, h, c, i, j, w) -> (c, h + i, w + j)>
#weights = affine_map<(o, h, c, i, j, w) -> (o, c, i, j)>
#result = affine_map<(o, h, c, i, j, w) -> (o, h, w)>
func.func @convolution(%x: tensor<32x14x14xf32>) -> tensor<32x14x14xf32> {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<0.5> : tensor<32x32x3x3xf32>
  %padded = tensor.pad %x low[0, 1, 1] high[0, 1, 1] {
  ^bb0(%c: index, %h: index, %i: index):
    tensor.yield %zero : f32
  } : tensor<32x14x14xf32> to tensor<32x16x16xf32>
  %empty = tensor.empty() : tensor<32x14x14xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<32x14x14xf32>) -> tensor<32x14x14xf32>
  %y = linalg.generic {indexing_maps = [#image, #weights, #result], iterator_types = ["parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%padded, %w : tensor<32x16x16xf32>, tensor<32x32x3x3xf32>) outs(%zeros : tensor<32x14x14xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %p = arith.mulf %a, %b : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  } -> tensor<32x14x14xf32>
  return %y : tensor<32x14x14xf32>
}

// -----

// Columns of every other window are no coefficients of one polynomial.
// CHECK-LABEL: @strided
// CHECK-NOT: mlmodel.winograd
#image = affine_map<(o, h, c, i, j, w) -> (c, h + i, w * 2 + j)>
#weights = affine_map<(o, h, c, i, j, w) -> (o, c, i, j)>
#result = affine_map<(o, h, c, i, j, w) -> (o, h, w)>
func.func @strided(%x: tensor<32x16x29xf32>) -> tensor<32x14x14xf32> {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<0.5> : tensor<32x32x3x3xf32>
  %empty = tensor.empty() : tensor<32x14x14xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<32x14x14xf32>) -> tensor<32x14x14xf32>
  %y = linalg.generic {indexing_maps = [#image, #weights, #result], iterator_types = ["parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%x, %w : tensor<32x16x29xf32>, tensor<32x32x3x3xf32>) outs(%zeros : tensor<32x14x14xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %p = arith.mulf %a, %b : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  } -> tensor<32x14x14xf32>
  return %y : tensor<32x14x14xf32>
}

// -----

// Few channels do not make up for transforming.
// CHECK-LABEL: @narrow
// CHECK-NOT: mlmodel.winograd
#image = affine_map<(o, h, c, i, j, w) -> (c, h + i, w + j)>
#weights = affine_map<(o, h, c, i, j, w) -> (o, c, i, j)>
#result = affine_map<(o, h, c, i, j, w) -> (o, h, w)>
func.func @narrow(%x: tensor<3x16x16xf32>) -> tensor<8x14x14xf32> {
  %zero = arith.constant 0.0 : f32
  %w = arith.constant dense<0.5> : tensor<8x3x3x3xf32>
  %empty = tensor.empty() : tensor<8x14x14xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<8x14x14xf32>) -> tensor<8x14x14xf32>
  %y = linalg.generic {indexing_maps = [#image, #weights, #result], iterator_types = ["parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%x, %w : tensor<3x16x16xf32>, tensor<8x3x3x3xf32>) outs(%zeros : tensor<8x14x14xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %p = arith.mulf %a, %b : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  } -> tensor<8x14x14xf32>
  return %y : tensor<8x14x14xf32>
}

// -----

// A sum that starts from anything but zeros stays as it is.
// CHECK-LABEL: @started
// CHECK-NOT: mlmodel.winograd
#image = affine_map<(o, h, c, i, j, w) -> (c, h + i, w + j)>
#weights = affine_map<(o, h, c, i, j, w) -> (o, c, i, j)>
#result = affine_map<(o, h, c, i, j, w) -> (o, h, w)>
func.func @started(%x: tensor<32x16x16xf32>, %start: tensor<32x14x14xf32>) -> tensor<32x14x14xf32> {
  %w = arith.constant dense<0.5> : tensor<32x32x3x3xf32>
  %y = linalg.generic {indexing_maps = [#image, #weights, #result], iterator_types = ["parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%x, %w : tensor<32x16x16xf32>, tensor<32x32x3x3xf32>) outs(%start : tensor<32x14x14xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %p = arith.mulf %a, %b : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  } -> tensor<32x14x14xf32>
  return %y : tensor<32x14x14xf32>
}

// -----

// What an image is surrounded by is no number like others to the rounding of the
// last tile's results: beyond it come zeros.
// CHECK-LABEL: @other_border
// CHECK: %[[BIG:.*]] = arith.constant 1.0
// CHECK: %[[IMAGE:.*]] = tensor.pad %arg0 low[0, 1, 1] high[0, 1, 1]
// CHECK: tensor.yield %[[BIG]]
// CHECK: %[[ZERO:.*]] = arith.constant 0.0
// CHECK: tensor.pad %[[IMAGE]] low[0, 0, 0] high[0, 0, 2]
// CHECK: tensor.yield %[[ZERO]]
// CHECK-COUNT-2: mlmodel.winograd
#image = affine_map<(o, h, c, i, j, w) -> (c, h + i, w + j)>
#weights = affine_map<(o, h, c, i, j, w) -> (o, c, i, j)>
#result = affine_map<(o, h, c, i, j, w) -> (o, h, w)>
func.func @other_border(%x: tensor<32x14x14xf32>) -> tensor<32x14x14xf32> {
  %zero = arith.constant 0.0 : f32
  %big = arith.constant 1.0e+30 : f32
  %w = arith.constant dense<0.5> : tensor<32x32x3x3xf32>
  %padded = tensor.pad %x low[0, 1, 1] high[0, 1, 1] {
  ^bb0(%c: index, %h: index, %i: index):
    tensor.yield %big : f32
  } : tensor<32x14x14xf32> to tensor<32x16x16xf32>
  %empty = tensor.empty() : tensor<32x14x14xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<32x14x14xf32>) -> tensor<32x14x14xf32>
  %y = linalg.generic {indexing_maps = [#image, #weights, #result], iterator_types = ["parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%padded, %w : tensor<32x16x16xf32>, tensor<32x32x3x3xf32>) outs(%zeros : tensor<32x14x14xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %p = arith.mulf %a, %b : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  } -> tensor<32x14x14xf32>
  return %y : tensor<32x14x14xf32>
}
