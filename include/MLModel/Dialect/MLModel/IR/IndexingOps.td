//===- IndexingOps.td --------------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_INDEXINGOPS_TD
#define MLMODEL_DIALECT_MLMODEL_IR_INDEXINGOPS_TD

include "MLModel/Dialect/MLModel/IR/LayerBase.td"

def MLModel_SliceOp : MLModel_Layer<"slice", "slice", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "a part of C, H or W";
  let description = [{
    The elements `startIndex, startIndex + stride, ...` before `endIndex`.
    Negative bounds count from the end, those outside the axis are clamped.
  }];
  let parameters = (ins
    MLModel_Int:$startIndex,
    MLModel_Int:$endIndex,
    MLModel_Int:$stride,
    MLModel_Enum<["CHANNEL_AXIS", "HEIGHT_AXIS", "WIDTH_AXIS"], "CHANNEL_AXIS">:$axis);
}

def MLModel_SliceStaticOp : MLModel_Layer<"slice_static", "sliceStatic", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "a box of the input, with steps";
  let description = [{
    As `x[begin:end:stride]` of Python in each axis: negative bounds count from
    the end, those outside the axis are clamped, a negative stride walks
    backwards. Masks replace `beginIds` by the first and `endIds` by the last
    element in that direction. An axis with a true `squeezeMasks` keeps only
    the element `beginIds` and vanishes.
  }];
  let parameters = (ins
    MLModel_Ints:$beginIds,
    MLModel_Bools:$beginMasks,
    MLModel_Ints:$endIds,
    MLModel_Bools:$endMasks,
    MLModel_Ints:$strides,
    MLModel_Bools:$squeezeMasks);
}

def MLModel_SliceDynamicOp : MLModel_Layer<"slice_dynamic", "sliceDynamic", 4,
    MLModel_Arity<2, 7>, MLModel_Arity<1, 1>> {
  let summary = "slice_static with computed bounds";
  let description = [{
    Inputs two to seven, as far as they are there, replace `beginIds`, `endIds`,
    `strides`, `beginMasks`, `endMasks` and `squeezeMasks`.
  }];
  let parameters = (ins
    MLModel_Bools:$beginMasks,
    MLModel_Ints:$endIds,
    MLModel_Bools:$endMasks,
    MLModel_Ints:$strides,
    MLModel_Bools:$squeezeMasks);
}

def MLModel_SliceBySizeOp : MLModel_Layer<"slice_by_size", "sliceBySize", 5,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>> {
  let summary = "size elements of an axis, from a computed position";
  let description = [{
    The second input holds the position of the first element.
  }];
  let parameters = (ins
    MLModel_Int:$size,
    MLModel_Int:$axis);
}

def MLModel_GatherOp : MLModel_Layer<"gather", "gather", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>> {
  let summary = "slices along an axis, by index";
  let description = [{
    Of data `[*P, D, *Q]` with D at `axis` and indices `[*I]`, the result is
    `[*P, *I, *Q]`. Negative indices count from the end.
  }];
  let parameters = (ins
    MLModel_Int:$axis);
}

def MLModel_ScatterOp : MLModel_Layer<"scatter", "scatter", 4,
    MLModel_Arity<3, 3>, MLModel_Arity<1, 1>> {
  let summary = "put slices along an axis, by index";
  let description = [{
    Inputs are data `[*P, D, *Q]`, indices `[*I]` and updates `[*P, *I, *Q]`. The
    result is the data, with each update put at or, by `mode`, combined with the
    element that gather would read.
  }];
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Enum<["SCATTER_UPDATE", "SCATTER_ADD", "SCATTER_SUB", "SCATTER_MUL", "SCATTER_DIV", "SCATTER_MAX", "SCATTER_MIN"], "SCATTER_UPDATE">:$mode);
}

def MLModel_GatherNDOp : MLModel_Layer<"gather_nd", "gatherND", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>> {
  let summary = "slices at multi-dimensional indices";
  let description = [{
    Of data `[d1, ..., dK, *Q]` and indices `[*I, K]`, the result is `[*I, *Q]`.
  }];
}

def MLModel_ScatterNDOp : MLModel_Layer<"scatter_nd", "scatterND", 4,
    MLModel_Arity<3, 3>, MLModel_Arity<1, 1>> {
  let summary = "put slices at multi-dimensional indices";
  let description = [{
    Inputs are data `[d1, ..., dK, *Q]`, indices `[*I, K]` and updates
    `[*I, *Q]`; the result has the shape of the data.
  }];
  let parameters = (ins
    MLModel_Enum<["SCATTER_UPDATE", "SCATTER_ADD", "SCATTER_SUB", "SCATTER_MUL", "SCATTER_DIV", "SCATTER_MAX", "SCATTER_MIN"], "SCATTER_UPDATE">:$mode);
}

def MLModel_GatherAlongAxisOp : MLModel_Layer<"gather_along_axis", "gatherAlongAxis", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>> {
  let summary = "single elements along an axis, by index";
  let description = [{
    `y[.., i, ..] = x[.., indices[.., i, ..], ..]`; the shapes of data and indices
    agree except at `axis`.
  }];
  let parameters = (ins
    MLModel_Int:$axis);
}

def MLModel_ScatterAlongAxisOp : MLModel_Layer<"scatter_along_axis", "scatterAlongAxis", 4,
    MLModel_Arity<3, 3>, MLModel_Arity<1, 1>> {
  let summary = "put single elements along an axis, by index";
  let description = [{
    Inputs are data, indices and updates; the latter two have one shape, which
    is that of the data except at `axis`.
  }];
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Enum<["SCATTER_UPDATE", "SCATTER_ADD", "SCATTER_SUB", "SCATTER_MUL", "SCATTER_DIV", "SCATTER_MAX", "SCATTER_MIN"], "SCATTER_UPDATE">:$mode);
}

def MLModel_WhereNonZeroOp : MLModel_Layer<"where_non_zero", "whereNonZero", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "the indices of all elements that are not zero";
  let description = [{
    `[N, rank]` in row-major order, N depends on the values.
  }];
}

def MLModel_WhereBroadcastableOp : MLModel_Layer<"where_broadcastable", "whereBroadcastable", 4,
    MLModel_Arity<3, 3>, MLModel_Arity<1, 1>> {
  let summary = "condition ? a : b, broadcasting";
}

def MLModel_OneHotOp : MLModel_Layer<"one_hot", "oneHot", 5,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>> {
  let summary = "indices as unit vectors";
  let description = [{
    Inserts an axis of size `oneHotVectorSize` at `axis` of the result, with
    `onValue` at the index and `offValue` elsewhere; an index outside the vector
    gives only `offValue`. A second input replaces the size.
  }];
  let parameters = (ins
    MLModel_Int:$oneHotVectorSize,
    MLModel_Int:$axis,
    MLModel_Float:$onValue,
    MLModel_Float:$offValue);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_INDEXINGOPS_TD
