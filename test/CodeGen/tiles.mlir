// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-lower-to-loops{lanes=8 registers=16}))' | FileCheck %s

// A convolution of one pixel: the rows and columns of the image are one loop of
// vectors, six channels and two vectors of sums stay in registers, and what
// follows is done before they are stored. No two tiles have results in common.
// CHECK-LABEL: @pointwise
func.func @pointwise(%x: memref<32x8x8xf32>, %w: memref<12x32xf32>, %b: memref<12xf32>, %y: memref<12x8x8xf32>) {
  %zero = arith.constant 0.0 : f32
  // CHECK: memref.collapse_shape %arg0 {{\[\[}}0], [1, 2]] : memref<32x8x8xf32> into memref<32x64xf32>
  // CHECK-NOT: memref.store
  // CHECK: scf.for
  // CHECK: %[[SUMS:.*]]:12 = scf.for {{.*}} iter_args
  // CHECK-COUNT-12: arith.addf {{.*}} fastmath<reassoc,contract> : vector<8xf32>
  // CHECK: scf.yield
  // CHECK: arith.addf {{.*}} : vector<8xf32>
  // CHECK: arith.maxnumf
  // CHECK: vector.store
  // CHECK: } {mlmodel.independent = 1 : i64}
  // CHECK: } {mlmodel.independent = 1 : i64}
  // CHECK-NOT: linalg
  linalg.fill ins(%zero : f32) outs(%y : memref<12x8x8xf32>)
  linalg.generic {
    indexing_maps = [affine_map<(o, i, h, w) -> (i, h, w)>, affine_map<(o, i, h, w) -> (o, i)>, affine_map<(o, i, h, w) -> (o, h, w)>],
    iterator_types = ["parallel", "reduction", "parallel", "parallel"]
  } ins(%x, %w : memref<32x8x8xf32>, memref<12x32xf32>) outs(%y : memref<12x8x8xf32>) {
  ^bb0(%a: f32, %c: f32, %s: f32):
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  }
  linalg.generic {
    indexing_maps = [affine_map<(o, h, w) -> (o)>, affine_map<(o, h, w) -> (o, h, w)>],
    iterator_types = ["parallel", "parallel", "parallel"]
  } ins(%b : memref<12xf32>) outs(%y : memref<12x8x8xf32>) {
  ^bb0(%c: f32, %s: f32):
    %0 = arith.addf %s, %c : f32
    %1 = arith.maxnumf %0, %zero : f32
    linalg.yield %1 : f32
  }
  return
}

// One row of a product whose terms lie side by side: the lanes are terms, added
// up at the end; the last vector is masked and counts as zeros.
// CHECK-LABEL: @dot
func.func @dot(%x: memref<30xf32>, %w: memref<4x30xf32>, %y: memref<4xf32>) {
  // CHECK: scf.for
  // CHECK: vector.maskedload
  // CHECK: arith.select
  // CHECK-COUNT-4: vector.reduction <add>
  linalg.generic {
    indexing_maps = [affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>],
    iterator_types = ["parallel", "reduction"]
  } ins(%x, %w : memref<30xf32>, memref<4x30xf32>) outs(%y : memref<4xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %c, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// Weights in blocks of 16 channels: lanes are channels, and the tile is turned
// in registers to be stored along the columns of the image.
// CHECK-LABEL: @blocked
func.func @blocked(%x: memref<8x12x13xf32>, %w: memref<2x8x3x3x16xf32>, %y: memref<32x5x6xf32>) {
  // CHECK-NOT: vector.maskedload
  // CHECK: vector.load %arg1
  // CHECK: vector.shuffle
  // CHECK: vector.store {{.*}} : memref<32x5x6xf32>, vector<6xf32>
  linalg.generic {
    indexing_maps = [affine_map<(o, h, i, kh, kw, w) -> (i, h * 2 + kh, w * 2 + kw)>, affine_map<(o, h, i, kh, kw, w) -> (o floordiv 16, i, kh, kw, o mod 16)>, affine_map<(o, h, i, kh, kw, w) -> (o, h, w)>],
    iterator_types = ["parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]
  } ins(%x, %w : memref<8x12x13xf32>, memref<2x8x3x3x16xf32>) outs(%y : memref<32x5x6xf32>) {
  ^bb0(%a: f32, %c: f32, %s: f32):
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// So many terms that their vectors would leave the cache: blocks of terms, the
// sums wait in memory of the function. The tiles of a block come again for the
// next one, so they are not independent; the blocks around are. Each tile asks
// for its share, 11 lines for five rows, of the 128 vectors that come next.
// CHECK-LABEL: @blocks
func.func @blocks(%x: memref<60x4096xf32>, %w: memref<2x4096x16xf32>, %y: memref<60x32xf32>) {
  // CHECK: %[[WAITING:.*]] = memref.alloca() {alignment = 64 : i64} : memref<60x16xf32>
  // CHECK: vector.store {{.*}}, %[[WAITING]]
  // CHECK: %[[NEXT:[0-9]+]] = arith.addi %{{.*}}, %c128
  // CHECK: %[[SHARE:[0-9]+]] = arith.muli %{{.*}}, %c128
  // CHECK: arith.divui %[[SHARE]], %c60
  // CHECK-COUNT-11: memref.prefetch %arg1[{{.*}}, %[[NEXT]], {{.*}}], read
  // CHECK-NOT: memref.prefetch
  // CHECK: vector.load %[[WAITING]]
  // CHECK: vector.store {{.*}}, %[[WAITING]]
  // CHECK: vector.load %[[WAITING]]
  // CHECK: vector.store {{.*}}, %arg2
  // CHECK: {{^ +[}]$}}
  // CHECK-NEXT: } {mlmodel.independent = 1 : i64}
  linalg.generic {
    indexing_maps = [affine_map<(n, m, k) -> (m, k)>, affine_map<(n, m, k) -> (n floordiv 16, k, n mod 16)>, affine_map<(n, m, k) -> (m, n)>],
    iterator_types = ["parallel", "parallel", "reduction"]
  } ins(%x, %w : memref<60x4096xf32>, memref<2x4096x16xf32>) outs(%y : memref<60x32xf32>) {
  ^bb0(%a: f32, %c: f32, %s: f32):
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// Two rows would have to ask for 64 lines of each panel.
// CHECK-LABEL: @two_rows
// CHECK-NOT: memref.prefetch %arg1
// CHECK: return
func.func @two_rows(%x: memref<2x64xf32>, %w: memref<8x64x16xf32>, %y: memref<2x128xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(n, m, k) -> (m, k)>, affine_map<(n, m, k) -> (n floordiv 16, k, n mod 16)>, affine_map<(n, m, k) -> (m, n)>],
    iterator_types = ["parallel", "parallel", "reduction"]
  } ins(%x, %w : memref<2x64xf32>, memref<8x64x16xf32>) outs(%y : memref<2x128xf32>) {
  ^bb0(%a: f32, %c: f32, %s: f32):
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// Sizes that are not known until the network runs
// get plain loops.
// CHECK-LABEL: @dynamic
func.func @dynamic(%x: memref<?xf32>, %y: memref<f32>) {
  // CHECK-NOT: vector
  // CHECK: scf.for
  linalg.generic {
    indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> ()>],
    iterator_types = ["reduction"]
  } ins(%x : memref<?xf32>) outs(%y : memref<f32>) {
  ^bb0(%a: f32, %c: f32):
    %0 = arith.addf %c, %a : f32
    linalg.yield %0 : f32
  }
  return
}
