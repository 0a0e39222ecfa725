//===- NormalizationOps.td - mil ops: normalization --------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_NORMALIZATIONOPS_TD
#define MLMODEL_DIALECT_MIL_IR_NORMALIZATIONOPS_TD

include "MLModel/Dialect/MIL/IR/MILBase.td"

/// An op whose result has the type of x.
class MIL_LikeXOp<string mnemonic, list<Trait> traits = []>
    : MIL_InferOp<mnemonic, traits> {
  let results = (outs MIL_Tensor:$result);
  let hasVerifier = 1;
  let extraClassDefinition = compatible # [{
    LogicalResult $cppClass::inferReturnTypes(
        MLIRContext *, std::optional<Location>, Adaptor adaptor,
        SmallVectorImpl<Type> &types) {
      types.push_back(adaptor.getX().getType());
      return success();
    }
  }];
}

def MIL_BatchNormOp : MIL_ChannelwiseOp<"batch_norm", [{
    Value scale = s.div(s.constant(1),
                        s.sqrt(s.add(x[2], s.constant(getEpsilon()))));
    if (getGamma())
      scale = s.mul(scale, x[3]);
    Value shift = s.mul(s.neg(x[1]), scale);
    if (getBeta())
      shift = s.add(shift, x.back());
    return s.mulAdd(x[0], scale, shift);
  }], [AttrSizedOperandSegments]> {
  let summary = "(x - mean) / sqrt(variance + epsilon) * gamma + beta "
                "(MIL batch_norm)";
  let description = [{
    The four parameters have one element per index of dimension `axis` (1 in
    MIL), or one. Computed as `x * scale + (beta - mean * scale)`, one fused
    operation for each element.
  }];
  let arguments = (ins MIL_Tensor:$x, MIL_Tensor:$mean, MIL_Tensor:$variance,
                       Optional<MIL_Tensor>:$gamma, Optional<MIL_Tensor>:$beta,
                       DefaultValuedAttr<F32Attr, "1e-5f">:$epsilon,
                       DefaultValuedAttr<MIL_Int, "1">:$axis);
  let assemblyFormat = [{
    $x `,` $mean `,` $variance (`gamma` $gamma^)? (`beta` $beta^)? attr-dict
    `:` functional-type(operands, results)
  }];
}

def MIL_InstanceNormOp : MIL_LikeXOp<"instance_norm", [AttrSizedOperandSegments]> {
  let summary = "normalizes every image and channel to mean 0, variance 1 "
                "(MIL instance_norm)";
  let description = [{
    y = (x - mean) / sqrt(variance + epsilon) * gamma + beta, where mean and
    variance are taken over the dimensions after the channels. `x` is [N, C, ...]
    with rank 3 or more, `gamma` and `beta` are [C].
  }];
  let arguments = (ins MIL_Tensor:$x, Optional<MIL_Tensor>:$gamma,
                       Optional<MIL_Tensor>:$beta,
                       DefaultValuedAttr<F32Attr, "1e-5f">:$epsilon);
  let assemblyFormat = [{
    $x (`gamma` $gamma^)? (`beta` $beta^)? attr-dict
    `:` functional-type(operands, results)
  }];
}

def MIL_LayerNormOp : MIL_LikeXOp<"layer_norm", [AttrSizedOperandSegments]> {
  let summary = "normalizes over some axes to mean 0, variance 1 "
                "(MIL layer_norm)";
  let description = [{
    y = (x - mean) / sqrt(variance + epsilon) * gamma + beta, where mean and
    variance are taken over `axes` (none: all). `gamma` and `beta` have the
    sizes of x along `axes`, in ascending order of axis.
  }];
  let arguments = (ins MIL_Tensor:$x, Optional<MIL_Tensor>:$gamma,
                       Optional<MIL_Tensor>:$beta,
                       DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$axes,
                       DefaultValuedAttr<F32Attr, "1e-5f">:$epsilon);
  let assemblyFormat = [{
    $x (`gamma` $gamma^)? (`beta` $beta^)? attr-dict
    `:` functional-type(operands, results)
  }];
}

def MIL_L2NormOp : MIL_LikeXOp<"l2_norm"> {
  let summary = "x / sqrt(sum of x * x over axes + epsilon) (MIL l2_norm)";
  let description = "MIL's axes are the last three; here they are free.";
  let arguments = (ins MIL_Tensor:$x, DenseI64ArrayAttr:$axes,
                       DefaultValuedAttr<F32Attr, "1e-6f">:$epsilon);
}

def MIL_LocalResponseNormOp : MIL_LikeXOp<"local_response_norm"> {
  let summary = "normalizes across neighbouring channels "
                "(MIL local_response_norm)";
  let description = [{
    y = x / (k + alpha / size * sum of x * x)^beta, where the sum runs over the
    `size` channels around, from c - size / 2 to c + (size - 1) / 2, as far as
    they exist. `x` is [N, C, ...]; the channels are dimension `axis`.
  }];
  let arguments = (ins MIL_Tensor:$x, MIL_Int:$size,
                       DefaultValuedAttr<F32Attr, "1e-4f">:$alpha,
                       DefaultValuedAttr<F32Attr, "0.75f">:$beta,
                       DefaultValuedAttr<F32Attr, "1.0f">:$k,
                       DefaultValuedAttr<MIL_Int, "1">:$axis);
}

#endif // MLMODEL_DIALECT_MIL_IR_NORMALIZATIONOPS_TD
