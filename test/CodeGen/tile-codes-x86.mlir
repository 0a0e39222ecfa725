// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-lower-to-loops{lanes=8 registers=16 permutes},canonicalize,cse,lower-affine),convert-scf-to-cf,convert-vector-to-llvm,finalize-memref-to-llvm,convert-func-to-llvm,convert-cf-to-llvm,convert-arith-to-llvm,convert-index-to-llvm,canonicalize,cse,reconcile-unrealized-casts)' \
// RUN:   | mlir-translate --mlir-to-llvmir | llc -O3 -mcpu=x86-64-v3 -mtriple=x86_64-linux-gnu | FileCheck %s --implicit-check-not="{{ymm.*rsp|rsp.*ymm}}"

// What AVX2 runs for 64 weights of 4 bits, eight terms of one vector of outputs:
// one load, two masks, eight look-ups, sixteen interleavings. Tables, mask, both
// sums and what is on the way stay in registers, products are fused into sums.
// CHECK-LABEL: product:
// CHECK: Inner Loop Header: Depth=2
// CHECK: vmovdqu (%{{.*}}), %ymm
// CHECK: vpand
// CHECK-COUNT-4: vpshufb
// CHECK-COUNT-8: vpunpck
// CHECK: vpand
// CHECK-COUNT-4: vpshufb
// CHECK-NOT: vpshufb
// CHECK-COUNT-2: vfmadd
// CHECK: retq
func.func @product(%x: memref<24xf32>, %w: memref<8x3x8xi32>, %table: memref<16xf32>, %y: memref<64xf32>) {
  %mask = arith.constant 15 : i32
  linalg.generic {
    indexing_maps = [affine_map<(o, k) -> (k)>, affine_map<(o, k) -> (o floordiv 8, k floordiv 8, ((o mod 8) floordiv 4) * 4 + k mod 4)>, affine_map<(o, k) -> (o)>],
    iterator_types = ["parallel", "reduction"]
  } ins(%x, %w : memref<24xf32>, memref<8x3x8xi32>) outs(%y : memref<64xf32>) {
  ^bb0(%a: f32, %word: i32, %s: f32):
    %o = linalg.index 0 : index
    %k = linalg.index 1 : index
    %place = affine.apply affine_map<(o, k) -> ((o mod 4) * 8 + ((k mod 8) floordiv 4) * 4)>(%o, %k)
    %shift = arith.index_cast %place : index to i32
    %shifted = arith.shrui %word, %shift : i32
    %code = arith.andi %shifted, %mask : i32
    %entry = arith.index_cast %code : i32 to index
    %c = memref.load %table[%entry] : memref<16xf32>
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  }
  return
}
