// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-pad-in-place{lanes=8 registers=16}))' | FileCheck %s

#pixels = affine_map<(o, i, h, w) -> (i, h, w)>
#weights = affine_map<(o, i, h, w) -> (o, i)>
#result = affine_map<(o, i, h, w) -> (o, h, w)>

// Rows of whole vectors may lie apart: the sums are written where they are
// read, and only the border is filled.
// CHECK-LABEL: @rows
func.func @rows(%x: memref<16x32x32xf32>, %w: memref<8x16xf32>, %y: memref<8x34x34xf32>) {
  // CHECK: %[[PADDED:.*]] = memref.alloc() : memref<8x34x34xf32>
  // CHECK: %[[MIDDLE:.*]] = memref.subview %[[PADDED]][0, 1, 1] [8, 32, 32] [1, 1, 1]
  // CHECK: memref.subview %[[PADDED]][0, 0, 0] [8, 1, 34]
  // CHECK: linalg.fill
  // CHECK: memref.subview %[[PADDED]][0, 33, 0] [8, 1, 34]
  // CHECK: linalg.fill
  // CHECK: memref.subview %[[PADDED]][0, 1, 0] [8, 32, 1]
  // CHECK: linalg.fill
  // CHECK: memref.subview %[[PADDED]][0, 1, 33] [8, 32, 1]
  // CHECK: linalg.fill
  // CHECK: linalg.fill ins(%{{.*}}) outs(%[[MIDDLE]]
  // CHECK: linalg.generic {{.*}} outs(%[[MIDDLE]]
  // CHECK-NOT: memref.copy %[[MIDDLE]]
  // CHECK: memref.copy %[[PADDED]], %arg2
  // CHECK-NOT: memref.copy
  // CHECK: return
  %zero = arith.constant 0.0 : f32
  %sums = memref.alloc() : memref<8x32x32xf32>
  linalg.fill ins(%zero : f32) outs(%sums : memref<8x32x32xf32>)
  linalg.generic {indexing_maps = [#pixels, #weights, #result], iterator_types = ["parallel", "reduction", "parallel", "parallel"]}
      ins(%x, %w : memref<16x32x32xf32>, memref<8x16xf32>) outs(%sums : memref<8x32x32xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  }
  %padded = memref.alloc() : memref<8x34x34xf32>
  linalg.fill ins(%zero : f32) outs(%padded : memref<8x34x34xf32>)
  %middle = memref.subview %padded[0, 1, 1] [8, 32, 32] [1, 1, 1] : memref<8x34x34xf32> to memref<8x32x32xf32, strided<[1156, 34, 1], offset: 35>>
  memref.copy %sums, %middle : memref<8x32x32xf32> to memref<8x32x32xf32, strided<[1156, 34, 1], offset: 35>>
  memref.copy %padded, %y : memref<8x34x34xf32> to memref<8x34x34xf32>
  return
}

// Rows of 9 pixels are one row of 81: taken apart they would fill vectors badly,
// which costs more than the copy.
// CHECK-LABEL: @one_row
func.func @one_row(%x: memref<512x9x9xf32>, %w: memref<8x512xf32>, %y: memref<8x11x11xf32>) {
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : memref<8x9x9xf32>)
  // CHECK: memref.subview {{.*}} [8, 1, 11]
  // CHECK: memref.copy {{.*}} : memref<8x9x9xf32> to
  // CHECK: return
  %zero = arith.constant 0.0 : f32
  %sums = memref.alloc() : memref<8x9x9xf32>
  linalg.generic {indexing_maps = [#pixels, #weights, #result], iterator_types = ["parallel", "reduction", "parallel", "parallel"]}
      ins(%x, %w : memref<512x9x9xf32>, memref<8x512xf32>) outs(%sums : memref<8x9x9xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  }
  %padded = memref.alloc() : memref<8x11x11xf32>
  linalg.fill ins(%zero : f32) outs(%padded : memref<8x11x11xf32>)
  %middle = memref.subview %padded[0, 1, 1] [8, 9, 9] [1, 1, 1] : memref<8x11x11xf32> to memref<8x9x9xf32, strided<[121, 11, 1], offset: 12>>
  memref.copy %sums, %middle : memref<8x9x9xf32> to memref<8x9x9xf32, strided<[121, 11, 1], offset: 12>>
  memref.copy %padded, %y : memref<8x11x11xf32> to memref<8x11x11xf32>
  return
}

// What something else reads, or what is written again, stays where it is; what
// is given is copied.
// CHECK-LABEL: @others
func.func @others(%x: memref<4xf32>, %y: memref<6xf32>, %z: memref<4xf32>) {
  // CHECK: memref.copy %{{.*}}, %arg2
  // CHECK: memref.copy %{{.*}}, %{{.*}} : memref<4xf32> to memref<4xf32, strided
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %c0 = arith.constant 0 : index
  %known = memref.alloc() : memref<4xf32>
  linalg.fill ins(%one : f32) outs(%known : memref<4xf32>)
  memref.copy %known, %z : memref<4xf32> to memref<4xf32>
  %padded = memref.alloc() : memref<6xf32>
  linalg.fill ins(%zero : f32) outs(%padded : memref<6xf32>)
  %middle = memref.subview %padded[1] [4] [1] : memref<6xf32> to memref<4xf32, strided<[1], offset: 1>>
  memref.copy %known, %middle : memref<4xf32> to memref<4xf32, strided<[1], offset: 1>>
  memref.copy %padded, %y : memref<6xf32> to memref<6xf32>
  // The whole buffer is filled where it is written again.
  // CHECK: linalg.fill ins({{.*}}) outs({{.*}} : memref<6xf32>)
  // CHECK: memref.copy %arg0
  %again = memref.alloc() : memref<6xf32>
  linalg.fill ins(%zero : f32) outs(%again : memref<6xf32>)
  %part = memref.subview %again[1] [4] [1] : memref<6xf32> to memref<4xf32, strided<[1], offset: 1>>
  memref.copy %x, %part : memref<4xf32> to memref<4xf32, strided<[1], offset: 1>>
  memref.store %one, %again[%c0] : memref<6xf32>
  memref.copy %again, %y : memref<6xf32> to memref<6xf32>
  return
}
