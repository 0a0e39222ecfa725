//===- ThreadPool.cpp - Threads that share the rounds of a loop -----------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ThreadPool.h"
#include <algorithm>
#include <chrono>
#include <map>
#include <sched.h>
#include <thread>

using namespace mlmodel;

/// Parts of a loop for each thread: enough that the last part that is still
/// computed is short, few enough that taking them costs nothing.
static constexpr int64_t kPartsPerThread = 4;

/// How long a thread looks for what it waits for before it sleeps. Waking it up
/// takes about half of that.
static constexpr std::chrono::microseconds kSpinTime(100);

/// Tells the processor that this thread is only waiting.
static void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#else
  std::this_thread::yield();
#endif
}

/// Looks for \p isDone to become true for kSpinTime.
template <typename Predicate> static bool spin(Predicate isDone) {
  using Clock = std::chrono::steady_clock;
  constexpr int kLooksPerTime = 32;
  if (isDone())
    return true;
  Clock::time_point end = Clock::now() + kSpinTime;
  do {
    for (int i = 0; i < kLooksPerTime; ++i) {
      if (isDone())
        return true;
      pause();
    }
  } while (Clock::now() < end);
  return false;
}

ThreadPool::ThreadPool(unsigned threads) : numThreads(std::max(threads, 1u)) {}

ThreadPool::~ThreadPool() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    ends = true;
  }
  newLoop.notify_all();
  for (pthread_t worker : workers)
    pthread_join(worker, nullptr);
}

/// A system that has no more threads to give makes loops slower, not wrong.
void ThreadPool::startWorkers() {
  if (triedToStart)
    return;
  triedToStart = true;
  for (unsigned i = 1; i < numThreads; ++i) {
    pthread_t worker;
    if (pthread_create(&worker, nullptr, work, this) != 0)
      break;
    workers.push_back(worker);
  }
}

void ThreadPool::run(Body newBody, void *newContext, int64_t newRounds) {
  if (newRounds <= 0)
    return;
  bool isAlone = numThreads == 1 || newRounds == 1;
  if (isAlone || inUse.test_and_set(std::memory_order_acquire))
    return newBody(newContext, 0, newRounds);
  startWorkers();
  body = newBody;
  context = newContext;
  rounds = newRounds;
  parts = std::min<int64_t>(rounds, numThreads * kPartsPerThread);
  nextPart.store(0, std::memory_order_relaxed);
  // Whoever enters sees all of the above.
  gate.store(kOpen, std::memory_order_release);
  // Either a worker that is about to sleep sees the new number, or it is seen
  // here to sleep.
  loop.fetch_add(1);
  if (sleepers.load() != 0) {
    std::lock_guard<std::mutex> lock(mutex);
    newLoop.notify_all();
  }
  runParts();
  gate.fetch_and(~kOpen);
  waitForWorkers();
  inUse.clear(std::memory_order_release);
}

void ThreadPool::runParts() {
  int64_t size = rounds / parts, longer = rounds % parts;
  auto getBegin = [&](int64_t part) {
    return part * size + std::min(part, longer);
  };
  for (int64_t part;
       (part = nextPart.fetch_add(1, std::memory_order_relaxed)) < parts;)
    body(context, getBegin(part), getBegin(part + 1));
}

void ThreadPool::waitForWorkers() {
  auto isDone = [&] { return gate.load() == 0; };
  if (spin(isDone))
    return;
  std::unique_lock<std::mutex> lock(mutex);
  callerSleeps = true;
  loopDone.wait(lock, isDone);
  callerSleeps = false;
}

//===----------------------------------------------------------------------===//
// Workers
//===----------------------------------------------------------------------===//

void *ThreadPool::work(void *pool) {
  static_cast<ThreadPool *>(pool)->serve();
  return nullptr;
}

void ThreadPool::serve() {
  for (uint64_t seen = 0; waitForLoop(seen);) {
    seen = loop.load();
    if (!enter())
      continue;
    runParts();
    leave();
  }
}

bool ThreadPool::waitForLoop(uint64_t seen) {
  auto isOver = [&] { return loop.load() != seen || ends.load(); };
  if (!spin(isOver)) {
    std::unique_lock<std::mutex> lock(mutex);
    sleepers.fetch_add(1);
    newLoop.wait(lock, isOver);
    sleepers.fetch_sub(1);
  }
  return !ends.load();
}

/// Takes part in the current loop, unless it is over.
bool ThreadPool::enter() {
  uint32_t now = gate.load();
  while (now & kOpen)
    if (gate.compare_exchange_weak(now, now + 1))
      return true;
  return false;
}

void ThreadPool::leave() {
  // The last one out, after the caller has found nothing more to do.
  if (gate.fetch_sub(1) != 1 || !callerSleeps.load())
    return;
  std::lock_guard<std::mutex> lock(mutex);
  loopDone.notify_one();
}

//===----------------------------------------------------------------------===//
// Sharing
//===----------------------------------------------------------------------===//

unsigned ThreadPool::getNumCores() {
  cpu_set_t cores;
  if (sched_getaffinity(0, sizeof(cores), &cores) == 0)
    return std::max(CPU_COUNT(&cores), 1);
  // More cores than the set has room for.
  return std::max(std::thread::hardware_concurrency(), 1u);
}

std::shared_ptr<ThreadPool> ThreadPool::getShared(unsigned threads) {
  if (threads == 0)
    threads = getNumCores();
  static std::mutex poolsMutex;
  static std::map<unsigned, std::weak_ptr<ThreadPool>> pools;
  std::lock_guard<std::mutex> lock(poolsMutex);
  std::weak_ptr<ThreadPool> &known = pools[threads];
  std::shared_ptr<ThreadPool> pool = known.lock();
  if (!pool)
    known = pool = std::make_shared<ThreadPool>(threads);
  return pool;
}
