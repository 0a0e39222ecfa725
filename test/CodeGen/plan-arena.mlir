// RUN: mlmodel-opt %s --split-input-file --pass-pipeline='builtin.module(func.func(mlmodel-plan-arena))' | FileCheck %s

// The third buffer is used when the first is not any more.
// CHECK-LABEL: @main
// CHECK-SAME: (%[[IN:.*]]: memref<16xf32>, %[[OUT:.*]]: memref<16xf32>, %[[ARENA:.*]]: memref<128xi8>) attributes {mlmodel.arena_bytes = 128 : i64}
func.func @main(%in: memref<16xf32>, %out: memref<16xf32>) {
  // CHECK-NOT: memref.alloc
  // CHECK: %[[O0:.*]] = arith.constant 0 : index
  // CHECK: %[[A:.*]] = memref.view %[[ARENA]][%[[O0]]][] : memref<128xi8> to memref<16xf32>
  %a = memref.alloc() : memref<16xf32>
  memref.copy %in, %a : memref<16xf32> to memref<16xf32>
  // CHECK: %[[O1:.*]] = arith.constant 64 : index
  // CHECK: %[[B:.*]] = memref.view %[[ARENA]][%[[O1]]][] : memref<128xi8> to memref<16xf32>
  %b = memref.alloc() : memref<16xf32>
  // CHECK: memref.copy %[[A]], %[[B]]
  memref.copy %a, %b : memref<16xf32> to memref<16xf32>
  // CHECK: %[[O2:.*]] = arith.constant 0 : index
  // CHECK: %[[C:.*]] = memref.view %[[ARENA]][%[[O2]]][] : memref<128xi8> to memref<16xf32>
  %c = memref.alloc() : memref<16xf32>
  // CHECK: memref.copy %[[B]], %[[C]]
  memref.copy %b, %c : memref<16xf32> to memref<16xf32>
  memref.copy %c, %out : memref<16xf32> to memref<16xf32>
  return
}

// -----

// A view keeps its buffer alive. Sizes that are no multiple of 64 are rounded
// up; small elements take whole bytes.
// CHECK-LABEL: @main
// CHECK-SAME: memref<192xi8>) attributes {mlmodel.arena_bytes = 192 : i64}
func.func @main(%out: memref<4xf32>) {
  // CHECK: arith.constant 0 : index
  %a = memref.alloc() : memref<17xf32>
  %view = memref.subview %a[0] [4] [1] : memref<17xf32> to memref<4xf32, strided<[1]>>
  // CHECK: arith.constant 128 : index
  %b = memref.alloc() : memref<3xi1>
  %true = arith.constant true
  %zero = arith.constant 0 : index
  memref.store %true, %b[%zero] : memref<3xi1>
  memref.copy %view, %out : memref<4xf32, strided<[1]>> to memref<4xf32>
  return
}

// -----

// What a round of a loop needs for itself moves, what it hands on stays. A
// buffer that a loop starts from is in use as long as the loop's result is.
// CHECK-LABEL: @main
// CHECK-SAME: %[[ARENA:[a-z0-9]+]]: memref<128xi8>)
func.func @main(%out: memref<16xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK: memref.view %[[ARENA]]
  %first = memref.alloc() : memref<16xf32>
  // CHECK: scf.for
  %last = scf.for %i = %c0 to %n step %c1 iter_args(%old = %first) -> memref<16xf32> {
    // CHECK: memref.view %[[ARENA]]
    %own = memref.alloc() : memref<16xf32>
    memref.copy %old, %own : memref<16xf32> to memref<16xf32>
    // CHECK: memref.alloc() : memref<16xf32>
    %new = memref.alloc() : memref<16xf32>
    memref.copy %own, %new : memref<16xf32> to memref<16xf32>
    scf.yield %new : memref<16xf32>
  }
  // CHECK: memref.view %[[ARENA]]
  %other = memref.alloc() : memref<16xf32>
  memref.copy %last, %other : memref<16xf32> to memref<16xf32>
  memref.copy %other, %out : memref<16xf32> to memref<16xf32>
  return
}

// -----

// A branch is taken once at most: its buffer may leave it.
// CHECK-LABEL: @main
// CHECK-NOT: memref.alloc
// CHECK: return
func.func @main(%out: memref<16xf32>, %c: i1) {
  %0 = scf.if %c -> memref<16xf32> {
    %a = memref.alloc() : memref<16xf32>
    scf.yield %a : memref<16xf32>
  } else {
    %b = memref.alloc() : memref<16xf32>
    scf.yield %b : memref<16xf32>
  }
  memref.copy %0, %out : memref<16xf32> to memref<16xf32>
  return
}

// -----

// Sizes that are not known, and buffers that the caller gets, stay.
// CHECK-LABEL: @main
// CHECK-NOT: arena
// CHECK: memref.alloc(%{{.*}}) : memref<?xf32>
// CHECK: memref.alloc() : memref<4xf32>
func.func @main(%n: index) -> memref<4xf32> {
  %a = memref.alloc(%n) : memref<?xf32>
  memref.dealloc %a : memref<?xf32>
  %b = memref.alloc() : memref<4xf32>
  return %b : memref<4xf32>
}

// -----

// Only the entry point has an arena.
// CHECK-LABEL: @helper
// CHECK: memref.alloc() : memref<4xf32>
func.func private @helper(%out: memref<4xf32>) {
  %a = memref.alloc() : memref<4xf32>
  memref.copy %a, %out : memref<4xf32> to memref<4xf32>
  return
}

// -----

// Nobody knows where this view leads.
// CHECK-LABEL: @main
// CHECK: memref.alloc() : memref<4xf32>
func.func @main(%out: memref<4xf32>) {
  %a = memref.alloc() : memref<4xf32>
  %b = builtin.unrealized_conversion_cast %a : memref<4xf32> to memref<4x1xf32>
  %c = builtin.unrealized_conversion_cast %b : memref<4x1xf32> to memref<4xf32>
  memref.copy %c, %out : memref<4xf32> to memref<4xf32>
  return
}

// -----

// A choice between two buffers is both.
// CHECK-LABEL: @main
// CHECK-SAME: memref<192xi8>)
func.func @main(%out: memref<4xf32>, %c: i1) {
  %a = memref.alloc() : memref<4xf32>
  %b = memref.alloc() : memref<4xf32>
  memref.copy %out, %a : memref<4xf32> to memref<4xf32>
  memref.copy %out, %b : memref<4xf32> to memref<4xf32>
  %chosen = arith.select %c, %a, %b : memref<4xf32>
  %other = memref.alloc() : memref<4xf32>
  memref.copy %out, %other : memref<4xf32> to memref<4xf32>
  memref.copy %other, %out : memref<4xf32> to memref<4xf32>
  memref.copy %chosen, %out : memref<4xf32> to memref<4xf32>
  return
}
