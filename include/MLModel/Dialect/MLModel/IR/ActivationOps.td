//===- ActivationOps.td ------------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_ACTIVATIONOPS_TD
#define MLMODEL_DIALECT_MLMODEL_IR_ACTIVATIONOPS_TD

include "MLModel/Dialect/MLModel/IR/LayerBase.td"

def MLModel_ActivationOp : MLModel_Layer<"activation", "activation", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "one of thirteen activation functions";
  let description = [{
    Exactly one of the messages is present and names the function:

    | message | function |
    |---|---|
    | `linear` | `alpha * x + beta` |
    | `ReLU` | `max(x, 0)` |
    | `leakyReLU` | `x < 0 ? alpha * x : x` |
    | `thresholdedReLU` | `x < alpha ? 0 : x` |
    | `PReLU` | `x < 0 ? alpha[c] * x : x` |
    | `tanh` | `tanh(x)` |
    | `scaledTanh` | `alpha * tanh(beta * x)` |
    | `sigmoid` | `1 / (1 + exp(-x))` |
    | `sigmoidHard` | `min(max(alpha * x + beta, 0), 1)` |
    | `ELU` | `x < 0 ? alpha * (exp(x) - 1) : x` |
    | `softsign` | `x / (1 + abs(x))` |
    | `softplus` | `log(1 + exp(x))` |
    | `parametricSoftplus` | `alpha[c] * log(1 + exp(beta[c] * x))` |

    Values per channel `c` run along axis -3; a single value serves all channels.
  }];
  let parameters = (ins
    MLModel_Message:$linear,
    MLModel_Message:$ReLU,
    MLModel_Message:$leakyReLU,
    MLModel_Message:$thresholdedReLU,
    MLModel_Message:$PReLU,
    MLModel_Message:$tanh,
    MLModel_Message:$scaledTanh,
    MLModel_Message:$sigmoid,
    MLModel_Message:$sigmoidHard,
    MLModel_Message:$ELU,
    MLModel_Message:$softsign,
    MLModel_Message:$softplus,
    MLModel_Message:$parametricSoftplus);
}

def MLModel_GeluOp : MLModel_Layer<"gelu", "gelu", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "Gaussian error linear unit";
  let description = [{
    `x * P(X <= x)` for a standard normal `X`, exactly or approximated with tanh
    or a sigmoid.
  }];
  let parameters = (ins
    MLModel_Enum<["EXACT", "TANH_APPROXIMATION", "SIGMOID_APPROXIMATION"], "EXACT">:$mode);
}

def MLModel_ClampedReLUOp : MLModel_Layer<"clamped_relu", "clampedReLU", 5,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>, "sameShape"> {
  let summary = "min(x < 0 ? alpha * x : x, beta)";
  let parameters = (ins
    MLModel_Float:$alpha,
    MLModel_Float:$beta);
}

def MLModel_SoftmaxOp : MLModel_Layer<"softmax", "softmax", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "softmax over the channels (axis -3)";
}

def MLModel_SoftmaxNDOp : MLModel_Layer<"softmax_nd", "softmaxND", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "softmax along an axis";
  let parameters = (ins
    MLModel_Int:$axis);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_ACTIVATIONOPS_TD
