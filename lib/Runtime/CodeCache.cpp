//===- CodeCache.cpp - Compiled stages of earlier runs --------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CodeCache.h"
#include "MLModel/Support/Errors.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"
#include <chrono>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace mlmodel;
using llvm::Error;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

constexpr StringRef kSuffix = ".stage";
/// What AtomicFile leaves behind when its process is killed.
constexpr StringRef kTemporarySuffix = ".tmp";
constexpr std::chrono::hours kTemporaryLife(1);

static StageKey hashText(StringRef text) {
  llvm::XXH128_hash_t hash =
      llvm::xxh3_128bits(llvm::arrayRefFromStringRef(text));
  return {hash.low64, hash.high64};
}

static std::string toHex(const StageKey &key) {
  return llvm::utohexstr(key[1], /*LowerCase=*/true, 16) +
         llvm::utohexstr(key[0], /*LowerCase=*/true, 16);
}

std::string mlmodel::getDefaultCacheDirectory() {
  llvm::SmallString<128> directory;
  if (!path::cache_directory(directory))
    return "";
  path::append(directory, "mlmodel");
  return std::string(directory);
}

CodeCache::CodeCache(const LoadOptions &options, MappedFile::Ref model)
    : directory(options.cacheDirectory), maxBytes(options.cacheBytes),
      threads(options.threads), warning(options.warn), model(std::move(model)) {
}

void CodeCache::warn(Error error, StringRef consequence) const {
  std::string text = llvm::toString(std::move(error));
  if (warning)
    warning(text + "; " + consequence.str());
}

StageKey CodeCache::getKey(StringRef stage, StringRef compiler) {
  if (!modelHash)
    modelHash = hashText(model->text());
  // Lengths keep the parts from running into each other.
  std::string text =
      (toHex(*modelHash) + " " + llvm::Twine(stage.size()) + " " +
       llvm::Twine(compiler.size()) + "\n" + stage + compiler)
          .str();
  return hashText(text);
}

std::string CodeCache::getPath(const StageKey &key) const {
  llvm::SmallString<128> name(directory);
  path::append(name, toHex(key) + kSuffix);
  return std::string(name);
}

/// Code from the directory is run: only its owner may have put it there.
Error CodeCache::checkDirectory() const {
  if (std::error_code error = fs::create_directories(
          directory, /*IgnoreExisting=*/true, fs::owner_all))
    return makeError(ExitCode::IO, directory + ": " + error.message());
  struct stat status;
  if (::stat(directory.c_str(), &status) != 0)
    return makeIOError(directory, "inspect", errno);
  bool isOwn = status.st_uid == ::geteuid() || status.st_uid == 0;
  if (!isOwn || (status.st_mode & (S_IWGRP | S_IWOTH)))
    return makeError(ExitCode::IO,
                     directory + ": others may write to this directory");
  return Error::success();
}

bool CodeCache::prepare() {
  if (!isUsable) {
    Error error = checkDirectory();
    isUsable = !error;
    if (error)
      warn(std::move(error), "compiled code is not kept");
  }
  return *isUsable;
}

/// Maps an entry; null if there is none. Other processes may remove it and
/// write it again at any time, also between the attempt to open it and the
/// question whether it is there: then it is tried again.
static llvm::Expected<MappedFile::Ref> openEntry(StringRef name) {
  constexpr int attempts = 10;
  for (int attempt = 1;; ++attempt) {
    llvm::Expected<MappedFile::Ref> file = MappedFile::open(name);
    if (file || attempt == attempts)
      return file;
    llvm::consumeError(file.takeError());
    if (!fs::exists(name))
      return nullptr;
  }
}

std::optional<CompiledStage> CodeCache::find(const StageKey &key) {
  std::string name = getPath(key);
  auto read = [&]() -> llvm::Expected<std::optional<CompiledStage>> {
    if (!prepare())
      return std::nullopt;
    llvm::Expected<MappedFile::Ref> file = openEntry(name);
    if (!file)
      return file.takeError();
    if (!*file)
      return std::nullopt;
    return readStageFile(std::move(*file), key, model, threads);
  };
  llvm::Expected<std::optional<CompiledStage>> stage = read();
  if (!stage) {
    ++counts.misses;
    warn(stage.takeError(), "compiling anew");
    return std::nullopt;
  }
  if (!*stage) {
    ++counts.misses;
    return std::nullopt;
  }
  ++counts.hits;
  // The time of use, for evict(); a directory that is read-only has none.
  ::utimensat(AT_FDCWD, name.c_str(), nullptr, 0);
  return std::move(*stage);
}

void CodeCache::store(const StageKey &key, const CompiledStage &stage) {
  if (!prepare())
    return;
  if (Error error = writeStageFile(getPath(key), key, stage, model->bytes())) {
    warn(std::move(error), "compiled code is not kept");
    return;
  }
  evict();
}

/// Removes the files that were not used for longest until the rest is within
/// the limit. Another process may do the same; what is gone already is fine.
void CodeCache::evict() const {
  struct Entry {
    std::string path;
    uint64_t bytes;
    llvm::sys::TimePoint<> used;
  };
  std::vector<Entry> entries;
  uint64_t total = 0;
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    llvm::ErrorOr<fs::basic_file_status> status = it->status();
    if (!status)
      continue;
    Entry entry{it->path(), status->getSize(),
                status->getLastModificationTime()};
    StringRef extension = path::extension(entry.path);
    if (extension == kTemporarySuffix &&
        std::chrono::system_clock::now() - entry.used > kTemporaryLife)
      fs::remove(entry.path);
    if (extension != kSuffix)
      continue;
    total += entry.bytes;
    entries.push_back(std::move(entry));
  }
  llvm::sort(entries,
             [](const Entry &a, const Entry &b) { return a.used < b.used; });
  for (const Entry &entry : entries) {
    if (total <= maxBytes)
      break;
    fs::remove(entry.path);
    total -= entry.bytes;
  }
}
