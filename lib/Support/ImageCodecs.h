//===- ImageCodecs.h - One function per image file format -------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Both C libraries report errors by longjmp. So each codec is an object that
// owns everything with a destructor, and the only functions that libpng or
// libjpeg can jump out of have no such local variables.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_SUPPORT_IMAGECODECS_H
#define MLMODEL_LIB_SUPPORT_IMAGECODECS_H

#include "MLModel/Support/Tensor.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

namespace mlmodel {

/// Decode to the channels that the file has; errors do not name the file.
llvm::Expected<Tensor> decodePNG(llvm::ArrayRef<uint8_t> bytes);
llvm::Expected<Tensor> decodeJPEG(llvm::ArrayRef<uint8_t> bytes);

/// ExitCode::Limit above the limits of Image.h, ExitCode::Usage below one
/// pixel.
llvm::Error checkImageSize(int64_t height, int64_t width);

/// A tensor for the pixels, after checkImageSize().
llvm::Expected<Tensor> createImage(int64_t height, int64_t width,
                                   int64_t channels);

/// Checks that \p image is uint8 HxW or HxWxC with 1, 3 or 4 channels and at
/// least one pixel.
llvm::Error checkImage(const Tensor &image);

/// The channels of a checked image.
inline int64_t channelsOf(const Tensor &image) {
  return image.rank() == 2 ? 1 : image.shape()[2];
}

} // namespace mlmodel

#endif // MLMODEL_LIB_SUPPORT_IMAGECODECS_H
