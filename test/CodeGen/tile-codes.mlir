// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-lower-to-loops{lanes=8 registers=16 permutes}))' | FileCheck %s
// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-lower-to-loops{lanes=8 registers=16}))' | FileCheck %s --check-prefix=PLAIN

// Without the instruction there are no look-ups of bytes, but right code.
// PLAIN-LABEL: @product
// PLAIN-NOT: pshuf
// PLAIN: memref.load %{{.*}} : memref<16xf32>

// The codes of eight terms and eight outputs in one vector of words: the four
// tables of bytes are made once, before all loops; each loop's step takes two
// sets of four look-ups for each of the vectors, and adds eight terms.
// CHECK-LABEL: @product
// CHECK-COUNT-4: vector.shuffle {{.*}} : vector<64xi8>, vector<64xi8>
// CHECK-NOT: memref.alloca
// CHECK: scf.for
// CHECK: %[[GROUP:.*]] = arith.constant 8 : index
// CHECK: scf.for {{.*}} iter_args
// CHECK: vector.load %arg1{{.*}} vector<8xi32>
// CHECK-COUNT-8: llvm.call_intrinsic "llvm.x86.avx2.pshuf.b"
// CHECK-NOT: memref.load %arg2
// CHECK: arith.mulf {{.*}} vector<8xf32>
// CHECK: return
func.func @product(%x: memref<24xf32>, %w: memref<2x3x32xi32>, %table: memref<16xf32>, %y: memref<64xf32>) {
  %mask = arith.constant 15 : i32
  linalg.generic {
    indexing_maps = [affine_map<(o, k) -> (k)>, affine_map<(o, k) -> (o floordiv 32, k floordiv 8, ((o mod 32) floordiv 4) * 4 + k mod 4)>, affine_map<(o, k) -> (o)>],
    iterator_types = ["parallel", "reduction"]
  } ins(%x, %w : memref<24xf32>, memref<2x3x32xi32>) outs(%y : memref<64xf32>) {
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

// Terms that no group is full of come last: five here, of which the group is
// looked up but three are not used.
// CHECK-LABEL: @rest
// CHECK-COUNT-8: llvm.call_intrinsic "llvm.x86.avx2.pshuf.b"
// CHECK-COUNT-5: arith.mulf
// CHECK-NOT: arith.mulf
// CHECK: return
func.func @rest(%x: memref<5xf32>, %w: memref<1x1x8xi32>, %table: memref<16xf32>, %y: memref<8xf32>) {
  %mask = arith.constant 15 : i32
  linalg.generic {
    indexing_maps = [affine_map<(o, k) -> (k)>, affine_map<(o, k) -> (o floordiv 8, k floordiv 8, ((o mod 8) floordiv 4) * 4 + k mod 4)>, affine_map<(o, k) -> (o)>],
    iterator_types = ["parallel", "reduction"]
  } ins(%x, %w : memref<5xf32>, memref<1x1x8xi32>) outs(%y : memref<8xf32>) {
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

// Many rows share the weights: the panel is computed group by group, and the
// tiles only read it. They are of two vectors and six rows, as with weights of
// float32: that one row has no registers for two vectors does not matter here.
// CHECK-LABEL: @panel
// CHECK: %[[PANEL:.*]] = memref.alloca() {{.*}} : memref<24x16xf32>
// CHECK: llvm.call_intrinsic "llvm.x86.avx2.pshuf.b"
// CHECK: vector.store {{.*}}, %[[PANEL]]
// CHECK: :12 = scf.for
// CHECK-NOT: llvm.call_intrinsic
// CHECK: vector.load %[[PANEL]]
// CHECK: return
func.func @panel(%x: memref<96x20xf32>, %w: memref<2x3x32xi32>, %table: memref<16xf32>, %y: memref<96x64xf32>) {
  %mask = arith.constant 15 : i32
  linalg.generic {
    indexing_maps = [affine_map<(o, m, k) -> (m, k)>, affine_map<(o, m, k) -> (o floordiv 32, k floordiv 8, ((o mod 32) floordiv 4) * 4 + k mod 4)>, affine_map<(o, m, k) -> (m, o)>],
    iterator_types = ["parallel", "parallel", "reduction"]
  } ins(%x, %w : memref<96x20xf32>, memref<2x3x32xi32>) outs(%y : memref<96x64xf32>) {
  ^bb0(%a: f32, %word: i32, %s: f32):
    %o = linalg.index 0 : index
    %k = linalg.index 2 : index
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

// Tables that are too large for registers are read lane by lane, by scalars. The
// bytes that they come from are loaded together and shifted apart.
// CHECK-LABEL: @large_table
// CHECK-NOT: vector.gather
// CHECK: vector.load %arg1{{.*}} : memref<2x24x8xi8>, vector<8xi8>
// CHECK: vector.bitcast {{.*}} : vector<8xi8> to vector<1xi64>
// CHECK: arith.shrui {{.*}} : i64
// CHECK: memref.load %arg2{{.*}} : memref<256xf32>
// CHECK: vector.from_elements
// CHECK: return
func.func @large_table(%x: memref<24xf32>, %w: memref<2x24x8xi8>, %table: memref<256xf32>, %y: memref<16xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(o, k) -> (k)>, affine_map<(o, k) -> (o floordiv 8, k, o mod 8)>, affine_map<(o, k) -> (o)>],
    iterator_types = ["parallel", "reduction"]
  } ins(%x, %w : memref<24xf32>, memref<2x24x8xi8>) outs(%y : memref<16xf32>) {
  ^bb0(%a: f32, %byte: i8, %s: f32):
    %code = arith.extui %byte : i8 to i32
    %entry = arith.index_cast %code : i32 to index
    %c = memref.load %table[%entry] : memref<256xf32>
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  }
  return
}
