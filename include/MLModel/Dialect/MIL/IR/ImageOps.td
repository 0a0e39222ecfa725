//===- ImageOps.td -----------------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_IMAGEOPS_TD
#define MLMODEL_DIALECT_MIL_IR_IMAGEOPS_TD

include "MLModel/Dialect/MIL/IR/MILBase.td"

def MIL_SamplingMode : MIL_EnumStr<
    ["STRICT_ALIGN_CORNERS", "ALIGN_CORNERS", "UNALIGN_CORNERS", "DEFAULT",
     "OFFSET_CORNERS"]>;

def MIL_BoxCoordinateMode : MIL_EnumStr<
    ["CORNERS_HEIGHT_FIRST", "CORNERS_WIDTH_FIRST", "CENTER_SIZE_HEIGHT_FIRST",
     "CENTER_SIZE_WIDTH_FIRST"]>;

// Images are `[*B, H, W]` of rank 3 or more: the last two axes are resized or
// cropped, the others are copied.
class MIL_ImageOp<string mnemonic, dag attributes>
    : MIL_InferOp<mnemonic> {
  let arguments = !con((ins MIL_Tensor:$x), attributes);
  let results = (outs MIL_Tensor:$result);
}

//===----------------------------------------------------------------------===//
// Scale factors
//===----------------------------------------------------------------------===//

def MIL_UpsampleNearestNeighborOp
    : MIL_ImageOp<"upsample_nearest_neighbor", (ins
    DefaultValuedAttr<F32Attr, "1.0f">:$scale_factor_height,
    DefaultValuedAttr<F32Attr, "1.0f">:$scale_factor_width)> {
  let summary = "enlarge by repeating pixels";
  let description = [{
    The result has `floor(H * scale)` rows, each a copy of row
    `floor(i * H / H_out)`; columns likewise.
  }];
}

def MIL_UpsampleBilinearOp : MIL_ImageOp<"upsample_bilinear", (ins
    DefaultValuedAttr<F32Attr, "1.0f">:$scale_factor_height,
    DefaultValuedAttr<F32Attr, "1.0f">:$scale_factor_width,
    DefaultValuedAttr<BoolAttr, "true">:$align_corners,
    OptionalAttr<BoolAttr>:$half_pixel_centers)> {
  let summary = "enlarge with linear interpolation";
  let description = [{
    `mil.resize_bilinear` to `floor(H * scale)` by `floor(W * scale)`, with the
    sampling mode `STRICT_ALIGN_CORNERS` if `align_corners` is set, else
    `UNALIGN_CORNERS` with half-pixel centres and `DEFAULT` without.
    `half_pixel_centers` is by default the opposite of `align_corners`; both
    together are not supported.
  }];
  let extraClassDeclaration = [{
    ::llvm::StringRef getSamplingMode();
  }];
}

//===----------------------------------------------------------------------===//
// Target sizes
//===----------------------------------------------------------------------===//

def MIL_ResizeNearestNeighborOp : MIL_ImageOp<"resize_nearest_neighbor", (ins
    I64Attr:$target_size_height, I64Attr:$target_size_width)> {
  let summary = "resize by picking pixels";
  let description = [{
    Row `i` of the result is row `floor(i * H / target_size_height)` of `x`;
    columns likewise.
  }];
}

def MIL_ResizeBilinearOp : MIL_ImageOp<"resize_bilinear", (ins
    DefaultValuedAttr<I64Attr, "1">:$target_size_height,
    DefaultValuedAttr<I64Attr, "1">:$target_size_width,
    DefaultValuedStrAttr<MIL_SamplingMode, "DEFAULT">:$sampling_mode)> {
  let summary = "resize with linear interpolation";
  let description = [{
    Along each axis the `n` points of the result lie on the input axis of size
    `d`, in `[0, d - 1]` where they are clamped to, at

    | mode | point `i` |
    |---|---|
    | `STRICT_ALIGN_CORNERS` | `i * (d - 1) / (n - 1)`, 0 if `n = 1` |
    | `ALIGN_CORNERS` | the same, but `(d - 1) / 2` if `n = 1` |
    | `DEFAULT` | `i * d / n` |
    | `OFFSET_CORNERS` | `(i + 0.5) * max(1, d - 1) / n` |
    | `UNALIGN_CORNERS` | `(i + 0.5) * d / n - 0.5` |
  }];
}

//===----------------------------------------------------------------------===//
// Crops
//===----------------------------------------------------------------------===//

def MIL_CropOp : MIL_ImageOp<"crop", (ins
    DenseI64ArrayAttr:$crop_height, DenseI64ArrayAttr:$crop_width)> {
  let summary = "cut off the border of an image";
  let description = [{
    `crop_height` holds how many rows are cut at the top and the bottom,
    `crop_width` how many columns at the left and the right.
  }];
}

def MIL_CropResizeOp : MIL_InferOp<"crop_resize"> {
  let summary = "cut boxes out of images and resize them";
  let description = [{
    `x` is `[B, C, H, W]`, `boxes` `[N, 4]`. With `box_indices` `[N]` box `n` is
    cut from image `box_indices[n]` and the result is `[N, C, h, w]`; without,
    every box is cut from every image and the result is `[N, B, C, h, w]`.

    The coordinates, in the order that `box_coordinate_mode` says, are multiplied
    by `spatial_scale`, and by `H - 1` and `W - 1` if `normalized_coordinates` is
    set. Between start `s` and end `e` of a box the points are sampled as in
    `mil.resize_bilinear` with `d = e - s + 1`, plus `s`, clamped to the box and
    to the image. A box that ends before it starts is sampled backwards.
  }];
  let arguments = (ins
    MIL_Tensor:$x,
    MIL_Tensor:$boxes,
    Optional<MIL_Tensor>:$box_indices,
    DefaultValuedAttr<I64Attr, "1">:$target_height,
    DefaultValuedAttr<I64Attr, "1">:$target_width,
    DefaultValuedAttr<BoolAttr, "false">:$normalized_coordinates,
    DefaultValuedAttr<F32Attr, "1.0f">:$spatial_scale,
    DefaultValuedStrAttr<MIL_BoxCoordinateMode, "CORNERS_HEIGHT_FIRST">
        :$box_coordinate_mode,
    DefaultValuedStrAttr<MIL_SamplingMode, "DEFAULT">:$sampling_mode);
  let results = (outs MIL_Tensor:$result);
}

#endif // MLMODEL_DIALECT_MIL_IR_IMAGEOPS_TD
