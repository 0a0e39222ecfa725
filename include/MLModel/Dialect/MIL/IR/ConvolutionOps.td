//===- ConvolutionOps.td -----------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_CONVOLUTIONOPS_TD
#define MLMODEL_DIALECT_MIL_IR_CONVOLUTIONOPS_TD

include "MLModel/Dialect/MIL/IR/MILBase.td"

def MIL_PadType : MIL_EnumStr<["valid", "same", "same_lower", "custom"]>;

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

class MIL_ConvolutionOp<string mnemonic>
    : MIL_InferOp<mnemonic> {
  let results = (outs MIL_Tensor:$result);
  let extraClassDeclaration = [{
    /// The spatial axes with the padding that the attributes amount to.
    ::mlir::FailureOr<Window> getWindow();
  }];
}

def MIL_ConvOp : MIL_ConvolutionOp<"conv"> {
  let summary = "convolution over one to three spatial axes";
  let description = [{
    `x` is `[N, C, *D]`, `weight` `[O, C / groups, *K]`, `bias` `[O]`; the
    result is `[N, O, *E]`. `weight` may be computed at run time. Per spatial
    axis, with the padding amounts `b` and `e` that `pad_type` gives,

        E = (D + b + e - dilation * (K - 1) - 1) / stride + 1

    and, over the zero-padded input, for the group `g` that holds `o`,

        y[n, o, *i] = bias[o] + sum(c, *k) weight[o, c, *k] *
                      x[n, g * C / groups + c, *(i * stride + k * dilation - b)]

    `pad_type` is `valid` (no padding), `same` (so that `E = ceil(D / stride)`,
    an odd pixel goes to the end), `same_lower` (it goes to the beginning) or
    `custom` (`pad` holds begin and end for each spatial axis). Empty `strides`
    and `dilations` mean ones.
  }];
  let arguments = (ins
    MIL_Tensor:$x,
    MIL_Tensor:$weight,
    Optional<MIL_Tensor>:$bias,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$strides,
    DefaultValuedStrAttr<MIL_PadType, "valid">:$pad_type,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$pad,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$dilations,
    DefaultValuedAttr<I64Attr, "1">:$groups);
}

def MIL_ConvTransposeOp : MIL_ConvolutionOp<"conv_transpose"> {
  let summary = "transposed convolution (deconvolution)";
  let description = [{
    `x` is `[N, C, *D]`, `weight` `[C, O / groups, *K]`, `bias` `[O]`; the
    result is `[N, O, *E]`. Every input value adds its multiple of the kernel
    to the full output, of size `F = (D - 1) * stride + dilation * (K - 1) + 1`
    per axis, from which the result is cropped:

        full[n, o, *(i * stride + k * dilation)] += weight[c, o, *k] * x[n, c, *i]
        y[n, o, *j] = bias[o] + full[n, o, *(j + crop)]

    `valid` crops nothing, `custom` crops `pad` (begin and end per axis), `same`
    leaves `E = D * stride` and crops an odd pixel at the end, `same_lower` at
    the beginning. `output_shape` (`[N, O, *E]`) fixes the sizes instead: with
    `same` and `same_lower` the rest is cropped on both sides, with `valid` and
    `custom` the beginning is cropped by `pad` and the end takes what is left. A
    result that reaches past the full output holds the bias there.
  }];
  let arguments = (ins
    MIL_Tensor:$x,
    MIL_Tensor:$weight,
    Optional<MIL_Tensor>:$bias,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$strides,
    DefaultValuedStrAttr<MIL_PadType, "valid">:$pad_type,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$pad,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$dilations,
    DefaultValuedAttr<I64Attr, "1">:$groups,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$output_shape);
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

class MIL_PoolOp<string mnemonic, dag extraArguments = (ins)>
    : MIL_InferOp<mnemonic> {
  let arguments = !con((ins
    MIL_Tensor:$x,
    DenseI64ArrayAttr:$kernel_sizes,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$strides,
    DefaultValuedStrAttr<MIL_PadType, "valid">:$pad_type,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$pad,
    DefaultValuedAttr<BoolAttr, "false">:$ceil_mode), extraArguments);
  let results = (outs MIL_Tensor:$result);
  let extraClassDeclaration = [{
    /// The spatial axes with the padding that the attributes amount to.
    ::mlir::FailureOr<Window> getWindow();
  }];
  // Shared by the descriptions of the pooling operations.
  string windowRule = [{
    `x` is `[N, C, *D]`, the result `[N, C, *E]`, `kernel_sizes`, `strides` and
    `pad` as in `mil.conv`. With `ceil_mode` the size is rounded up, so that the
    last pixel is covered,

        E = ceil((D + b + e - K) / stride) + 1

    less one where there is padding and the last window would begin behind the
    input and its leading padding; padding must then be the same on both sides.
  }];
}

def MIL_MaxPoolOp : MIL_PoolOp<"max_pool"> {
  let summary = "maximum over a sliding window";
  let description = windowRule # [{
    Padding never wins: it counts as minus infinity. A NaN is passed over.
  }];
}

def MIL_AvgPoolOp : MIL_PoolOp<"avg_pool", (ins
    DefaultValuedAttr<BoolAttr, "false">:$exclude_padding_from_average)> {
  let summary = "average over a sliding window";
  let description = windowRule # [{
    The sum is divided by the number of window elements that lie in the input
    and its padding, or in the input alone with `exclude_padding_from_average`.
  }];
}

def MIL_L2PoolOp : MIL_PoolOp<"l2_pool"> {
  let summary = "Euclidean norm over a sliding window";
  let description = windowRule # [{
    `y = sqrt(sum(x * x))` over the window.
  }];
}

#endif // MLMODEL_DIALECT_MIL_IR_CONVOLUTIONOPS_TD
