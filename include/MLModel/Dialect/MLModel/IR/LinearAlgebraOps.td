//===- LinearAlgebraOps.td ---------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_LINEARALGEBRAOPS_TD
#define MLMODEL_DIALECT_MLMODEL_IR_LINEARALGEBRAOPS_TD

include "MLModel/Dialect/MLModel/IR/LayerBase.td"

def MLModel_InnerProductOp : MLModel_Layer<"inner_product", "innerProduct", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "a fully connected layer: W * x + b";
  let description = [{
    Up to rank 3 vectors run along the last axis: `[..., Cin]` becomes `[...,
    Cout]`. From rank 4 on the last three axes are one vector of `Cin` elements:
    `[..., C, H, W]` becomes `[..., Cout, 1, 1]`. Weights are `[Cout, Cin]`.
    `int8DynamicQuantize` asks for signed bytes as weights, with one scale.
  }];
  let parameters = (ins
    MLModel_Int:$inputChannels,
    MLModel_Int:$outputChannels,
    MLModel_Bool:$hasBias,
    MLModel_Weights:$weights,
    MLModel_Weights:$bias,
    MLModel_Bool:$int8DynamicQuantize);
}

def MLModel_EmbeddingOp : MLModel_Layer<"embedding", "embedding", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "rows of a table, looked up by index";
  let description = [{
    `[..., 1, 1, 1]` becomes `[..., outputChannels, 1, 1]`. Weights are
    `[outputChannels, inputDim]`: an index picks a column.
  }];
  let parameters = (ins
    MLModel_Int:$inputDim,
    MLModel_Int:$outputChannels,
    MLModel_Bool:$hasBias,
    MLModel_Weights:$weights,
    MLModel_Weights:$bias);
}

def MLModel_EmbeddingNDOp : MLModel_Layer<"embedding_nd", "embeddingND", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "rows of a table, looked up by index";
  let description = [{
    `[..., 1]` becomes `[..., embeddingSize]`. Weights are `[embeddingSize,
    vocabSize]`: an index picks a column.
  }];
  let parameters = (ins
    MLModel_Int:$vocabSize,
    MLModel_Int:$embeddingSize,
    MLModel_Bool:$hasBias,
    MLModel_Weights:$weights,
    MLModel_Weights:$bias);
}

def MLModel_BatchedMatmulOp : MLModel_Layer<"batched_matmul", "batchedMatmul", 4,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>> {
  let summary = "matrix product of two inputs, or of one with weights";
  let description = [{
    Two inputs `[..., M, K]` and `[..., K, N]` give `[..., M, N]`; the leading
    axes broadcast, and a vector counts as the row `[1, K]` on the left and the
    column `[K, 1]` on the right. `transposeA` and `transposeB` swap the last two
    axes of an input first.

    One input `[..., X1]` gives `[..., X2]`. The matrix is `[X1, X2]`, the file
    holds its transpose.
  }];
  let parameters = (ins
    MLModel_Bool:$transposeA,
    MLModel_Bool:$transposeB,
    MLModel_Int:$weightMatrixFirstDimension,
    MLModel_Int:$weightMatrixSecondDimension,
    MLModel_Bool:$hasBias,
    MLModel_Weights:$weights,
    MLModel_Weights:$bias,
    MLModel_Bool:$int8DynamicQuantize);
}

def MLModel_DotOp : MLModel_Layer<"dot", "dot", 1,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>> {
  let summary = "dot product over the channels";
  let description = [{
    `[..., C, 1, 1]` twice becomes `[..., 1, 1, 1]`; divided by both vectors'
    lengths with `cosineSimilarity`.
  }];
  let parameters = (ins
    MLModel_Bool:$cosineSimilarity);
}

def MLModel_MatrixBandPartOp : MLModel_Layer<"matrix_band_part", "matrixBandPart", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "keeps a band around the diagonal of matrices";
  let description = [{
    Keeps `x[..., m, n]` where `m - n <= numLower` and `n - m <= numUpper`, a
    negative bound meaning all; the rest becomes 0.
  }];
  let parameters = (ins
    MLModel_Int:$numLower,
    MLModel_Int:$numUpper);
}

def MLModel_LowerTriangularOp : MLModel_Layer<"lower_triangular", "lowerTriangular", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "keeps x[..., m, n] where n - m <= k; the rest becomes 0";
  let parameters = (ins
    MLModel_Int:$k);
}

def MLModel_UpperTriangularOp : MLModel_Layer<"upper_triangular", "upperTriangular", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "keeps x[..., m, n] where n - m >= k; the rest becomes 0";
  let parameters = (ins
    MLModel_Int:$k);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_LINEARALGEBRAOPS_TD
