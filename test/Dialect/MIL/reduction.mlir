// RUN: mlmodel-opt %s | mlmodel-opt | FileCheck %s

// CHECK-LABEL: @reduction
func.func @reduction(%x: tensor<2x3x?xf32>) {
  // CHECK: mil.reduce_sum {{.*}} -> tensor<f32>
  %0 = mil.reduce_sum %x : (tensor<2x3x?xf32>) -> tensor<f32>
  // CHECK: mil.reduce_sum {{.*}} -> tensor<2x3xf32>
  %1 = mil.reduce_sum %x {axes = array<i64: -1>} : (tensor<2x3x?xf32>) -> tensor<2x3xf32>
  // CHECK: mil.reduce_sum {{.*}} -> tensor<1x3x1xf32>
  %2 = mil.reduce_sum %x {axes = array<i64: 0, 2>, keep_dims = true} : (tensor<2x3x?xf32>) -> tensor<1x3x1xf32>
  // CHECK: mil.reduce_mean {{.*}} -> tensor<f32>
  %3 = mil.reduce_mean %x : (tensor<2x3x?xf32>) -> tensor<f32>
  // CHECK: mil.reduce_mean {{.*}} -> tensor<2x3xf32>
  %4 = mil.reduce_mean %x {axes = array<i64: -1>} : (tensor<2x3x?xf32>) -> tensor<2x3xf32>
  // CHECK: mil.reduce_mean {{.*}} -> tensor<1x3x1xf32>
  %5 = mil.reduce_mean %x {axes = array<i64: 0, 2>, keep_dims = true} : (tensor<2x3x?xf32>) -> tensor<1x3x1xf32>
  // CHECK: mil.reduce_max {{.*}} -> tensor<f32>
  %6 = mil.reduce_max %x : (tensor<2x3x?xf32>) -> tensor<f32>
  // CHECK: mil.reduce_max {{.*}} -> tensor<2x3xf32>
  %7 = mil.reduce_max %x {axes = array<i64: -1>} : (tensor<2x3x?xf32>) -> tensor<2x3xf32>
  // CHECK: mil.reduce_max {{.*}} -> tensor<1x3x1xf32>
  %8 = mil.reduce_max %x {axes = array<i64: 0, 2>, keep_dims = true} : (tensor<2x3x?xf32>) -> tensor<1x3x1xf32>
  // CHECK: mil.reduce_min {{.*}} -> tensor<f32>
  %9 = mil.reduce_min %x : (tensor<2x3x?xf32>) -> tensor<f32>
  // CHECK: mil.reduce_min {{.*}} -> tensor<2x3xf32>
  %10 = mil.reduce_min %x {axes = array<i64: -1>} : (tensor<2x3x?xf32>) -> tensor<2x3xf32>
  // CHECK: mil.reduce_min {{.*}} -> tensor<1x3x1xf32>
  %11 = mil.reduce_min %x {axes = array<i64: 0, 2>, keep_dims = true} : (tensor<2x3x?xf32>) -> tensor<1x3x1xf32>
  // CHECK: mil.reduce_prod {{.*}} -> tensor<f32>
  %12 = mil.reduce_prod %x : (tensor<2x3x?xf32>) -> tensor<f32>
  // CHECK: mil.reduce_prod {{.*}} -> tensor<2x3xf32>
  %13 = mil.reduce_prod %x {axes = array<i64: -1>} : (tensor<2x3x?xf32>) -> tensor<2x3xf32>
  // CHECK: mil.reduce_prod {{.*}} -> tensor<1x3x1xf32>
  %14 = mil.reduce_prod %x {axes = array<i64: 0, 2>, keep_dims = true} : (tensor<2x3x?xf32>) -> tensor<1x3x1xf32>
  // CHECK: mil.reduce_l1_norm {{.*}} -> tensor<f32>
  %15 = mil.reduce_l1_norm %x : (tensor<2x3x?xf32>) -> tensor<f32>
  // CHECK: mil.reduce_l1_norm {{.*}} -> tensor<2x3xf32>
  %16 = mil.reduce_l1_norm %x {axes = array<i64: -1>} : (tensor<2x3x?xf32>) -> tensor<2x3xf32>
  // CHECK: mil.reduce_l1_norm {{.*}} -> tensor<1x3x1xf32>
  %17 = mil.reduce_l1_norm %x {axes = array<i64: 0, 2>, keep_dims = true} : (tensor<2x3x?xf32>) -> tensor<1x3x1xf32>
  // CHECK: mil.reduce_l2_norm {{.*}} -> tensor<f32>
  %18 = mil.reduce_l2_norm %x : (tensor<2x3x?xf32>) -> tensor<f32>
  // CHECK: mil.reduce_l2_norm {{.*}} -> tensor<2x3xf32>
  %19 = mil.reduce_l2_norm %x {axes = array<i64: -1>} : (tensor<2x3x?xf32>) -> tensor<2x3xf32>
  // CHECK: mil.reduce_l2_norm {{.*}} -> tensor<1x3x1xf32>
  %20 = mil.reduce_l2_norm %x {axes = array<i64: 0, 2>, keep_dims = true} : (tensor<2x3x?xf32>) -> tensor<1x3x1xf32>
  // CHECK: mil.reduce_log_sum {{.*}} -> tensor<f32>
  %21 = mil.reduce_log_sum %x : (tensor<2x3x?xf32>) -> tensor<f32>
  // CHECK: mil.reduce_log_sum {{.*}} -> tensor<2x3xf32>
  %22 = mil.reduce_log_sum %x {axes = array<i64: -1>} : (tensor<2x3x?xf32>) -> tensor<2x3xf32>
  // CHECK: mil.reduce_log_sum {{.*}} -> tensor<1x3x1xf32>
  %23 = mil.reduce_log_sum %x {axes = array<i64: 0, 2>, keep_dims = true} : (tensor<2x3x?xf32>) -> tensor<1x3x1xf32>
  // CHECK: mil.reduce_log_sum_exp {{.*}} -> tensor<f32>
  %24 = mil.reduce_log_sum_exp %x : (tensor<2x3x?xf32>) -> tensor<f32>
  // CHECK: mil.reduce_log_sum_exp {{.*}} -> tensor<2x3xf32>
  %25 = mil.reduce_log_sum_exp %x {axes = array<i64: -1>} : (tensor<2x3x?xf32>) -> tensor<2x3xf32>
  // CHECK: mil.reduce_log_sum_exp {{.*}} -> tensor<1x3x1xf32>
  %26 = mil.reduce_log_sum_exp %x {axes = array<i64: 0, 2>, keep_dims = true} : (tensor<2x3x?xf32>) -> tensor<1x3x1xf32>
  // CHECK: mil.reduce_sum_square {{.*}} -> tensor<f32>
  %27 = mil.reduce_sum_square %x : (tensor<2x3x?xf32>) -> tensor<f32>
  // CHECK: mil.reduce_sum_square {{.*}} -> tensor<2x3xf32>
  %28 = mil.reduce_sum_square %x {axes = array<i64: -1>} : (tensor<2x3x?xf32>) -> tensor<2x3xf32>
  // CHECK: mil.reduce_sum_square {{.*}} -> tensor<1x3x1xf32>
  %29 = mil.reduce_sum_square %x {axes = array<i64: 0, 2>, keep_dims = true} : (tensor<2x3x?xf32>) -> tensor<1x3x1xf32>
  // CHECK: mil.reduce_argmax {{.*}} -> tensor<2x?xf32>
  %30 = mil.reduce_argmax %x {axis = 1 : i64} : (tensor<2x3x?xf32>) -> tensor<2x?xf32>
  // CHECK: mil.reduce_argmin {{.*}} -> tensor<2x?xf32>
  %31 = mil.reduce_argmin %x {axis = 1 : i64} : (tensor<2x3x?xf32>) -> tensor<2x?xf32>
  // CHECK: mil.cumsum
  %32 = mil.cumsum %x {axis = 2 : i64, exclusive = true, reverse = true} : tensor<2x3x?xf32>
  return
}
