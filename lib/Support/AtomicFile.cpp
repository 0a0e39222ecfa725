//===- AtomicFile.cpp - Write a file whole or not at all ------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/AtomicFile.h"
#include "MLModel/Support/Errors.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Signals.h"
#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

using namespace llvm;

namespace mlmodel {

//===----------------------------------------------------------------------===//
// Gathered writes
//===----------------------------------------------------------------------===//

static SmallVector<iovec, 16> makeVectors(ArrayRef<ArrayRef<uint8_t>> parts) {
  SmallVector<iovec, 16> vectors;
  for (ArrayRef<uint8_t> part : parts)
    if (!part.empty())
      vectors.push_back({const_cast<uint8_t *>(part.data()), part.size()});
  return vectors;
}

/// Drops the first \p written bytes, which may end inside a range.
static MutableArrayRef<iovec> dropWritten(MutableArrayRef<iovec> vectors,
                                          size_t written) {
  while (!vectors.empty() && written >= vectors.front().iov_len) {
    written -= vectors.front().iov_len;
    vectors = vectors.drop_front();
  }
  if (written != 0) {
    iovec &first = vectors.front();
    first.iov_base = static_cast<uint8_t *>(first.iov_base) + written;
    first.iov_len -= written;
  }
  return vectors;
}

/// Returns zero or an errno value.
static int writeFully(int fd, MutableArrayRef<iovec> vectors) {
  while (!vectors.empty()) {
    int count = static_cast<int>(std::min<size_t>(vectors.size(), IOV_MAX));
    ssize_t written = ::writev(fd, vectors.data(), count);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return errno;
    if (written == 0)
      return EIO;
    vectors = dropWritten(vectors, static_cast<size_t>(written));
  }
  return 0;
}

//===----------------------------------------------------------------------===//
// AtomicFile
//===----------------------------------------------------------------------===//

AtomicFile::AtomicFile(AtomicFile &&other)
    : path(std::move(other.path)), target(std::move(other.target)),
      temporary(std::move(other.temporary)), fd(other.fd) {
  other.temporary.clear();
  other.fd = -1;
}

AtomicFile::~AtomicFile() { discard(); }

void AtomicFile::discard() {
  if (fd >= 0 && fd != STDOUT_FILENO)
    ::close(fd);
  fd = -1;
  if (temporary.empty())
    return;
  ::unlink(temporary.c_str());
  sys::DontRemoveFileOnSignal(temporary);
  temporary.clear();
}

Expected<AtomicFile> AtomicFile::create(StringRef path) {
  AtomicFile file(path);
  if (path == "-") {
    file.fd = STDOUT_FILENO;
    return std::move(file);
  }
  if (Error error = file.openTarget())
    return std::move(error);
  return std::move(file);
}

Error AtomicFile::openTarget() {
  target = path;
  if (char *resolved = ::realpath(path.c_str(), nullptr)) {
    target = resolved;
    ::free(resolved);
  }
  struct stat status;
  if (::stat(target.c_str(), &status) != 0)
    return openTemporary();
  if (S_ISDIR(status.st_mode))
    return makeIOError(path, "write", EISDIR);
  if (!S_ISREG(status.st_mode)) {
    fd = ::open(target.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
    return fd < 0 ? makeIOError(path, "open", errno) : Error::success();
  }
  // A rename only needs rights on the directory; a file that its owner has
  // write-protected should stay protected all the same. One that has gone since
  // is none.
  if (::access(target.c_str(), W_OK) != 0 && errno != ENOENT)
    return makeIOError(path, "write", errno);
  if (Error error = openTemporary())
    return error;
  if (::fchmod(fd, status.st_mode & 07777) != 0)
    return makeIOError(path, "set the mode of the new file", errno);
  return Error::success();
}

Error AtomicFile::openTemporary() {
  StringRef directory = sys::path::parent_path(target);
  // The name does not contain the target's, which may already be as long as
  // the file system allows.
  constexpr int attempts = 100;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    SmallString<128> name(directory);
    sys::path::append(name, ".mlmodel-" +
                                utohexstr(sys::Process::GetRandomNumber()) +
                                ".tmp");
    fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0) {
      temporary = std::string(name);
      sys::RemoveFileOnSignal(temporary);
      return Error::success();
    }
    if (errno != EEXIST && errno != EINTR)
      break;
  }
  return makeIOError(path, "create", errno);
}

Error AtomicFile::write(ArrayRef<ArrayRef<uint8_t>> parts) {
  SmallVector<iovec, 16> vectors = makeVectors(parts);
  if (int errorNumber = writeFully(fd, vectors))
    return makeIOError(path, "write", errorNumber);
  return Error::success();
}

Error AtomicFile::write(StringRef text) {
  return write(ArrayRef<ArrayRef<uint8_t>>(arrayRefFromStringRef(text)));
}

/// Makes the rename itself durable. Some file systems refuse to sync a
/// directory; the data is safe by then, so that is not an error.
static void syncDirectory(StringRef directory) {
  std::string name = directory.empty() ? "." : directory.str();
  int fd = ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return;
  (void)::fsync(fd);
  ::close(fd);
}

Error AtomicFile::commit() {
  int closing = fd;
  bool inPlace = temporary.empty();
  if (!inPlace && ::fsync(closing) != 0)
    return makeIOError(path, "write", errno);
  fd = -1;
  if (closing != STDOUT_FILENO && ::close(closing) != 0 && errno != EINTR)
    return makeIOError(path, "write", errno);
  if (inPlace)
    return Error::success();
  if (::rename(temporary.c_str(), target.c_str()) != 0)
    return makeIOError(path, "replace", errno);
  sys::DontRemoveFileOnSignal(temporary);
  temporary.clear();
  syncDirectory(sys::path::parent_path(target));
  return Error::success();
}

Error writeFileAtomically(StringRef path, ArrayRef<ArrayRef<uint8_t>> parts) {
  Expected<AtomicFile> file = AtomicFile::create(path);
  if (!file)
    return file.takeError();
  if (Error error = file->write(parts))
    return error;
  return file->commit();
}

Error writeFileAtomically(StringRef path, StringRef text) {
  return writeFileAtomically(
      path, ArrayRef<ArrayRef<uint8_t>>(arrayRefFromStringRef(text)));
}

} // namespace mlmodel
