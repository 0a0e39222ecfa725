//===- Preprocessing.h - Features to blobs and back -------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_RUNTIME_PREPROCESSING_H
#define MLMODEL_LIB_RUNTIME_PREPROCESSING_H

#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "MLModel/Runtime/Features.h"
#include "llvm/Support/Error.h"

namespace mlmodel {

/// The shape that getInputBlobShape wants of a value: an array's shape, or
/// [height, width] of an image.
llvm::Expected<llvm::SmallVector<int64_t>>
getActualShape(const FeatureDescription &feature, const FeatureValue &value);

/// What preprocessing makes of a pixel: scale * value + the bias of its
/// channel, in the blob's order of channels.
struct PixelScale {
  float scale = 1;
  llvm::SmallVector<float> biases;
};

/// The preprocessing of image \p feature, if it is no more than that; mean
/// images and several steps are ExitCode::Unsupported.
llvm::Expected<PixelScale> getPixelScale(NetworkOp network,
                                         const FeatureDescription &feature);

/// Float32 values of the blob for \p value. Images become planar in the
/// model's channel order and go through its preprocessing (scaler, mean image).
/// A float32 array is its own blob; else \p buffer holds the values, and keeps
/// its memory for the next prediction.
llvm::Expected<llvm::ArrayRef<float>>
makeBlob(NetworkOp network, const FeatureDescription &feature,
         const FeatureValue &value, std::vector<float> &buffer);

/// The feature for an output blob: an array of the declared element type, or
/// an image. \p hasExactRank tells that the blob's shape is the array's.
llvm::Expected<FeatureValue> makeOutput(const FeatureDescription &feature,
                                        llvm::ArrayRef<float> blob,
                                        llvm::ArrayRef<int64_t> shape,
                                        bool hasExactRank);

} // namespace mlmodel

#endif // MLMODEL_LIB_RUNTIME_PREPROCESSING_H
