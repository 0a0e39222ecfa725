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
  let summary = "a unary function of scale * x + shift";
  let description = [{
    With `z = scale * x + shift` (a `scale` of 0 means 1): the square root,
    `1 / sqrt(z + epsilon)` (RSQRT), `1 / (z + epsilon)` (INVERSE), `z` to the
    power of `alpha`, `exp(z)`, `log(z + epsilon)`, `abs(z)` or `max(z, alpha)`
    (THRESHOLD). An `epsilon` of 0 means 1e-6.
  }];
  let parameters = (ins
    MLModel_Enum<["SQRT", "RSQRT", "INVERSE", "POWER", "EXP", "LOG", "ABS", "THRESHOLD"], "SQRT">:$kind,
    MLModel_Float:$alpha,
    MLModel_Float:$epsilon,
    MLModel_Float:$shift,
    MLModel_Float:$scale);
}

def MLModel_AddOp : MLModel_Layer<"add", "add", 1,
    MLModel_Arity<1, -1>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "sum of the inputs, or of one input and alpha";
  let parameters = (ins
    MLModel_Float:$alpha);
}

def MLModel_MultiplyOp : MLModel_Layer<"multiply", "multiply", 1,
    MLModel_Arity<1, -1>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "product of the inputs, or of one input and alpha";
  let parameters = (ins
    MLModel_Float:$alpha);
}

def MLModel_AverageOp : MLModel_Layer<"average", "average", 1,
    MLModel_Arity<1, -1>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "mean of the inputs";
}

def MLModel_ScaleOp : MLModel_Layer<"scale", "scale", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "x * scale + bias, per channel or per element";
  let description = [{
    `scale` and `bias` have the shape `[1]`, `[C]`, `[1, H, W]` or `[C, H, W]` and
    are repeated along all other axes of `[..., C, H, W]`.
  }];
  let parameters = (ins
    MLModel_Ints:$shapeScale,
    MLModel_Weights:$scale,
    MLModel_Bool:$hasBias,
    MLModel_Ints:$shapeBias,
    MLModel_Weights:$bias);
}

def MLModel_BiasOp : MLModel_Layer<"bias", "bias", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "x + bias, per channel or per element";
  let description = [{
    `bias` has the shape `[1]`, `[C]`, `[1, H, W]` or `[C, H, W]`.
  }];
  let parameters = (ins
    MLModel_Ints:$shape,
    MLModel_Weights:$bias);
}

def MLModel_MaxOp : MLModel_Layer<"max", "max", 1,
    MLModel_Arity<1, -1>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "greatest of the inputs";
}

def MLModel_MinOp : MLModel_Layer<"min", "min", 1,
    MLModel_Arity<1, -1>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "least of the inputs";
}

def MLModel_ClipOp : MLModel_Layer<"clip", "clip", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "min(max(x, minVal), maxVal)";
  let parameters = (ins
    MLModel_Float:$minVal,
    MLModel_Float:$maxVal);
}

def MLModel_CeilOp : MLModel_Layer<"ceil", "ceil", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "x rounded up";
}

def MLModel_FloorOp : MLModel_Layer<"floor", "floor", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "x rounded down";
}

def MLModel_SignOp : MLModel_Layer<"sign", "sign", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "-1, 0 or 1";
}

def MLModel_RoundOp : MLModel_Layer<"round", "round", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "x rounded to the nearest whole number, ties to even";
}

def MLModel_Exp2Op : MLModel_Layer<"exp2", "exp2", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "2 to the power of x";
}

def MLModel_SinOp : MLModel_Layer<"sin", "sin", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "sine";
}

def MLModel_CosOp : MLModel_Layer<"cos", "cos", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "cosine";
}

def MLModel_TanOp : MLModel_Layer<"tan", "tan", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "tangent";
}

def MLModel_AsinOp : MLModel_Layer<"asin", "asin", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "inverse sine";
}

def MLModel_AcosOp : MLModel_Layer<"acos", "acos", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "inverse cosine";
}

def MLModel_AtanOp : MLModel_Layer<"atan", "atan", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "inverse tangent";
}

def MLModel_SinhOp : MLModel_Layer<"sinh", "sinh", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "hyperbolic sine";
}

def MLModel_CoshOp : MLModel_Layer<"cosh", "cosh", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "hyperbolic cosine";
}

def MLModel_TanhOp : MLModel_Layer<"tanh", "tanh", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "hyperbolic tangent";
}

def MLModel_AsinhOp : MLModel_Layer<"asinh", "asinh", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "inverse hyperbolic sine";
}

def MLModel_AcoshOp : MLModel_Layer<"acosh", "acosh", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "inverse hyperbolic cosine";
}

def MLModel_AtanhOp : MLModel_Layer<"atanh", "atanh", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "inverse hyperbolic tangent";
}

def MLModel_ErfOp : MLModel_Layer<"erf", "erf", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "Gauss error function";
}

def MLModel_EqualOp : MLModel_Layer<"equal", "equal", 4,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "x == y, or x == alpha for a single input; 1.0 or 0.0";
  let parameters = (ins
    MLModel_Float:$alpha);
}

def MLModel_NotEqualOp : MLModel_Layer<"not_equal", "notEqual", 4,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "x != y, or x != alpha for a single input; 1.0 or 0.0";
  let parameters = (ins
    MLModel_Float:$alpha);
}

def MLModel_LessThanOp : MLModel_Layer<"less_than", "lessThan", 4,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "x < y, or x < alpha for a single input; 1.0 or 0.0";
  let parameters = (ins
    MLModel_Float:$alpha);
}

def MLModel_LessEqualOp : MLModel_Layer<"less_equal", "lessEqual", 4,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "x <= y, or x <= alpha for a single input; 1.0 or 0.0";
  let parameters = (ins
    MLModel_Float:$alpha);
}

def MLModel_GreaterThanOp : MLModel_Layer<"greater_than", "greaterThan", 4,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "x > y, or x > alpha for a single input; 1.0 or 0.0";
  let parameters = (ins
    MLModel_Float:$alpha);
}

def MLModel_GreaterEqualOp : MLModel_Layer<"greater_equal", "greaterEqual", 4,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "x >= y, or x >= alpha for a single input; 1.0 or 0.0";
  let parameters = (ins
    MLModel_Float:$alpha);
}

def MLModel_LogicalOrOp : MLModel_Layer<"logical_or", "logicalOr", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "logical or; whatever is not 0 is true";
}

def MLModel_LogicalXorOp : MLModel_Layer<"logical_xor", "logicalXor", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "logical exclusive or; whatever is not 0 is true";
}

def MLModel_LogicalNotOp : MLModel_Layer<"logical_not", "logicalNot", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "x == 0; 1.0 or 0.0";
}

def MLModel_LogicalAndOp : MLModel_Layer<"logical_and", "logicalAnd", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "logical and; whatever is not 0 is true";
}

def MLModel_ModBroadcastableOp : MLModel_Layer<"mod_broadcastable", "modBroadcastable", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "rest of x / y, with the sign of y, broadcasting as NumPy does";
}

def MLModel_MinBroadcastableOp : MLModel_Layer<"min_broadcastable", "minBroadcastable", 4,
    MLModel_Arity<2, -1>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "least of the inputs, broadcasting as NumPy does";
}

def MLModel_MaxBroadcastableOp : MLModel_Layer<"max_broadcastable", "maxBroadcastable", 4,
    MLModel_Arity<2, -1>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "greatest of the inputs, broadcasting as NumPy does";
}

def MLModel_AddBroadcastableOp : MLModel_Layer<"add_broadcastable", "addBroadcastable", 4,
    MLModel_Arity<2, -1>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "sum of the inputs, broadcasting as NumPy does";
}

def MLModel_PowBroadcastableOp : MLModel_Layer<"pow_broadcastable", "powBroadcastable", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "x to the power of y, broadcasting as NumPy does";
}

def MLModel_DivideBroadcastableOp : MLModel_Layer<"divide_broadcastable", "divideBroadcastable", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "x / y, broadcasting as NumPy does";
}

def MLModel_FloorDivBroadcastableOp : MLModel_Layer<"floor_div_broadcastable", "floorDivBroadcastable", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "floor(x / y), broadcasting as NumPy does";
}

def MLModel_MultiplyBroadcastableOp : MLModel_Layer<"multiply_broadcastable", "multiplyBroadcastable", 4,
    MLModel_Arity<2, -1>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "product of the inputs, broadcasting as NumPy does";
}

def MLModel_SubtractBroadcastableOp : MLModel_Layer<"subtract_broadcastable", "subtractBroadcastable", 4,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>, "broadcastInputs"> {
  let summary = "x - y, broadcasting as NumPy does";
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_ELEMENTWISEOPS_TD
