//===- SelectionOps.td - mil ops: Selection ----------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_SELECTIONOPS_TD
#define MLMODEL_DIALECT_MIL_IR_SELECTIONOPS_TD

include "MLModel/Dialect/MIL/IR/MILBase.td"

def MIL_ArgsortOp : MIL_InferOp<"argsort"> {
  let summary = "the indices that sort along an axis (MIL argsort)";
  let description = [{
    Of equal elements the one with the lower index comes first, whether
    `ascending` or not. Positive NaN is the greatest element.
  }];
  let arguments = (ins
    MIL_Tensor:$x,
    DefaultValuedAttr<MIL_Int, "-1">:$axis,
    DefaultValuedAttr<BoolAttr, "false">:$ascending);
  let results = (outs MIL_Tensor:$result);
}

def MIL_TopkOp : MIL_InferOp<"topk"> {
  let summary = "the k first elements of a sorted axis (MIL topk)";
  let description = [{
    The `k` greatest elements along `axis`, from the greatest on, and where they
    are; with `ascending` the least ones. Order as with `mil.argsort`.
  }];
  let arguments = (ins
    MIL_Tensor:$x,
    MIL_Int:$k,
    DefaultValuedAttr<MIL_Int, "-1">:$axis,
    DefaultValuedAttr<BoolAttr, "false">:$ascending);
  let results = (outs MIL_Tensor:$values, MIL_Tensor:$indices);
}

def MIL_NonMaximumSuppressionOp : MIL_Op<"non_maximum_suppression"> {
  let summary = "of boxes that overlap, the best one "
                "(MIL non_maximum_suppression)";
  let description = [{
    `boxes` is `[B, N, 4]` (centre x, centre y, width, height), `scores`
    `[B, N, C]`; a box has the greatest of its scores, and that one's class.
    From the best on, a box whose score is above `score_threshold` is kept
    unless it overlaps a kept one (with `per_class_suppression`, one of its
    class): intersection over union above `iou_threshold`. The best box is
    always kept. With M = `max_boxes` the results are

    - the kept boxes `[B, M, 4]` and their scores `[B, M, C]`, the rest is 0,
    - their indices `[B, M]`, the rest is -1,
    - how many there are `[B]`.
  }];
  let arguments = (ins
    MIL_Tensor:$boxes,
    MIL_Tensor:$scores,
    MIL_Tensor:$iou_threshold,
    MIL_Tensor:$score_threshold,
    MIL_Int:$max_boxes,
    DefaultValuedAttr<BoolAttr, "false">:$per_class_suppression);
  let results = (outs MIL_Tensor:$kept, MIL_Tensor:$kept_scores,
                      MIL_Tensor:$indices, MIL_Tensor:$count);
  let hasVerifier = 1;
}

#endif // MLMODEL_DIALECT_MIL_IR_SELECTIONOPS_TD
