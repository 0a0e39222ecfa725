// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-lower-to-loops{lanes=8 registers=16},canonicalize,cse))' --split-input-file | FileCheck %s

// Few weights, many pixels: weights are decoded once, as vectors along outputs,
// into blocks of as many rows as a tile has. The tiles then are those of float32
// weights, with vectors along pixels, which nothing has to transpose.
// CHECK-LABEL: @pixels
// CHECK: %[[ROWS:.*]] = memref.alloca() {{.*}} : memref<16x32x4xf32>
// CHECK: scf.for
// CHECK: scf.for
// CHECK: vector.load %arg1{{.*}} : memref<4x32x16xi8>, vector<8xi8>
// CHECK: arith.sitofp
// CHECK: vector.shuffle {{.*}} [0, 1, 2, 3]
// CHECK: vector.store {{.*}}, %[[ROWS]]
// CHECK: vector.shuffle {{.*}} [4, 5, 6, 7]
// CHECK: vector.store {{.*}}, %[[ROWS]]
// CHECK: iter_args
// CHECK-NOT: i8
// CHECK: memref.load %[[ROWS]]
// CHECK: scf.yield
// CHECK-NOT: vector.shuffle
// CHECK: vector.store {{.*}}, %arg3{{.*}} : memref<64x3136xf32>, vector<8xf32>
// CHECK: return
#image = affine_map<(o, k, p) -> (k, p)>
#codes = affine_map<(o, k, p) -> (o floordiv 16, k, o mod 16)>
#scales = affine_map<(o, k, p) -> (o floordiv 16, o mod 16)>
#result = affine_map<(o, k, p) -> (o, p)>
func.func @pixels(%x: memref<32x3136xf32>, %w: memref<4x32x16xi8>, %scale: memref<4x16xf32>, %y: memref<64x3136xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<64x3136xf32>)
  linalg.generic {indexing_maps = [#image, #codes, #scales, #result], iterator_types = ["parallel", "reduction", "parallel"]}
      ins(%x, %w, %scale : memref<32x3136xf32>, memref<4x32x16xi8>, memref<4x16xf32>) outs(%y : memref<64x3136xf32>) {
  ^bb0(%a: f32, %code: i8, %c: f32, %s: f32):
    %wide = arith.extsi %code : i8 to i32
    %number = arith.sitofp %wide : i32 to f32
    %weight = arith.mulf %number, %c : f32
    %p = arith.mulf %a, %weight : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  }
  return
}

// -----

// More weights than the second-level cache keeps are decoded for as many outputs
// at a time as it does: 128 of 256. What comes before and after the sums goes on
// for these alone, too, and threads share the chunks first.
// CHECK-LABEL: @chunks
// CHECK: %[[ROWS:.*]] = memref.alloca() {{.*}} : memref<32x512x4xf32>
// CHECK: scf.for %[[CHUNK:.*]] = %c0 to %c256 step %c128
// CHECK: vector.load %arg1
// CHECK: vector.store {{.*}}, %[[ROWS]]
// CHECK: %[[PART:.*]] = memref.subview %arg3[%[[CHUNK]], 0] [128, 784] [1, 1]
// CHECK: memref.subview %arg2[%[[CHUNK]]] [128] [1]
// CHECK: memref.load %[[ROWS]]
// CHECK: arith.maximumf
// CHECK: vector.store {{.*}}, %[[PART]]
// CHECK: mlmodel.independent
// CHECK: return
#image = affine_map<(o, k, p) -> (k, p)>
#codes = affine_map<(o, k, p) -> (o floordiv 16, k, o mod 16)>
#result = affine_map<(o, k, p) -> (o, p)>
func.func @chunks(%x: memref<512x784xf32>, %w: memref<16x512x16xi8>, %bias: memref<256xf32>, %y: memref<256x784xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<256x784xf32>)
  linalg.generic {indexing_maps = [#image, #codes, #result], iterator_types = ["parallel", "reduction", "parallel"]}
      ins(%x, %w : memref<512x784xf32>, memref<16x512x16xi8>) outs(%y : memref<256x784xf32>) {
  ^bb0(%a: f32, %code: i8, %s: f32):
    %wide = arith.extsi %code : i8 to i32
    %weight = arith.sitofp %wide : i32 to f32
    %p = arith.mulf %a, %weight : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  }
  linalg.generic {indexing_maps = [affine_map<(o, p) -> (o)>, affine_map<(o, p) -> (o, p)>], iterator_types = ["parallel", "parallel"]}
      ins(%bias : memref<256xf32>) outs(%y : memref<256x784xf32>) {
  ^bb0(%b: f32, %s: f32):
    %t = arith.addf %s, %b : f32
    %r = arith.maximumf %t, %zero : f32
    linalg.yield %r : f32
  }
  return
}

// -----

// Where each weight is used once, it is decoded where it is used.
// CHECK-LABEL: @vector
// CHECK-NOT: memref.alloca
// CHECK: iter_args
// CHECK: arith.sitofp
// CHECK: return
#codes = affine_map<(o, k) -> (o floordiv 16, k, o mod 16)>
func.func @vector(%x: memref<512xf32>, %w: memref<16x512x16xi8>, %y: memref<256xf32>) {
  linalg.generic {indexing_maps = [affine_map<(o, k) -> (k)>, #codes, affine_map<(o, k) -> (o)>], iterator_types = ["parallel", "reduction"]}
      ins(%x, %w : memref<512xf32>, memref<16x512x16xi8>) outs(%y : memref<256xf32>) {
  ^bb0(%a: f32, %code: i8, %s: f32):
    %wide = arith.extsi %code : i8 to i32
    %weight = arith.sitofp %wide : i32 to f32
    %p = arith.mulf %a, %weight : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  }
  return
}

// -----

// A window of 3 x 3 over every other pixel: the weights of all 128 outputs, 288
// KiB, are decoded before the first pixel. The pixels of a tile are copied, so
// that they follow each other, and stored line by line.
// CHECK-LABEL: @every_other_pixel
// CHECK: %[[PIXELS:.*]] = memref.alloca() {{.*}} : memref<576x{{16|24}}xf32>
// CHECK: %[[ROWS:.*]] = memref.alloca() {{.*}} : memref<{{.*}}x64x3x3x{{[48]}}xf32>
// CHECK-NOT: scf.for {{.*}} to %c128 step %c64
// CHECK: vector.load %arg1
// CHECK: vector.store {{.*}}, %[[ROWS]]
// CHECK: vector.store {{.*}}, %[[PIXELS]]
// CHECK: iter_args
// CHECK: memref.load %[[ROWS]]
// CHECK: vector.store {{.*}}, %arg2{{.*}} : memref<128x64x64xf32>, vector<8xf32>
#image = affine_map<(o, h, k, i, j, w) -> (k, h * 2 + i, w * 2 + j)>
#codes = affine_map<(o, h, k, i, j, w) -> (o floordiv 16, k, i, j, o mod 16)>
#result = affine_map<(o, h, k, i, j, w) -> (o, h, w)>
func.func @every_other_pixel(%x: memref<64x129x129xf32>, %w: memref<8x64x3x3x16xi8>, %y: memref<128x64x64xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<128x64x64xf32>)
  linalg.generic {indexing_maps = [#image, #codes, #result], iterator_types = ["parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%x, %w : memref<64x129x129xf32>, memref<8x64x3x3x16xi8>) outs(%y : memref<128x64x64xf32>) {
  ^bb0(%a: f32, %code: i8, %s: f32):
    %wide = arith.extsi %code : i8 to i32
    %weight = arith.sitofp %wide : i32 to f32
    %p = arith.mulf %a, %weight : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  }
  return
}
