//===- CorpusTest.cpp - Real models round-trip byte by byte ---------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RoundTrip.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "gtest/gtest.h"

using namespace mlmodel;
using namespace mlmodel::test;

namespace {

std::vector<std::string> findModels() {
  std::vector<std::string> paths;
  std::error_code error;
  llvm::sys::fs::recursive_directory_iterator it(
      MLMODEL_SHARED_DIR "/models/files", error),
      end;
  for (; !error && it != end; it.increment(error))
    if (llvm::sys::path::extension(it->path()) == ".mlmodel")
      paths.push_back(it->path());
  paths.push_back(MLMODEL_TEST_DIR "/../examples/digits/digits.mlmodel");
  return paths;
}

class CorpusTest : public testing::TestWithParam<std::string> {
protected:
  void check(Form form) {
    auto buffer = llvm::MemoryBuffer::getFile(GetParam());
    ASSERT_TRUE(buffer) << GetParam();
    std::string file = (*buffer)->getBuffer().str();
    RoundTrip result = roundTrip(file, form, {});
    ASSERT_EQ(result.error, "");
    EXPECT_EQ(compareBytes(file, result.bytes), "same");
  }
};

TEST_P(CorpusTest, ThroughText) { check(Form::Text); }
TEST_P(CorpusTest, ThroughBytecode) { check(Form::Bytecode); }

std::string nameOf(const testing::TestParamInfo<std::string> &info) {
  std::string name = llvm::sys::path::stem(info.param).str();
  for (char &c : name)
    if (!isalnum(static_cast<unsigned char>(c)))
      c = '_';
  return name + "_" + std::to_string(info.index);
}

INSTANTIATE_TEST_SUITE_P(Models, CorpusTest, testing::ValuesIn(findModels()),
                         nameOf);

TEST(Corpus, IsThere) {
  if (!llvm::sys::fs::exists(MLMODEL_SHARED_DIR "/models/files"))
    GTEST_SKIP() << "no models in " << MLMODEL_SHARED_DIR
                 << ": only the example was checked";
}

} // namespace
