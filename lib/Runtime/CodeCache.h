//===- CodeCache.h - Compiled stages of earlier runs ------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_RUNTIME_CODECACHE_H
#define MLMODEL_LIB_RUNTIME_CODECACHE_H

#include "MLModel/Runtime/Model.h"
#include "StageFile.h"
#include <optional>

namespace mlmodel {

/// A directory of stage files (StageFile.h), each named by its key. Any number
/// of processes may use it at once: files are written under another name first
/// and then renamed, and a file that is removed while it is mapped stays whole
/// for who maps it. When the directory has grown beyond its limit, the files
/// that were not used for longest go.
///
/// Nothing here makes a prediction fail. Of what cannot be read or written,
/// LoadOptions::warn hears.
class CodeCache {
public:
  /// For the stages of \p model. Creates the directory for its owner alone when
  /// it is first used; one that others may write to is not used.
  CodeCache(const LoadOptions &options, MappedFile::Ref model);

  /// The key of a stage of the model. \p stage is its text, \p compiler what
  /// describeCompiler() says.
  StageKey getKey(llvm::StringRef stage, llvm::StringRef compiler);

  std::optional<CompiledStage> find(const StageKey &key);
  void store(const StageKey &key, const CompiledStage &stage);

  const CacheUse &use() const { return counts; }

private:
  void warn(llvm::Error error, llvm::StringRef consequence) const;
  bool prepare();
  llvm::Error checkDirectory() const;
  std::string getPath(const StageKey &key) const;
  void evict() const;

  std::string directory;
  uint64_t maxBytes;
  unsigned threads;
  std::function<void(llvm::StringRef)> warning;
  MappedFile::Ref model;
  std::optional<StageKey> modelHash;
  std::optional<bool> isUsable;
  CacheUse counts;
};

} // namespace mlmodel

#endif // MLMODEL_LIB_RUNTIME_CODECACHE_H
