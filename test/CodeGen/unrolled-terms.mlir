// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-lower-to-loops{lanes=8 registers=16},canonicalize,cse))' --split-input-file | FileCheck %s
// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-lower-to-loops{lanes=16 registers=32},canonicalize,cse))' --split-input-file | FileCheck %s --check-prefix=AVX512

// A depthwise convolution has few terms, which are written out: there is no loop
// that sums are carried through. Rows of a tile that lie over each other share
// what they read, and a row of 14 is stored as 8, 4 and 2 values, without masks.
// CHECK-LABEL: @depthwise
// CHECK-NOT: iter_args
// CHECK-NOT: vector.maskedstore
// CHECK: vector.store {{.*}} : memref<32x14x14xf32>, vector<8xf32>
// CHECK: vector.store {{.*}} : memref<32x14x14xf32>, vector<4xf32>
// CHECK: vector.store {{.*}} : memref<32x14x14xf32>, vector<2xf32>
// CHECK: return
#image = affine_map<(c, h, w, k, l) -> (c, h + k, w + l)>
#weights = affine_map<(c, h, w, k, l) -> (c, k, l)>
#result = affine_map<(c, h, w, k, l) -> (c, h, w)>
func.func @depthwise(%x: memref<32x16x16xf32>, %w: memref<32x3x3xf32>, %y: memref<32x14x14xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<32x14x14xf32>)
  linalg.generic {indexing_maps = [#image, #weights, #result], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %w : memref<32x16x16xf32>, memref<32x3x3xf32>) outs(%y : memref<32x14x14xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %p = arith.mulf %a, %b : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  }
  return
}

// -----

// Windows of 5 x 5 have too many terms for that.
// CHECK-LABEL: @large
// CHECK: iter_args
#image = affine_map<(c, h, w, k, l) -> (c, h + k, w + l)>
#weights = affine_map<(c, h, w, k, l) -> (c, k, l)>
#result = affine_map<(c, h, w, k, l) -> (c, h, w)>
func.func @large(%x: memref<32x20x20xf32>, %w: memref<32x5x5xf32>, %y: memref<32x16x16xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<32x16x16xf32>)
  linalg.generic {indexing_maps = [#image, #weights, #result], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %w : memref<32x20x20xf32>, memref<32x5x5xf32>) outs(%y : memref<32x16x16xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %p = arith.mulf %a, %b : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  }
  return
}

// -----

// Two terms, too; AVX-512 stores the last of 27 values with a mask.
// CHECK-LABEL: @pairs
// CHECK-NOT: iter_args
// CHECK: vector.store {{.*}} : memref<27xf32>, vector<2xf32>
// CHECK: vector.store {{.*}} : memref<27xf32>, vector<1xf32>
// AVX512-LABEL: @pairs
// AVX512-NOT: iter_args
// AVX512: vector.constant_mask [11] : vector<16xi1>
// AVX512: vector.maskedstore
#rows = affine_map<(i, k) -> (k, i)>
#scale = affine_map<(i, k) -> (k)>
#sums = affine_map<(i, k) -> (i)>
func.func @pairs(%x: memref<2x27xf32>, %w: memref<2xf32>, %y: memref<27xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<27xf32>)
  linalg.generic {indexing_maps = [#rows, #scale, #sums], iterator_types = ["parallel", "reduction"]}
      ins(%x, %w : memref<2x27xf32>, memref<2xf32>) outs(%y : memref<27xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %p = arith.mulf %a, %b : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  }
  return
}
