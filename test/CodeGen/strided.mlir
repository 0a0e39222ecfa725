// RUN: mlmodel-opt %s --split-input-file --pass-pipeline='builtin.module(func.func(mlmodel-lower-to-loops{lanes=8 registers=16}))' | FileCheck %s
// RUN: mlmodel-opt %s --split-input-file --pass-pipeline='builtin.module(func.func(mlmodel-lower-to-loops{lanes=16 registers=32}))' | FileCheck %s --check-prefix=WIDE
// RUN: mlmodel-opt %s --split-input-file --pass-pipeline='builtin.module(func.func(mlmodel-lower-to-loops{lanes=4 registers=16}))' | FileCheck %s --check-prefix=NARROW

// A depthwise convolution of stride 2: vectors of every other pixel, from two
// that end with the last element that is read. What is left of a row of 12 has
// four lanes: seven elements, all in the first vector.
// CHECK-LABEL: @depthwise
// CHECK: vector.load %arg0[{{.*}}] : memref<5x25x25xf32>, vector<8xf32>
// CHECK: vector.load %arg0[{{.*}}] : memref<5x25x25xf32>, vector<8xf32>
// CHECK: vector.shuffle {{.*}} [0, 2, 4, 6, 9, 11, 13, 15] : vector<8xf32>, vector<8xf32>
// CHECK: vector.constant_mask [7] : vector<8xi1>
// CHECK: vector.maskedload %arg0
// CHECK-NOT: memref.load %arg0
// CHECK: return
// WIDE-LABEL: @depthwise
// WIDE: vector.constant_mask [8] : vector<16xi1>
// WIDE: vector.shuffle {{.*}} [0, 2, 4, 6, 8, 10, 12, 14, 17, 19, 21, 23, 25, 27, 29, 31]
// NARROW-LABEL: @depthwise
// NARROW: vector.shuffle {{.*}} [0, 2, 5, 7]
func.func @depthwise(%x: memref<5x25x25xf32>, %w: memref<5x3x3xf32>, %y: memref<5x12x12xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(c, h, kh, kw, w) -> (c, h * 2 + kh, w * 2 + kw)>, affine_map<(c, h, kh, kw, w) -> (c, kh, kw)>, affine_map<(c, h, kh, kw, w) -> (c, h, w)>],
    iterator_types = ["parallel", "parallel", "reduction", "reduction", "parallel"]
  } ins(%x, %w : memref<5x25x25xf32>, memref<5x3x3xf32>) outs(%y : memref<5x12x12xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// -----

// Wider gaps are not worth vectors of what is between.
// CHECK-LABEL: @every_third
// CHECK-NOT: vector.shuffle
// CHECK: return
// WIDE-LABEL: @every_third
// NARROW-LABEL: @every_third
func.func @every_third(%x: memref<5x38x38xf32>, %w: memref<5x3x3xf32>, %y: memref<5x12x12xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(c, h, kh, kw, w) -> (c, h * 3 + kh, w * 3 + kw)>, affine_map<(c, h, kh, kw, w) -> (c, kh, kw)>, affine_map<(c, h, kh, kw, w) -> (c, h, w)>],
    iterator_types = ["parallel", "parallel", "reduction", "reduction", "parallel"]
  } ins(%x, %w : memref<5x38x38xf32>, memref<5x3x3xf32>) outs(%y : memref<5x12x12xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  }
  return
}
