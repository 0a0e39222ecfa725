// RUN: mlmodel-opt %s --mlmodel-share-rounds | FileCheck %s

// A call goes through the function that runs rounds, with its arguments in
// memory that is allocated once for the calling function.
// CHECK: llvm.func @mlmodel_run_rounds(!llvm.ptr, !llvm.ptr, i64)
// CHECK: llvm.func internal @kernel_rounds(%[[CONTEXT:.*]]: !llvm.ptr, %[[BEGIN:.*]]: i64, %[[END:.*]]: i64)
// CHECK: %[[P:.*]] = llvm.getelementptr %[[CONTEXT]][0]
// CHECK: %[[X:.*]] = llvm.load %[[P]] : !llvm.ptr -> !llvm.ptr
// CHECK: %[[Q:.*]] = llvm.getelementptr %[[CONTEXT]][1]
// CHECK: %[[F:.*]] = llvm.load %[[Q]] : !llvm.ptr -> f32
// CHECK: llvm.call @kernel(%[[X]], %[[F]], %[[BEGIN]], %[[END]])
llvm.func @kernel(%x: !llvm.ptr, %f: f32, %begin: i64, %end: i64) attributes {mlmodel.rounds = 40 : i64, sym_visibility = "private"} {
  llvm.return
}

llvm.func @small(%x: !llvm.ptr) {
  llvm.return
}

// CHECK-LABEL: llvm.func @main
// CHECK: %[[MEMORY:.*]] = llvm.alloca
// CHECK: llvm.br
// CHECK: llvm.store %{{.*}}, %{{.*}} : f32
// CHECK: %[[BODY:.*]] = llvm.mlir.addressof @kernel_rounds
// CHECK: llvm.call @mlmodel_run_rounds(%[[BODY]], %[[MEMORY]], %{{.*}})
// CHECK-NOT: @kernel(
// CHECK: llvm.call @small
llvm.func @main(%x: !llvm.ptr, %f: f32) {
  %begin = llvm.mlir.constant(0 : i64) : i64
  %end = llvm.mlir.constant(40 : i64) : i64
  llvm.br ^next
^next:
  llvm.call @kernel(%x, %f, %begin, %end) : (!llvm.ptr, f32, i64, i64) -> ()
  llvm.call @small(%x) : (!llvm.ptr) -> ()
  llvm.return
}
