//===- StageFile.h - A compiled stage as a file -----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A header of fixed size, a directory, and blobs at multiples of 64 bytes:
//
//   magic "MLMSTAGE", key (16 bytes), size of the directory, its hash
//   directory: shapes of inputs and outputs, size of the arena, number of
//              parameters; for each weight
//              its shape, width and blob; for each object file its blob
//   blobs:     where (0 this file, 1 the model file), offset, size, and the
//   hash
//              of those that are in this file
//
// Numbers have 64 bits in the order of this machine, which is part of the key.
// Hashes are XXH3's of 128 bits. A weight that lies in the model file is only
// referred to: the key holds the hash of that file.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_RUNTIME_STAGEFILE_H
#define MLMODEL_LIB_RUNTIME_STAGEFILE_H

#include "MLModel/Runtime/CompiledStage.h"
#include "MLModel/Support/MappedFile.h"
#include "llvm/Support/Error.h"
#include <array>

namespace mlmodel {

/// What a compiled stage is found by.
using StageKey = std::array<uint64_t, 2>;

/// Writes \p stage to \p path, whole or not at all. What lies in \p model is
/// not copied.
llvm::Error writeStageFile(llvm::StringRef path, const StageKey &key,
                           const CompiledStage &stage,
                           llvm::ArrayRef<uint8_t> model);

/// The stage in \p file, whose weights and code \p threads copy to huge pages,
/// all cores for 0; it keeps \p model. Everything is checked, all of the file
/// is read: the error tells what is wrong with it.
llvm::Expected<CompiledStage> readStageFile(MappedFile::Ref file,
                                            const StageKey &key,
                                            MappedFile::Ref model,
                                            unsigned threads);

} // namespace mlmodel

#endif // MLMODEL_LIB_RUNTIME_STAGEFILE_H
