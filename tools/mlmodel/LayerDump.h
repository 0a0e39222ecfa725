//===- LayerDump.h - Files of what layers write -----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A directory with BLOB.npy for each blob; BLOB.1.npy, BLOB.2.npy, ... where it
// is written again, by a layer of a loop that runs again or by other layers of
// bodies; and layers.json, which lists all files in the order in which the
// layers ran: [{"layer", "kind", "blob", "run", "file"}, ...].
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TOOLS_MLMODEL_LAYERDUMP_H
#define MLMODEL_TOOLS_MLMODEL_LAYERDUMP_H

#include "MLModel/Runtime/Model.h"
#include <map>

namespace mlmodel {

/// Makes \p directory and writes \p blobs to it.
llvm::Error writeLayerDump(llvm::ArrayRef<LayerBlob> blobs,
                           llvm::StringRef directory);

/// Finds, for a blob of one prediction, the same blob of another.
class BlobIndex {
public:
  void add(llvm::StringRef layer, llvm::StringRef blob, unsigned run);
  /// How many were added before the blob of that name, layer and run. If no
  /// layer of that name has one, and \p mayRename, the first of other layers.
  std::optional<size_t> find(const LayerBlob &wanted, bool mayRename) const;

private:
  std::multimap<std::pair<std::string, unsigned>,
                std::pair<std::string, size_t>>
      places;
  size_t size = 0;
};

/// The files of a directory as above, or of one that has only BLOB.npy.
class LayerDump {
public:
  llvm::Error open(llvm::StringRef directory);
  /// The values of a blob as float32; nothing if there is no file of it.
  llvm::Expected<std::optional<Tensor>> get(const LayerBlob &wanted) const;

private:
  std::string directory;
  bool hasIndex = false;
  BlobIndex index;
  std::vector<std::string> files;
};

} // namespace mlmodel

#endif // MLMODEL_TOOLS_MLMODEL_LAYERDUMP_H
