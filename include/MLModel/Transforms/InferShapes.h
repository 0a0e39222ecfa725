//===- InferShapes.h - Shapes of a model's blobs ----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TRANSFORMS_INFERSHAPES_H
#define MLMODEL_TRANSFORMS_INFERSHAPES_H

#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "llvm/ADT/StringMap.h"

namespace mlmodel {

/// Shapes to use in place of the declared ones, by input name. An empty one
/// says that the shape is not known.
using InputShapes = llvm::StringMap<llvm::SmallVector<int64_t>>;

/// The shape of the blob for an input feature of the model's description, by
/// the network's shape mappings: RANK5 gives [1,1,C,1,1] for [C] and
/// [1,1,C,H,W] for [C,H,W], EXACT the shape itself; images give [1,1,C,H,W] or
/// [1,C,H,W]. \p actual, if given, is the shape of the array or the
/// [height, width] of the image that is fed. Nothing if the feature does not
/// say.
std::optional<llvm::SmallVector<int64_t>>
getInputBlobShape(NetworkOp network, mlir::DictionaryAttr feature,
                  llvm::ArrayRef<int64_t> actual = {});

/// Infers the shapes of all blobs of \p model, from its declared input shapes
/// or from \p inputShapes. Reports the first layer whose inputs do not fit.
llvm::LogicalResult inferShapes(ModelOp model,
                                const InputShapes &inputShapes = {});

/// Sets the result types of one layer, and of the layers in its bodies, from
/// the types of its operands. Sizes that depend on values become dynamic unless
/// the values are constant or known (KnownValues).
llvm::LogicalResult inferLayerShapes(mlir::Operation *layer);

} // namespace mlmodel

#endif // MLMODEL_TRANSFORMS_INFERSHAPES_H
