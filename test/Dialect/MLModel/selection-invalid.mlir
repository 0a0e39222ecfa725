// RUN: mlmodel-opt %s --split-input-file --verify-diagnostics

func.func @topk_none(%x: tensor<*xf32>) {
  // expected-error @+1 {{K is 0, must be positive}}
  %0:2 = mlmodel.top_k <"l" -> "y0", "y1"> (%x) : (tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  return
}

// -----

func.func @topk_many(%x: tensor<4xf32>) {
  // expected-error @+1 {{K is 5, but the axis has size 4}}
  %0:2 = mlmodel.top_k <"l" -> "y0", "y1"> (%x) {K = 5 : i64} : (tensor<4xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  return
}

// -----

func.func @argsort_axis(%x: tensor<4xf32>) {
  // expected-error @+1 {{axis is 1, but the input has rank 1}}
  %0 = mlmodel.arg_sort <"l" -> "y0"> (%x) {axis = 1 : i64} : (tensor<4xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @nms_boxes(%b: tensor<1x5x3xf32>, %s: tensor<1x5x1xf32>) {
  // expected-error @+1 {{input 0 has shape 1x5x3, expected 1x5x4}}
  %0:4 = mlmodel.non_maximum_suppression <"l" -> "y0", "y1", "y2", "y3"> (%b, %s) {maxBoxes = 1 : i64} : (tensor<1x5x3xf32>, tensor<1x5x1xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  return
}

// -----

func.func @nms_scores(%b: tensor<1x5x4xf32>, %s: tensor<1x6x1xf32>) {
  // expected-error @+1 {{input 1 has shape 1x6x1, expected 1x5x1}}
  %0:4 = mlmodel.non_maximum_suppression <"l" -> "y0", "y1", "y2", "y3"> (%b, %s) {maxBoxes = 1 : i64} : (tensor<1x5x4xf32>, tensor<1x6x1xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  return
}

// -----

func.func @nms_bomb(%b: tensor<1x5x4xf32>, %s: tensor<1x5x1xf32>) {
  // expected-error @+1 {{is larger than the limit}}
  %0:4 = mlmodel.non_maximum_suppression <"l" -> "y0", "y1", "y2", "y3"> (%b, %s) {maxBoxes = 4611686018427387904 : i64} : (tensor<1x5x4xf32>, tensor<1x5x1xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  return
}
