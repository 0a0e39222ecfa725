//===- ShapeOps.td -----------------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_SHAPEOPS_TD
#define MLMODEL_DIALECT_MIL_IR_SHAPEOPS_TD

include "MLModel/Dialect/MIL/IR/MILBase.td"

def MIL_PadMode : MIL_EnumStr<["constant", "reflect", "replicate"]>;

// An operation that only moves elements: one input, one result. Negative axes
// count from the end everywhere in this chapter.
class MIL_ShapeOp<string mnemonic, dag attributes>
    : MIL_InferOp<mnemonic> {
  let arguments = !con((ins MIL_Tensor:$x), attributes);
  let results = (outs MIL_Tensor:$result);
}

//===----------------------------------------------------------------------===//
// New shape, same order
//===----------------------------------------------------------------------===//

def MIL_ReshapeOp : MIL_ShapeOp<"reshape", (ins DenseI64ArrayAttr:$shape)> {
  let summary = "the same elements in a new shape";
  let description = [{
    The elements of `x` in row-major order. In `shape`, 0 copies the dimension
    of `x` at the same position and at most one -1 is what remains.
  }];
}

def MIL_SqueezeOp : MIL_ShapeOp<"squeeze", (ins
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$axes)> {
  let summary = "drop dimensions of size 1";
  let description = [{
    Drops `axes`, which must have size 1; all such dimensions if `axes` is
    empty. A tensor that loses every dimension has rank 0.
  }];
}

def MIL_ExpandDimsOp : MIL_ShapeOp<"expand_dims", (ins
    DenseI64ArrayAttr:$axes)> {
  let summary = "insert dimensions of size 1";
  let description = [{
    `axes` are positions in the result: `[10, 5]` with axes `[0, 2]` becomes
    `[1, 10, 1, 5]`.
  }];
}

def MIL_Flatten2dOp : MIL_ShapeOp<"flatten2d", (ins
    DefaultValuedAttr<I64Attr, "1">:$axis)> {
  let summary = "flatten to a matrix";
  let description = [{
    `[d0, ..., dn]` becomes `[d0 * ... * d(axis-1), d(axis) * ... * dn]`; an
    empty product is 1, so `axis` may equal the rank.
  }];
}

//===----------------------------------------------------------------------===//
// New order
//===----------------------------------------------------------------------===//

def MIL_TransposeOp : MIL_ShapeOp<"transpose", (ins DenseI64ArrayAttr:$perm)> {
  let summary = "permute the dimensions";
  let description = "Dimension `i` of the result is dimension `perm[i]` of `x`.";
}

def MIL_ReverseOp : MIL_ShapeOp<"reverse", (ins
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$axes)> {
  let summary = "reverse the order along some axes";
  let description = "Empty `axes` reverse every axis.";
}

def MIL_ReverseSequenceOp
    : MIL_InferOp<"reverse_sequence"> {
  let summary = "reverse the first elements of each sequence";
  let description = [{
    For batch entry `b` along `batch_axis`, the first `lengths[b]` elements
    along `seq_axis` are reversed and the others stay. Lengths are clamped to
    the size of the axis.
  }];
  let arguments = (ins
    MIL_Tensor:$x,
    MIL_Tensor:$lengths,
    I64Attr:$seq_axis,
    DefaultValuedAttr<I64Attr, "0">:$batch_axis);
  let results = (outs MIL_Tensor:$result);
}

class MIL_BlockOp<string mnemonic> : MIL_ShapeOp<mnemonic, (ins
    I64Attr:$block_size)>;

def MIL_SpaceToDepthOp : MIL_BlockOp<"space_to_depth"> {
  let summary = "move spatial blocks into channels";
  let description = [{
    `[*B, C, H * b, W * b]` becomes `[*B, b * b * C, H, W]` with
    `y[(i * b + j) * C + c, h, w] = x[c, h * b + i, w * b + j]`.
  }];
}

def MIL_DepthToSpaceOp : MIL_BlockOp<"depth_to_space"> {
  let summary = "move channels into spatial blocks";
  let description = "The inverse of `mil.space_to_depth`.";
}

def MIL_PixelShuffleOp : MIL_ShapeOp<"pixel_shuffle", (ins
    I64Attr:$upscale_factor)> {
  let summary = "move channels into spatial blocks, block index innermost";
  let description = [{
    `[*B, C * f * f, H, W]` becomes `[*B, C, H * f, W * f]` with
    `y[c, h * f + i, w * f + j] = x[(c * f + i) * f + j, h, w]`.
  }];
}

def MIL_PixelUnshuffleOp : MIL_ShapeOp<"pixel_unshuffle", (ins
    I64Attr:$downscale_factor)> {
  let summary = "the inverse of mil.pixel_shuffle";
  let description = [{
    `[*B, C, H * f, W * f]` becomes `[*B, C * f * f, H, W]`.
  }];
}

//===----------------------------------------------------------------------===//
// Joining and taking apart
//===----------------------------------------------------------------------===//

def MIL_ConcatOp : MIL_InferOp<"concat"> {
  let summary = "join tensors along an axis";
  let description = [{
    The shapes agree except at `axis`. With `interleave` they agree there too,
    and element `i` of input `j` of `n` lands at position `i * n + j`.
  }];
  let arguments = (ins
    Variadic<MIL_Tensor>:$values,
    I64Attr:$axis,
    DefaultValuedAttr<BoolAttr, "false">:$interleave);
  let results = (outs MIL_Tensor:$result);
}

def MIL_SplitOp : MIL_InferOp<"split"> {
  let summary = "cut a tensor into pieces along an axis";
  let description = [{
    One result per entry of `split_sizes`, whose sum is the size of `axis`.
  }];
  let arguments = (ins
    MIL_Tensor:$x,
    DenseI64ArrayAttr:$split_sizes,
    I64Attr:$axis);
  let results = (outs Variadic<MIL_Tensor>:$pieces);
}

def MIL_StackOp : MIL_InferOp<"stack"> {
  let summary = "join tensors along a new axis";
  let description = [{
    Inputs of one shape; `axis` is the position of the new dimension in the
    result, whose size is the number of inputs.
  }];
  let arguments = (ins Variadic<MIL_Tensor>:$values, I64Attr:$axis);
  let results = (outs MIL_Tensor:$result);
}

//===----------------------------------------------------------------------===//
// More and fewer elements
//===----------------------------------------------------------------------===//

def MIL_PadOp : MIL_ShapeOp<"pad", (ins
    DenseI64ArrayAttr:$pad,
    DefaultValuedStrAttr<MIL_PadMode, "constant">:$mode,
    DefaultValuedAttr<F32Attr, "0.0f">:$constant_val)> {
  let summary = "put a border around a tensor";
  let description = [{
    `pad` holds begin and end amounts of the last `len(pad) / 2` axes. The
    border holds `constant_val` (`constant`), the nearest element (`replicate`)
    or the elements mirrored at the edge element (`reflect`; the amounts must be
    smaller than the axis).
  }];
}

def MIL_TileOp : MIL_ShapeOp<"tile", (ins DenseI64ArrayAttr:$reps)> {
  let summary = "repeat a tensor along its axes";
  let description = [{
    `y[*i] = x[*(i mod d)]`; the result has the sizes `reps[i] * d[i]`.
  }];
}

def MIL_BroadcastToOp : MIL_ShapeOp<"broadcast_to", (ins
    DenseI64ArrayAttr:$shape)> {
  let summary = "repeat dimensions of size 1";
  let description = [{
    Shapes are aligned at their ends; a dimension of `x` is 1 or equal to that
    of `shape`.
  }];
}

def MIL_SlidingWindowsOp : MIL_ShapeOp<"sliding_windows", (ins
    I64Attr:$axis, I64Attr:$size, DefaultValuedAttr<I64Attr, "1">:$stride)> {
  let summary = "overlapping windows along an axis";
  let description = [{
    `[*A, D, *B]` becomes `[*A, (D - size) / stride + 1, size, *B]` with
    `y[*a, w, k, *b] = x[*a, w * stride + k, *b]`.
  }];
}

def MIL_BandPartOp : MIL_ShapeOp<"band_part", (ins
    DefaultValuedAttr<I64Attr, "-1">:$lower,
    DefaultValuedAttr<I64Attr, "-1">:$upper)> {
  let summary = "zero outside a band of each matrix";
  let description = [{
    Keeps `x[..., m, n]` where `(lower < 0 or m - n <= lower)` and
    `(upper < 0 or n - m <= upper)`; everything else becomes zero.
  }];
}

#endif // MLMODEL_DIALECT_MIL_IR_SHAPEOPS_TD
