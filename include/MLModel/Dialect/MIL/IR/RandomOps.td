//===- RandomOps.td - mil ops: Random ----------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_RANDOMOPS_TD
#define MLMODEL_DIALECT_MIL_IR_RANDOMOPS_TD

include "MLModel/Dialect/MIL/IR/MILBase.td"

// Values come from a counter and the seed alone: an element has the same value
// on every machine, with any number of threads and on every run.
class MIL_RandomOp<string mnemonic, dag distribution>
    : MIL_InferOp<mnemonic> {
  let arguments = !con((ins DenseI64ArrayAttr:$shape), distribution,
                       (ins DefaultValuedAttr<MIL_Int, "-1">:$seed));
  let results = (outs MIL_Tensor:$result);
  let description = [{
    Element `i` in row-major order is a function of `seed` and `i`.
  }];
}

def MIL_RandomNormalOp : MIL_RandomOp<"random_normal", (ins
    DefaultValuedAttr<F32Attr, "0.0f">:$mean,
    DefaultValuedAttr<F32Attr, "1.0f">:$stddev)> {
  let summary = "values of a normal distribution (MIL random_normal)";
}

def MIL_RandomUniformOp : MIL_RandomOp<"random_uniform", (ins
    DefaultValuedAttr<F32Attr, "0.0f">:$low,
    DefaultValuedAttr<F32Attr, "1.0f">:$high)> {
  let summary = "evenly distributed values in [low, high) (MIL random_uniform)";
}

def MIL_RandomBernoulliOp : MIL_RandomOp<"random_bernoulli", (ins
    DefaultValuedAttr<F32Attr, "0.5f">:$prob)> {
  let summary = "1.0 with probability prob, else 0.0 (MIL random_bernoulli)";
}

def MIL_RandomCategoricalOp : MIL_InferOp<"random_categorical"> {
  let summary = "indices, drawn by their probabilities "
                "(MIL random_categorical)";
  let description = [{
    `x` is `[*D, C]`: for each of `*D`, `C` probabilities, or with `logits` their
    logarithms, up to a common factor. The result is `[*D, size]`.
  }];
  let arguments = (ins
    MIL_Tensor:$x,
    DefaultValuedStrAttr<MIL_EnumStr<["logits", "probs"]>, "logits">:$mode,
    DefaultValuedAttr<MIL_Int, "1">:$size,
    DefaultValuedAttr<MIL_Int, "-1">:$seed);
  let results = (outs MIL_Tensor:$result);
}

#endif // MLMODEL_DIALECT_MIL_IR_RANDOMOPS_TD
