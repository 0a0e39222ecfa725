//===- ImageOps.td -----------------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_IMAGEOPS_TD
#define MLMODEL_DIALECT_MLMODEL_IR_IMAGEOPS_TD

include "MLModel/Dialect/MLModel/IR/LayerBase.td"

def MLModel_CropOp : MLModel_Layer<"crop", "crop", 1,
    MLModel_Arity<1, 2>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Borders:$cropAmounts,
    MLModel_Ints:$offset);
}

def MLModel_UpsampleOp : MLModel_Layer<"upsample", "upsample", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Ints:$scalingFactor,
    MLModel_Floats:$fractionalScalingFactor,
    MLModel_Enum<["NN", "BILINEAR"], "NN">:$mode,
    MLModel_Enum<["DEFAULT", "ALIGN_CORNERS_TRUE", "ALIGN_CORNERS_FALSE"], "DEFAULT">:$linearUpsampleMode);
}

def MLModel_ResizeBilinearOp : MLModel_Layer<"resize_bilinear", "resizeBilinear", 3,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Ints:$targetSize,
    MLModel_Message:$mode);
}

def MLModel_CropResizeOp : MLModel_Layer<"crop_resize", "cropResize", 3,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>> {
  let parameters = (ins
    MLModel_Ints:$targetSize,
    MLModel_Bool:$normalizedCoordinates,
    MLModel_Message:$mode,
    MLModel_Message:$boxIndicesMode,
    MLModel_Float:$spatialScale);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_IMAGEOPS_TD
