//===- ActivationOps.td - mil ops: activation functions ----*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_ACTIVATIONOPS_TD
#define MLMODEL_DIALECT_MIL_IR_ACTIVATIONOPS_TD

include "MLModel/Dialect/MIL/IR/MILBase.td"

def MIL_ReluOp : MIL_UnaryOp<"relu", [{
    return s.atLeast(x[0], s.constant(0));
  }]> {
  let summary = "max(x, 0) (MIL relu)";
}

def MIL_Relu6Op : MIL_UnaryOp<"relu6", [{
    return s.atMost(s.atLeast(x[0], s.constant(0)), s.constant(6));
  }]> {
  let summary = "min(max(x, 0), 6) (MIL relu6)";
}

def MIL_LeakyReluOp : MIL_UnaryOp<"leaky_relu", [{
    return s.select(s.less(x[0], s.constant(0)),
                    s.mul(x[0], s.constant(getAlpha())), x[0]);
  }]> {
  let summary = "x < 0 ? alpha * x : x (MIL leaky_relu)";
  let arguments = (ins MIL_Tensor:$x,
                       DefaultValuedAttr<F32Attr, "0.01f">:$alpha);
}

def MIL_ThresholdedReluOp : MIL_UnaryOp<"thresholded_relu", [{
    return s.select(s.less(x[0], s.constant(getAlpha())), s.constant(0), x[0]);
  }]> {
  let summary = "x < alpha ? 0 : x (MIL thresholded_relu)";
  let arguments = (ins MIL_Tensor:$x,
                       DefaultValuedAttr<F32Attr, "1.0f">:$alpha);
}

def MIL_ClampedReluOp : MIL_UnaryOp<"clamped_relu", [{
    Value leaky = s.select(s.less(x[0], s.constant(0)),
                           s.mul(x[0], s.constant(getAlpha())), x[0]);
    return s.atMost(leaky, s.constant(getBeta()));
  }]> {
  let summary = "min(x < 0 ? alpha * x : x, beta) (MIL clamped_relu)";
  let arguments = (ins MIL_Tensor:$x, F32Attr:$alpha, F32Attr:$beta);
}

def MIL_LinearActivationOp : MIL_UnaryOp<"linear_activation", [{
    return s.add(s.mul(x[0], s.constant(getAlpha())), s.constant(getBeta()));
  }]> {
  let summary = "alpha * x + beta (MIL linear_activation)";
  let arguments = (ins MIL_Tensor:$x, F32Attr:$alpha,
                       DefaultValuedAttr<F32Attr, "0.0f">:$beta);
}

def MIL_EluOp : MIL_UnaryOp<"elu", [{
    Value tail = s.mul(s.constant(getAlpha()), emitExpMinusOne(s, x[0]));
    return s.select(s.less(x[0], s.constant(0)), tail, x[0]);
  }]> {
  let summary = "x < 0 ? alpha * (exp(x) - 1) : x (MIL elu)";
  let arguments = (ins MIL_Tensor:$x,
                       DefaultValuedAttr<F32Attr, "1.0f">:$alpha);
}

def MIL_SigmoidOp : MIL_UnaryOp<"sigmoid", [{ return s.sigmoid(x[0]); }]> {
  let summary = "1 / (1 + exp(-x)) (MIL sigmoid)";
}

def MIL_SigmoidHardOp : MIL_UnaryOp<"sigmoid_hard", [{
    Value line =
        s.add(s.mul(x[0], s.constant(getAlpha())), s.constant(getBeta()));
    return s.atMost(s.atLeast(line, s.constant(0)), s.constant(1));
  }]> {
  let summary = "min(max(alpha * x + beta, 0), 1) (MIL sigmoid_hard)";
  let arguments = (ins MIL_Tensor:$x,
                       DefaultValuedAttr<F32Attr, "0.2f">:$alpha,
                       DefaultValuedAttr<F32Attr, "0.5f">:$beta);
}

def MIL_SiluOp : MIL_UnaryOp<"silu", [{
    return s.div(x[0], s.add(s.constant(1), s.exp(s.neg(x[0]))));
  }]> {
  let summary = "x * sigmoid(x) (MIL silu)";
}

def MIL_SoftplusOp : MIL_UnaryOp<"softplus", [{ return s.softplus(x[0]); }]> {
  let summary = "log(1 + exp(x)) (MIL softplus)";
}

def MIL_SoftsignOp : MIL_UnaryOp<"softsign", [{
    return s.div(x[0], s.add(s.constant(1), s.abs(x[0])));
  }]> {
  let summary = "x / (1 + |x|) (MIL softsign)";
}

def MIL_ScaledTanhOp : MIL_UnaryOp<"scaled_tanh", [{
    return s.mul(s.constant(getAlpha()),
                 s.tanh(s.mul(s.constant(getBeta()), x[0])));
  }]> {
  let summary = "alpha * tanh(beta * x) (MIL scaled_tanh)";
  let arguments = (ins MIL_Tensor:$x,
                       DefaultValuedAttr<F32Attr, "1.0f">:$alpha,
                       DefaultValuedAttr<F32Attr, "1.0f">:$beta);
}

def MIL_GeluOp : MIL_UnaryOp<"gelu", [{ return emitGelu(s, x[0], getMode()); }]> {
  let summary = "x * P(X <= x), X standard normal (MIL gelu)";
  let description = [{
    EXACT: x / 2 * (1 + erf(x / sqrt(2)));
    TANH_APPROXIMATION: x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)));
    SIGMOID_APPROXIMATION: x * sigmoid(1.702 * x).
  }];
  let arguments = (ins MIL_Tensor:$x,
    DefaultValuedAttr<MIL_EnumStr<["EXACT", "TANH_APPROXIMATION",
                                   "SIGMOID_APPROXIMATION"]>,
                      "\"EXACT\"">:$mode);
}

def MIL_PreluOp : MIL_ChannelwiseOp<"prelu", [{
    return s.select(s.less(x[0], s.constant(0)), s.mul(x[0], x[1]), x[0]);
  }]> {
  let summary = "x < 0 ? alpha[channel] * x : x (MIL prelu)";
  let description = [{
    `alpha` has one element per index of dimension `axis` (1 in MIL), or one.
  }];
  let arguments = (ins MIL_Tensor:$x, MIL_Tensor:$alpha,
                       DefaultValuedAttr<MIL_Int, "1">:$axis);
}

def MIL_SoftplusParametricOp : MIL_ChannelwiseOp<"softplus_parametric", [{
    return s.mul(x[1], s.softplus(s.mul(x[2], x[0])));
  }]> {
  let summary = "alpha[channel] * log(1 + exp(beta[channel] * x)) "
                "(MIL softplus_parametric)";
  let description = [{
    `alpha` and `beta` have one element per index of dimension `axis` (1 in
    MIL), or one.
  }];
  let arguments = (ins MIL_Tensor:$x, MIL_Tensor:$alpha, MIL_Tensor:$beta,
                       DefaultValuedAttr<MIL_Int, "1">:$axis);
}

def MIL_SoftmaxOp : MIL_Op<"softmax", [SameOperandsAndResultType]> {
  let summary = "exp(x) / sum of exp(x) along axis (MIL softmax)";
  let description = "The maximum along the axis is subtracted first.";
  let arguments = (ins MIL_Tensor:$x,
                       DefaultValuedAttr<MIL_Int, "-1">:$axis);
  let results = (outs MIL_Tensor:$result);
  let assemblyFormat = "$x attr-dict `:` type($x)";
  let hasVerifier = 1;
}

#endif // MLMODEL_DIALECT_MIL_IR_ACTIVATIONOPS_TD
