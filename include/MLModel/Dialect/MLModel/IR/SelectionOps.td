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
  let summary = "the K greatest elements along an axis, and where they are";
  let description = [{
    From the greatest on; the least ones with `useBottomK`. A second input
    replaces `K`.
  }];
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Int:$K,
    MLModel_Bool:$useBottomK);
}

def MLModel_ArgSortOp : MLModel_Layer<"arg_sort", "argSort", 5,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "the indices that sort along an axis";
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Bool:$descending);
}

def MLModel_NonMaximumSuppressionOp : MLModel_Layer<"non_maximum_suppression", "NonMaximumSuppression", 4,
    MLModel_Arity<2, 5>, MLModel_Arity<4, 4>> {
  let summary = "of boxes that overlap, the best one";
  let description = [{
    Inputs are boxes `[B, N, 4]` (centre x, centre y, width, height) and scores
    `[B, N, C]`; further inputs replace `iouThreshold`, `scoreThreshold` and
    `maxBoxes`. Outputs are the boxes that stay `[B, maxBoxes, 4]`, their scores
    `[B, maxBoxes, C]` and indices `[B, maxBoxes]`, padded with 0, 0 and -1, and
    their number `[B]`, which is at least 1. A box has the greatest of its
    scores. It stays if that is above `scoreThreshold` and no better box that
    stays, with `perClassSuppression` of its class, shares more than
    `iouThreshold` of the area of both.
  }];
  let parameters = (ins
    MLModel_Float:$iouThreshold,
    MLModel_Float:$scoreThreshold,
    MLModel_Int:$maxBoxes,
    MLModel_Bool:$perClassSuppression);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_SELECTIONOPS_TD
