//===- MappedFile.h - Read-only view of a whole file ------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_SUPPORT_MAPPEDFILE_H
#define MLMODEL_SUPPORT_MAPPEDFILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mlmodel {

/// The bytes of a regular file, mapped read-only. Weights point straight into
/// the mapping, so whoever keeps such a view keeps the shared pointer too.
///
/// The mapping is private. A file that another process truncates while it is
/// mapped makes the reader die with SIGBUS, as with any mapping; the tools
/// here replace files by rename, which leaves the old mapping whole.
class MappedFile {
public:
  using Ref = std::shared_ptr<const MappedFile>;

  /// Maps the file at \p path. An empty file gives empty bytes. Directories,
  /// devices, pipes and sockets are refused. Errors: ExitCode::IO.
  static llvm::Expected<Ref> open(llvm::StringRef path);

  /// As open(), but "-" is standard input: mapped if it is a regular file,
  /// else read to its end. More than \p maxBytes from a pipe gives
  /// ExitCode::Limit.
  static llvm::Expected<Ref> openOrStdin(llvm::StringRef path,
                                         uint64_t maxBytes = uint64_t(1) << 32);

  /// Bytes in memory as if they were a file called \p name.
  static Ref fromBuffer(llvm::StringRef name, std::vector<uint8_t> bytes);

  ~MappedFile();
  MappedFile(const MappedFile &) = delete;
  MappedFile &operator=(const MappedFile &) = delete;

  llvm::ArrayRef<uint8_t> bytes() const { return view; }
  llvm::StringRef text() const {
    return {reinterpret_cast<const char *>(view.data()), view.size()};
  }
  /// The name to use in messages: the path given, or "<stdin>".
  llvm::StringRef name() const { return displayName; }

private:
  explicit MappedFile(llvm::StringRef name) : displayName(name.str()) {}
  llvm::Error mapDescriptor(int fd);
  llvm::Error readAll(int fd, uint64_t maxBytes);

  std::string displayName;
  llvm::ArrayRef<uint8_t> view;
  void *mapping = nullptr;
  std::vector<uint8_t> buffer;
};

} // namespace mlmodel

#endif // MLMODEL_SUPPORT_MAPPEDFILE_H
