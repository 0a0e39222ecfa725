//===- ThreadPoolTest.cpp - Threads that share the rounds of a loop -------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Depends on the pool alone, so that it can be built with the thread sanitizer:
//
//   g++ -std=c++17 -fsanitize=thread -I lib/Runtime lib/Runtime/ThreadPool.cpp
//     unittests/Runtime/ThreadPoolTest.cpp -lgtest -lgtest_main -lpthread
//
//===----------------------------------------------------------------------===//

#include "ThreadPool.h"
#include "gtest/gtest.h"
#include <chrono>
#include <thread>

using mlmodel::ThreadPool;

namespace {
/// Counts how often each round has run. Not atomic: no two threads may have the
/// same round, and the caller sees what all of them wrote.
struct Counts {
  explicit Counts(int64_t rounds) : each(rounds) {}

  static void count(void *context, int64_t begin, int64_t end) {
    auto &each = static_cast<Counts *>(context)->each;
    for (int64_t i = begin; i < end; ++i)
      ++each[i];
  }
  void expectAll(int times) const {
    for (int count : each)
      ASSERT_EQ(count, times);
  }

  std::vector<int> each;
};
} // namespace

TEST(ThreadPool, RunsEachRoundOnce) {
  for (unsigned threads : {0u, 1u, 2u, 3u, 5u, 16u}) {
    ThreadPool pool(threads);
    EXPECT_EQ(pool.getNumThreads(), std::max(threads, 1u));
    for (int64_t rounds : {0, 1, 2, 3, 7, 63, 64, 65, 1000}) {
      Counts counts(rounds);
      pool.run(Counts::count, &counts, rounds);
      counts.expectAll(1);
    }
  }
}

TEST(ThreadPool, EndsWithoutALoop) {
  ThreadPool pool(4);
  ThreadPool(4).run(Counts::count, nullptr, 0);
}

/// Loops right after one another: workers that are late for one loop must not
/// touch the next.
TEST(ThreadPool, ManyShortLoops) {
  ThreadPool pool(3);
  for (int64_t i = 0; i < 20000; ++i) {
    Counts counts(i % 7);
    pool.run(Counts::count, &counts, i % 7);
    counts.expectAll(1);
  }
}

/// Pauses that are long enough for the workers to fall asleep.
TEST(ThreadPool, WakesUp) {
  ThreadPool pool(4);
  Counts counts(100);
  for (int i = 1; i <= 20; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    pool.run(Counts::count, &counts, 100);
    counts.expectAll(i);
  }
}

/// Pauses of about the time after which workers fall asleep: some are just
/// about to when the next loop begins.
TEST(ThreadPool, WakesUpThoseWhoFallAsleep) {
  ThreadPool pool(3);
  Counts counts(30);
  for (int i = 1; i <= 500; ++i) {
    std::this_thread::sleep_for(std::chrono::microseconds(100 + i % 40 * 5));
    pool.run(Counts::count, &counts, 30);
    counts.expectAll(i);
  }
}

/// The caller falls asleep while it waits for a part.
TEST(ThreadPool, WaitsForSlowParts) {
  ThreadPool pool(2);
  auto body = [](void *context, int64_t begin, int64_t end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    Counts::count(context, begin, end);
  };
  Counts counts(9);
  for (int i = 1; i <= 5; ++i) {
    pool.run(body, &counts, 9);
    counts.expectAll(i);
  }
}

namespace {
struct Nested {
  ThreadPool *pool;
  std::vector<Counts> inner;
};
} // namespace

TEST(ThreadPool, NestedLoopsRunOnTheirThread) {
  ThreadPool pool(3);
  Nested nested{&pool, std::vector<Counts>(40, Counts(50))};
  auto body = [](void *context, int64_t begin, int64_t end) {
    auto &nested = *static_cast<Nested *>(context);
    for (int64_t i = begin; i < end; ++i)
      nested.pool->run(Counts::count, &nested.inner[i], 50);
  };
  pool.run(body, &nested, 40);
  for (const Counts &counts : nested.inner)
    counts.expectAll(1);
}

TEST(ThreadPool, SeveralCallers) {
  ThreadPool pool(3);
  auto call = [&] {
    for (int i = 0; i < 2000; ++i) {
      Counts counts(20);
      pool.run(Counts::count, &counts, 20);
      counts.expectAll(1);
    }
  };
  std::thread first(call), second(call);
  first.join();
  second.join();
}

TEST(ThreadPool, IsShared) {
  std::shared_ptr<ThreadPool> two = ThreadPool::getShared(2);
  EXPECT_EQ(two, ThreadPool::getShared(2));
  EXPECT_NE(two, ThreadPool::getShared(3));
  EXPECT_EQ(two->getNumThreads(), 2u);
}
