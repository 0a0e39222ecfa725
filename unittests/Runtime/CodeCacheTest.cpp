//===- CodeCacheTest.cpp - What a cache keeps, and what it removes --------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CodeCache.h"
#include "../Support/TestUtils.h"
#include <chrono>
#include <thread>

using namespace mlmodel;
using llvm::StringRef;
namespace fs = llvm::sys::fs;

namespace {
/// A directory for one cache, and stages that only differ by a byte.
class CodeCacheTest : public ::testing::Test {
protected:
  static constexpr size_t kObjectBytes = 1000;

  CodeCache makeCache(uint64_t maxBytes = UINT64_MAX) {
    LoadOptions options;
    options.cacheDirectory = folder.path("cache");
    options.cacheBytes = maxBytes;
    options.warn = [](StringRef text) { ADD_FAILURE() << text.str(); };
    return CodeCache(options, model);
  }

  static StageKey getKey(CodeCache &cache, char name) {
    return cache.getKey(StringRef(&name, 1), "compiler");
  }

  static CompiledStage makeStage(char name) {
    auto object = std::make_shared<std::string>(kObjectBytes, name);
    CompiledStage stage;
    stage.objects = {llvm::ArrayRef<char>(object->data(), object->size())};
    stage.owners = {object};
    return stage;
  }

  static void store(CodeCache &cache, char name) {
    cache.store(getKey(cache, name), makeStage(name));
  }

  /// Whether the stage is found; it must then be the right one.
  static bool find(CodeCache &cache, char name) {
    std::optional<CompiledStage> stage = cache.find(getKey(cache, name));
    if (!stage)
      return false;
    EXPECT_EQ(getObject(*stage), std::string(kObjectBytes, name));
    return true;
  }

  static std::string getObject(const CompiledStage &stage) {
    return {stage.objects.at(0).begin(), stage.objects.at(0).end()};
  }

  /// The paths of the entries.
  std::vector<std::string> getEntries() const {
    std::vector<std::string> paths;
    std::error_code error;
    for (fs::directory_iterator it(folder.path("cache"), error), end;
         !error && it != end; it.increment(error))
      if (StringRef(it->path()).ends_with(".stage"))
        paths.push_back(it->path());
    return paths;
  }

  /// Stores a stage as if that had been \p hours ago.
  void storeBefore(CodeCache &cache, char name, int hours) {
    std::vector<std::string> before = getEntries();
    store(cache, name);
    for (const std::string &path : getEntries())
      if (!llvm::is_contained(before, path))
        setAge(path, std::chrono::hours(hours));
  }

  static void setAge(StringRef path, std::chrono::seconds age) {
    int file;
    ASSERT_FALSE(fs::openFileForWrite(path, file, fs::CD_OpenExisting));
    EXPECT_FALSE(fs::setLastAccessAndModificationTime(
        file, std::chrono::system_clock::now() - age));
    fs::closeFile(file);
  }

  /// Of one entry; all have the same size.
  uint64_t getEntryBytes() {
    CodeCache cache = makeCache();
    store(cache, 'x');
    uint64_t bytes = 0;
    EXPECT_FALSE(fs::file_size(getEntries().at(0), bytes));
    EXPECT_FALSE(fs::remove(getEntries().at(0)));
    return bytes;
  }

  mlmodel::testing::TemporaryDirectory folder;
  MappedFile::Ref model = MappedFile::fromBuffer("model", {1, 2, 3});
};
} // namespace

TEST_F(CodeCacheTest, KeepsAllWithinTheLimit) {
  CodeCache cache = makeCache(3 * getEntryBytes());
  for (char name : {'a', 'b', 'c'})
    store(cache, name);
  for (char name : {'a', 'b', 'c'})
    EXPECT_TRUE(find(cache, name)) << name;
  EXPECT_FALSE(find(cache, 'd'));
  EXPECT_EQ(cache.use().hits, 3u);
  EXPECT_EQ(cache.use().misses, 1u);
}

TEST_F(CodeCacheTest, RemovesWhatWasNotUsedForLongest) {
  CodeCache cache = makeCache(3 * getEntryBytes());
  storeBefore(cache, 'a', /*hours=*/3);
  storeBefore(cache, 'b', /*hours=*/2);
  storeBefore(cache, 'c', /*hours=*/1);
  // The oldest one is used again.
  EXPECT_TRUE(find(cache, 'a'));
  store(cache, 'd');
  EXPECT_FALSE(find(cache, 'b'));
  for (char name : {'a', 'c', 'd'})
    EXPECT_TRUE(find(cache, name)) << name;
}

TEST_F(CodeCacheTest, RemovesAsManyAsItTakes) {
  uint64_t bytes = getEntryBytes();
  CodeCache large = makeCache();
  for (int i = 0; i < 5; ++i)
    storeBefore(large, char('a' + i), /*hours=*/5 - i);
  // Another program with a lower limit, which one byte more would reach.
  CodeCache small = makeCache(3 * bytes - 1);
  store(small, 'f');
  EXPECT_EQ(getEntries().size(), 2u);
  EXPECT_TRUE(find(small, 'e'));
  EXPECT_TRUE(find(small, 'f'));
}

TEST_F(CodeCacheTest, KeepsNothingThatIsTooLarge) {
  CodeCache cache = makeCache(getEntryBytes() - 1);
  store(cache, 'a');
  EXPECT_FALSE(find(cache, 'a'));
  EXPECT_TRUE(getEntries().empty());
}

/// What a killed process has left goes after an hour; what is not the cache's
/// stays, and does not count.
TEST_F(CodeCacheTest, LeavesOtherFiles) {
  CodeCache cache = makeCache(getEntryBytes());
  store(cache, 'a');
  std::string notes = folder.write("cache/notes", std::string(10000, ' '));
  std::string young = folder.write("cache/.mlmodel-1.tmp", "x");
  std::string old = folder.write("cache/.mlmodel-2.tmp", "x");
  setAge(notes, std::chrono::hours(100));
  setAge(young, std::chrono::minutes(50));
  setAge(old, std::chrono::minutes(70));
  store(cache, 'a');
  EXPECT_TRUE(find(cache, 'a'));
  EXPECT_TRUE(fs::exists(notes));
  EXPECT_TRUE(fs::exists(young));
  EXPECT_FALSE(fs::exists(old));
}

TEST_F(CodeCacheTest, WhatIsInUseStaysWhole) {
  CodeCache cache = makeCache(getEntryBytes());
  storeBefore(cache, 'a', /*hours=*/1);
  std::optional<CompiledStage> stage = cache.find(getKey(cache, 'a'));
  ASSERT_TRUE(stage);
  setAge(getEntries().at(0), std::chrono::hours(1));
  store(cache, 'b');
  EXPECT_FALSE(find(cache, 'a'));
  EXPECT_EQ(getObject(*stage), std::string(kObjectBytes, 'a'));
}

/// Each has a cache of its own, as programs do, and all share a directory that
/// has no room for all entries: they are removed while others look for them,
/// and written while others remove them. Nobody is warned of anything, and
/// whoever finds an entry finds a whole one.
TEST_F(CodeCacheTest, IsSharedByManyWriters) {
  constexpr int kRounds = 100;
  uint64_t maxBytes = 4 * getEntryBytes();
  auto work = [&](unsigned seed) {
    for (int i = 0; i < kRounds; ++i) {
      CodeCache cache = makeCache(maxBytes);
      char name = char('a' + (seed * 5 + i * 7) % 12);
      if (!find(cache, name))
        store(cache, name);
    }
  };
  std::vector<std::thread> threads;
  for (unsigned seed = 0; seed < 4; ++seed)
    threads.emplace_back(work, seed);
  for (std::thread &thread : threads)
    thread.join();

  CodeCache cache = makeCache(maxBytes);
  store(cache, 'z');
  EXPECT_LE(getEntries().size(), 4u);
  EXPECT_TRUE(find(cache, 'z'));
  // No temporary files are left.
  std::error_code error;
  for (fs::directory_iterator it(folder.path("cache"), error), end;
       !error && it != end; it.increment(error))
    EXPECT_TRUE(StringRef(it->path()).ends_with(".stage")) << it->path();
}
