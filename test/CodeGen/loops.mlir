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

// What starts a reduction and what follows it are done row by row with it; no
// two rows have anything in common.
// CHECK-LABEL: func.func @rows
// CHECK-SAME: mlmodel.cycles = {{[1-9][0-9]+}} : i64
func.func @rows(%x: memref<4x6x9xf32>, %y: memref<4x3x4xf32>, %k: memref<3xf32>) {
  %zero = arith.constant 0.0 : f32
  // CHECK: scf.for %[[C:.*]] =
  // CHECK:   scf.for %[[H:.*]] =
  // CHECK:     scf.for %[[W:.*]] =
  // CHECK:       memref.store %{{.*}}, %arg1[%[[C]], %[[H]], %[[W]]]
  // CHECK:     scf.for
  // CHECK:       scf.for
  // CHECK:         memref.store %{{.*}}, %arg1[%[[C]], %[[H]],
  // CHECK:     scf.for
  // CHECK:       memref.store %{{.*}}, %arg1[%[[C]], %[[H]],
  // CHECK:   } {mlmodel.independent = 1 : i64}
  // CHECK: } {mlmodel.independent = 1 : i64}
  // CHECK-NOT: scf.for
  linalg.fill ins(%zero : f32) outs(%y : memref<4x3x4xf32>)
  linalg.generic {
    indexing_maps = [affine_map<(c, h, k, w) -> (c, h * 2, w * 2 + k)>, affine_map<(c, h, k, w) -> (k)>, affine_map<(c, h, k, w) -> (c, h, w)>],
    iterator_types = ["parallel", "parallel", "reduction", "parallel"]
  } ins(%x, %k : memref<4x6x9xf32>, memref<3xf32>) outs(%y : memref<4x3x4xf32>) {
  ^bb0(%a: f32, %unused: f32, %s: f32):
    %0 = arith.addf %s, %a : f32
    linalg.yield %0 : f32
  }
  linalg.generic {
    indexing_maps = [affine_map<(c, h, w) -> (c, h, w)>],
    iterator_types = ["parallel", "parallel", "parallel"]
  } outs(%y : memref<4x3x4xf32>) {
  ^bb0(%s: f32):
    %0 = arith.mulf %s, %s : f32
    linalg.yield %0 : f32
  }
  return
}

// Whole vectors stay together.
// CHECK-LABEL: @long
// CHECK: scf.for
// CHECK: } {mlmodel.independent = 256 : i64}
func.func @long(%y: memref<800xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<800xf32>)
  return
}
