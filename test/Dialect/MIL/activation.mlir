// RUN: mlmodel-opt %s | mlmodel-opt | FileCheck %s

// CHECK-LABEL: @activation
func.func @activation(%x: tensor<1x3x4x4xf32>, %p: tensor<3xf32>, %one: tensor<1xf32>) {
  // CHECK: mil.relu %{{.*}} : tensor<1x3x4x4xf32>
  %0 = mil.relu %x : tensor<1x3x4x4xf32>
  // CHECK: mil.relu6 %{{.*}} : tensor<1x3x4x4xf32>
  %1 = mil.relu6 %x : tensor<1x3x4x4xf32>
  // CHECK: mil.leaky_relu %{{.*}} : tensor<1x3x4x4xf32>
  %2 = mil.leaky_relu %x : tensor<1x3x4x4xf32>
  // CHECK: mil.leaky_relu %{{.*}} : tensor<1x3x4x4xf32>
  %3 = mil.leaky_relu %x {alpha = 3.0 : f32} : tensor<1x3x4x4xf32>
  // CHECK: mil.thresholded_relu %{{.*}} : tensor<1x3x4x4xf32>
  %4 = mil.thresholded_relu %x {alpha = 2.0 : f32} : tensor<1x3x4x4xf32>
  // CHECK: mil.clamped_relu %{{.*}} : tensor<1x3x4x4xf32>
  %5 = mil.clamped_relu %x {alpha = 2.0 : f32, beta = 6.0 : f32} : tensor<1x3x4x4xf32>
  // CHECK: mil.linear_activation %{{.*}} : tensor<1x3x4x4xf32>
  %6 = mil.linear_activation %x {alpha = 2.0 : f32} : tensor<1x3x4x4xf32>
  // CHECK: mil.elu %{{.*}} : tensor<1x3x4x4xf32>
  %7 = mil.elu %x : tensor<1x3x4x4xf32>
  // CHECK: mil.sigmoid %{{.*}} : tensor<1x3x4x4xf32>
  %8 = mil.sigmoid %x : tensor<1x3x4x4xf32>
  // CHECK: mil.sigmoid_hard %{{.*}} : tensor<1x3x4x4xf32>
  %9 = mil.sigmoid_hard %x : tensor<1x3x4x4xf32>
  // CHECK: mil.silu %{{.*}} : tensor<1x3x4x4xf32>
  %10 = mil.silu %x : tensor<1x3x4x4xf32>
  // CHECK: mil.softplus %{{.*}} : tensor<1x3x4x4xf32>
  %11 = mil.softplus %x : tensor<1x3x4x4xf32>
  // CHECK: mil.softsign %{{.*}} : tensor<1x3x4x4xf32>
  %12 = mil.softsign %x : tensor<1x3x4x4xf32>
  // CHECK: mil.scaled_tanh %{{.*}} : tensor<1x3x4x4xf32>
  %13 = mil.scaled_tanh %x : tensor<1x3x4x4xf32>
  // CHECK: mil.gelu %{{.*}} : tensor<1x3x4x4xf32>
  %14 = mil.gelu %x : tensor<1x3x4x4xf32>
  // CHECK: mil.gelu %{{.*}} : tensor<1x3x4x4xf32>
  %15 = mil.gelu %x {mode = "TANH_APPROXIMATION"} : tensor<1x3x4x4xf32>
  // CHECK: mil.gelu %{{.*}} : tensor<1x3x4x4xf32>
  %16 = mil.gelu %x {mode = "SIGMOID_APPROXIMATION"} : tensor<1x3x4x4xf32>
  // CHECK: mil.softmax %{{.*}} : tensor<1x3x4x4xf32>
  %17 = mil.softmax %x : tensor<1x3x4x4xf32>
  // CHECK: mil.softmax %{{.*}} : tensor<1x3x4x4xf32>
  %18 = mil.softmax %x {axis = 1 : i64} : tensor<1x3x4x4xf32>
  // CHECK: mil.prelu
  %19 = mil.prelu %x, %p : (tensor<1x3x4x4xf32>, tensor<3xf32>) -> tensor<1x3x4x4xf32>
  // CHECK: mil.prelu {{.*}} {axis = -3 : i64}
  %20 = mil.prelu %x, %p {axis = -3 : i64} : (tensor<1x3x4x4xf32>, tensor<3xf32>) -> tensor<1x3x4x4xf32>
  // CHECK: mil.softplus_parametric
  %21 = mil.softplus_parametric %x, %p, %one : (tensor<1x3x4x4xf32>, tensor<3xf32>, tensor<1xf32>) -> tensor<1x3x4x4xf32>
  return
}
