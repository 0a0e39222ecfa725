// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-lower-to-loops{lanes=8 registers=16}))' --split-input-file | FileCheck %s

// Only the entries of a row's list are multiplied, with the pixels of a panel
// that lies in order in the function's own memory. The sums of a tile of pixels,
// which go on from row to row of the image, stay in registers, and what follows
// is done before they are stored. Nothing searches for weights.
// CHECK-LABEL: @pointwise
// CHECK-DAG: %[[PANEL:.*]] = memref.alloca() {alignment = 64 : i64} : memref<16x[[WIDTH:[0-9]+]]xf32>
// CHECK-DAG: memref.collapse_shape %arg0 {{\[\[}}0], [1, 2]] : memref<16x8x16xf32> into memref<16x128xf32>
// CHECK-NOT: memref.alloca
// CHECK: vector.store %{{.*}}, %[[PANEL]]
// CHECK: %[[BEGIN:.*]] = memref.load %arg2
// CHECK: %[[FIRST:.*]] = arith.index_castui %[[BEGIN]]
// CHECK: %[[END:.*]] = memref.load %arg2
// CHECK: %[[LAST:.*]] = arith.index_castui %[[END]]
// CHECK: scf.for %[[ENTRY:.*]] = %[[FIRST]] to %[[LAST]] {{.*}} iter_args({{.*}}) -> (vector<8xf32>, vector<8xf32>
// CHECK: memref.load %arg3[%[[ENTRY]]]
// CHECK: memref.load %arg4[%[[ENTRY]]]
// CHECK-NOT: arith.cmpi
// CHECK: vector.load %[[PANEL]]
// CHECK: arith.addf {{.*}} fastmath<reassoc,contract> : vector<8xf32>
// CHECK: scf.yield
// CHECK: arith.maxnumf {{.*}} : vector<8xf32>
// CHECK: vector.store
// CHECK-NOT: linalg
#image = affine_map<(o, i, h, w) -> (i, h, w)>
#result = affine_map<(o, i, h, w) -> (o, h, w)>
func.func @pointwise(%x: memref<16x8x16xf32>, %y: memref<16x8x16xf32>, %begins: memref<17xi32>, %places: memref<32xi16>, %values: memref<32xf32>) {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %none = arith.constant false
  linalg.fill ins(%zero : f32) outs(%y : memref<16x8x16xf32>)
  linalg.generic {indexing_maps = [#image, #result], iterator_types = ["parallel", "reduction", "parallel", "parallel"]}
    ins(%x : memref<16x8x16xf32>) outs(%y : memref<16x8x16xf32>) attrs = {mlmodel.sparse = {block = 16 : i64, stored = 32 : i64}} {
  ^bb0(%a: f32, %s: f32):
    %o = linalg.index 0 : index
    %i = linalg.index 1 : index
    %next = arith.addi %o, %c1 : index
    %b = memref.load %begins[%o] : memref<17xi32>
    %begin = arith.index_castui %b : i32 to index
    %e = memref.load %begins[%next] : memref<17xi32>
    %end = arith.index_castui %e : i32 to index
    %found:2 = scf.for %j = %begin to %end step %c1 iter_args(%is = %none, %at = %c0) -> (i1, index) {
      %p = memref.load %places[%j] : memref<32xi16>
      %place = arith.index_castui %p : i16 to index
      %here = arith.cmpi eq, %place, %i : index
      %any = arith.ori %here, %is : i1
      %best = arith.select %here, %j, %at : index
      scf.yield %any, %best : i1, index
    }
    %v = memref.load %values[%found#1] : memref<32xf32>
    %w = arith.select %found#0, %v, %zero : f32
    %t = arith.mulf %a, %w : f32
    %r = arith.addf %s, %t : f32
    linalg.yield %r : f32
  }
  linalg.generic {indexing_maps = [affine_map<(o, h, w) -> (o, h, w)>], iterator_types = ["parallel", "parallel", "parallel"]}
    outs(%y : memref<16x8x16xf32>) {
  ^bb0(%s: f32):
    %r = arith.maxnumf %s, %zero : f32
    linalg.yield %r : f32
  }
  return
}

// -----

// Two blocks of terms: sums wait from one to the next, and one loop over entries
// serves both. Columns of every second pixel are gathered into the panel, lanes
// past the end of a row are not stored.
// CHECK-LABEL: @blocks
// CHECK-DAG: memref.alloca() {{.*}} : memref<72x[[WIDTH:[0-9]+]]xf32>
// CHECK-DAG: %[[WAITING:.*]] = memref.alloca() {{.*}} : memref<4x[[WIDTH]]xf32>
// CHECK: scf.if
// CHECK: vector.load %[[WAITING]]
// CHECK: scf.for {{.*}} iter_args
// CHECK-NOT: iter_args
// CHECK: scf.if
// CHECK: %[[PART:.*]] = vector.shuffle {{.*}} [0, 1, 2, 3]
// CHECK: vector.store %[[PART]], {{.*}}, vector<4xf32>
// CHECK: else
// CHECK: vector.store {{.*}}, %[[WAITING]]
// CHECK-NOT: linalg
#image = affine_map<(o, h, i, k, l, w) -> (i, h * 2 + k, w * 2 + l)>
#sizes = affine_map<(o, h, i, k, l, w) -> (k, l)>
#result = affine_map<(o, h, i, k, l, w) -> (o, h, w)>
func.func @blocks(%x: memref<16x5x9xf32>, %none: memref<3x3xf32>, %y: memref<4x2x4xf32>, %begins: memref<9xi32>, %places: memref<20xi16>, %values: memref<20xf32>) {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  %false = arith.constant false
  linalg.fill ins(%zero : f32) outs(%y : memref<4x2x4xf32>)
  linalg.generic {indexing_maps = [#image, #sizes, #result], iterator_types = ["parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
    ins(%x, %none : memref<16x5x9xf32>, memref<3x3xf32>) outs(%y : memref<4x2x4xf32>) attrs = {mlmodel.sparse = {block = 8 : i64, stored = 20 : i64}} {
  ^bb0(%a: f32, %unused: f32, %s: f32):
    %o = linalg.index 0 : index
    %i = linalg.index 2 : index
    %k = linalg.index 3 : index
    %l = linalg.index 4 : index
    %block = arith.divui %i, %c8 : index
    %rest = arith.remui %i, %c8 : index
    %first = arith.muli %block, %c4 : index
    %row = arith.addi %first, %o : index
    %next = arith.addi %row, %c1 : index
    %t0 = arith.muli %rest, %c3 : index
    %t1 = arith.addi %t0, %k : index
    %t2 = arith.muli %t1, %c3 : index
    %wanted = arith.addi %t2, %l : index
    %b = memref.load %begins[%row] : memref<9xi32>
    %begin = arith.index_castui %b : i32 to index
    %e = memref.load %begins[%next] : memref<9xi32>
    %end = arith.index_castui %e : i32 to index
    %found:2 = scf.for %j = %begin to %end step %c1 iter_args(%is = %false, %at = %c0) -> (i1, index) {
      %p = memref.load %places[%j] : memref<20xi16>
      %place = arith.index_castui %p : i16 to index
      %here = arith.cmpi eq, %place, %wanted : index
      %any = arith.ori %here, %is : i1
      %best = arith.select %here, %j, %at : index
      scf.yield %any, %best : i1, index
    }
    %v = memref.load %values[%found#1] : memref<20xf32>
    %w = arith.select %found#0, %v, %zero : f32
    %t = arith.mulf %a, %w : f32
    %r = arith.addf %s, %t : f32
    linalg.yield %r : f32
  }
  return
}

// -----

// A product with a vector uses each weight once: scalar sums, four at a time,
// and no panel.
// CHECK-LABEL: @product
// CHECK-NOT: memref.alloca
// CHECK: scf.for {{.*}} step %c1
// CHECK: %[[PARTS:.*]]:4 = scf.for {{.*}} -> (f32, f32, f32, f32)
// CHECK-COUNT-4: arith.addf
// CHECK: scf.for {{.*}} -> (f32)
// CHECK: memref.store
// CHECK-NOT: linalg
func.func @product(%x: memref<64xf32>, %y: memref<8xf32>, %begins: memref<9xi32>, %places: memref<20xi16>, %values: memref<20xi8>, %table: memref<16xf32>) {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %none = arith.constant false
  linalg.fill ins(%zero : f32) outs(%y : memref<8xf32>)
  linalg.generic {indexing_maps = [affine_map<(o, i) -> (i)>, affine_map<(o, i) -> (o)>], iterator_types = ["parallel", "reduction"]}
    ins(%x : memref<64xf32>) outs(%y : memref<8xf32>) attrs = {mlmodel.sparse = {block = 64 : i64, stored = 20 : i64}} {
  ^bb0(%a: f32, %s: f32):
    %o = linalg.index 0 : index
    %i = linalg.index 1 : index
    %next = arith.addi %o, %c1 : index
    %b = memref.load %begins[%o] : memref<9xi32>
    %begin = arith.index_castui %b : i32 to index
    %e = memref.load %begins[%next] : memref<9xi32>
    %end = arith.index_castui %e : i32 to index
    %found:2 = scf.for %j = %begin to %end step %c1 iter_args(%is = %none, %at = %c0) -> (i1, index) {
      %p = memref.load %places[%j] : memref<20xi16>
      %place = arith.index_castui %p : i16 to index
      %here = arith.cmpi eq, %place, %i : index
      %any = arith.ori %here, %is : i1
      %best = arith.select %here, %j, %at : index
      scf.yield %any, %best : i1, index
    }
    %code = memref.load %values[%found#1] : memref<20xi8>
    %place = arith.index_castui %code : i8 to index
    %v = memref.load %table[%place] : memref<16xf32>
    %w = arith.select %found#0, %v, %zero : f32
    %t = arith.mulf %a, %w : f32
    %r = arith.addf %s, %t : f32
    linalg.yield %r : f32
  }
  return
}
