//===- ConvolutionOps.td -----------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_CONVOLUTIONOPS_TD
#define MLMODEL_DIALECT_MLMODEL_IR_CONVOLUTIONOPS_TD

include "MLModel/Dialect/MLModel/IR/LayerBase.td"

def MLModel_ConvolutionOp : MLModel_Layer<"convolution", "convolution", 1,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>> {
  let summary = "convolution or transposed convolution over height and width";
  let description = [{
    `x` is `[..., C, H, W]`; all axes before the channels are batch. Weights are
    `[outputChannels, kernelChannels, kH, kW]` with `kernelChannels = C / nGroups`,
    or, with `isDeconvolution`, `[kernelChannels, outputChannels / nGroups, kH, kW]`
    with `kernelChannels = C`. A second input gives the weights at run time.

    Without transposition, with `k = (kernel - 1) * dilation + 1` and padding
    amounts `b` and `e`: `H_out = floor((H + b + e - k) / stride) + 1` (`valid`)
    or `ceil(H / stride)` (`same`). Transposed: `(H - 1) * stride + k - b - e`,
    or `H * stride`, or `outputShape` where it is given. Defaults are a kernel of
    3, strides and dilations of 1 and one group.
  }];
  let parameters = (ins
    MLModel_Int:$outputChannels,
    MLModel_Int:$kernelChannels,
    MLModel_Int:$nGroups,
    MLModel_Ints:$kernelSize,
    MLModel_Ints:$stride,
    MLModel_Ints:$dilationFactor,
    MLModel_Message:$valid,
    MLModel_Message:$same,
    MLModel_Bool:$isDeconvolution,
    MLModel_Bool:$hasBias,
    MLModel_Weights:$weights,
    MLModel_Weights:$bias,
    MLModel_Ints:$outputShape);
}

def MLModel_Convolution3dOp : MLModel_Layer<"convolution3d", "convolution3d", 5,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "convolution or transposed convolution over depth, height and width";
  let description = [{
    `x` is `[N, C, D, H, W]`. Weights are `[outputChannels, C / nGroups, kD, kH,
    kW]`, or `[C, outputChannels / nGroups, kD, kH, kW]` with `isDeconvolution`.
    Sizes follow the rules of `mlmodel.convolution`; `paddingType` SAME puts an
    odd element at the end.
  }];
  let parameters = (ins
    MLModel_Int:$outputChannels,
    MLModel_Int:$inputChannels,
    MLModel_Int:$nGroups,
    MLModel_Int:$kernelDepth,
    MLModel_Int:$kernelHeight,
    MLModel_Int:$kernelWidth,
    MLModel_Int:$strideDepth,
    MLModel_Int:$strideHeight,
    MLModel_Int:$strideWidth,
    MLModel_Int:$dilationDepth,
    MLModel_Int:$dilationHeight,
    MLModel_Int:$dilationWidth,
    MLModel_Bool:$hasBias,
    MLModel_Weights:$weights,
    MLModel_Weights:$bias,
    MLModel_Enum<["CUSTOM", "VALID", "SAME"], "CUSTOM">:$paddingType,
    MLModel_Int:$customPaddingFront,
    MLModel_Int:$customPaddingBack,
    MLModel_Int:$customPaddingTop,
    MLModel_Int:$customPaddingBottom,
    MLModel_Int:$customPaddingLeft,
    MLModel_Int:$customPaddingRight,
    MLModel_Bool:$isDeconvolution,
    MLModel_Ints:$outputShape);
}

def MLModel_PoolingOp : MLModel_Layer<"pooling", "pooling", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "maximum, average or Euclidean norm over windows of height and width";
  let description = [{
    `x` is `[..., C, H, W]`. `valid` and `same` give the sizes of
    `mlmodel.convolution`. With `includeLastPixel` and `p` elements of padding on
    both sides, `H_out = ceil((H + 2p - k) / stride) + 1`, less one if there is
    padding and the last window would start at or after `H + p`. An average
    counts padding unless `avgPoolExcludePadding` is set. `globalPooling` makes
    the whole image one window.
  }];
  let parameters = (ins
    MLModel_Enum<["MAX", "AVERAGE", "L2"], "MAX">:$kind,
    MLModel_Ints:$kernelSize,
    MLModel_Ints:$stride,
    MLModel_Message:$valid,
    MLModel_Message:$same,
    MLModel_Message:$includeLastPixel,
    MLModel_Bool:$avgPoolExcludePadding,
    MLModel_Bool:$globalPooling);
}

def MLModel_Pooling3dOp : MLModel_Layer<"pooling3d", "pooling3d", 5,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "maximum or average over windows of depth, height and width";
  let description = [{
    `x` is `[N, C, D, H, W]`; sizes as in `mlmodel.convolution3d`.
  }];
  let parameters = (ins
    MLModel_Enum<["MAX", "AVERAGE"], "MAX">:$kind,
    MLModel_Int:$kernelDepth,
    MLModel_Int:$kernelHeight,
    MLModel_Int:$kernelWidth,
    MLModel_Int:$strideDepth,
    MLModel_Int:$strideHeight,
    MLModel_Int:$strideWidth,
    MLModel_Enum<["CUSTOM", "VALID", "SAME"], "CUSTOM">:$paddingType,
    MLModel_Int:$customPaddingFront,
    MLModel_Int:$customPaddingBack,
    MLModel_Int:$customPaddingTop,
    MLModel_Int:$customPaddingBottom,
    MLModel_Int:$customPaddingLeft,
    MLModel_Int:$customPaddingRight,
    MLModel_Bool:$countExcludePadding);
}

def MLModel_GlobalPooling3dOp : MLModel_Layer<"global_pooling3d", "globalPooling3d", 5,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "maximum or average over all of depth, height and width";
  let description = [{
    `[N, C, D, H, W]` becomes `[N, C, 1, 1, 1]`.
  }];
  let parameters = (ins
    MLModel_Enum<["MAX", "AVERAGE"], "MAX">:$kind);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_CONVOLUTIONOPS_TD
