// RUN: mlmodel-opt %s --split-input-file --mlmodel-insert-profile | FileCheck %s

#id = affine_map<(d0) -> (d0)>

// Layer "a" comes twice and is one section. The first operation adds 16 numbers
// of which 16 are weights; the loop runs 3 times.
// CHECK: func.func private @mlmodel_profile_section(i64)
// CHECK-LABEL: func.func @main
// CHECK-SAME: mlmodel.profile = [
// CHECK-SAME: {bytes = 320 : i64, layer = "a", operations = 1.600000e+01 : f64, weight_bytes = 64 : i64}
// CHECK-SAME: {bytes = 128 : i64, layer = "b", operations = 9.600000e+01 : f64, weight_bytes = 0 : i64}
func.func @main(%in: memref<16xf32>, %out: memref<16xf32>, %w: memref<16xf32>, %arena: memref<64xi8>)
    attributes {mlmodel.profile = 2 : i64, mlmodel.arena_bytes = 64 : i64} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %view = memref.view %arena[%c0][] : memref<64xi8> to memref<16xf32>
  // CHECK: linalg.generic
  linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]}
      ins(%in, %w : memref<16xf32>, memref<16xf32>) outs(%view : memref<16xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %sum = arith.addf %x, %y : f32
    linalg.yield %sum : f32
  } loc("a")
  // CHECK: %[[A:.*]] = arith.constant 0 : i64
  // CHECK: call @mlmodel_profile_section(%[[A]])
  // CHECK: scf.for
  scf.for %i = %c0 to %c3 step %c1 {
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
        ins(%view : memref<16xf32>) outs(%out : memref<16xf32>) {
    ^bb0(%x: f32, %z: f32):
      %square = arith.mulf %x, %x : f32
      %root = math.sqrt %square : f32
      linalg.yield %root : f32
    }
  } loc("b")
  // CHECK: %[[B:.*]] = arith.constant 1 : i64
  // CHECK: call @mlmodel_profile_section(%[[B]])
  // CHECK: memref.copy
  memref.copy %view, %out : memref<16xf32> to memref<16xf32> loc("a")
  // CHECK: %[[C:.*]] = arith.constant 0 : i64
  // CHECK: call @mlmodel_profile_section(%[[C]])
  return
}

// -----

// Nobody asked.
// CHECK-NOT: mlmodel_profile_section
// CHECK-LABEL: @main
// CHECK-NOT: mlmodel_profile_section
func.func @main(%in: memref<16xf32>, %out: memref<16xf32>) {
  memref.copy %in, %out : memref<16xf32> to memref<16xf32>
  return
}
