//===- FilesTest.cpp - Mapped and atomically written files ----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/AtomicFile.h"
#include "MLModel/Support/MappedFile.h"
#include "TestUtils.h"
#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;
using namespace mlmodel;
using namespace mlmodel::testing;

//===----------------------------------------------------------------------===//
// MappedFile
//===----------------------------------------------------------------------===//

TEST(MappedFile, ShowsTheBytes) {
  TemporaryDirectory dir;
  std::string path = dir.write("a", "hello");
  MappedFile::Ref file = expectValue(MappedFile::open(path));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->text(), "hello");
  EXPECT_EQ(file->bytes().size(), 5u);
  EXPECT_EQ(file->name(), path);
}

TEST(MappedFile, OutlivesTheName) {
  TemporaryDirectory dir;
  std::string path = dir.write("a", "hello");
  MappedFile::Ref file = expectValue(MappedFile::open(path));
  ASSERT_TRUE(file);
  expectSuccess(writeFileAtomically(path, "other"));
  EXPECT_EQ(file->text(), "hello");
}

TEST(MappedFile, EmptyFileIsEmpty) {
  TemporaryDirectory dir;
  MappedFile::Ref file = expectValue(MappedFile::open(dir.write("a", "")));
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->bytes().empty());
}

TEST(MappedFile, RefusesWhatIsNoRegularFile) {
  TemporaryDirectory dir;
  expectError(MappedFile::open(dir.path("none")), ExitCode::IO,
              "none: cannot open: No such file");
  expectError(MappedFile::open(dir.path("")), ExitCode::IO, "a directory");
  expectError(MappedFile::open("/dev/zero"), ExitCode::IO, "a device");
  std::string fifo = dir.path("fifo");
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  expectError(MappedFile::open(fifo), ExitCode::IO, "a pipe");
}

/// Runs \p action with standard input replaced by \p fd.
template <typename Action> static void withStdin(int fd, Action action) {
  int saved = ::dup(STDIN_FILENO);
  ::dup2(fd, STDIN_FILENO);
  ::close(fd);
  action();
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
}

static int openPipeWith(StringRef text) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  EXPECT_EQ(::write(ends[1], text.data(), text.size()),
            static_cast<ssize_t>(text.size()));
  ::close(ends[1]);
  return ends[0];
}

TEST(MappedFile, DashIsStandardInput) {
  withStdin(openPipeWith("piped"), [] {
    MappedFile::Ref file = expectValue(MappedFile::openOrStdin("-"));
    ASSERT_TRUE(file);
    EXPECT_EQ(file->text(), "piped");
    EXPECT_EQ(file->name(), "<stdin>");
  });
  withStdin(openPipeWith("piped"), [] {
    expectError(MappedFile::openOrStdin("-", 4), ExitCode::Limit,
                "more than 4 bytes");
  });
  TemporaryDirectory dir;
  std::string path = dir.write("a", "from a file");
  withStdin(::open(path.c_str(), O_RDONLY), [] {
    MappedFile::Ref file = expectValue(MappedFile::openOrStdin("-"));
    ASSERT_TRUE(file);
    EXPECT_EQ(file->text(), "from a file");
  });
}

//===----------------------------------------------------------------------===//
// AtomicFile
//===----------------------------------------------------------------------===//

static mode_t modeOf(const std::string &path) {
  struct stat status = {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 07777;
}

TEST(AtomicFile, WritesRangesInOrder) {
  TemporaryDirectory dir;
  std::string path = dir.path("a");
  ArrayRef<uint8_t> parts[] = {asBytes("one "), {}, asBytes("two")};
  expectSuccess(writeFileAtomically(path, parts));
  EXPECT_EQ(readText(path), "one two");
  EXPECT_EQ(dir.list(), std::vector<std::string>{"a"});
}

TEST(AtomicFile, WritesMoreRangesThanOneCallTakes) {
  TemporaryDirectory dir;
  std::string path = dir.path("a"), expected;
  std::vector<std::string> texts;
  for (int i = 0; i < 5000; ++i)
    texts.push_back(std::to_string(i) + ",");
  std::vector<ArrayRef<uint8_t>> parts;
  for (const std::string &text : texts) {
    parts.push_back(asBytes(text));
    expected += text;
  }
  expectSuccess(writeFileAtomically(path, parts));
  EXPECT_EQ(readText(path), expected);
}

TEST(AtomicFile, WritesPipesInPlace) {
  std::string big(300000, 'x'), read;
  for (size_t i = 0; i < big.size(); ++i)
    big[i] = static_cast<char>('a' + i % 23);
  TemporaryDirectory dir;
  std::string fifo = dir.path("fifo");
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  pid_t child = ::fork();
  if (child == 0) {
    ArrayRef<uint8_t> all = asBytes(big);
    ArrayRef<uint8_t> parts[] = {all.take_front(7), all.slice(7, 200000),
                                 all.drop_front(200007)};
    Error error = writeFileAtomically(fifo, parts);
    ::_exit(error ? 1 : 0);
  }
  read = readText(fifo);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(read, big);
}

TEST(AtomicFile, KeepsModeOfExistingFile) {
  TemporaryDirectory dir;
  std::string path = dir.write("a", "old");
  ASSERT_EQ(::chmod(path.c_str(), 0741), 0);
  expectSuccess(writeFileAtomically(path, "new"));
  EXPECT_EQ(readText(path), "new");
  EXPECT_EQ(modeOf(path), 0741u);
}

TEST(AtomicFile, NewFileObeysUmask) {
  TemporaryDirectory dir;
  mode_t saved = ::umask(027);
  expectSuccess(writeFileAtomically(dir.path("a"), "new"));
  ::umask(saved);
  EXPECT_EQ(modeOf(dir.path("a")), 0640u);
}

TEST(AtomicFile, FollowsSymbolicLinks) {
  TemporaryDirectory dir;
  dir.write("real", "old");
  ASSERT_EQ(::symlink("real", dir.path("link").c_str()), 0);
  expectSuccess(writeFileAtomically(dir.path("link"), "new"));
  EXPECT_EQ(readText(dir.path("real")), "new");
  EXPECT_TRUE(sys::fs::is_symlink_file(dir.path("link")));
}

TEST(AtomicFile, DiscardLeavesTheOldFile) {
  TemporaryDirectory dir;
  std::string path = dir.write("a", "old");
  {
    Expected<AtomicFile> file = AtomicFile::create(path);
    ASSERT_TRUE(bool(file));
    expectSuccess(file->write("new"));
    EXPECT_EQ(dir.list().size(), 2u);
  }
  EXPECT_EQ(readText(path), "old");
  EXPECT_EQ(dir.list().size(), 1u);
}

TEST(AtomicFile, FailureMidwayLeavesTheOldFile) {
  TemporaryDirectory dir;
  std::string path = dir.write("a", "old");
  // A file size limit stands for a full disk: the first bytes are written, the
  // rest is refused.
  rlimit saved, limited;
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &saved), 0);
  limited = saved;
  limited.rlim_cur = 100000;
  auto handler = ::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limited), 0);
  Error error = writeFileAtomically(path, std::string(300000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &saved);
  ::signal(SIGXFSZ, handler);
  expectError(std::move(error), ExitCode::IO, "a: cannot write: File too");
  EXPECT_EQ(readText(path), "old");
  EXPECT_EQ(dir.list().size(), 1u);
}

TEST(AtomicFile, InterruptRemovesTheTemporaryFile) {
  TemporaryDirectory dir;
  std::string path = dir.write("a", "old");
  pid_t child = ::fork();
  if (child == 0) {
    Expected<AtomicFile> file = AtomicFile::create(path);
    if (!file)
      ::_exit(1);
    consumeError(file->write("new"));
    ::raise(SIGINT);
    ::_exit(2);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) << status;
  EXPECT_EQ(readText(path), "old");
  EXPECT_EQ(dir.list().size(), 1u);
}

TEST(AtomicFile, NamesWhatCannotBeWritten) {
  TemporaryDirectory dir;
  expectError(writeFileAtomically(dir.path("no/such/dir"), "x"), ExitCode::IO,
              "no/such/dir: cannot create: No such file");
  expectError(writeFileAtomically(dir.path(""), "x"), ExitCode::IO,
              "Is a directory");
}

TEST(AtomicFile, RefusesWriteProtectedFiles) {
  if (::geteuid() == 0)
    GTEST_SKIP() << "the superuser may write everything";
  TemporaryDirectory dir;
  std::string path = dir.write("a", "old");
  ASSERT_EQ(::chmod(path.c_str(), 0444), 0);
  expectError(writeFileAtomically(path, "new"), ExitCode::IO, "denied");
  EXPECT_EQ(readText(path), "old");
}

TEST(AtomicFile, WritesDevicesInPlace) {
  expectSuccess(writeFileAtomically("/dev/null", "x"));
  struct stat status = {};
  ASSERT_EQ(::stat("/dev/null", &status), 0);
  EXPECT_TRUE(S_ISCHR(status.st_mode));
}

TEST(AtomicFile, DashIsStandardOutput) {
  TemporaryDirectory dir;
  std::string path = dir.write("out", "");
  std::fflush(stdout);
  int saved = ::dup(STDOUT_FILENO);
  int fd = ::open(path.c_str(), O_WRONLY);
  ::dup2(fd, STDOUT_FILENO);
  ::close(fd);
  Error error = writeFileAtomically("-", "result");
  ::dup2(saved, STDOUT_FILENO);
  ::close(saved);
  expectSuccess(std::move(error));
  EXPECT_EQ(readText(path), "result");
}
