//===- MachinePeak.h - What this machine can do at best ---------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_SUPPORT_MACHINEPEAK_H
#define MLMODEL_SUPPORT_MACHINEPEAK_H

namespace mlmodel {

/// The two limits of the roofline model, of one thread.
struct MachinePeak {
  /// 10^9 float32 operations a second; a fused multiply-add counts as two.
  double gigaflops = 0;
  /// 10^9 bytes a second that can be read from memory, in order.
  double gigabytes = 0;
};

/// Measures both on the calling thread, in about 0.1 s: the best of several
/// rounds, because whatever else runs only makes them slower. Uses the widest
/// vectors of this processor that the project knows (AVX-512, AVX2); elsewhere
/// what the compiler makes of vectors of 16 bytes. Takes 64 MiB meanwhile.
MachinePeak measureMachinePeak();

} // namespace mlmodel

#endif // MLMODEL_SUPPORT_MACHINEPEAK_H
