//===- ReductionOps.td -------------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_REDUCTIONOPS_TD
#define MLMODEL_DIALECT_MLMODEL_IR_REDUCTIONOPS_TD

include "MLModel/Dialect/MLModel/IR/LayerBase.td"

def MLModel_ReduceOp : MLModel_Layer<"reduce", "reduce", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "fold the last axes to size 1";
  let description = [{
    Along the axes that `axis` names: C, H, W are -3, -2, -1. LOGSUM is the sum of
    `log(x + epsilon)` (0 means 1e-6); ARGMAX needs a single axis.
  }];
  let parameters = (ins
    MLModel_Enum<["SUM", "AVG", "PROD", "LOGSUM", "SUMSQUARE", "L1", "L2", "MAX", "MIN", "ARGMAX"], "SUM">:$mode,
    MLModel_Float:$epsilon,
    MLModel_Enum<["CHW", "HW", "C", "H", "W"], "CHW">:$axis);
}

def MLModel_ArgMinOp : MLModel_Layer<"arg_min", "argMin", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "where the least element along an axis is";
  let description = [{
    As a float. The axis has size 1, or vanishes with `removeDim`.
  }];
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Bool:$removeDim);
}

def MLModel_ArgMaxOp : MLModel_Layer<"arg_max", "argMax", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "where the greatest element along an axis is";
  let description = [{
    As a float. The axis has size 1, or vanishes with `removeDim`.
  }];
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Bool:$removeDim);
}

def MLModel_ReduceL1Op : MLModel_Layer<"reduce_l1", "reduceL1", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let summary = "sum of |x|";
  let description = [{
    Along `axes`, or along all with `reduceAll` or without `axes`. The axes vanish,
    or have size 1 with `keepDims`.
  }];
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_ReduceL2Op : MLModel_Layer<"reduce_l2", "reduceL2", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let summary = "square root of the sum of x * x";
  let description = [{
    Along `axes`, or along all with `reduceAll` or without `axes`. The axes vanish,
    or have size 1 with `keepDims`.
  }];
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_ReduceMaxOp : MLModel_Layer<"reduce_max", "reduceMax", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let summary = "maximum";
  let description = [{
    Along `axes`, or along all with `reduceAll` or without `axes`. The axes vanish,
    or have size 1 with `keepDims`.
  }];
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_ReduceMinOp : MLModel_Layer<"reduce_min", "reduceMin", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let summary = "minimum";
  let description = [{
    Along `axes`, or along all with `reduceAll` or without `axes`. The axes vanish,
    or have size 1 with `keepDims`.
  }];
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_ReduceSumOp : MLModel_Layer<"reduce_sum", "reduceSum", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let summary = "sum";
  let description = [{
    Along `axes`, or along all with `reduceAll` or without `axes`. The axes vanish,
    or have size 1 with `keepDims`.
  }];
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_ReduceProdOp : MLModel_Layer<"reduce_prod", "reduceProd", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let summary = "product";
  let description = [{
    Along `axes`, or along all with `reduceAll` or without `axes`. The axes vanish,
    or have size 1 with `keepDims`.
  }];
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_ReduceMeanOp : MLModel_Layer<"reduce_mean", "reduceMean", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let summary = "mean";
  let description = [{
    Along `axes`, or along all with `reduceAll` or without `axes`. The axes vanish,
    or have size 1 with `keepDims`.
  }];
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_ReduceLogSumOp : MLModel_Layer<"reduce_log_sum", "reduceLogSum", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let summary = "logarithm of the sum";
  let description = [{
    Along `axes`, or along all with `reduceAll` or without `axes`. The axes vanish,
    or have size 1 with `keepDims`.
  }];
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_ReduceSumSquareOp : MLModel_Layer<"reduce_sum_square", "reduceSumSquare", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let summary = "sum of x * x";
  let description = [{
    Along `axes`, or along all with `reduceAll` or without `axes`. The axes vanish,
    or have size 1 with `keepDims`.
  }];
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_ReduceLogSumExpOp : MLModel_Layer<"reduce_log_sum_exp", "reduceLogSumExp", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let summary = "log(sum of exp(x))";
  let description = [{
    Along `axes`, or along all with `reduceAll` or without `axes`. The axes vanish,
    or have size 1 with `keepDims`.
  }];
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_CumSumOp : MLModel_Layer<"cum_sum", "cumSum", 5,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>> {
  let summary = "running sums along an axis";
  let description = [{
    `excludeFinalSum` leaves an element out of its own sum; `reverse` runs from
    the end to the start. A second input replaces `axis`.
  }];
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Bool:$excludeFinalSum,
    MLModel_Bool:$reverse);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_REDUCTIONOPS_TD
