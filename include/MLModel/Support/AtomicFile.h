//===- AtomicFile.h - Write a file whole or not at all ----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_SUPPORT_ATOMICFILE_H
#define MLMODEL_SUPPORT_ATOMICFILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>

namespace mlmodel {

/// A file under construction. Bytes go to a temporary name in the directory of
/// the target; commit() makes them durable and renames. Without commit() the
/// temporary file is removed, by the destructor or by a fatal signal such as
/// SIGINT, and an old file at the path stays whole.
///
/// An existing file keeps its mode bits, and must be writable. A symbolic link
/// is followed, so that the link stays. "-" is standard output; it, devices
/// and pipes are written in place, since they cannot be replaced.
///
/// All errors are ExitCode::IO and name the path.
class AtomicFile {
public:
  static llvm::Expected<AtomicFile> create(llvm::StringRef path);

  AtomicFile(AtomicFile &&other);
  AtomicFile &operator=(AtomicFile &&) = delete;
  AtomicFile(const AtomicFile &) = delete;
  ~AtomicFile();

  /// Appends the ranges in order, straight from where they lie.
  llvm::Error write(llvm::ArrayRef<llvm::ArrayRef<uint8_t>> parts);
  llvm::Error write(llvm::StringRef text);

  /// Finishes the file. Call it once; nothing can be written afterwards.
  llvm::Error commit();

private:
  explicit AtomicFile(llvm::StringRef path) : path(path.str()) {}
  llvm::Error openTarget();
  llvm::Error openTemporary();
  void discard();

  std::string path;
  /// The file to replace: path with symbolic links resolved.
  std::string target;
  /// Empty when the target is written in place.
  std::string temporary;
  int fd = -1;
};

/// Writes the ranges in order to \p path, atomically as AtomicFile does.
llvm::Error writeFileAtomically(llvm::StringRef path,
                                llvm::ArrayRef<llvm::ArrayRef<uint8_t>> parts);
llvm::Error writeFileAtomically(llvm::StringRef path, llvm::StringRef text);

} // namespace mlmodel

#endif // MLMODEL_SUPPORT_ATOMICFILE_H
