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
  let parameters = (ins
    MLModel_Int:$startIndex,
    MLModel_Int:$endIndex,
    MLModel_Int:$stride,
    MLModel_Enum<["CHANNEL_AXIS", "HEIGHT_AXIS", "WIDTH_AXIS"], "CHANNEL_AXIS">:$axis);
}

def MLModel_SliceStaticOp : MLModel_Layer<"slice_static", "sliceStatic", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
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
  let parameters = (ins
    MLModel_Bools:$beginMasks,
    MLModel_Ints:$endIds,
    MLModel_Bools:$endMasks,
    MLModel_Ints:$strides,
    MLModel_Bools:$squeezeMasks);
}

def MLModel_SliceBySizeOp : MLModel_Layer<"slice_by_size", "sliceBySize", 5,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$size,
    MLModel_Int:$axis);
}

def MLModel_GatherOp : MLModel_Layer<"gather", "gather", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$axis);
}

def MLModel_ScatterOp : MLModel_Layer<"scatter", "scatter", 4,
    MLModel_Arity<3, 3>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Enum<["SCATTER_UPDATE", "SCATTER_ADD", "SCATTER_SUB", "SCATTER_MUL", "SCATTER_DIV", "SCATTER_MAX", "SCATTER_MIN"], "SCATTER_UPDATE">:$mode);
}

def MLModel_GatherNDOp : MLModel_Layer<"gather_nd", "gatherND", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>>;

def MLModel_ScatterNDOp : MLModel_Layer<"scatter_nd", "scatterND", 4,
    MLModel_Arity<3, 3>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Enum<["SCATTER_UPDATE", "SCATTER_ADD", "SCATTER_SUB", "SCATTER_MUL", "SCATTER_DIV", "SCATTER_MAX", "SCATTER_MIN"], "SCATTER_UPDATE">:$mode);
}

def MLModel_GatherAlongAxisOp : MLModel_Layer<"gather_along_axis", "gatherAlongAxis", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$axis);
}

def MLModel_ScatterAlongAxisOp : MLModel_Layer<"scatter_along_axis", "scatterAlongAxis", 4,
    MLModel_Arity<3, 3>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Enum<["SCATTER_UPDATE", "SCATTER_ADD", "SCATTER_SUB", "SCATTER_MUL", "SCATTER_DIV", "SCATTER_MAX", "SCATTER_MIN"], "SCATTER_UPDATE">:$mode);
}

def MLModel_WhereNonZeroOp : MLModel_Layer<"where_non_zero", "whereNonZero", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>>;

def MLModel_WhereBroadcastableOp : MLModel_Layer<"where_broadcastable", "whereBroadcastable", 4,
    MLModel_Arity<3, 3>, MLModel_Arity<1, 1>>;

def MLModel_OneHotOp : MLModel_Layer<"one_hot", "oneHot", 5,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$oneHotVectorSize,
    MLModel_Int:$axis,
    MLModel_Float:$onValue,
    MLModel_Float:$offValue);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_INDEXINGOPS_TD
