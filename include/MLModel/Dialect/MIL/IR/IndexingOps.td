//===- IndexingOps.td --------------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_INDEXINGOPS_TD
#define MLMODEL_DIALECT_MIL_IR_INDEXINGOPS_TD

include "MLModel/Dialect/MIL/IR/MILBase.td"

def MIL_ScatterMode : MIL_EnumStr<
    ["update", "add", "sub", "mul", "div", "max", "min"]>;

// Index operands hold whole floats; a fraction is cut off. An index i < 0 means
// i + d on an axis of size d. What is still outside [0, d - 1] is clamped to it,
// NaN becomes 0: no index makes compiled code touch memory outside its tensors.

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

def MIL_SliceByIndexOp
    : MIL_InferOp<"slice_by_index"> {
  let summary = "a strided slice with static bounds";
  let description = [{
    Per axis the elements `begin, begin + stride, ...` before `end`, as in
    `x[begin:end:stride]` of Python: negative bounds count from the end, bounds
    outside the axis are clamped, and a negative stride walks backwards. A set
    `begin_mask` or `end_mask` means "from the first" or "to the last" in walking
    direction. A set `squeeze_mask` takes the single element `begin` and drops
    the axis. Empty lists mean stride 1 and unset masks. An empty slice is
    an error.
  }];
  let arguments = (ins
    MIL_Tensor:$x,
    DenseI64ArrayAttr:$begin,
    DenseI64ArrayAttr:$end,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$stride,
    DefaultValuedAttr<DenseBoolArrayAttr, "{}">:$begin_mask,
    DefaultValuedAttr<DenseBoolArrayAttr, "{}">:$end_mask,
    DefaultValuedAttr<DenseBoolArrayAttr, "{}">:$squeeze_mask);
  let results = (outs MIL_Tensor:$result);
  let extraClassDeclaration = [{
    /// What the slice takes from each axis.
    ::mlir::FailureOr<::llvm::SmallVector<SliceAxis>> getSlice();
  }];
}

def MIL_SliceBySizeOp : MIL_InferOp<"slice_by_size"> {
  let summary = "a slice of static size from a computed position";
  let description = [{
    `begin` is `[rank]`. `size[i]` elements from `begin[i]` on; -1 takes the
    whole axis. A negative `begin` counts from the end, and a position from
    which the slice would leave `x` is moved to the last one where it fits.
  }];
  let arguments = (ins
    MIL_Tensor:$x,
    MIL_Tensor:$begin,
    DenseI64ArrayAttr:$size);
  let results = (outs MIL_Tensor:$result);
}

//===----------------------------------------------------------------------===//
// Gather
//===----------------------------------------------------------------------===//

class MIL_GatherLikeOp<string mnemonic, dag attributes>
    : MIL_InferOp<mnemonic> {
  let arguments = !con((ins MIL_Tensor:$x, MIL_Tensor:$indices),
                       attributes);
  let results = (outs MIL_Tensor:$result);
}

def MIL_GatherOp : MIL_GatherLikeOp<"gather", (ins
    DefaultValuedAttr<I64Attr, "0">:$axis,
    DefaultValuedAttr<I64Attr, "0">:$batch_dims)> {
  let summary = "take slices along an axis";
  let description = [{
    `x` is `[*P, D, *Q]` with `D` at `axis`, `indices` `[*I]`; the result is
    `[*P, *I, *Q]` with `y[*p, *i, *q] = x[*p, indices[*i], *q]`. The first
    `batch_dims` dimensions belong to both and appear once; `batch_dims <= axis`.
  }];
}

def MIL_GatherAlongAxisOp : MIL_GatherLikeOp<"gather_along_axis", (ins
    DefaultValuedAttr<I64Attr, "0">:$axis)> {
  let summary = "take single elements along an axis";
  let description = [{
    `y[.., i, ..] = x[.., indices[.., i, ..], ..]`; the shapes of `x` and
    `indices` agree except at `axis`, the result has that of `indices`.
  }];
}

def MIL_GatherNdOp : MIL_GatherLikeOp<"gather_nd", (ins
    DefaultValuedAttr<I64Attr, "0">:$batch_dims)> {
  let summary = "take slices at multi-dimensional indices";
  let description = [{
    `indices` is `[*B, *I, K]`, `x` is `[*B, d1, ..., dK, *Q]`; the result is
    `[*B, *I, *Q]` with `y[*b, *i, *q] = x[*b, indices[*b, *i, :], *q]`, where
    `*B` are the first `batch_dims` dimensions.
  }];
}

//===----------------------------------------------------------------------===//
// Scatter
//===----------------------------------------------------------------------===//

class MIL_ScatterLikeOp<string mnemonic, dag attributes>
    : MIL_InferOp<mnemonic> {
  let arguments = !con((ins
    MIL_Tensor:$data,
    MIL_Tensor:$indices,
    MIL_Tensor:$updates), attributes, (ins
    DefaultValuedStrAttr<MIL_ScatterMode, "update">:$mode));
  let results = (outs MIL_Tensor:$result);
  // Shared by the descriptions of the scatter operations.
  string orderRule = [{
    Updates are applied one after another in row-major order, so that with
    `update` the last one at a place wins.
  }];
}

def MIL_ScatterOp : MIL_ScatterLikeOp<"scatter", (ins
    DefaultValuedAttr<I64Attr, "0">:$axis)> {
  let summary = "put slices along an axis";
  let description = [{
    The result is `data` `[*P, D, *Q]`, then for every element of `updates`
    `[*P, *I, *Q]`: `y[*p, indices[*i], *q] = mode(., updates[*p, *i, *q])`.
  }] # orderRule;
}

def MIL_ScatterAlongAxisOp : MIL_ScatterLikeOp<"scatter_along_axis", (ins
    DefaultValuedAttr<I64Attr, "0">:$axis)> {
  let summary = "put single elements along an axis";
  let description = [{
    `y[.., indices[.., i, ..], ..] = mode(., updates[.., i, ..])`; `indices` and
    `updates` have one shape, that of `data` except at `axis`.
  }] # orderRule;
}

def MIL_ScatterNdOp : MIL_ScatterLikeOp<"scatter_nd", (ins)> {
  let summary = "put slices at multi-dimensional indices";
  let description = [{
    `indices` is `[*I, K]`, `data` `[d1, ..., dK, *Q]`, `updates` `[*I, *Q]`:
    `y[indices[*i, :], *q] = mode(., updates[*i, *q])`.
  }] # orderRule;
}

//===----------------------------------------------------------------------===//
// Made from indices
//===----------------------------------------------------------------------===//

def MIL_OneHotOp : MIL_InferOp<"one_hot"> {
  let summary = "indices as unit vectors";
  let description = [{
    Inserts a dimension of size `one_hot_vector_size` at `axis` of the result,
    which holds `on_value` at the index and `off_value` elsewhere. An index
    outside the vector, negative ones included, gives only `off_value`.
  }];
  let arguments = (ins
    MIL_Tensor:$indices,
    I64Attr:$one_hot_vector_size,
    DefaultValuedAttr<I64Attr, "-1">:$axis,
    DefaultValuedAttr<F32Attr, "1.0f">:$on_value,
    DefaultValuedAttr<F32Attr, "0.0f">:$off_value);
  let results = (outs MIL_Tensor:$result);
}

def MIL_NonZeroOp : MIL_Op<"non_zero"> {
  let summary = "where the elements are that differ from 0 (MIL non_zero)";
  let description = [{
    The result `[N, rank of x]` holds the positions of the first N such elements
    in row-major order, a position in each row; rows for which there is none are
    0. N is what the result's type says: who builds the op has counted.
  }];
  let arguments = (ins MIL_Tensor:$x);
  let results = (outs MIL_Tensor:$result);
  let hasVerifier = 1;
}

#endif // MLMODEL_DIALECT_MIL_IR_INDEXINGOPS_TD
