//===- ObjectCodeTest.cpp - Modules that are compiled in parts ------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ObjectCode.h"
#include "../Support/TestUtils.h"
#include "HostTarget.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlmodel;

/// Kernels of \p length products each with a factor from a table, and @entry,
/// which calls one after the other.
static std::string makeSource(int kernels, int length) {
  std::string text = "@table = internal constant [2 x double] "
                     "[double 0.5, double 3.0]\n";
  std::string calls;
  for (int k = 0; k < kernels; ++k) {
    text += llvm::formatv("define internal void @kernel_{0}(ptr %x) noinline "
                          "{{\n  %f = load double, ptr getelementptr (double, "
                          "ptr @table, i64 {1})\n",
                          k, k % 2);
    for (int i = 0; i < length; ++i)
      text += llvm::formatv("  %v{0} = load volatile double, ptr %x\n"
                            "  %w{0} = fmul double %v{0}, %f\n"
                            "  store volatile double %w{0}, ptr %x\n",
                            i);
    text += "  ret void\n}\n";
    calls += llvm::formatv("  call void @kernel_{0}(ptr %x)\n", k);
  }
  return text + "define void @entry(ptr %x) {\n" + calls + "  ret void\n}\n";
}

static std::vector<ObjectCode> compile(const std::string &source,
                                       unsigned threads) {
  llvm::LLVMContext context;
  llvm::SMDiagnostic message;
  std::unique_ptr<llvm::Module> module =
      llvm::parseAssemblyString(source, message, context);
  EXPECT_TRUE(module) << message.getMessage().str();
  auto objects = emitObjects(std::move(module), /*optLevel=*/1, threads);
  if (objects)
    return std::move(*objects);
  ADD_FAILURE() << toString(objects.takeError());
  return {};
}

static std::string getBytes(const ObjectCode &object) {
  return std::string(object->begin(), object->end());
}

TEST(ObjectCodeTest, BigModulesBecomePartsThatCallEachOther) {
  initializeHostTarget();
  std::vector<ObjectCode> objects = compile(makeSource(6, 170), 2);
  ASSERT_EQ(objects.size(), 3u);

  auto jit = llvm::orc::LLJITBuilder().create();
  ASSERT_TRUE(bool(jit)) << toString(jit.takeError());
  for (const ObjectCode &object : objects)
    ASSERT_FALSE(bool((*jit)->addObjectFile(
        llvm::MemoryBuffer::getMemBufferCopy(getBytes(object)))));
  auto entry = (*jit)->lookup("entry");
  ASSERT_TRUE(bool(entry)) << toString(entry.takeError());
  // Each pair of kernels multiplies it by 1.5^170.
  double value = 0x1p-170;
  entry->toPtr<void(double *)>()(&value);
  double expected = 0x1p-170;
  for (int k = 0; k < 6; ++k)
    for (int i = 0; i < 170; ++i)
      expected *= k % 2 ? 3.0 : 0.5;
  EXPECT_EQ(value, expected);
}

TEST(ObjectCodeTest, KernelsAreHiddenFromOthers) {
  std::vector<ObjectCode> objects = compile(makeSource(6, 170), 1);
  int visible = 0;
  for (const ObjectCode &object : objects) {
    std::string bytes = getBytes(object);
    auto file = llvm::object::ObjectFile::createObjectFile(
        llvm::MemoryBufferRef(bytes, "part"));
    ASSERT_TRUE(bool(file)) << toString(file.takeError());
    for (const llvm::object::SymbolRef &symbol : (*file)->symbols()) {
      uint32_t flags = cantFail(symbol.getFlags());
      bool isVisible = (flags & llvm::object::SymbolRef::SF_Global) &&
                       !(flags & llvm::object::SymbolRef::SF_Undefined) &&
                       !(flags & llvm::object::SymbolRef::SF_Hidden);
      if (!isVisible)
        continue;
      EXPECT_EQ(cantFail(symbol.getName()), "entry");
      ++visible;
    }
  }
  EXPECT_EQ(visible, 1);
}

TEST(ObjectCodeTest, TheObjectsDoNotDependOnTheThreads) {
  std::string source = makeSource(6, 170);
  std::vector<ObjectCode> one = compile(source, 1), all = compile(source, 0);
  ASSERT_EQ(one.size(), all.size());
  for (size_t part = 0; part < one.size(); ++part)
    EXPECT_EQ(getBytes(one[part]), getBytes(all[part]));
}

TEST(ObjectCodeTest, LoopsBeginWithCacheLines) {
  std::vector<ObjectCode> objects = compile(R"(
    define void @entry(ptr %x) {
    start:
      br label %loop
    loop:
      %i = phi i64 [ 0, %start ], [ %next, %loop ]
      store volatile i64 %i, ptr %x
      %next = add i64 %i, 1
      %more = icmp ult i64 %next, 1000
      br i1 %more, label %loop, label %end
    end:
      ret void
    })",
                                            1);
  ASSERT_EQ(objects.size(), 1u);
  std::string bytes = getBytes(objects.front());
  auto file = llvm::object::ObjectFile::createObjectFile(
      llvm::MemoryBufferRef(bytes, "object"));
  ASSERT_TRUE(bool(file)) << toString(file.takeError());
  uint64_t alignment = 0;
  for (const llvm::object::SectionRef &section : (*file)->sections())
    if (section.isText())
      alignment = std::max(alignment, section.getAlignment().value());
  EXPECT_GE(alignment, 64u);
}

TEST(ObjectCodeTest, SmallModulesStayWhole) {
  EXPECT_EQ(compile(makeSource(6, 20), 0).size(), 1u);
}

TEST(ObjectCodeTest, WhatThereMustBeOneOfKeepsAModuleWhole) {
  std::string source = makeSource(6, 170);
  EXPECT_EQ(compile(source + "@count = internal global i64 0\n", 0).size(), 1u);
  EXPECT_EQ(compile(source + "@visible = constant i64 0\n", 0).size(), 1u);
}
