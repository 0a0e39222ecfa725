//===- MachinePeak.cpp - What this machine can do at best -----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiled with -ffp-contract=fast: a * b + c must be one instruction here.
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/MachinePeak.h"
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace {

/// Vectors of the width in bytes.
template <int Width> struct Vectors {
  typedef float Float __attribute__((vector_size(Width)));
  typedef int64_t Int __attribute__((vector_size(Width)));
  static constexpr int kLanes = Width / sizeof(float);
};

/// Chains of dependent operations: enough to fill two units of latency 5, few
/// enough for 16 registers with the two operands.
constexpr int kChains = 12;
constexpr int64_t kRounds = 200000;
/// For each thread; more than it can have of the caches.
constexpr size_t kStreamBytes = size_t(64) << 20;
constexpr size_t kMaxStreamBytes = size_t(1) << 30;
/// What readAll() reads in one round, or several of them.
constexpr size_t kStreamGranule = 4096;

/// What a measurement must not be optimized away for.
thread_local volatile float sinkFloat;
thread_local volatile int64_t sinkInt;

double now() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// The operations of kRounds rounds.
template <int Width>
[[gnu::always_inline]] inline double multiplyAdd(float seed) {
  using V = typename Vectors<Width>::Float;
  V zero = {}, factor = zero + seed, term = zero + (1 - seed);
  // Not an array: it would live in memory.
  V a = zero, b = zero + 1.f, c = zero + 2.f, d = zero + 3.f, e = zero + 4.f,
    f = zero + 5.f, g = zero + 6.f, h = zero + 7.f, i = zero + 8.f,
    j = zero + 9.f, k = zero + 10.f, l = zero + 11.f;
  for (int64_t round = 0; round < kRounds; ++round) {
    a = a * factor + term, b = b * factor + term, c = c * factor + term;
    d = d * factor + term, e = e * factor + term, f = f * factor + term;
    g = g * factor + term, h = h * factor + term, i = i * factor + term;
    j = j * factor + term, k = k * factor + term, l = l * factor + term;
  }
  V total = a + b + c + d + e + f + g + h + i + j + k + l;
  sinkFloat = total[0];
  return 2.0 * kRounds * kChains * Vectors<Width>::kLanes;
}

/// Reads all of \p data, whose size is a multiple of kStreamGranule bytes.
template <int Width>
[[gnu::always_inline]] inline void readAll(const std::vector<int64_t> &data) {
  using V = typename Vectors<Width>::Int;
  constexpr size_t kStep = Width / sizeof(int64_t);
  V sums[4] = {};
  for (size_t i = 0; i < data.size(); i += 4 * kStep) {
#pragma GCC unroll 4
    for (size_t k = 0; k < 4; ++k) {
      V value;
      __builtin_memcpy(&value, &data[i + k * kStep], Width);
      sums[k] += value;
    }
  }
  V total = sums[0] + sums[1] + sums[2] + sums[3];
  sinkInt = total[0];
}

/// A measurement for one kind of processor.
struct Kernels {
  double (*multiplyAdd)(float seed);
  void (*readAll)(const std::vector<int64_t> &data);
};

double multiplyAddAny(float seed) { return multiplyAdd<16>(seed); }
void readAllAny(const std::vector<int64_t> &data) { readAll<16>(data); }

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) double multiplyAddAVX2(float seed) {
  return multiplyAdd<32>(seed);
}
__attribute__((target("avx2,fma"))) void
readAllAVX2(const std::vector<int64_t> &data) {
  readAll<32>(data);
}
__attribute__((target("avx512f"))) double multiplyAddAVX512(float seed) {
  return multiplyAdd<64>(seed);
}
__attribute__((target("avx512f"))) void
readAllAVX512(const std::vector<int64_t> &data) {
  readAll<64>(data);
}
#endif

Kernels chooseKernels() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f"))
    return {multiplyAddAVX512, readAllAVX512};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return {multiplyAddAVX2, readAllAVX2};
#endif
  return {multiplyAddAny, readAllAny};
}

/// Seconds from when the first of \p threads threads, the calling one among
/// them, begins with \p work, which gets its number, to when the last has
/// ended. None begins before all are ready.
double timeTogether(unsigned threads,
                    const std::function<void(unsigned thread)> &work) {
  std::atomic<unsigned> unready(threads);
  // Not when the calling one begins: others may have ended by then.
  std::vector<double> begins(threads);
  auto waitAndWork = [&](unsigned thread) {
    --unready;
    while (unready != 0)
      std::this_thread::yield();
    begins[thread] = now();
    work(thread);
  };
  std::vector<std::thread> others;
  for (unsigned thread = 1; thread < threads; ++thread)
    others.emplace_back(waitAndWork, thread);
  waitAndWork(0);
  for (std::thread &other : others)
    other.join();
  return now() - *std::min_element(begins.begin(), begins.end());
}

double measureGigaflops(const Kernels &kernels, unsigned threads) {
  double best = 0;
  for (int i = 0; i < 20; ++i) {
    std::vector<double> operations(threads);
    double seconds = timeTogether(threads, [&](unsigned thread) {
      operations[thread] = kernels.multiplyAdd(0.5f);
    });
    best = std::max(best, operations[0] * threads / seconds / 1e9);
  }
  return best;
}

double measureGigabytes(const Kernels &kernels, unsigned threads) {
  size_t bytes =
      std::min(kStreamBytes, kMaxStreamBytes / threads) & ~(kStreamGranule - 1);
  std::vector<std::vector<int64_t>> data(threads);
  // Each thread has its memory where it writes first.
  timeTogether(threads, [&](unsigned thread) {
    data[thread].assign(bytes / sizeof(int64_t), 1);
  });
  double best = 0;
  for (int i = 0; i < 5; ++i) {
    double seconds = timeTogether(
        threads, [&](unsigned thread) { kernels.readAll(data[thread]); });
    best = std::max(best, double(bytes) * threads / seconds / 1e9);
  }
  return best;
}

} // namespace

mlmodel::MachinePeak mlmodel::measureMachinePeak(unsigned threads) {
  threads = std::max(threads, 1u);
  Kernels kernels = chooseKernels();
  return {threads, measureGigaflops(kernels, threads),
          measureGigabytes(kernels, threads)};
}
