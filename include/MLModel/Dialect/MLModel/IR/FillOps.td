//===- FillOps.td ------------------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_FILLOPS_TD
#define MLMODEL_DIALECT_MLMODEL_IR_FILLOPS_TD

include "MLModel/Dialect/MLModel/IR/LayerBase.td"

def MLModel_LoadConstantOp : MLModel_Layer<"load_constant", "loadConstant", 1,
    MLModel_Arity<0, 0>, MLModel_Arity<1, 1>> {
  let summary = "weights of the shape [1, 1, C, H, W]";
  let parameters = (ins
    MLModel_Ints:$shape,
    MLModel_Weights:$data);
}

def MLModel_LoadConstantNDOp : MLModel_Layer<"load_constant_nd", "loadConstantND", 4,
    MLModel_Arity<0, 0>, MLModel_Arity<1, 1>> {
  let summary = "weights of any shape";
  let parameters = (ins
    MLModel_Ints:$shape,
    MLModel_Weights:$data);
}

def MLModel_FillLikeOp : MLModel_Layer<"fill_like", "fillLike", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "value, in the shape of the input";
  let parameters = (ins
    MLModel_Float:$value);
}

def MLModel_FillStaticOp : MLModel_Layer<"fill_static", "fillStatic", 4,
    MLModel_Arity<0, 0>, MLModel_Arity<1, 1>> {
  let summary = "value, in the shape targetShape";
  let parameters = (ins
    MLModel_Float:$value,
    MLModel_Ints:$targetShape);
}

def MLModel_FillDynamicOp : MLModel_Layer<"fill_dynamic", "fillDynamic", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "value, in the shape that the input holds";
  let parameters = (ins
    MLModel_Float:$value);
}

def MLModel_RangeStaticOp : MLModel_Layer<"range_static", "rangeStatic", 4,
    MLModel_Arity<0, 0>, MLModel_Arity<1, 1>> {
  let summary = "startValue, startValue + stepSizeValue ... before endValue";
  let parameters = (ins
    MLModel_Float:$endValue,
    MLModel_Float:$startValue,
    MLModel_Float:$stepSizeValue);
}

def MLModel_RangeDynamicOp : MLModel_Layer<"range_dynamic", "rangeDynamic", 4,
    MLModel_Arity<1, 3>, MLModel_Arity<1, 1>> {
  let summary = "a range with computed bounds";
  let description = [{
    Inputs are the end and, as far as they are there, start and step.
  }];
  let parameters = (ins
    MLModel_Float:$startValue,
    MLModel_Float:$stepSizeValue);
}

def MLModel_RandomNormalLikeOp : MLModel_Layer<"random_normal_like", "randomNormalLike", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "values of a normal distribution, in the shape of the input";
  let parameters = (ins
    MLModel_Int:$seed,
    MLModel_Float:$mean,
    MLModel_Float:$stdDev);
}

def MLModel_RandomNormalStaticOp : MLModel_Layer<"random_normal_static", "randomNormalStatic", 4,
    MLModel_Arity<0, 0>, MLModel_Arity<1, 1>> {
  let summary = "values of a normal distribution, in the shape outputShape";
  let parameters = (ins
    MLModel_Int:$seed,
    MLModel_Float:$mean,
    MLModel_Float:$stdDev,
    MLModel_Ints:$outputShape);
}

def MLModel_RandomNormalDynamicOp : MLModel_Layer<"random_normal_dynamic", "randomNormalDynamic", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary =
      "values of a normal distribution, in the shape that the input holds";
  let parameters = (ins
    MLModel_Int:$seed,
    MLModel_Float:$mean,
    MLModel_Float:$stdDev);
}

def MLModel_RandomUniformLikeOp : MLModel_Layer<"random_uniform_like", "randomUniformLike", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "values from minVal to maxVal, in the shape of the input";
  let parameters = (ins
    MLModel_Int:$seed,
    MLModel_Float:$minVal,
    MLModel_Float:$maxVal);
}

def MLModel_RandomUniformStaticOp : MLModel_Layer<"random_uniform_static", "randomUniformStatic", 4,
    MLModel_Arity<0, 0>, MLModel_Arity<1, 1>> {
  let summary = "values from minVal to maxVal, in the shape outputShape";
  let parameters = (ins
    MLModel_Int:$seed,
    MLModel_Float:$minVal,
    MLModel_Float:$maxVal,
    MLModel_Ints:$outputShape);
}

def MLModel_RandomUniformDynamicOp : MLModel_Layer<"random_uniform_dynamic", "randomUniformDynamic", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary =
      "values from minVal to maxVal, in the shape that the input holds";
  let parameters = (ins
    MLModel_Int:$seed,
    MLModel_Float:$minVal,
    MLModel_Float:$maxVal);
}

def MLModel_RandomBernoulliLikeOp : MLModel_Layer<"random_bernoulli_like", "randomBernoulliLike", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "1 with probability prob, else 0, in the shape of the input";
  let parameters = (ins
    MLModel_Int:$seed,
    MLModel_Float:$prob);
}

def MLModel_RandomBernoulliStaticOp : MLModel_Layer<"random_bernoulli_static", "randomBernoulliStatic", 4,
    MLModel_Arity<0, 0>, MLModel_Arity<1, 1>> {
  let summary = "1 with probability prob, else 0, in the shape outputShape";
  let parameters = (ins
    MLModel_Int:$seed,
    MLModel_Float:$prob,
    MLModel_Ints:$outputShape);
}

def MLModel_RandomBernoulliDynamicOp : MLModel_Layer<"random_bernoulli_dynamic", "randomBernoulliDynamic", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary =
      "1 with probability prob, else 0, in the shape that the input holds";
  let parameters = (ins
    MLModel_Int:$seed,
    MLModel_Float:$prob);
}

def MLModel_CategoricalDistributionOp : MLModel_Layer<"categorical_distribution", "categoricalDistribution", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "indices, drawn by their probabilities";
  let description = [{
    For each row of the input `[*D, C]`, `numSamples` indices: `[*D, numSamples]`.
    The row holds probabilities, or their logarithms with `isLogits`; logarithms
    are divided by `temperature` (0 means 1).
  }];
  let parameters = (ins
    MLModel_Int:$seed,
    MLModel_Int:$numSamples,
    MLModel_Bool:$isLogits,
    MLModel_Float:$eps,
    MLModel_Float:$temperature);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_FILLOPS_TD
