//===- LayerDump.h - Files of what layers write -----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A directory with BLOB.npy for each blob, and layers.json, which lists them in
// the order of the layers: [{"layer", "kind", "blob", "file"}, ...].
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TOOLS_MLMODEL_LAYERDUMP_H
#define MLMODEL_TOOLS_MLMODEL_LAYERDUMP_H

#include "MLModel/Runtime/Model.h"

namespace mlmodel {

/// The file of a blob in \p directory.
std::string getBlobPath(llvm::StringRef directory, llvm::StringRef blob);

/// Makes \p directory and writes \p blobs to it.
llvm::Error writeLayerDump(llvm::ArrayRef<LayerBlob> blobs,
                           llvm::StringRef directory);

} // namespace mlmodel

#endif // MLMODEL_TOOLS_MLMODEL_LAYERDUMP_H
