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
  let parameters = (ins
    MLModel_Int:$inputDim,
    MLModel_Int:$outputChannels,
    MLModel_Bool:$hasBias,
    MLModel_Weights:$weights,
    MLModel_Weights:$bias);
}

def MLModel_EmbeddingNDOp : MLModel_Layer<"embedding_nd", "embeddingND", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$vocabSize,
    MLModel_Int:$embeddingSize,
    MLModel_Bool:$hasBias,
    MLModel_Weights:$weights,
    MLModel_Weights:$bias);
}

def MLModel_BatchedMatmulOp : MLModel_Layer<"batched_matmul", "batchedMatmul", 4,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>> {
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
  let parameters = (ins
    MLModel_Bool:$cosineSimilarity);
}

def MLModel_MatrixBandPartOp : MLModel_Layer<"matrix_band_part", "matrixBandPart", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$numLower,
    MLModel_Int:$numUpper);
}

def MLModel_LowerTriangularOp : MLModel_Layer<"lower_triangular", "lowerTriangular", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$k);
}

def MLModel_UpperTriangularOp : MLModel_Layer<"upper_triangular", "upperTriangular", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$k);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_LINEARALGEBRAOPS_TD
