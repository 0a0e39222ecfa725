//===- FuseBatchnorm.h - Affine layers into the weights before --*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TRANSFORMS_FUSEBATCHNORM_H
#define MLMODEL_TRANSFORMS_FUSEBATCHNORM_H

#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include <string>
#include <vector>

namespace mlmodel {

/// What became of the batchnorm, scale and bias layers that follow a layer with
/// weights.
struct FusionReport {
  struct Refusal {
    /// "layer 'NAME' (KIND)".
    std::string layer;
    std::string reason;
  };
  /// Layers that are gone.
  size_t fused = 0;
  std::vector<Refusal> refused;
};

/// Takes batchnorm, scale and bias layers of \p model into the convolution,
/// inner product or batchnorm before them, where that changes no blob that
/// anybody else sees. The pass mlmodel-fuse-batchnorm tells what is fused and
/// what is refused. After an inner product, values that differ by channel need
/// the rank of the blob: run inferShapes first.
FusionReport fuseBatchnorm(ModelOp model);

} // namespace mlmodel

#endif // MLMODEL_TRANSFORMS_FUSEBATCHNORM_H
