// RUN: mlmodel-opt %s --pass-pipeline='builtin.module(func.func(mlmodel-lower-to-loops{lanes=8 registers=16},canonicalize,cse))' | FileCheck %s

// Four tiles of a row are a vector: of 16 columns, every fourth is one of theirs.
// Five more operations than points, for those of x and -x have most in common.
// CHECK-LABEL: @columns
// CHECK: scf.for
// CHECK-NEXT: scf.for
// CHECK-NEXT: vector.load %arg0{{.*}} : memref<32x16x18xf32>, vector<16xf32>
// CHECK-NEXT: vector.load %arg0{{.*}} : memref<32x16x18xf32>, vector<16xf32>
// CHECK-COUNT-6: vector.shuffle {{.*}} : vector<16xf32>, vector<16xf32>
// CHECK-COUNT-12: arith.mulf {{.*}} fastmath<contract> : vector<4xf32>
// CHECK-NOT: arith.mulf
// CHECK-COUNT-6: vector.store {{.*}}, %arg2{{.*}} vector<4xf32>
// CHECK: mlmodel.independent

// Weights are transformed into memory of the function, products summed in
// registers; of the last tile's results, two are beyond the row. The bias comes
// last, for the same outputs. Only these loops are shared by threads, not those
// that fill what each thread has for itself.
// CHECK-LABEL: @convolution
// CHECK: %[[PRODUCTS:.*]] = memref.alloca() {{.*}} : memref<6x16x28xf32>
// CHECK: %[[WEIGHTS:.*]] = memref.alloca() {{.*}} : memref<6x1x32x3x16xf32>
// CHECK: scf.for %[[O:.*]] = %c0 to %c32 step %c16
// CHECK-COUNT-3: vector.load %arg1
// CHECK-COUNT-6: vector.store {{.*}}, %[[WEIGHTS]]
// CHECK: scf.for %[[ROW:.*]] = %c0 to %c14 step %c7
// CHECK: memref.subview {{.*}} [6, 32, 36] [1, 1, 1]
// CHECK: iter_args
// CHECK: vector.load %[[WEIGHTS]]
// CHECK-NOT: independent
// CHECK: vector.store {{.*}}, %[[PRODUCTS]]
// CHECK-NOT: independent
// CHECK-COUNT-6: vector.load %[[PRODUCTS]]
// CHECK: vector.shuffle {{.*}} [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7]
// CHECK-NEXT: vector.store {{.*}}, %arg4{{.*}} vector<14xf32>
// CHECK: memref.subview %arg3[%[[O]]] [16] [1]
// CHECK: memref.subview %arg4[%[[O]], %[[ROW]], 0] [16, 7, 14] [1, 1, 1]
// CHECK: arith.addf
// CHECK: mlmodel.independent = 1
#image = affine_map<(o, h, c, i, j, w) -> (c, h + i, w + j)>
#weights = affine_map<(o, h, c, i, j, w) -> (o floordiv 8, c, i, j, o mod 8)>
#columns = affine_map<(o, h, c, i, j, w) -> (0, 0, 0, 0)>
#result = affine_map<(o, h, c, i, j, w) -> (o, h, w)>
#tile = affine_map<(p, c, h, t, j) -> (c, h, t * 4 + j)>
#matrix = affine_map<(p, c, h, t, j) -> (p, j)>
#points = affine_map<(p, c, h, t, j) -> (p, c, h, t)>
#id = affine_map<(o, h, w) -> (o, h, w)>
#bias = affine_map<(o, h, w) -> (o)>
func.func @columns(%x: memref<32x16x18xf32>, %b: memref<6x6xf32>, %v: memref<6x32x16x4xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%v : memref<6x32x16x4xf32>)
  linalg.generic {indexing_maps = [#tile, #matrix, #points], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %b : memref<32x16x18xf32>, memref<6x6xf32>) outs(%v : memref<6x32x16x4xf32>) attrs = {mlmodel.winograd} {
  ^bb0(%a: f32, %c: f32, %s: f32):
    %p = arith.mulf %a, %c : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  }
  return
}
func.func @convolution(%x: memref<32x16x18xf32>, %w: memref<4x32x3x3x8xf32>, %v: memref<6x32x16x4xf32>, %b: memref<32xf32>, %y: memref<32x14x14xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<32x14x14xf32>)
  linalg.generic {indexing_maps = [#image, #weights, #columns, #result], iterator_types = ["parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%x, %w, %v : memref<32x16x18xf32>, memref<4x32x3x3x8xf32>, memref<6x32x16x4xf32>) outs(%y : memref<32x14x14xf32>) attrs = {mlmodel.winograd} {
  ^bb0(%a: f32, %c: f32, %unused: f32, %s: f32):
    %p = arith.mulf %a, %c : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  }
  linalg.generic {indexing_maps = [#bias, #id], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%b : memref<32xf32>) outs(%y : memref<32x14x14xf32>) {
  ^bb0(%a: f32, %s: f32):
    %t = arith.addf %s, %a : f32
    linalg.yield %t : f32
  }
  return
}

// The mark alone does nothing: without a transformed image, or on another
// operation, loops are those of the operation.
// CHECK-LABEL: @without_columns
// CHECK-NOT: memref<6x
// CHECK: return
func.func @without_columns(%x: memref<32x16x18xf32>, %w: memref<4x32x3x3x8xf32>, %y: memref<32x14x14xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<32x14x14xf32>)
  linalg.generic {indexing_maps = [#image, #weights, #result], iterator_types = ["parallel", "parallel", "reduction", "reduction", "reduction", "parallel"]}
      ins(%x, %w : memref<32x16x18xf32>, memref<4x32x3x3x8xf32>) outs(%y : memref<32x14x14xf32>) attrs = {mlmodel.winograd} {
  ^bb0(%a: f32, %c: f32, %s: f32):
    %p = arith.mulf %a, %c : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  }
  return
}

// CHECK-LABEL: @product
// CHECK: iter_args
// CHECK: return
func.func @product(%x: memref<6x6xf32>, %w: memref<6x16xf32>, %y: memref<6x16xf32>) {
  linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : memref<6x6xf32>, memref<6x16xf32>) outs(%y : memref<6x16xf32>) attrs = {mlmodel.winograd} {
  ^bb0(%a: f32, %c: f32, %s: f32):
    %p = arith.mulf %a, %c : f32
    %t = arith.addf %s, %p : f32
    linalg.yield %t : f32
  }
  return
}
