// RUN: mlmodel-opt %s --mlmodel-outline-kernels | FileCheck %s

// Equal layers share a function, whose buffers do not overlap; constants move
// into it.
// CHECK: func.func private @kernel_0(%{{.*}}: memref<8xf32> {llvm.noalias}, %{{.*}}: memref<8xf32> {llvm.noalias}) attributes {llvm.bareptr, passthrough = ["noinline", "nounwind"]}
// CHECK-NEXT: arith.constant 2.0
// CHECK: arith.mulf
// Views of one buffer may overlap.
// CHECK: func.func private @kernel_1(%{{[a-z0-9]*}}: memref<4xf32, strided<[1]>>, %{{[a-z0-9]*}}: memref<4xf32, strided<[1], offset: 4>>)
// CHECK-LABEL: func.func @main
// CHECK: call @kernel_0(%arg0, %arg1)
// CHECK: call @kernel_0(%arg1, %arg2)
// CHECK: call @kernel_1
func.func @main(%a: memref<8xf32>, %b: memref<8xf32>, %c: memref<8xf32>) {
  %two = arith.constant 2.0 : f32
  linalg.generic {
    indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
    iterator_types = ["parallel"]
  } ins(%a : memref<8xf32>) outs(%b : memref<8xf32>) {
  ^bb0(%x: f32, %y: f32):
    %0 = arith.mulf %x, %two : f32
    linalg.yield %0 : f32
  }
  linalg.generic {
    indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
    iterator_types = ["parallel"]
  } ins(%b : memref<8xf32>) outs(%c : memref<8xf32>) {
  ^bb0(%x: f32, %y: f32):
    %0 = arith.mulf %x, %two : f32
    linalg.yield %0 : f32
  }
  %low = memref.subview %c[0] [4] [1] : memref<8xf32> to memref<4xf32, strided<[1]>>
  %high = memref.subview %c[4] [4] [1] : memref<8xf32> to memref<4xf32, strided<[1], offset: 4>>
  linalg.generic {
    indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
    iterator_types = ["parallel"]
  } ins(%low : memref<4xf32, strided<[1]>>) outs(%high : memref<4xf32, strided<[1], offset: 4>>) {
  ^bb0(%x: f32, %y: f32):
    %0 = arith.addf %x, %two : f32
    linalg.yield %0 : f32
  }
  return
}

// Sizes that are not known are passed behind the pointers.
// CHECK-LABEL: @dynamic
//   CHECK-DAG: %[[A:.*]] = memref.reinterpret_cast %arg0 to offset: [0], sizes: [1], strides: [1] : memref<?xf32> to memref<1xf32>
//   CHECK-DAG: %[[B:.*]] = memref.reinterpret_cast %arg1 to offset: [0], sizes: [1], strides: [1] : memref<?xf32> to memref<1xf32>
//       CHECK: call @kernel_2(%[[A]], %[[B]], %{{.*}}, %{{.*}}) : (memref<1xf32>, memref<1xf32>, index, index) -> ()
func.func @dynamic(%a: memref<?xf32>, %b: memref<?xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
    iterator_types = ["parallel"]
  } ins(%a : memref<?xf32>) outs(%b : memref<?xf32>) {
  ^bb0(%x: f32, %y: f32):
    linalg.yield %x : f32
  }
  return
}
