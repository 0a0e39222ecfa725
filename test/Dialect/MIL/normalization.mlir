// RUN: mlmodel-opt %s | mlmodel-opt | FileCheck %s

// CHECK-LABEL: @normalization
func.func @normalization(%x: tensor<1x3x4x5xf32>, %p: tensor<3xf32>, %q: tensor<4x5xf32>) {
  // CHECK: mil.batch_norm
  %0 = mil.batch_norm %x, %p, %p : (tensor<1x3x4x5xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<1x3x4x5xf32>
  // CHECK: mil.batch_norm {{.*}} gamma %{{.*}} beta %{{.*}} {axis = -3 : i64}
  %1 = mil.batch_norm %x, %p, %p gamma %p beta %p {axis = -3 : i64} : (tensor<1x3x4x5xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<1x3x4x5xf32>
  // CHECK: mil.instance_norm %{{.*}} gamma %{{.*}} beta %{{.*}} :
  %2 = mil.instance_norm %x gamma %p beta %p : (tensor<1x3x4x5xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<1x3x4x5xf32>
  // CHECK: mil.layer_norm %{{.*}} beta %{{.*}} {axes = array<i64: -1, 2>}
  %3 = mil.layer_norm %x beta %q {axes = array<i64: -1, 2>} : (tensor<1x3x4x5xf32>, tensor<4x5xf32>) -> tensor<1x3x4x5xf32>
  // CHECK: mil.l2_norm
  %4 = mil.l2_norm %x {axes = array<i64: 1, 2, 3>} : (tensor<1x3x4x5xf32>) -> tensor<1x3x4x5xf32>
  // CHECK: mil.local_response_norm
  %5 = mil.local_response_norm %x {size = 5 : i64} : (tensor<1x3x4x5xf32>) -> tensor<1x3x4x5xf32>
  return
}
