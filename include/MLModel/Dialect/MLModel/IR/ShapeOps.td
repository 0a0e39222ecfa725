//===- ShapeOps.td -----------------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_SHAPEOPS_TD
#define MLMODEL_DIALECT_MLMODEL_IR_SHAPEOPS_TD

include "MLModel/Dialect/MLModel/IR/LayerBase.td"

def MLModel_ReshapeOp : MLModel_Layer<"reshape", "reshape", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Ints:$targetShape,
    MLModel_Enum<["CHANNEL_FIRST", "CHANNEL_LAST"], "CHANNEL_FIRST">:$mode);
}

def MLModel_FlattenOp : MLModel_Layer<"flatten", "flatten", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Enum<["CHANNEL_FIRST", "CHANNEL_LAST"], "CHANNEL_FIRST">:$mode);
}

def MLModel_PermuteOp : MLModel_Layer<"permute", "permute", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Ints:$axis);
}

def MLModel_ConcatOp : MLModel_Layer<"concat", "concat", 1,
    MLModel_Arity<1, -1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Bool:$sequenceConcat);
}

def MLModel_SplitOp : MLModel_Layer<"split", "split", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, -1>> {
  let parameters = (ins
    MLModel_Int:$nOutputs);
}

def MLModel_SequenceRepeatOp : MLModel_Layer<"sequence_repeat", "sequenceRepeat", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$nRepetitions);
}

def MLModel_ReorganizeDataOp : MLModel_Layer<"reorganize_data", "reorganizeData", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Enum<["SPACE_TO_DEPTH", "DEPTH_TO_SPACE", "PIXEL_SHUFFLE"], "SPACE_TO_DEPTH">:$mode,
    MLModel_Int:$blockSize);
}

def MLModel_PaddingOp : MLModel_Layer<"padding", "padding", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Message:$constant,
    MLModel_Message:$reflection,
    MLModel_Message:$replication,
    MLModel_Borders:$paddingAmounts);
}

def MLModel_ConstantPadOp : MLModel_Layer<"constant_pad", "constantPad", 4,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Float:$value,
    MLModel_Ints:$padAmounts,
    MLModel_Bool:$padToGivenOutputSizeMode);
}

def MLModel_CopyOp : MLModel_Layer<"copy", "copy", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_TileOp : MLModel_Layer<"tile", "tile", 4,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Ints:$reps);
}

def MLModel_StackOp : MLModel_Layer<"stack", "stack", 4,
    MLModel_Arity<1, -1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$axis);
}

def MLModel_ReverseOp : MLModel_Layer<"reverse", "reverse", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Bools:$reverseDim);
}

def MLModel_ReverseSeqOp : MLModel_Layer<"reverse_seq", "reverseSeq", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$batchAxis,
    MLModel_Int:$sequenceAxis);
}

def MLModel_SplitNDOp : MLModel_Layer<"split_nd", "splitND", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, -1>> {
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Int:$numSplits,
    MLModel_Ints:$splitSizes);
}

def MLModel_ConcatNDOp : MLModel_Layer<"concat_nd", "concatND", 4,
    MLModel_Arity<1, -1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Bool:$interleave);
}

def MLModel_TransposeOp : MLModel_Layer<"transpose", "transpose", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Ints:$axes);
}

def MLModel_SlidingWindowsOp : MLModel_Layer<"sliding_windows", "slidingWindows", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Int:$windowSize,
    MLModel_Int:$step);
}

def MLModel_GetShapeOp : MLModel_Layer<"get_shape", "getShape", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>>;

def MLModel_BroadcastToLikeOp : MLModel_Layer<"broadcast_to_like", "broadcastToLike", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>>;

def MLModel_BroadcastToStaticOp : MLModel_Layer<"broadcast_to_static", "broadcastToStatic", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Ints:$targetShape);
}

def MLModel_BroadcastToDynamicOp : MLModel_Layer<"broadcast_to_dynamic", "broadcastToDynamic", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>>;

def MLModel_SqueezeOp : MLModel_Layer<"squeeze", "squeeze", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$squeezeAll);
}

def MLModel_ExpandDimsOp : MLModel_Layer<"expand_dims", "expandDims", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Ints:$axes);
}

def MLModel_FlattenTo2DOp : MLModel_Layer<"flatten_to2d", "flattenTo2D", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$axis);
}

def MLModel_ReshapeLikeOp : MLModel_Layer<"reshape_like", "reshapeLike", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>>;

def MLModel_ReshapeStaticOp : MLModel_Layer<"reshape_static", "reshapeStatic", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Ints:$targetShape);
}

def MLModel_ReshapeDynamicOp : MLModel_Layer<"reshape_dynamic", "reshapeDynamic", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>>;

def MLModel_RankPreservingReshapeOp : MLModel_Layer<"rank_preserving_reshape", "rankPreservingReshape", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Ints:$targetShape);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_SHAPEOPS_TD
