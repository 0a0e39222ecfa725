//===- Image.h - PNG and JPEG files, and simple image operations *- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An image is a uint8 tensor of shape HxWxC, with C = 1 (gray), 3 (RGB) or 4
// (RGB and alpha, not premultiplied). The functions that take images accept
// HxW as HxWx1; anything else gives ExitCode::Usage.
//
// Sample values are taken as stored: gamma, colour profiles and the EXIF
// orientation are ignored.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_SUPPORT_IMAGE_H
#define MLMODEL_SUPPORT_IMAGE_H

#include "MLModel/Support/Tensor.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <vector>

namespace mlmodel {

enum class PixelFormat {
  /// Gray for gray files, RGB for colour, RGBA where there is transparency.
  AsStored,
  Gray,
  RGB,
  RGBA,
};

/// The most pixels that an image may have, in all and along one side.
constexpr int64_t maxImagePixels = int64_t(1) << 28;
constexpr int64_t maxImageSide = int64_t(1) << 16;

/// Decodes a PNG (16-bit samples are scaled to 8) or JPEG file (gray or
/// colour, not CMYK), told apart by their first bytes, and converts to
/// \p format. Errors start with \p name: ExitCode::IO for a file that is
/// neither, damaged or cut off, ExitCode::Limit above maxImagePixels
/// or maxImageSide, ExitCode::Unsupported for CMYK.
llvm::Expected<Tensor> decodeImage(llvm::ArrayRef<uint8_t> bytes,
                                   llvm::StringRef name,
                                   PixelFormat format = PixelFormat::AsStored);
llvm::Expected<Tensor>
readImageFile(llvm::StringRef path, PixelFormat format = PixelFormat::AsStored);

/// Encodes an image as PNG of the same channels, without loss.
llvm::Expected<std::vector<uint8_t>> encodePNG(const Tensor &image);
/// Writes atomically; "-" is standard output.
llvm::Error writePNGFile(llvm::StringRef path, const Tensor &image);

/// Converts between channel counts. Gray becomes R = G = B; colour becomes
/// gray by ITU-R BT.601 luma, 0.299 R + 0.587 G + 0.114 B, rounded to nearest;
/// alpha is dropped, or 255 where there was none.
llvm::Expected<Tensor> convertPixels(const Tensor &image, PixelFormat format);
inline llvm::Expected<Tensor> convertToGray(const Tensor &image) {
  return convertPixels(image, PixelFormat::Gray);
}

enum class ResizeFilter {
  /// Between the four nearest pixels, with half-pixel centres and edges
  /// repeated. Aliases when shrinking by more than two.
  Bilinear,
  /// The mean over the area that the target pixel covers in the source.
  Area,
};

/// Cuts out the middle \p height x \p width pixels; an odd rest is cut off
/// more at the bottom and right. ExitCode::Usage if the image is smaller.
llvm::Expected<Tensor> cropCenter(const Tensor &image, int64_t height,
                                  int64_t width);

/// Scales to \p height x \p width pixels. Unless \p keepAspect is set the
/// image is stretched; else it is first cropped around its centre to the
/// target's aspect ratio.
llvm::Expected<Tensor> resizeImage(const Tensor &image, int64_t height,
                                   int64_t width,
                                   ResizeFilter filter = ResizeFilter::Bilinear,
                                   bool keepAspect = false);

} // namespace mlmodel

#endif // MLMODEL_SUPPORT_IMAGE_H
