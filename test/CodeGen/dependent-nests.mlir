// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-lower-to-loops{lanes=8 registers=16}))' | FileCheck %s

// The greatest of each row, without vectors: what fills a result in is part of
// the round that needs it. As loops of their own, rounds of the second could run
// on another thread before those of the first.
// CHECK-LABEL: @greatest
// CHECK: scf.for %[[ROW:.*]] =
// CHECK: memref.store %{{.*}}[%[[ROW]]] : memref<1536xf32>
// CHECK: scf.for
// CHECK: arith.maximumf
// CHECK: } {mlmodel.independent
// CHECK-NOT: scf.for
// CHECK: return
func.func @greatest(%x: memref<12x128x128xf32>, %y: memref<12x128xf32>) {
  %least = arith.constant 0xFF800000 : f32
  linalg.fill ins(%least : f32) outs(%y : memref<12x128xf32>)
  linalg.generic {
    indexing_maps = [affine_map<(a, b, c) -> (a, b, c)>, affine_map<(a, b, c) -> (a, b)>],
    iterator_types = ["parallel", "parallel", "reduction"]
  } ins(%x : memref<12x128x128xf32>) outs(%y : memref<12x128xf32>) {
  ^bb0(%a: f32, %s: f32):
    %0 = arith.maximumf %s, %a : f32
    linalg.yield %0 : f32
  }
  return
}

// Two nests, of which one reads what the other writes: no round may run early.
// CHECK-LABEL: @chain
// CHECK-COUNT-2: scf.for
// CHECK-NOT: mlmodel.independent
// CHECK: return
func.func @chain(%x: memref<128xf32>, %y: memref<128xf32>, %z: memref<128xf32>) {
  linalg.generic {indexing_maps = [affine_map<(a) -> (a)>, affine_map<(a) -> (a)>], iterator_types = ["parallel"]}
    ins(%x : memref<128xf32>) outs(%y : memref<128xf32>) {
  ^bb0(%a: f32, %s: f32):
    %0 = arith.negf %a : f32
    linalg.yield %0 : f32
  }
  linalg.generic {indexing_maps = [affine_map<(a) -> (127 - a)>, affine_map<(a) -> (a)>], iterator_types = ["parallel"]}
    ins(%y : memref<128xf32>) outs(%z : memref<128xf32>) {
  ^bb0(%a: f32, %s: f32):
    linalg.yield %a : f32
  }
  return
}
