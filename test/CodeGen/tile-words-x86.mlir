// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-lower-to-loops{lanes=16 registers=32 permutes},canonicalize,cse,lower-affine),convert-scf-to-cf,convert-vector-to-llvm,finalize-memref-to-llvm,convert-func-to-llvm,convert-cf-to-llvm,convert-arith-to-llvm,convert-index-to-llvm,canonicalize,cse,reconcile-unrealized-casts)' \
// RUN:   | mlir-translate --mlir-to-llvmir | llc -O3 -mcpu=icelake-server -mtriple=x86_64-linux-gnu | FileCheck %s

// What AVX-512 runs for 256 weights of 4 bits: two loads of words, a permute for
// each 16 codes, a shift for all but the first of a word, no mask; sums stay in
// registers, products are fused into them, and what both vectors of outputs are
// multiplied with is loaded once.
// CHECK-LABEL: product:
// CHECK: vmovdqu64 (%{{.*}}), %[[TABLE:zmm[0-9]+]]
// CHECK: vmovdqu64 {{.*}}, %[[WORDS:zmm[0-9]+]]
// CHECK-NOT: vpand
// CHECK: vpermd %[[TABLE]], %[[WORDS]], %zmm
// CHECK-NEXT: vpsrld $4, %[[WORDS]], %[[CODES:zmm[0-9]+]]
// CHECK-NEXT: vpermd %[[TABLE]], %[[CODES]], %zmm
// CHECK: vpsrld $28, %[[WORDS]]
// CHECK-COUNT-8: vbroadcastss
// CHECK: vpsrld $28
// CHECK-NOT: vbroadcastss
// CHECK-COUNT-8: vfmadd
// CHECK-NOT: vpand
// CHECK-NOT: rsp), %zmm
// CHECK: retq
func.func @product(%x: memref<24xf32>, %w: memref<2x3x32xi32>, %table: memref<16xf32>, %y: memref<64xf32>) {
  %mask = arith.constant 15 : i32
  linalg.generic {
    indexing_maps = [affine_map<(o, k) -> (k)>, affine_map<(o, k) -> (o floordiv 32, k floordiv 8, o mod 32)>, affine_map<(o, k) -> (o)>],
    iterator_types = ["parallel", "reduction"]
  } ins(%x, %w : memref<24xf32>, memref<2x3x32xi32>) outs(%y : memref<64xf32>) {
  ^bb0(%a: f32, %word: i32, %s: f32):
    %k = linalg.index 1 : index
    %place = affine.apply affine_map<(k) -> ((k mod 8) * 4)>(%k)
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
