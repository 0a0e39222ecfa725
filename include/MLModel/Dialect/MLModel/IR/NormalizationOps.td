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
  let parameters = (ins
    MLModel_Bool:$acrossChannels,
    MLModel_Bool:$normalizeVariance,
    MLModel_Float:$epsilon);
}

def MLModel_L2NormalizeOp : MLModel_Layer<"l2_normalize", "l2normalize", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Float:$epsilon);
}

def MLModel_LRNOp : MLModel_Layer<"lrn", "lrn", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Float:$alpha,
    MLModel_Float:$beta,
    MLModel_Int:$localSize,
    MLModel_Float:$k);
}

def MLModel_LayerNormalizationOp : MLModel_Layer<"layer_normalization", "layerNormalization", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Ints:$normalizedShape,
    MLModel_Float:$eps,
    MLModel_Weights:$gamma,
    MLModel_Weights:$beta);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_NORMALIZATIONOPS_TD
