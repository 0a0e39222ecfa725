// RUN: mlmodel-opt %s -mlmodel-expand-math | FileCheck %s

// Two products with powers of two, so that 2^n may be out of range.
// CHECK-LABEL: @exp
func.func @exp(%x: f32) -> f32 {
  // CHECK-NOT: math.
  // CHECK: arith.cmpf olt, %arg0
  // CHECK: arith.mulf {{.*}} fastmath<contract> : f32
  // CHECK: arith.bitcast {{.*}} : f32 to i32
  // CHECK-COUNT-2: arith.bitcast {{.*}} : i32 to f32
  // CHECK: return
  %0 = math.exp %x : f32
  return %0 : f32
}

// Vectors stay vectors: nothing is called for each lane, nothing branches.
// CHECK-LABEL: @vectors
func.func @vectors(%x: vector<4xf32>, %y: vector<16xf32>)
    -> (vector<4xf32>, vector<16xf32>, vector<16xf32>) {
  // CHECK-NOT: math.{{tanh|erf}}
  // CHECK-NOT: scf.
  // CHECK: arith.divf {{.*}} : vector<4xf32>
  // CHECK: math.copysign {{.*}}, %arg0 : vector<4xf32>
  // CHECK: arith.divf {{.*}} : vector<16xf32>
  // CHECK: arith.select {{.*}} : vector<16xi1>, vector<16xf32>
  // CHECK: return
  %0 = math.tanh %x : vector<4xf32>
  %1 = math.erf %y : vector<16xf32>
  %2 = math.erfc %y : vector<16xf32>
  return %0, %1, %2 : vector<4xf32>, vector<16xf32>, vector<16xf32>
}

// What has no float32 is left to the library, and so are other functions.
// CHECK-LABEL: @others
func.func @others(%x: f64, %y: f32) -> (f64, f32) {
  // CHECK: math.exp %arg0 : f64
  // CHECK: math.sin %arg1 : f32
  %0 = math.exp %x : f64
  %1 = math.sin %y : f32
  return %0, %1 : f64, f32
}
