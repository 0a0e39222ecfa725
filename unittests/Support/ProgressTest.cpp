//===- ProgressTest.cpp - The progress line -------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/Progress.h"
#include "TestUtils.h"
#include <thread>

using namespace llvm;
using namespace mlmodel;
using namespace mlmodel::testing;

namespace {

/// A progress line into a string, with a clock set by hand.
struct Fixture {
  explicit Fixture(bool onTerminal, bool quiet = false) : os(text) {
    options.quiet = quiet;
    options.stream = &os;
    options.terminal = onTerminal ? ProgressOptions::Terminal::Yes
                                  : ProgressOptions::Terminal::No;
    options.clock = [this] { return now; };
  }
  std::string take() {
    os.flush();
    std::string result = text;
    text.clear();
    return result;
  }

  double now = 100;
  std::string text;
  raw_string_ostream os;
  ProgressOptions options;
};

} // namespace

TEST(Progress, ShortWorkIsSilent) {
  for (bool onTerminal : {false, true}) {
    Fixture f(onTerminal);
    {
      Progress progress(2, 100, f.options);
      progress.begin("a");
      f.now += 0.9;
      progress.advance(99);
    }
    EXPECT_EQ(f.take(), "");
  }
}

TEST(Progress, QuietIsSilent) {
  Fixture f(true, /*quiet=*/true);
  Progress progress(2, 100, f.options);
  f.now += 60;
  progress.begin("a");
  progress.finish();
  EXPECT_EQ(f.take(), "");
}

TEST(Progress, RewritesTheLineOnATerminal) {
  Fixture f(true);
  Progress progress(190, 100, f.options);
  for (int i = 0; i < 11; ++i)
    progress.begin("x");
  progress.advance(37);
  f.now += 8.2;
  progress.begin("conv_7 kmeans 4b");
  EXPECT_EQ(f.take(), "\r[ 12/190] conv_7 kmeans 4b  37%  eta 0:14");
  // Too soon for the next one.
  f.now += 0.05;
  progress.begin("y");
  EXPECT_EQ(f.take(), "");
  f.now += 0.1;
  progress.begin("z");
  std::string shorter = "[ 14/190] z  37%  eta 0:15";
  EXPECT_EQ(f.take(), "\r" + shorter + std::string(15, ' '));
  progress.finish();
  EXPECT_EQ(f.take(), "\r" + std::string(shorter.size(), ' ') + "\r");
  f.now += 10;
  progress.begin("late");
  EXPECT_EQ(f.take(), "");
}

TEST(Progress, PlainLinesEveryTenSeconds) {
  Fixture f(false);
  Progress progress(3, 4, f.options);
  progress.begin("a");
  f.now += 9;
  progress.advance(1);
  EXPECT_EQ(f.take(), "");
  f.now += 1;
  progress.begin("b");
  EXPECT_EQ(f.take(), "[2/3] b  25%  eta 0:30\n");
  f.now += 9;
  progress.advance(1);
  EXPECT_EQ(f.take(), "");
  f.now += 7200;
  progress.advance(0);
  EXPECT_EQ(f.take(), "[2/3] b  50%  eta 2:00:19\n");
  progress.finish();
  EXPECT_EQ(f.take(), "");
}

TEST(Progress, NothingToEstimateFrom) {
  Fixture f(true);
  Progress progress(1, 0, f.options);
  f.now += 2;
  progress.begin("a");
  EXPECT_EQ(f.take(), "\r[1/1] a  0%");
}

TEST(Progress, LabelsCannotControlTheTerminal) {
  Fixture f(true);
  Progress progress(1, 1, f.options);
  f.now += 2;
  progress.begin("a\x1b[31m\r\n\x7f\xC2\x9B"
                 "1m \xC3\xA9");
  EXPECT_EQ(f.take(), "\r[1/1] a?[31m????1m \xC3\xA9  0%");
  f.now += 2;
  progress.begin("\xFF\xC2");
  EXPECT_EQ(StringRef(f.take()).rtrim(), "\r[2/1] ??  0%");
}

TEST(Progress, LongLabelsAreCutToTheWidth) {
  Fixture f(true);
  Progress progress(1, 1, f.options);
  f.now += 2;
  std::string label;
  for (int i = 0; i < 5000; ++i)
    label += "\xC3\xA9";
  progress.begin(label);
  std::string line = f.take();
  EXPECT_LT(line.size(), 2000u);
  // Whole characters only.
  EXPECT_EQ(line.back(), '\xA9');
}

TEST(Progress, WorksFromSeveralThreads) {
  Fixture f(true);
  Progress progress(100, 20000, f.options);
  auto run = [&] {
    for (int i = 0; i < 10000; ++i)
      progress.advance(1);
  };
  std::thread other(run);
  run();
  other.join();
  f.now += 2;
  progress.begin("end");
  EXPECT_EQ(f.take(), "\r[  1/100] end  100%  eta 0:00");
}
