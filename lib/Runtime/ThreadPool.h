//===- ThreadPool.h - Threads that share the rounds of a loop ---*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiled code asks for the rounds of one loop after the other, a few
// microseconds apart. Threads that wait for the next loop therefore look for it
// for a while before they sleep. Rounds are handed out in parts as threads get
// free: a thread that the system has stopped holds up one part, not its share
// of the loop, and one that never woke up holds up none.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_RUNTIME_THREADPOOL_H
#define MLMODEL_LIB_RUNTIME_THREADPOOL_H

#include <atomic>
#include <cstdint>
#include <memory>
#include <pthread.h>
#include <semaphore.h>
#include <vector>

namespace mlmodel {

class ThreadPool {
public:
  /// Runs the rounds from \p begin up to \p end of a loop.
  using Body = void (*)(void *context, int64_t begin, int64_t end);

  /// \p threads counts the one that calls run(). The others start with the
  /// first loop that has rounds for them, and end with the pool.
  explicit ThreadPool(unsigned threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool &) = delete;
  ThreadPool &operator=(const ThreadPool &) = delete;

  /// Calls \p body for ranges that together are the rounds from 0 up to
  /// \p rounds, each once, and returns when all are done. Which thread runs
  /// which rounds is not known. If the pool is in use, by another thread or by
  /// a body that calls this, all rounds run on the calling thread.
  void run(Body body, void *context, int64_t rounds);

  unsigned getNumThreads() const { return numThreads; }

  /// The cores that this process may use.
  static unsigned getNumCores();

  /// The pool of \p threads threads that this process shares, 0 for one per
  /// core that it may use. It ends with the last user.
  static std::shared_ptr<ThreadPool> getShared(unsigned threads);

private:
  static void *work(void *pool);
  void startWorkers();
  void moveWorkersAway();
  void serve();
  /// Waits for a loop other than number \p seen; false if the pool ends.
  bool waitForLoop(uint64_t seen);
  bool enter();
  void leave();
  void runParts();
  void waitForWorkers();
  /// Waits for a post until \p isOver, having looked for that for a while.
  template <typename Predicate>
  static void sleepUntil(Predicate isOver, std::atomic<unsigned> &sleeping,
                         sem_t &posts);
  static void wakeAll(std::atomic<unsigned> &sleeping, sem_t &posts);

  /// Set in `gate` while workers may take parts of the current loop; the lower
  /// bits count those that do.
  static constexpr uint32_t kOpen = uint32_t(1) << 31;
  static constexpr size_t kCacheLine = 64;

  const unsigned numThreads;
  std::vector<pthread_t> workers;
  bool triedToStart = false;
  std::atomic_flag inUse = ATOMIC_FLAG_INIT;

  // The current loop. Written only while `gate` is 0.
  Body body = nullptr;
  void *context = nullptr;
  int64_t rounds = 0, parts = 0;

  alignas(kCacheLine) std::atomic<int64_t> nextPart{0};
  alignas(kCacheLine) std::atomic<uint32_t> gate{0};
  /// The number of the current loop.
  alignas(kCacheLine) std::atomic<uint64_t> loop{0};
  std::atomic<bool> ends{false};

  /// Threads that wait, or are about to, for as many posts. Whoever wakes them
  /// up takes them off first, so that each post has a thread to wait for it;
  /// and a thread that changes its mind takes itself off, or else waits for the
  /// post that is on its way. There is no lock that a thread just woken up
  /// could hold while the system keeps it from running.
  std::atomic<unsigned> sleepers{0}, sleepingCallers{0};
  sem_t newLoop, loopDone;
};

} // namespace mlmodel

#endif // MLMODEL_LIB_RUNTIME_THREADPOOL_H
