//===- RecurrentOps.td -------------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_RECURRENTOPS_TD
#define MLMODEL_DIALECT_MLMODEL_IR_RECURRENTOPS_TD

include "MLModel/Dialect/MLModel/IR/LayerBase.td"

def MLModel_SimpleRecurrentOp : MLModel_Layer<"simple_recurrent", "simpleRecurrent", 1,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 2>> {
  let parameters = (ins
    MLModel_Int:$inputVectorSize,
    MLModel_Int:$outputVectorSize,
    MLModel_Message:$activation,
    MLModel_Bool:$sequenceOutput,
    MLModel_Bool:$hasBiasVector,
    MLModel_Weights:$weightMatrix,
    MLModel_Weights:$recursionMatrix,
    MLModel_Weights:$biasVector,
    MLModel_Bool:$reverseInput);
}

def MLModel_GRUOp : MLModel_Layer<"gru", "gru", 1,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 2>> {
  let parameters = (ins
    MLModel_Int:$inputVectorSize,
    MLModel_Int:$outputVectorSize,
    MLModel_Messages:$activations,
    MLModel_Bool:$sequenceOutput,
    MLModel_Bool:$hasBiasVectors,
    MLModel_Weights:$updateGateWeightMatrix,
    MLModel_Weights:$resetGateWeightMatrix,
    MLModel_Weights:$outputGateWeightMatrix,
    MLModel_Weights:$updateGateRecursionMatrix,
    MLModel_Weights:$resetGateRecursionMatrix,
    MLModel_Weights:$outputGateRecursionMatrix,
    MLModel_Weights:$updateGateBiasVector,
    MLModel_Weights:$resetGateBiasVector,
    MLModel_Weights:$outputGateBiasVector,
    MLModel_Bool:$reverseInput);
}

def MLModel_UniDirectionalLSTMOp : MLModel_Layer<"uni_directional_lstm", "uniDirectionalLSTM", 1,
    MLModel_Arity<1, 3>, MLModel_Arity<1, 3>> {
  let parameters = (ins
    MLModel_Int:$inputVectorSize,
    MLModel_Int:$outputVectorSize,
    MLModel_Messages:$activations,
    MLModel_Message:$params,
    MLModel_Message:$weightParams,
    MLModel_Bool:$reverseInput);
}

def MLModel_BiDirectionalLSTMOp : MLModel_Layer<"bi_directional_lstm", "biDirectionalLSTM", 1,
    MLModel_Arity<1, 5>, MLModel_Arity<1, 5>> {
  let parameters = (ins
    MLModel_Int:$inputVectorSize,
    MLModel_Int:$outputVectorSize,
    MLModel_Messages:$activationsForwardLSTM,
    MLModel_Messages:$activationsBackwardLSTM,
    MLModel_Message:$params,
    MLModel_Messages:$weightParams);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_RECURRENTOPS_TD
