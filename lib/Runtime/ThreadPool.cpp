//===- ThreadPool.cpp - Threads that share the rounds of a loop -----------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ThreadPool.h"
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <map>
#include <mutex>
#include <sched.h>
#include <thread>

using namespace mlmodel;

/// Parts of a loop for each thread: enough that the last part that is still
/// computed is short, few enough that taking them costs nothing.
static constexpr int64_t kPartsPerThread = 4;

/// How long a thread looks for what it waits for before it sleeps. Waking it up
/// takes about half of that.
static constexpr std::chrono::microseconds kSpinTime(200);

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

/// Looks for \p isDone to become true for kSpinTime; lets others run that the
/// system has put on the same core.
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
    sched_yield();
  } while (Clock::now() < end);
  return false;
}

template <typename Predicate>
void ThreadPool::sleepUntil(Predicate isOver, std::atomic<unsigned> &sleeping,
                            sem_t &posts) {
  while (!spin(isOver)) {
    // Either whoever makes an end of it sees this, or the end is seen here.
    sleeping.fetch_add(1);
    unsigned others = isOver() ? sleeping.load() : 0;
    while (others != 0 && !sleeping.compare_exchange_weak(others, others - 1))
      ;
    if (others != 0)
      continue;
    while (sem_wait(&posts) != 0 && errno == EINTR)
      ;
  }
}

void ThreadPool::wakeAll(std::atomic<unsigned> &sleeping, sem_t &posts) {
  if (sleeping.load() == 0)
    return;
  for (unsigned left = sleeping.exchange(0); left != 0; --left)
    sem_post(&posts);
}

ThreadPool::ThreadPool(unsigned threads) : numThreads(std::max(threads, 1u)) {
  sem_init(&newLoop, /*pshared=*/0, 0);
  sem_init(&loopDone, /*pshared=*/0, 0);
}

ThreadPool::~ThreadPool() {
  ends = true;
  wakeAll(sleepers, newLoop);
  for (pthread_t worker : workers)
    pthread_join(worker, nullptr);
  sem_destroy(&newLoop);
  sem_destroy(&loopDone);
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

/// Keeps workers off the core of the calling thread, if there are others for
/// them. Linux takes virtual cores that sleep for busy ones and would wake all
/// up right here, each to keep the others from running.
void ThreadPool::moveWorkersAway() {
  cpu_set_t cores;
  int here = sched_getcpu();
  if (here < 0 || sched_getaffinity(0, sizeof(cores), &cores) != 0)
    return;
  CPU_CLR(here, &cores);
  if (CPU_COUNT(&cores) < int(workers.size()))
    return;
  for (pthread_t worker : workers)
    pthread_setaffinity_np(worker, sizeof(cores), &cores);
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
  loop.fetch_add(1);
  if (sleepers.load() != 0) {
    moveWorkersAway();
    wakeAll(sleepers, newLoop);
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
  sleepUntil([&] { return gate.load() == 0; }, sleepingCallers, loopDone);
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
  sleepUntil([&] { return loop.load() != seen || ends.load(); }, sleepers,
             newLoop);
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
  if (gate.fetch_sub(1) == 1)
    wakeAll(sleepingCallers, loopDone);
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
