// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-lower-to-loops{lanes=16 registers=32 permutes},canonicalize,cse))' --split-input-file | FileCheck %s
// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-lower-to-loops{lanes=16 registers=32},canonicalize,cse))' --split-input-file | FileCheck %s --check-prefix=PLAIN

// Without the instruction, codes of a word are shifted and masked one by one.
// PLAIN-LABEL: @product
// PLAIN-NOT: permvar
// PLAIN: arith.andi

// Vectors of 16 floats hold the table. A word has the codes of eight terms: it
// is loaded once, and as the instruction reads but four bits of each lane, none
// has to be masked. Two vectors of outputs would wait for their sums: terms go to
// two sets of them in turns.
// CHECK-LABEL: @product
// CHECK: %[[TABLE:.*]] = vector.load %arg2[%c0] : memref<16xf32>, vector<16xf32>
// CHECK: scf.for {{.*}} step %c32
// CHECK: %[[SUMS:.*]]:4 = scf.for {{.*}} step %c8 iter_args
// CHECK: %[[WORDS:.*]] = vector.load %arg1{{.*}} vector<16xi32>
// CHECK-NEXT: llvm.call_intrinsic "llvm.x86.avx512.permvar.sf.512"(%[[TABLE]], %[[WORDS]])
// CHECK-NEXT: %[[SECOND:.*]] = arith.shrui %[[WORDS]]
// CHECK-NEXT: llvm.call_intrinsic "llvm.x86.avx512.permvar.sf.512"(%[[TABLE]], %[[SECOND]])
// CHECK-COUNT-6: llvm.call_intrinsic "llvm.x86.avx512.permvar.sf.512"
// CHECK-NOT: arith.andi
// CHECK-COUNT-8: arith.mulf {{.*}} vector<16xf32>
// CHECK-COUNT-8: llvm.call_intrinsic "llvm.x86.avx512.permvar.sf.512"
// CHECK-COUNT-8: arith.mulf {{.*}} vector<16xf32>
// CHECK: arith.addf %[[SUMS]]#1, %[[SUMS]]#3
// CHECK: arith.addf %[[SUMS]]#0, %[[SUMS]]#2
// CHECK: return
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

// -----

// Of three bits, ten codes fill a word. The bit of the next code, which the
// instruction reads as well, must lead to the same entry: the table comes twice.
// CHECK-LABEL: @three_bits
// CHECK: vector.shuffle {{.*}} [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7]
// CHECK: scf.for {{.*}} step %c10
// CHECK-COUNT-10: llvm.call_intrinsic "llvm.x86.avx512.permvar.sf.512"
// CHECK: return
func.func @three_bits(%x: memref<30xf32>, %w: memref<1x3x16xi32>, %table: memref<8xf32>, %y: memref<16xf32>) {
  %mask = arith.constant 7 : i32
  linalg.generic {
    indexing_maps = [affine_map<(o, k) -> (k)>, affine_map<(o, k) -> (o floordiv 16, k floordiv 10, o mod 16)>, affine_map<(o, k) -> (o)>],
    iterator_types = ["parallel", "reduction"]
  } ins(%x, %w : memref<30xf32>, memref<1x3x16xi32>) outs(%y : memref<16xf32>) {
  ^bb0(%a: f32, %word: i32, %s: f32):
    %k = linalg.index 1 : index
    %place = affine.apply affine_map<(k) -> ((k mod 10) * 3)>(%k)
    %shift = arith.index_cast %place : index to i32
    %shifted = arith.shrui %word, %shift : i32
    %code = arith.andi %shifted, %mask : i32
    %entry = arith.index_cast %code : i32 to index
    %c = memref.load %table[%entry] : memref<8xf32>
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// -----

// Codes that lie otherwise are shifted as the body says.
// CHECK-LABEL: @other_shift
// CHECK-NOT: permvar
// CHECK: return
func.func @other_shift(%x: memref<24xf32>, %w: memref<2x3x32xi32>, %table: memref<16xf32>, %y: memref<64xf32>) {
  %mask = arith.constant 15 : i32
  linalg.generic {
    indexing_maps = [affine_map<(o, k) -> (k)>, affine_map<(o, k) -> (o floordiv 32, k floordiv 8, o mod 32)>, affine_map<(o, k) -> (o)>],
    iterator_types = ["parallel", "reduction"]
  } ins(%x, %w : memref<24xf32>, memref<2x3x32xi32>) outs(%y : memref<64xf32>) {
  ^bb0(%a: f32, %word: i32, %s: f32):
    %k = linalg.index 1 : index
    %place = affine.apply affine_map<(k) -> (28 - (k mod 8) * 4)>(%k)
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
