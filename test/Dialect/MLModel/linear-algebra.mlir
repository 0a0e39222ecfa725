// RUN: mlmodel-opt %s --mlmodel-infer-shapes | FileCheck %s

mlmodel.model attributes {specificationVersion = 4 : i64} {
  mlmodel.network attributes {inputNames = ["x", "v", "i", "j", "m"], outputNames = ["y"]} {
  ^bb0(%x: tensor<5x6x2x3x4xf32>, %v: tensor<10xf32>, %i: tensor<7x1x1x1xf32>, %j: tensor<7x1xf32>, %m: tensor<2x10x3xf32>):
    // From rank 4 on, the last three axes are one vector.
    // CHECK: mlmodel.inner_product <"ip5" {{.*}} -> tensor<5x6x2x1x1xf32>
    %0 = mlmodel.inner_product <"ip5" -> "ip5"> (%x) {inputChannels = 24 : i64, outputChannels = 2 : i64, weights = #mlmodel.weights<dense<0.0> : tensor<48xf32>>} : (tensor<5x6x2x3x4xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.inner_product <"ip1" {{.*}} -> tensor<2xf32>
    %1 = mlmodel.inner_product <"ip1" -> "ip1"> (%v) {inputChannels = 10 : i64, outputChannels = 2 : i64, weights = #mlmodel.weights<dense<0> : tensor<10xui8>, #mlmodel.linear<bits = 4, scale = [1.0, 2.0]>>} : (tensor<10xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.embedding <"e" {{.*}} -> tensor<7x4x1x1xf32>
    %2 = mlmodel.embedding <"e" -> "e"> (%i) {inputDim = 9 : i64, outputChannels = 4 : i64, weights = #mlmodel.weights<dense<0.0> : tensor<36xf16>>} : (tensor<7x1x1x1xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.embedding_nd <"n" {{.*}} -> tensor<7x4xf32>
    %3 = mlmodel.embedding_nd <"n" -> "n"> (%j) {vocabSize = 9 : i64, embeddingSize = 4 : i64, weights = #mlmodel.weights<dense<0.0> : tensor<36xf32>>} : (tensor<7x1xf32>) -> tensor<*xf32>
    // A vector is a row on the left; the new axis stays.
    // CHECK: mlmodel.batched_matmul <"mm" {{.*}} -> tensor<2x1x3xf32>
    %4 = mlmodel.batched_matmul <"mm" -> "mm"> (%v, %m) : (tensor<10xf32>, tensor<2x10x3xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.batched_matmul <"mw" {{.*}} -> tensor<2x10x5xf32>
    %5 = mlmodel.batched_matmul <"mw" -> "mw"> (%m) {weightMatrixFirstDimension = 3 : i64, weightMatrixSecondDimension = 5 : i64, weights = #mlmodel.weights<dense<0.0> : tensor<15xf32>>} : (tensor<2x10x3xf32>) -> tensor<*xf32>
    // CHECK: mlmodel.dot <"d" {{.*}} -> tensor<7x1x1x1xf32>
    %6 = mlmodel.dot <"d" -> "d"> (%i, %i) {cosineSimilarity = true} : (tensor<7x1x1x1xf32>, tensor<7x1x1x1xf32>) -> tensor<*xf32>
    mlmodel.output %6 : tensor<*xf32>
  }
}
