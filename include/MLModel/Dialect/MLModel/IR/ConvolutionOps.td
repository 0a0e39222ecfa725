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
  let parameters = (ins
    MLModel_Enum<["MAX", "AVERAGE"], "MAX">:$kind);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_CONVOLUTIONOPS_TD
