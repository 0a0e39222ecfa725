//===- SelectionOps.td -------------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_SELECTIONOPS_TD
#define MLMODEL_DIALECT_MLMODEL_IR_SELECTIONOPS_TD

include "MLModel/Dialect/MLModel/IR/LayerBase.td"

def MLModel_TopKOp : MLModel_Layer<"top_k", "topK", 4,
    MLModel_Arity<1, 2>, MLModel_Arity<2, 2>> {
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Int:$K,
    MLModel_Bool:$useBottomK);
}

def MLModel_ArgSortOp : MLModel_Layer<"arg_sort", "argSort", 5,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Bool:$descending);
}

def MLModel_NonMaximumSuppressionOp : MLModel_Layer<"non_maximum_suppression", "NonMaximumSuppression", 4,
    MLModel_Arity<2, 5>, MLModel_Arity<4, 4>> {
  let parameters = (ins
    MLModel_Float:$iouThreshold,
    MLModel_Float:$scoreThreshold,
    MLModel_Int:$maxBoxes,
    MLModel_Bool:$perClassSuppression);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_SELECTIONOPS_TD
