//===- MachinePeak.h - What this machine can do at best ---------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_SUPPORT_MACHINEPEAK_H
#define MLMODEL_SUPPORT_MACHINEPEAK_H

namespace mlmodel {

/// The two limits of the roofline model, of so many threads together.
struct MachinePeak {
  unsigned threads = 1;
  /// 10^9 float32 operations a second; a fused multiply-add counts as two.
  double gigaflops = 0;
  /// 10^9 bytes a second that can be read from memory, in order.
  double gigabytes = 0;
};

/// Measures both, in about 0.1 s: the best of several rounds, because whatever
/// else runs only makes them slower. All threads, the calling one among them,
/// start a round together, and it ends when the last has ended. Uses the widest
/// vectors of this processor that the project knows (AVX-512, AVX2); elsewhere
/// what the compiler makes of vectors of 16 bytes. Takes 64 MiB for each thread
/// meanwhile, 1 GiB at most.
MachinePeak measureMachinePeak(unsigned threads = 1);

} // namespace mlmodel

#endif // MLMODEL_SUPPORT_MACHINEPEAK_H
