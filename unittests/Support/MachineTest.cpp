//===- MachineTest.cpp - Memory, build and speed of this machine ----------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/BuildId.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Support/HugeBuffer.h"
#include "MLModel/Support/MachinePeak.h"
#include "gtest/gtest.h"

using namespace mlmodel;

TEST(HugeBufferTest, IsZeroedAndAligned) {
  for (uint64_t bytes : {uint64_t(1), uint64_t(4097), uint64_t(5) << 20}) {
    llvm::Expected<HugeBuffer> buffer = HugeBuffer::allocate(bytes);
    ASSERT_TRUE(bool(buffer)) << llvm::toString(buffer.takeError());
    EXPECT_EQ(buffer->size(), bytes);
    uint64_t alignment = bytes < (uint64_t(2) << 20) ? 4096 : 2 << 20;
    EXPECT_EQ(reinterpret_cast<uintptr_t>(buffer->data()) % alignment, 0u);
    EXPECT_EQ(buffer->data()[0], 0);
    buffer->data()[bytes - 1] = 1;
    HugeBuffer moved = std::move(*buffer);
    EXPECT_EQ(moved.data()[bytes - 1], 1);
    EXPECT_EQ(buffer->data(), nullptr);
  }
}

TEST(HugeBufferTest, NothingForNothing) {
  llvm::Expected<HugeBuffer> buffer = HugeBuffer::allocate(0);
  ASSERT_TRUE(bool(buffer));
  EXPECT_EQ(buffer->data(), nullptr);
}

TEST(HugeBufferTest, TellsThatThereIsNotEnough) {
  llvm::Expected<HugeBuffer> buffer = HugeBuffer::allocate(UINT64_MAX);
  ASSERT_FALSE(bool(buffer));
  ExitCode code;
  EXPECT_NE(takeMessage(buffer.takeError(), code).find("no memory"),
            std::string::npos);
  EXPECT_EQ(code, ExitCode::Limit);
}

TEST(BuildIdTest, NamesThisProgramAndLLVM) {
  std::string id = getBuildId();
  EXPECT_EQ(id, getBuildId());
  EXPECT_NE(id.find("exe="), std::string::npos) << id;
  EXPECT_NE(id.find("libLLVM"), std::string::npos) << id;
}

TEST(MachinePeakTest, IsPlausible) {
  for (unsigned threads : {1, 3}) {
    MachinePeak peak = measureMachinePeak(threads);
    EXPECT_EQ(peak.threads, threads);
    EXPECT_GT(peak.gigaflops, 0.01);
    EXPECT_LT(peak.gigaflops, 1e5);
    EXPECT_GT(peak.gigabytes, 0.01);
    EXPECT_LT(peak.gigabytes, 1e5);
  }
}
