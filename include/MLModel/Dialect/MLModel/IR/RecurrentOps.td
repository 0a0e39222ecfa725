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
  let summary = "y = f(W x + R y_prev + b)";
  let description = [{
    Input: `[Seq, Batch, inputVectorSize, 1, 1]`, and optionally the initial
    state. Output: `[Seq, Batch, outputVectorSize, 1, 1]`, or `[1, ...]` without
    `sequenceOutput`, and optionally the final state; a state is `[1, Batch,
    outputVectorSize, 1, 1]`. Every gate's sum is clipped to [-50, 50].
  }];
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
  let summary = "gated recurrent unit";
  let description = [{
    Input: `[Seq, Batch, inputVectorSize, 1, 1]`, and optionally the initial
    state. Output: `[Seq, Batch, outputVectorSize, 1, 1]`, or `[1, ...]` without
    `sequenceOutput`, and optionally the final state; a state is `[1, Batch,
    outputVectorSize, 1, 1]`. Every gate's sum is clipped to [-50, 50].

        z = f(Wz x + Rz h + bz)         r = f(Wr x + Rr h + br)
        o = g(Wo x + Ro (r * h) + bo)   h' = (1 - z) * o + z * h
  }];
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
  let summary = "long short-term memory";
  let description = [{
    Input: `[Seq, Batch, inputVectorSize, 1, 1]`, and optionally the initial
    state. Output: `[Seq, Batch, outputVectorSize, 1, 1]`, or `[1, ...]` without
    `sequenceOutput`, and optionally the final state; a state is `[1, Batch,
    outputVectorSize, 1, 1]`. Every gate's sum is clipped to [-50, 50].
    There are two states, `h` and `c`.

        i = f(Wi x + Ri h + pi * c + bi)   f = f(Wf x + Rf h + pf * c + bf)
        z = g(Wz x + Rz h + bz)            c' = c * f + i * z
        o = f(Wo x + Ro h + po * c' + bo)  h' = k(c') * o

    where `activations` are f, g and k. `cellClipThreshold` (0: 50) bounds `c'`;
    `coupledInputAndForgetGate` uses `1 - i` for the forget gate. `forgetBias`
    says that `bf` holds the ones with which training began; nothing is added.
  }];
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
  let summary = "two LSTMs, one of which reads the sequence backwards";
  let description = [{
    As `mlmodel.uni_directional_lstm`, with the outputs of both directions joined
    along axis -3 and the states h, c of the forward and the backward LSTM.
  }];
  let parameters = (ins
    MLModel_Int:$inputVectorSize,
    MLModel_Int:$outputVectorSize,
    MLModel_Messages:$activationsForwardLSTM,
    MLModel_Messages:$activationsBackwardLSTM,
    MLModel_Message:$params,
    MLModel_Messages:$weightParams);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_RECURRENTOPS_TD
