// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-lower-to-loops{lanes=8 registers=16},canonicalize,cse))' | FileCheck %s

// Two vectors of results, to which every term is added, would wait for each
// other: the terms with even numbers have sums of their own, and so have the
// others; they are added up at the end. The last of 41 terms is left over.
// CHECK-LABEL: @few_sums
// CHECK: scf.for
// CHECK: %[[SUMS:.*]]:4 = scf.for %{{.*}} = %c0 to %c40 step %c2 {{.*}} -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>)
// CHECK-COUNT-4: arith.uitofp {{.*}} : vector<8xi8> to vector<8xf32>
// CHECK: scf.yield
// CHECK-DAG: %[[SECOND:.*]] = arith.addf %[[SUMS]]#1, %[[SUMS]]#3 : vector<8xf32>
// CHECK-DAG: %[[FIRST:.*]] = arith.addf %[[SUMS]]#0, %[[SUMS]]#2 : vector<8xf32>
// CHECK-COUNT-2: arith.uitofp {{.*}} : vector<8xi8> to vector<8xf32>
// CHECK-NOT: arith.uitofp
// What a cache holds is not asked for.
// CHECK-NOT: memref.prefetch
// CHECK: return
func.func @few_sums(%x: memref<41xf32>, %w: memref<4x41x16xi8>, %scale: memref<f32>, %y: memref<64xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(o, k) -> (k)>, affine_map<(o, k) -> (o floordiv 16, k, o mod 16)>, affine_map<(o, k) -> ()>, affine_map<(o, k) -> (o)>],
    iterator_types = ["parallel", "reduction"]
  } ins(%x, %w, %scale : memref<41xf32>, memref<4x41x16xi8>, memref<f32>) outs(%y : memref<64xf32>) {
  ^bb0(%a: f32, %code: i8, %f: f32, %s: f32):
    %q = arith.uitofp %code : i8 to f32
    %c = arith.mulf %q, %f : f32
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// Two megabytes of weights, each of which is read once: a step of two terms,
// 32 bytes, asks for the line that comes 2048 bytes later.
// CHECK-LABEL: @from_memory
// CHECK: scf.for
// CHECK: scf.for %[[K:.*]] = %c0 to %c2048 step %c2 iter_args
// CHECK: memref.prefetch %arg1[%{{.*}}, %[[K]], %{{.*}}], read
// CHECK-NOT: memref.prefetch
// CHECK: return
func.func @from_memory(%x: memref<2048xf32>, %w: memref<64x2048x16xi8>, %scale: memref<f32>, %y: memref<1024xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(o, k) -> (k)>, affine_map<(o, k) -> (o floordiv 16, k, o mod 16)>, affine_map<(o, k) -> ()>, affine_map<(o, k) -> (o)>],
    iterator_types = ["parallel", "reduction"]
  } ins(%x, %w, %scale : memref<2048xf32>, memref<64x2048x16xi8>, memref<f32>) outs(%y : memref<1024xf32>) {
  ^bb0(%a: f32, %code: i8, %f: f32, %s: f32):
    %q = arith.uitofp %code : i8 to f32
    %c = arith.mulf %q, %f : f32
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// A sum of four rows has enough sums, and none of its own for other terms.
// CHECK-LABEL: @many_sums
// CHECK: scf.for {{.*}} -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>)
// CHECK-COUNT-4: arith.mulf
// CHECK-NOT: arith.mulf
// CHECK: return
func.func @many_sums(%x: memref<41xf32>, %w: memref<41x32xf32>, %y: memref<32xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(o, k) -> (k)>, affine_map<(o, k) -> (k, o)>, affine_map<(o, k) -> (o)>],
    iterator_types = ["parallel", "reduction"]
  } ins(%x, %w : memref<41xf32>, memref<41x32xf32>) outs(%y : memref<32xf32>) {
  ^bb0(%a: f32, %c: f32, %s: f32):
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  }
  return
}
