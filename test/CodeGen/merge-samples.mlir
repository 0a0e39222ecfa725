// RUN: split-file %s %t
// RUN: mlmodel-opt %t/relu.mlir --mlmodel-merge-samples | FileCheck %s
// RUN: not mlmodel-opt %t/operation.mlir --mlmodel-merge-samples -o /dev/null 2>&1 | FileCheck %s --check-prefix=OPERATION
// RUN: not mlmodel-opt %t/rank.mlir --mlmodel-merge-samples -o /dev/null 2>&1 | FileCheck %s --check-prefix=RANK
// RUN: not mlmodel-opt %t/global.mlir --mlmodel-merge-samples -o /dev/null 2>&1 | FileCheck %s --check-prefix=GLOBAL

//--- relu.mlir

// Sizes, places in the arena and constants that differ become parameters; sizes
// that agree in all samples are one. What is equal in all stays as it is.
//      CHECK: func.func @main(%[[X:.*]]: memref<3x?xf32>, %[[Y:.*]]: memref<3x?xf32>, %[[ARENA:.*]]: memref<?xi8>, %[[P:.*]]: memref<7xi64>) attributes {mlmodel.parameters = 3 : i64}
//      CHECK:   memref.load %[[P]]
//      CHECK:   %[[MEAN32:.*]] = arith.trunci %{{.*}} : i64 to i32
//      CHECK:   %[[MEAN:.*]] = arith.bitcast %[[MEAN32]] : i32 to f32
//      CHECK:   %[[OUT:.*]] = memref.reinterpret_cast %[[Y]] to offset: [0], sizes: [3, %[[N:.*]]], strides: [%[[N]], 1] : memref<3x?xf32> to memref<3x?xf32>
//      CHECK:   %[[IN:.*]] = memref.reinterpret_cast %[[X]] to offset: [0], sizes: [3, %[[N]]]
//      CHECK:   %[[BASE:.*]] = memref.view %[[ARENA]][%{{.*}}][] : memref<?xi8> to memref<1xf32>
//      CHECK:   %[[MID:.*]] = memref.reinterpret_cast %[[BASE]] to offset: [0], sizes: [3, %[[N]]]
//      CHECK:   memref.reinterpret_cast %[[MID]] to offset: [1], sizes: [3, {{.*}}], strides: [%{{.*}}, 1] : memref<3x?xf32> to memref<3x?xf32, strided<[?, 1], offset: 1>>
//      CHECK:   linalg.generic
// CHECK-SAME:     ins(%[[IN]], %[[MEAN]] : memref<3x?xf32>, f32)
// CHECK-SAME:     outs(%[[OUT]] : memref<3x?xf32>)
// CHECK-SAME:     attrs = {mlmodel.typical_sizes = array<i64: 3, 8>}
//  CHECK-NOT: module
module {
  module {
    func.func @main(%x: memref<3x8xf32>, %y: memref<3x8xf32>, %arena: memref<256xi8>) attributes {mlmodel.arena_bytes = 256 : i64} {
      %place = arith.constant 64 : index
      %mean = arith.constant 0.125 : f32
      %middle = memref.view %arena[%place][] : memref<256xi8> to memref<3x8xf32>
      %part = memref.subview %middle[0, 1] [3, 6] [1, 1] : memref<3x8xf32> to memref<3x6xf32, strided<[8, 1], offset: 1>>
      linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> ()>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
          ins(%x, %mean : memref<3x8xf32>, f32) outs(%y : memref<3x8xf32>) {
      ^bb0(%a: f32, %b: f32, %c: f32):
        %0 = arith.mulf %a, %b : f32
        linalg.yield %0 : f32
      }
      %zero = arith.constant 0.0 : f32
      linalg.fill ins(%zero : f32) outs(%part : memref<3x6xf32, strided<[8, 1], offset: 1>>)
      return
    }
  }
  module {
    func.func @main(%x: memref<3x16xf32>, %y: memref<3x16xf32>, %arena: memref<448xi8>) attributes {mlmodel.arena_bytes = 448 : i64} {
      %place = arith.constant 192 : index
      %mean = arith.constant 0.0625 : f32
      %middle = memref.view %arena[%place][] : memref<448xi8> to memref<3x16xf32>
      %part = memref.subview %middle[0, 1] [3, 14] [1, 1] : memref<3x16xf32> to memref<3x14xf32, strided<[16, 1], offset: 1>>
      linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> ()>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
          ins(%x, %mean : memref<3x16xf32>, f32) outs(%y : memref<3x16xf32>) {
      ^bb0(%a: f32, %b: f32, %c: f32):
        %0 = arith.mulf %a, %b : f32
        linalg.yield %0 : f32
      }
      %zero = arith.constant 0.0 : f32
      linalg.fill ins(%zero : f32) outs(%part : memref<3x14xf32, strided<[16, 1], offset: 1>>)
      return
    }
  }
}

//--- operation.mlir

// OPERATION: operation.mlir:6:7: error: is lowered in another way for other sizes
module {
  module {
    func.func @main(%x: memref<8xf32>, %y: memref<8xf32>) {
      memref.copy %x, %y : memref<8xf32> to memref<8xf32>
      return
    }
  }
  module {
    func.func @main(%x: memref<1xf32>, %y: memref<1xf32>) {
      return
    }
  }
}

//--- rank.mlir

// RANK: error: is lowered in another way for other sizes
module {
  module {
    func.func @main(%x: memref<8xf32>) {
      return
    }
  }
  module {
    func.func @main(%x: memref<8x2xf32>) {
      return
    }
  }
}

//--- global.mlir

// GLOBAL: error: is lowered in another way for other sizes
module {
  module {
    memref.global "private" constant @table : memref<2xf32> = dense<[1.0, 2.0]>
    func.func @main() {
      return
    }
  }
  module {
    memref.global "private" constant @table : memref<3xf32> = dense<[1.0, 2.0, 3.0]>
    func.func @main() {
      return
    }
  }
}
