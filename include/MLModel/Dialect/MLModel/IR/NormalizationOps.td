//===- NormalizationOps.td ---------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_NORMALIZATIONOPS_TD
#define MLMODEL_DIALECT_MLMODEL_IR_NORMALIZATIONOPS_TD

include "MLModel/Dialect/MLModel/IR/LayerBase.td"

def MLModel_BatchnormOp : MLModel_Layer<"batchnorm", "batchnorm", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "gamma * (x - mean) / sqrt(variance + epsilon) + beta per channel";
  let description = [{
    Channels are axis -3. With `computeMeanVar` the moments are those of the
    input: of each image by itself with `instanceNormalization`, else of the
    whole batch. An `epsilon` of 0 means 1e-5.
  }];
  let parameters = (ins
    MLModel_Int:$channels,
    MLModel_Bool:$computeMeanVar,
    MLModel_Bool:$instanceNormalization,
    MLModel_Float:$epsilon,
    MLModel_Weights:$gamma,
    MLModel_Weights:$beta,
    MLModel_Weights:$mean,
    MLModel_Weights:$variance);
}

def MLModel_MVNOp : MLModel_Layer<"mvn", "mvn", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "normalizes to mean 0 and, if asked, variance 1";
  let description = [{
    `(x - mean) / sqrt(variance + epsilon)` over height and width, and over the
    channels too with `acrossChannels`; without `normalizeVariance` only the mean
    is taken off. An `epsilon` of 0 means 1e-6.
  }];
  let parameters = (ins
    MLModel_Bool:$acrossChannels,
    MLModel_Bool:$normalizeVariance,
    MLModel_Float:$epsilon);
}

def MLModel_L2NormalizeOp : MLModel_Layer<"l2_normalize", "l2normalize", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "x / sqrt(sum of squares + epsilon)";
  let description = [{
    The sum runs over channels, height and width. An `epsilon` of 0 means 1e-6.
  }];
  let parameters = (ins
    MLModel_Float:$epsilon);
}

def MLModel_LRNOp : MLModel_Layer<"lrn", "lrn", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "local response normalization across channels";
  let description = [{
    `x / (k + alpha / localSize * s)^beta`, where `s` is the sum of squares over
    the `localSize` channels around. A `k` of 0 means 1.
  }];
  let parameters = (ins
    MLModel_Float:$alpha,
    MLModel_Float:$beta,
    MLModel_Int:$localSize,
    MLModel_Float:$k);
}

def MLModel_LayerNormalizationOp : MLModel_Layer<"layer_normalization", "layerNormalization", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "normalizes over the last axes to mean 0 and variance 1";
  let description = [{
    `gamma * (x - mean) / sqrt(variance + eps) + beta`. `normalizedShape` repeats
    the sizes of the axes that are normalized; `gamma` and `beta` have that
    shape.
  }];
  let parameters = (ins
    MLModel_Ints:$normalizedShape,
    MLModel_Float:$eps,
    MLModel_Weights:$gamma,
    MLModel_Weights:$beta);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_NORMALIZATIONOPS_TD
