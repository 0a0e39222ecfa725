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
  let summary = "the same elements as C x H x W, or Seq x C x H x W";
  let description = [{
    `[Seq, B, C, H, W]` becomes `[Seq, B, *targetShape]`; with four entries the
    first is the new sequence length. Elements are read and written with W
    innermost (CHANNEL_FIRST) or with C innermost (CHANNEL_LAST).
  }];
  let parameters = (ins
    MLModel_Ints:$targetShape,
    MLModel_Enum<["CHANNEL_FIRST", "CHANNEL_LAST"], "CHANNEL_FIRST">:$mode);
}

def MLModel_FlattenOp : MLModel_Layer<"flatten", "flatten", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "[..., C, H, W] becomes [..., C * H * W, 1, 1]";
  let description = [{
    The elements of a channel stay together (CHANNEL_FIRST), or those of a pixel
    (CHANNEL_LAST).
  }];
  let parameters = (ins
    MLModel_Enum<["CHANNEL_FIRST", "CHANNEL_LAST"], "CHANNEL_FIRST">:$mode);
}

def MLModel_PermuteOp : MLModel_Layer<"permute", "permute", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "reorder the sequence, C, H and W";
  let description = [{
    Of `[Seq, B, C, H, W]`, numbers 0, 1, 2 and 3 in `axis` stand for Seq, C, H
    and W; axis `i` of the result is axis `axis[i]` of the input. B stays, and
    no `axis` changes nothing.
  }];
  let parameters = (ins
    MLModel_Ints:$axis);
}

def MLModel_ConcatOp : MLModel_Layer<"concat", "concat", 1,
    MLModel_Arity<1, -1>, MLModel_Arity<1, 1>> {
  let summary = "join along C, or along the sequence";
  let description = [{
    Along axis -3, or -5 with `sequenceConcat`; all other sizes agree.
  }];
  let parameters = (ins
    MLModel_Bool:$sequenceConcat);
}

def MLModel_SplitOp : MLModel_Layer<"split", "split", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, -1>> {
  let summary = "cut C into nOutputs equal pieces";
  let parameters = (ins
    MLModel_Int:$nOutputs);
}

def MLModel_SequenceRepeatOp : MLModel_Layer<"sequence_repeat", "sequenceRepeat", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "repeat the sequence nRepetitions times";
  let description = [{
    `[Seq, B, C, H, W]` becomes `[nRepetitions * Seq, B, C, H, W]`; 0 means 1.
  }];
  let parameters = (ins
    MLModel_Int:$nRepetitions);
}

def MLModel_ReorganizeDataOp : MLModel_Layer<"reorganize_data", "reorganizeData", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "move spatial blocks into channels, or back";
  let description = [{
    With b = `blockSize`, SPACE_TO_DEPTH makes `[..., b * b * C, H / b, W / b]`
    of `[..., C, H, W]`; the place within the block is the outer part of the new
    channel index. DEPTH_TO_SPACE is its inverse. PIXEL_SHUFFLE does as
    DEPTH_TO_SPACE, but the place is the inner part of the channel index.
  }];
  let parameters = (ins
    MLModel_Enum<["SPACE_TO_DEPTH", "DEPTH_TO_SPACE", "PIXEL_SHUFFLE"], "SPACE_TO_DEPTH">:$mode,
    MLModel_Int:$blockSize);
}

def MLModel_PaddingOp : MLModel_Layer<"padding", "padding", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "put a border around H and W";
  let description = [{
    `[..., H, W]` grows by `paddingAmounts`: top, bottom, left, right. The border
    holds `constant.value`, the elements mirrored at the edge element
    (`reflection`), or the edge element (`replication`).
  }];
  let parameters = (ins
    MLModel_Message:$constant,
    MLModel_Message:$reflection,
    MLModel_Message:$replication,
    MLModel_Borders:$paddingAmounts);
}

def MLModel_ConstantPadOp : MLModel_Layer<"constant_pad", "constantPad", 4,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>> {
  let summary = "put a border of one value around all axes";
  let description = [{
    `padAmounts` holds the amount before and after each axis. With
    `padToGivenOutputSizeMode` they are sizes to reach instead, by a border at
    the one end whose entry is not 0. A second input replaces `padAmounts`.
  }];
  let parameters = (ins
    MLModel_Float:$value,
    MLModel_Ints:$padAmounts,
    MLModel_Bool:$padToGivenOutputSizeMode);
}

def MLModel_CopyOp : MLModel_Layer<"copy", "copy", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "the input";
}

def MLModel_TileOp : MLModel_Layer<"tile", "tile", 4,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>> {
  let summary = "repeat the input along its axes";
  let description = [{
    `reps` belongs to the last axes; a second input replaces it. The result has
    the sizes `reps[i] * d[i]`.
  }];
  let parameters = (ins
    MLModel_Ints:$reps);
}

def MLModel_StackOp : MLModel_Layer<"stack", "stack", 4,
    MLModel_Arity<1, -1>, MLModel_Arity<1, 1>> {
  let summary = "join inputs of one shape along a new axis";
  let parameters = (ins
    MLModel_Int:$axis);
}

def MLModel_ReverseOp : MLModel_Layer<"reverse", "reverse", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "reverse the order along the axes where reverseDim is true";
  let parameters = (ins
    MLModel_Bools:$reverseDim);
}

def MLModel_ReverseSeqOp : MLModel_Layer<"reverse_seq", "reverseSeq", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>> {
  let summary = "reverse the start of each sequence";
  let description = [{
    For entry `b` along `batchAxis`, the first `lengths[b]` elements along
    `sequenceAxis`; `lengths` is the second input.
  }];
  let parameters = (ins
    MLModel_Int:$batchAxis,
    MLModel_Int:$sequenceAxis);
}

def MLModel_SplitNDOp : MLModel_Layer<"split_nd", "splitND", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, -1>> {
  let summary = "cut an axis into pieces";
  let description = [{
    Of the sizes `splitSizes`; without them into `numSplits` pieces, of which the
    first are one longer where the size does not divide.
  }];
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Int:$numSplits,
    MLModel_Ints:$splitSizes);
}

def MLModel_ConcatNDOp : MLModel_Layer<"concat_nd", "concatND", 4,
    MLModel_Arity<1, -1>, MLModel_Arity<1, 1>> {
  let summary = "join along an axis";
  let description = [{
    With `interleave`, element `i` of input `j` of `n` lands at `i * n + j`.
  }];
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Bool:$interleave);
}

def MLModel_TransposeOp : MLModel_Layer<"transpose", "transpose", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "axis i of the result is axis axes[i] of the input";
  let description = [{
    If there is one entry less than the input has axes, a leading axis of size 1
    is dropped: the batch axis of an image.
  }];
  let parameters = (ins
    MLModel_Ints:$axes);
}

def MLModel_SlidingWindowsOp : MLModel_Layer<"sliding_windows", "slidingWindows", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "overlapping windows along an axis";
  let description = [{
    `[*A, D, *B]` becomes `[*A, (D - windowSize) / step + 1, windowSize, *B]`;
    element `k` of window `w` is element `w * step + k` of the axis.
  }];
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Int:$windowSize,
    MLModel_Int:$step);
}

def MLModel_GetShapeOp : MLModel_Layer<"get_shape", "getShape", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "the sizes of the input, as a vector";
}

def MLModel_BroadcastToLikeOp : MLModel_Layer<"broadcast_to_like", "broadcastToLike", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>> {
  let summary = "repeat sizes of 1 up to the shape of the second input";
}

def MLModel_BroadcastToStaticOp : MLModel_Layer<"broadcast_to_static", "broadcastToStatic", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "repeat sizes of 1 up to targetShape";
  let parameters = (ins
    MLModel_Ints:$targetShape);
}

def MLModel_BroadcastToDynamicOp : MLModel_Layer<"broadcast_to_dynamic", "broadcastToDynamic", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>> {
  let summary = "repeat sizes of 1 up to the shape that the second input holds";
}

def MLModel_SqueezeOp : MLModel_Layer<"squeeze", "squeeze", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "drop axes of size 1";
  let description = [{
    Those in `axes`, or all with `squeezeAll`. At least one axis remains.
  }];
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$squeezeAll);
}

def MLModel_ExpandDimsOp : MLModel_Layer<"expand_dims", "expandDims", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "insert axes of size 1";
  let description = [{
    `axes` are positions in the result: `[10, 5]` with 0 and 2 becomes
    `[1, 10, 1, 5]`.
  }];
  let parameters = (ins
    MLModel_Ints:$axes);
}

def MLModel_FlattenTo2DOp : MLModel_Layer<"flatten_to2d", "flattenTo2D", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "the axes before axis as one, and the others as one";
  let parameters = (ins
    MLModel_Int:$axis);
}

def MLModel_ReshapeLikeOp : MLModel_Layer<"reshape_like", "reshapeLike", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>> {
  let summary = "the same elements in the shape of the second input";
}

def MLModel_ReshapeStaticOp : MLModel_Layer<"reshape_static", "reshapeStatic", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "the same elements in the shape targetShape";
  let description = [{
    An entry of 0 copies the input's size, one of -1 is what remains.
  }];
  let parameters = (ins
    MLModel_Ints:$targetShape);
}

def MLModel_ReshapeDynamicOp : MLModel_Layer<"reshape_dynamic", "reshapeDynamic", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>> {
  let summary = "the same elements in the shape that the second input holds";
  let description = [{
    An entry of 0 copies the input's size, one of -1 is what remains.
  }];
}

def MLModel_RankPreservingReshapeOp : MLModel_Layer<"rank_preserving_reshape", "rankPreservingReshape", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "the same elements and rank in the shape targetShape";
  let description = [{
    An entry of 0 copies the input's size, one of -1 is what remains.
  }];
  let parameters = (ins
    MLModel_Ints:$targetShape);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_SHAPEOPS_TD
