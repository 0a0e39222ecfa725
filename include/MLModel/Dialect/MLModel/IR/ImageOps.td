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
  let summary = "cuts off the border of an image";
  let description = [{
    One input: takes `cropAmounts` (top, bottom, left, right) off `[..., C, H,
    W]`. Two inputs: cuts the first to height and width of the second, from
    `offset` on.
  }];
  let parameters = (ins
    MLModel_Borders:$cropAmounts,
    MLModel_Ints:$offset);
}

def MLModel_UpsampleOp : MLModel_Layer<"upsample", "upsample", 1,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "enlarges an image by factors";
  let description = [{
    `[..., C, H, W]` becomes `[..., C, floor(H * f), floor(W * g)]`, with the
    nearest element or by linear interpolation. Along an axis of `d` elements, the
    `n` points of the result lie at `i * d / n` (DEFAULT), `i * (d - 1) / (n - 1)`
    (ALIGN_CORNERS_TRUE) or `(i + 0.5) * d / n - 0.5` (ALIGN_CORNERS_FALSE).
  }];
  let parameters = (ins
    MLModel_Ints:$scalingFactor,
    MLModel_Floats:$fractionalScalingFactor,
    MLModel_Enum<["NN", "BILINEAR"], "NN">:$mode,
    MLModel_Enum<["DEFAULT", "ALIGN_CORNERS_TRUE", "ALIGN_CORNERS_FALSE"], "DEFAULT">:$linearUpsampleMode);
}

def MLModel_ResizeBilinearOp : MLModel_Layer<"resize_bilinear", "resizeBilinear", 3,
    MLModel_Arity<1, 1>, MLModel_Arity<1, 1>> {
  let summary = "resizes an image to a given size by linear interpolation";
  let description = [{
    `[..., C, H, W]` becomes `[..., C, targetSize]`. `mode.samplingMethod` says
    where the points lie; see `mil.resize_bilinear`.
  }];
  let parameters = (ins
    MLModel_Ints:$targetSize,
    MLModel_Message:$mode);
}

def MLModel_CropResizeOp : MLModel_Layer<"crop_resize", "cropResize", 3,
    MLModel_Arity<2, 2>, MLModel_Arity<1, 1>> {
  let summary = "cuts boxes out of images and resizes them";
  let description = [{
    Images are `[1, B, C, H, W]`. Boxes `[N, 1, 4, 1, 1]` are cut from every image
    and give `[N, B, C, targetSize]`; boxes `[N, 1, 5, 1, 1]` name their image
    first and give `[N, 1, C, targetSize]`.
  }];
  let parameters = (ins
    MLModel_Ints:$targetSize,
    MLModel_Bool:$normalizedCoordinates,
    MLModel_Message:$mode,
    MLModel_Message:$boxIndicesMode,
    MLModel_Float:$spatialScale);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_IMAGEOPS_TD
