// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-lower-to-loops{lanes=0}))' | FileCheck %s

// The sum of the innermost loop stays in a register.
// CHECK-LABEL: @dot
func.func @dot(%x: memref<8xf32>, %w: memref<4x8xf32>, %y: memref<4xf32>) {
  // CHECK: scf.for %[[N:.*]] =
  // CHECK: %[[OLD:.*]] = memref.load %arg2[%[[N]]]
  // CHECK: %[[SUM:.*]] = scf.for %[[K:.*]] = {{.*}} iter_args(%[[ACC:.*]] = %[[OLD]])
  // CHECK: arith.mulf {{.*}} fastmath<contract>
  // CHECK: arith.addf {{.*}} fastmath<reassoc,contract>
  // CHECK: scf.yield
  // CHECK: memref.store %[[SUM]], %arg2[%[[N]]]
  linalg.generic {
    indexing_maps = [affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>],
    iterator_types = ["parallel", "reduction"]
  } ins(%x, %w : memref<8xf32>, memref<4x8xf32>) outs(%y : memref<4xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %c, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// Elementwise loops load no old value and keep exact arithmetic.
// CHECK-LABEL: @elementwise
func.func @elementwise(%x: memref<8xf32>, %y: memref<8xf32>) {
  // CHECK: scf.for
  // CHECK: memref.load %arg0
  // CHECK-NOT: memref.load
  // CHECK: arith.addf %{{.*}}, %{{.*}} : f32
  // CHECK: memref.store
  linalg.generic {
    indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
    iterator_types = ["parallel"]
  } ins(%x : memref<8xf32>) outs(%y : memref<8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.addf %a, %a : f32
    linalg.yield %0 : f32
  }
  return
}
