// RUN: mlmodel-opt %s --mlmodel-split-kernels=least-cycles=1000 | FileCheck %s

// Four rounds are too few to share evenly: with those of the inner loop there
// are 40. What the outer round does for the inner ones is done where either
// end of the range cuts it.
// CHECK-LABEL: func.func private @nested
// CHECK-SAME: %[[Y:[a-z0-9]*]]: memref<4x10xf32>, %[[BEGIN:[a-z0-9]*]]: index, %[[END:[a-z0-9]*]]: index)
// CHECK-SAME: mlmodel.rounds = 40 : i64
// CHECK-DAG: %[[FIRST:.*]] = arith.divsi %[[BEGIN]], %[[TEN:.*]] : index
// CHECK-DAG: %[[LAST:.*]] = arith.divsi %{{.*}}, %{{.*}} : index
// CHECK: scf.for %[[O:.*]] = %[[FIRST]] to %[[LAST]] step
// CHECK:   %[[BEFORE:.*]] = arith.muli %[[O]]
// CHECK:   %[[REST:.*]] = arith.subi %[[BEGIN]], %[[BEFORE]]
// CHECK:   %[[I0:.*]] = arith.maxsi %[[REST]]
// CHECK:   %[[LEFT:.*]] = arith.subi %[[END]], %[[BEFORE]]
// CHECK:   %[[I1:.*]] = arith.minsi %[[LEFT]]
// CHECK:   memref.store %{{.*}}, %alloca
// CHECK:   scf.for %{{.*}} = %[[I0]] to %[[I1]] step
// CHECK-NOT: mlmodel.independent
func.func private @nested(%y: memref<4x10xf32>) attributes {llvm.bareptr, mlmodel.cycles = 5000 : i64} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c10 = arith.constant 10 : index
  %v = arith.constant 1.0 : f32
  %scratch = memref.alloca() : memref<1xf32>
  scf.for %o = %c0 to %c4 step %c1 {
    memref.store %v, %scratch[%c0] : memref<1xf32>
    scf.for %i = %c0 to %c10 step %c1 {
      %0 = memref.load %scratch[%c0] : memref<1xf32>
      memref.store %0, %y[%o, %i] : memref<4x10xf32>
    } {mlmodel.independent = 1 : i64}
  } {mlmodel.independent = 1 : i64}
  return
}

// Where inner rounds share what is computed for all of them, and the outer
// loop has rounds enough, that is not computed twice.
// CHECK-LABEL: func.func private @shared
// CHECK-SAME: mlmodel.rounds = 12 : i64
// CHECK: scf.for %{{.*}} = %arg1 to %arg2
// CHECK:   scf.for %{{.*}} = %c0 to %c10
// CHECK:   scf.for %{{.*}} = %c0 to %c10
func.func private @shared(%y: memref<12x10xf32>) attributes {llvm.bareptr, mlmodel.cycles = 5000 : i64} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c12 = arith.constant 12 : index
  %c10 = arith.constant 10 : index
  %v = arith.constant 1.0 : f32
  %scratch = memref.alloca() : memref<10xf32>
  scf.for %o = %c0 to %c12 step %c1 {
    scf.for %i = %c0 to %c10 step %c1 {
      memref.store %v, %scratch[%i] : memref<10xf32>
    }
    scf.for %i = %c0 to %c10 step %c1 {
      %0 = memref.load %scratch[%i] : memref<10xf32>
      memref.store %0, %y[%o, %i] : memref<12x10xf32>
    } {mlmodel.independent = 1 : i64}
  } {mlmodel.independent = 1 : i64}
  return
}

// Two loops over parts of the results, such as the tiles of two sizes: the
// first has rounds 0 to 3, the second the others. Rounds of the second come in
// groups of 8.
// CHECK-LABEL: func.func private @parts
// CHECK-SAME: mlmodel.rounds = 7 : i64
// CHECK: %[[END0:.*]] = arith.minsi
// CHECK: scf.for
// CHECK: arith.addi %arg1, %c-3
// CHECK: scf.for
func.func private @parts(%y: memref<40xf32>) attributes {llvm.bareptr, mlmodel.cycles = 5000 : i64} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c12 = arith.constant 12 : index
  %c40 = arith.constant 40 : index
  %v = arith.constant 1.0 : f32
  scf.for %i = %c0 to %c12 step %c4 {
    memref.store %v, %y[%i] : memref<40xf32>
  } {mlmodel.independent = 1 : i64}
  scf.for %i = %c12 to %c40 step %c1 {
    memref.store %v, %y[%i] : memref<40xf32>
  } {mlmodel.independent = 8 : i64}
  return
}

// Too short, and not all that changes memory is in the loop.
// CHECK-LABEL: func.func private @short(%{{[a-z0-9]*}}: memref<40xf32>) attributes {llvm.bareptr}
// CHECK-NOT: mlmodel.independent
// CHECK-LABEL: func.func private @outside(%{{[a-z0-9]*}}: memref<40xf32>) attributes {llvm.bareptr}
// CHECK-NOT: mlmodel.independent
func.func private @short(%y: memref<40xf32>) attributes {llvm.bareptr, mlmodel.cycles = 999 : i64} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c40 = arith.constant 40 : index
  %v = arith.constant 1.0 : f32
  scf.for %i = %c0 to %c40 step %c1 {
    memref.store %v, %y[%i] : memref<40xf32>
  } {mlmodel.independent = 1 : i64}
  return
}
func.func private @outside(%y: memref<40xf32>) attributes {llvm.bareptr, mlmodel.cycles = 5000 : i64} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c40 = arith.constant 40 : index
  %v = arith.constant 1.0 : f32
  memref.store %v, %y[%c0] : memref<40xf32>
  scf.for %i = %c1 to %c40 step %c1 {
    memref.store %v, %y[%i] : memref<40xf32>
  } {mlmodel.independent = 1 : i64}
  return
}

// Calls ask for all rounds.
// CHECK-LABEL: func.func @main
// CHECK: call @nested(%{{.*}}, %c0{{.*}}, %c40{{.*}}) : (memref<4x10xf32>, index, index) -> ()
// CHECK: call @short(%{{[a-z0-9]*}}) :
func.func @main(%a: memref<4x10xf32>, %b: memref<12x10xf32>, %c: memref<40xf32>) {
  call @nested(%a) : (memref<4x10xf32>) -> ()
  call @shared(%b) : (memref<12x10xf32>) -> ()
  call @parts(%c) : (memref<40xf32>) -> ()
  call @short(%c) : (memref<40xf32>) -> ()
  call @outside(%c) : (memref<40xf32>) -> ()
  return
}
