//===- MappedFile.cpp - Read-only view of a whole file --------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/MappedFile.h"
#include "MLModel/Support/Errors.h"
#include "llvm/ADT/ScopeExit.h"
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace llvm;

namespace mlmodel {

static StringRef describeKind(mode_t mode) {
  if (S_ISDIR(mode))
    return "a directory";
  if (S_ISFIFO(mode))
    return "a pipe";
  if (S_ISSOCK(mode))
    return "a socket";
  if (S_ISCHR(mode) || S_ISBLK(mode))
    return "a device";
  return "not a regular file";
}

MappedFile::~MappedFile() {
  if (mapping)
    ::munmap(mapping, view.size());
}

Error MappedFile::mapDescriptor(int fd) {
  struct stat status;
  if (::fstat(fd, &status) != 0)
    return makeIOError(displayName, "read", errno);
  if (!S_ISREG(status.st_mode))
    return makeError(ExitCode::IO, displayName + ": is " +
                                       describeKind(status.st_mode) +
                                       ", expected a regular file");
  size_t size = static_cast<size_t>(status.st_size);
  // mmap refuses a length of zero.
  if (size == 0)
    return Error::success();
  void *address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (address == MAP_FAILED)
    return makeIOError(displayName, "map", errno);
  mapping = address;
  view = ArrayRef<uint8_t>(static_cast<const uint8_t *>(address), size);
  return Error::success();
}

Error MappedFile::readAll(int fd, uint64_t maxBytes) {
  constexpr size_t chunk = size_t(1) << 16;
  size_t used = 0;
  while (true) {
    if (buffer.size() - used < chunk)
      buffer.resize(std::max(buffer.size() * 2, used + chunk));
    ssize_t got = ::read(fd, buffer.data() + used, buffer.size() - used);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return makeIOError(displayName, "read", errno);
    if (got == 0)
      break;
    used += static_cast<size_t>(got);
    if (used > maxBytes)
      return makeError(ExitCode::Limit, displayName + ": more than " +
                                            Twine(maxBytes) + " bytes");
  }
  view = ArrayRef<uint8_t>(buffer.data(), used);
  return Error::success();
}

Expected<MappedFile::Ref> MappedFile::open(StringRef path) {
  std::shared_ptr<MappedFile> file(new MappedFile(path));
  // Without O_NONBLOCK, opening a pipe would wait for a writer before it can
  // be refused.
  int fd = ::open(file->displayName.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return makeIOError(path, "open", errno);
  scope_exit closer([fd] { ::close(fd); });
  if (Error error = file->mapDescriptor(fd))
    return std::move(error);
  return Ref(std::move(file));
}

Expected<MappedFile::Ref> MappedFile::openOrStdin(StringRef path,
                                                  uint64_t maxBytes) {
  if (path != "-")
    return open(path);
  std::shared_ptr<MappedFile> file(new MappedFile("<stdin>"));
  struct stat status;
  bool regular = ::fstat(STDIN_FILENO, &status) == 0 && S_ISREG(status.st_mode);
  Error error = regular ? file->mapDescriptor(STDIN_FILENO)
                        : file->readAll(STDIN_FILENO, maxBytes);
  if (error)
    return std::move(error);
  return Ref(std::move(file));
}

MappedFile::Ref MappedFile::fromBuffer(StringRef name,
                                       std::vector<uint8_t> bytes) {
  std::shared_ptr<MappedFile> file(new MappedFile(name));
  file->buffer = std::move(bytes);
  file->view = file->buffer;
  return file;
}

} // namespace mlmodel
