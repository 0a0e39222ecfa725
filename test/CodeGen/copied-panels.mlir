// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-lower-to-loops{lanes=8 registers=16},canonicalize,cse))' | FileCheck %s

// The pixels of a term lie far from those of the next. Sixteen of each term are
// copied, so that they follow each other, and serve all tiles of channels; the
// weights lie in blocks of the six channels of a tile. What the tiles write and
// add is asked for before it is needed.
// CHECK-LABEL: @pointwise
// CHECK-SAME: (%[[X:[a-z0-9]+]]: memref<64x24x24xf32>, %[[W:[a-z0-9]+]]: memref<16x64x6xf32>, %[[R:[a-z0-9]+]]: memref<96x24x24xf32>, %[[Y:[a-z0-9]+]]: memref<96x24x24xf32>)
func.func @pointwise(%x: memref<64x24x24xf32>, %w: memref<16x64x6xf32>, %r: memref<96x24x24xf32>, %y: memref<96x24x24xf32>) {
  %zero = arith.constant 0.0 : f32
  // CHECK: %[[PANEL:.*]] = memref.alloca() {{.*}} : memref<64x16xf32>
  // CHECK: %[[PIXELS:.*]] = memref.collapse_shape %[[X]]
  // CHECK: scf.for
  // CHECK:   scf.for
  // CHECK-COUNT-2: vector.store {{.*}}, %[[PANEL]]
  // CHECK:   scf.for
  // CHECK-NEXT: %[[BLOCK:.*]] = arith.divui
  // CHECK-COUNT-6: memref.prefetch {{.*}}, write
  // CHECK-COUNT-6: memref.prefetch {{.*}}, read
  // CHECK-NOT:   %[[PIXELS]]
  // CHECK:     scf.for %[[TERM:[a-z0-9]+]] =
  // CHECK:       vector.load %[[PANEL]][%[[TERM]], %c0]
  // CHECK:       memref.load %[[W]][%[[BLOCK]], %[[TERM]], %c0]
  // CHECK:       vector.load %[[PANEL]][%[[TERM]], %c8]
  // CHECK:       memref.load %[[W]][%[[BLOCK]], %[[TERM]], %c1]
  // CHECK:       memref.load %[[W]][%[[BLOCK]], %[[TERM]], %c5]
  // CHECK-NOT:   %[[PIXELS]]
  // CHECK:     scf.yield
  // CHECK: return
  linalg.fill ins(%zero : f32) outs(%y : memref<96x24x24xf32>)
  linalg.generic {
    indexing_maps = [affine_map<(o, i, h, w) -> (i, h, w)>, affine_map<(o, i, h, w) -> (o floordiv 6, i, o mod 6)>, affine_map<(o, i, h, w) -> (o, h, w)>],
    iterator_types = ["parallel", "reduction", "parallel", "parallel"]
  } ins(%x, %w : memref<64x24x24xf32>, memref<16x64x6xf32>) outs(%y : memref<96x24x24xf32>) {
  ^bb0(%a: f32, %c: f32, %s: f32):
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  }
  linalg.generic {
    indexing_maps = [affine_map<(o, h, w) -> (o, h, w)>, affine_map<(o, h, w) -> (o, h, w)>],
    iterator_types = ["parallel", "parallel", "parallel"]
  } ins(%r : memref<96x24x24xf32>) outs(%y : memref<96x24x24xf32>) {
  ^bb0(%c: f32, %s: f32):
    %0 = arith.addf %s, %c : f32
    linalg.yield %0 : f32
  }
  return
}

// The last block of channels is not full: its tile has fewer rows.
// CHECK-LABEL: @rest
// CHECK: scf.for {{.*}} = %c0 to %c36 step %c6
// CHECK: scf.for {{.*}} iter_args({{.*}}) -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>)
// CHECK: scf.for {{.*}} iter_args({{.*}}) -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>)
// CHECK: memref.load %arg1[%c6, {{.*}}, %c0]
// CHECK: memref.load %arg1[%c6, {{.*}}, %c3]
func.func @rest(%x: memref<64x32xf32>, %w: memref<7x64x6xf32>, %y: memref<40x32xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(o, i, p) -> (i, p)>, affine_map<(o, i, p) -> (o floordiv 6, i, o mod 6)>, affine_map<(o, i, p) -> (o, p)>],
    iterator_types = ["parallel", "reduction", "parallel"]
  } ins(%x, %w : memref<64x32xf32>, memref<7x64x6xf32>) outs(%y : memref<40x32xf32>) {
  ^bb0(%a: f32, %c: f32, %s: f32):
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// Too few tiles for a copy to be worth it.
// CHECK-LABEL: @few
// CHECK-NOT: memref.alloca
// CHECK: return
func.func @few(%x: memref<64x24x24xf32>, %w: memref<12x64xf32>, %y: memref<12x24x24xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(o, i, h, w) -> (i, h, w)>, affine_map<(o, i, h, w) -> (o, i)>, affine_map<(o, i, h, w) -> (o, h, w)>],
    iterator_types = ["parallel", "reduction", "parallel", "parallel"]
  } ins(%x, %w : memref<64x24x24xf32>, memref<12x64xf32>) outs(%y : memref<12x24x24xf32>) {
  ^bb0(%a: f32, %c: f32, %s: f32):
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// Three outputs are one tile, for which nothing is worth copying. What the next
// tile reads of each row of the window, in each of the channels, is asked for one
// tile ahead: a processor does not follow 96 rows.
// CHECK-LABEL: @three_outputs
// CHECK-NOT: memref.alloca
// CHECK: scf.for
// CHECK: scf.for {{.*}} step %c24
// CHECK: scf.for {{.*}} iter_args
// CHECK: scf.for {{.*}} iter_args
// CHECK-COUNT-2: memref.prefetch %arg0{{.*}}, read
// CHECK-NOT: memref.prefetch
// CHECK: scf.for {{.*}} iter_args
// CHECK-NOT: memref.prefetch
// CHECK: return
#window = affine_map<(o, h, c, i, j, w) -> (c, h + i, w + j)>
func.func @three_outputs(%x: memref<32x258x258xf32>, %w: memref<3x32x3x3xf32>, %y: memref<3x256x240xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<3x256x240xf32>)
  linalg.generic {
    indexing_maps = [#window, affine_map<(o, h, c, i, j, w) -> (o, c, i, j)>, affine_map<(o, h, c, i, j, w) -> (o, h, w)>],
    iterator_types = ["parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]
  } ins(%x, %w : memref<32x258x258xf32>, memref<3x32x3x3xf32>) outs(%y : memref<3x256x240xf32>) {
  ^bb0(%a: f32, %c: f32, %s: f32):
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  }
  return
}
