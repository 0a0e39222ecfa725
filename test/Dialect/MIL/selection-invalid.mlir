// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics

func.func @topk(%x: tensor<4xf32>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{k}}
  %0:2 = mil.topk %x {k = 5 : i64} : (tensor<4xf32>) -> (tensor<5xf32>, tensor<5xf32>)
  return
}

// -----

func.func @boxes(%boxes: tensor<2x10x3xf32>, %scores: tensor<2x10x3xf32>, %t: tensor<1xf32>) {
  // expected-error @+1 {{expects boxes [B, N, 4] and scores [B, N, C]}}
  %0:4 = mil.non_maximum_suppression %boxes, %scores, %t, %t {max_boxes = 7 : i64} : (tensor<2x10x3xf32>, tensor<2x10x3xf32>, tensor<1xf32>, tensor<1xf32>) -> (tensor<2x7x4xf32>, tensor<2x7x3xf32>, tensor<2x7xf32>, tensor<2xf32>)
  return
}

// -----

func.func @threshold(%boxes: tensor<2x10x4xf32>, %scores: tensor<2x10x3xf32>, %t: tensor<2xf32>) {
  // expected-error @+1 {{expects thresholds of shape [1]}}
  %0:4 = mil.non_maximum_suppression %boxes, %scores, %t, %t {max_boxes = 7 : i64} : (tensor<2x10x4xf32>, tensor<2x10x3xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<2x7x4xf32>, tensor<2x7x3xf32>, tensor<2x7xf32>, tensor<2xf32>)
  return
}

// -----

func.func @results(%boxes: tensor<2x10x4xf32>, %scores: tensor<2x10x3xf32>, %t: tensor<1xf32>) {
  // expected-error @+1 {{has results of the wrong shapes}}
  %0:4 = mil.non_maximum_suppression %boxes, %scores, %t, %t {max_boxes = 7 : i64} : (tensor<2x10x4xf32>, tensor<2x10x3xf32>, tensor<1xf32>, tensor<1xf32>) -> (tensor<2x8x4xf32>, tensor<2x7x3xf32>, tensor<2x7xf32>, tensor<2xf32>)
  return
}
