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
  let parameters = (ins
    MLModel_Enum<["SUM", "AVG", "PROD", "LOGSUM", "SUMSQUARE", "L1", "L2", "MAX", "MIN", "ARGMAX"], "SUM">:$mode,
    MLModel_Float:$epsilon,
    MLModel_Enum<["CHW", "HW", "C", "H", "W"], "CHW">:$axis);
}

def MLModel_ArgMinOp : MLModel_Layer<"arg_min", "argMin", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Bool:$removeDim);
}

def MLModel_ArgMaxOp : MLModel_Layer<"arg_max", "argMax", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Bool:$removeDim);
}

def MLModel_ReduceL1Op : MLModel_Layer<"reduce_l1", "reduceL1", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_ReduceL2Op : MLModel_Layer<"reduce_l2", "reduceL2", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_ReduceMaxOp : MLModel_Layer<"reduce_max", "reduceMax", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_ReduceMinOp : MLModel_Layer<"reduce_min", "reduceMin", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_ReduceSumOp : MLModel_Layer<"reduce_sum", "reduceSum", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_ReduceProdOp : MLModel_Layer<"reduce_prod", "reduceProd", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_ReduceMeanOp : MLModel_Layer<"reduce_mean", "reduceMean", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_ReduceLogSumOp : MLModel_Layer<"reduce_log_sum", "reduceLogSum", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_ReduceSumSquareOp : MLModel_Layer<"reduce_sum_square", "reduceSumSquare", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_ReduceLogSumExpOp : MLModel_Layer<"reduce_log_sum_exp", "reduceLogSumExp", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "reduceAxes"> {
  let parameters = (ins
    MLModel_Ints:$axes,
    MLModel_Bool:$keepDims,
    MLModel_Bool:$reduceAll);
}

def MLModel_CumSumOp : MLModel_Layer<"cum_sum", "cumSum", 5,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Int:$axis,
    MLModel_Bool:$excludeFinalSum,
    MLModel_Bool:$reverse);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_REDUCTIONOPS_TD
