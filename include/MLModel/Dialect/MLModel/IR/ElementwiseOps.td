//===- ElementwiseOps.td -----------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_ELEMENTWISEOPS_TD
#define MLMODEL_DIALECT_MLMODEL_IR_ELEMENTWISEOPS_TD

include "MLModel/Dialect/MLModel/IR/LayerBase.td"

def MLModel_UnaryOp : MLModel_Layer<"unary", "unary", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let parameters = (ins
    MLModel_Enum<["SQRT", "RSQRT", "INVERSE", "POWER", "EXP", "LOG", "ABS", "THRESHOLD"], "SQRT">:$kind,
    MLModel_Float:$alpha,
    MLModel_Float:$epsilon,
    MLModel_Float:$shift,
    MLModel_Float:$scale);
}

def MLModel_AddOp : MLModel_Layer<"add", "add", 1,
    MLModel_Arity<1, -1>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let parameters = (ins
    MLModel_Float:$alpha);
}

def MLModel_MultiplyOp : MLModel_Layer<"multiply", "multiply", 1,
    MLModel_Arity<1, -1>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let parameters = (ins
    MLModel_Float:$alpha);
}

def MLModel_AverageOp : MLModel_Layer<"average", "average", 1,
    MLModel_Arity<1, -1>, MLModel_Arity<1, 1>, "broadcastInputs">;

def MLModel_ScaleOp : MLModel_Layer<"scale", "scale", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Ints:$shapeScale,
    MLModel_Weights:$scale,
    MLModel_Bool:$hasBias,
    MLModel_Ints:$shapeBias,
    MLModel_Weights:$bias);
}

def MLModel_BiasOp : MLModel_Layer<"bias", "bias", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Ints:$shape,
    MLModel_Weights:$bias);
}

def MLModel_MaxOp : MLModel_Layer<"max", "max", 1,
    MLModel_Arity<1, -1>, MLModel_Arity<1, 1>, "broadcastInputs">;

def MLModel_MinOp : MLModel_Layer<"min", "min", 1,
    MLModel_Arity<1, -1>, MLModel_Arity<1, 1>, "broadcastInputs">;

def MLModel_ClipOp : MLModel_Layer<"clip", "clip", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let parameters = (ins
    MLModel_Float:$minVal,
    MLModel_Float:$maxVal);
}

def MLModel_CeilOp : MLModel_Layer<"ceil", "ceil", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_FloorOp : MLModel_Layer<"floor", "floor", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_SignOp : MLModel_Layer<"sign", "sign", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_RoundOp : MLModel_Layer<"round", "round", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_Exp2Op : MLModel_Layer<"exp2", "exp2", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_SinOp : MLModel_Layer<"sin", "sin", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_CosOp : MLModel_Layer<"cos", "cos", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_TanOp : MLModel_Layer<"tan", "tan", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_AsinOp : MLModel_Layer<"asin", "asin", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_AcosOp : MLModel_Layer<"acos", "acos", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_AtanOp : MLModel_Layer<"atan", "atan", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_SinhOp : MLModel_Layer<"sinh", "sinh", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_CoshOp : MLModel_Layer<"cosh", "cosh", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_TanhOp : MLModel_Layer<"tanh", "tanh", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_AsinhOp : MLModel_Layer<"asinh", "asinh", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_AcoshOp : MLModel_Layer<"acosh", "acosh", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_AtanhOp : MLModel_Layer<"atanh", "atanh", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_ErfOp : MLModel_Layer<"erf", "erf", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_EqualOp : MLModel_Layer<"equal", "equal", 4,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let parameters = (ins
    MLModel_Float:$alpha);
}

def MLModel_NotEqualOp : MLModel_Layer<"not_equal", "notEqual", 4,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let parameters = (ins
    MLModel_Float:$alpha);
}

def MLModel_LessThanOp : MLModel_Layer<"less_than", "lessThan", 4,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let parameters = (ins
    MLModel_Float:$alpha);
}

def MLModel_LessEqualOp : MLModel_Layer<"less_equal", "lessEqual", 4,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let parameters = (ins
    MLModel_Float:$alpha);
}

def MLModel_GreaterThanOp : MLModel_Layer<"greater_than", "greaterThan", 4,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let parameters = (ins
    MLModel_Float:$alpha);
}

def MLModel_GreaterEqualOp : MLModel_Layer<"greater_equal", "greaterEqual", 4,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let parameters = (ins
    MLModel_Float:$alpha);
}

def MLModel_LogicalOrOp : MLModel_Layer<"logical_or", "logicalOr", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>, "broadcastInputs">;

def MLModel_LogicalXorOp : MLModel_Layer<"logical_xor", "logicalXor", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>, "broadcastInputs">;

def MLModel_LogicalNotOp : MLModel_Layer<"logical_not", "logicalNot", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape">;

def MLModel_LogicalAndOp : MLModel_Layer<"logical_and", "logicalAnd", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>, "broadcastInputs">;

def MLModel_ModBroadcastableOp : MLModel_Layer<"mod_broadcastable", "modBroadcastable", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>, "broadcastInputs">;

def MLModel_MinBroadcastableOp : MLModel_Layer<"min_broadcastable", "minBroadcastable", 4,
    MLModel_Arity<2, -1>, MLModel_Arity<1, 1>, "broadcastInputs">;

def MLModel_MaxBroadcastableOp : MLModel_Layer<"max_broadcastable", "maxBroadcastable", 4,
    MLModel_Arity<2, -1>, MLModel_Arity<1, 1>, "broadcastInputs">;

def MLModel_AddBroadcastableOp : MLModel_Layer<"add_broadcastable", "addBroadcastable", 4,
    MLModel_Arity<2, -1>, MLModel_Arity<1, 1>, "broadcastInputs">;

def MLModel_PowBroadcastableOp : MLModel_Layer<"pow_broadcastable", "powBroadcastable", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>, "broadcastInputs">;

def MLModel_DivideBroadcastableOp : MLModel_Layer<"divide_broadcastable", "divideBroadcastable", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>, "broadcastInputs">;

def MLModel_FloorDivBroadcastableOp : MLModel_Layer<"floor_div_broadcastable", "floorDivBroadcastable", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>, "broadcastInputs">;

def MLModel_MultiplyBroadcastableOp : MLModel_Layer<"multiply_broadcastable", "multiplyBroadcastable", 4,
    MLModel_Arity<2, -1>, MLModel_Arity<1, 1>, "broadcastInputs">;

def MLModel_SubtractBroadcastableOp : MLModel_Layer<"subtract_broadcastable", "subtractBroadcastable", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>, "broadcastInputs">;

#endif // MLMODEL_DIALECT_MLMODEL_IR_ELEMENTWISEOPS_TD
