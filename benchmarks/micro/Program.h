//===- Program.h - Those who compute a problem ------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_BENCHMARKS_MICRO_PROGRAM_H
#define MLMODEL_BENCHMARKS_MICRO_PROGRAM_H

#include "Problem.h"
#include "llvm/Support/Error.h"
#include <memory>

namespace mlmodel::bench {

/// A kernel that is ready to run on its operands, on one thread. Weights are
/// laid out as it likes them; that is not measured.
class Program {
public:
  virtual ~Program() = default;
  virtual void run() = 0;
  /// What run() has computed, in row-major order.
  virtual std::vector<float> getResult() = 0;
};

using MadeProgram = llvm::Expected<std::unique_ptr<Program>>;

/// Ours, compiled for this machine as a network of one operation.
MadeProgram makeOurs(const Problem &problem, const Weights &weights,
                     const std::vector<float> &input);

/// Ours with next to nothing to do, max(x, 0) for one number: what a call of
/// compiled code takes.
MadeProgram makeCall();

/// What oneDNN chooses for operands in the layouts that it likes best, inputs
/// and results among them, as in a network that keeps to them, and which
/// algorithm.
MadeProgram makeOneDNN(const Problem &problem, const Weights &weights,
                       const std::vector<float> &input);

/// OpenBLAS' product of matrices, on row-major operands. The problem must be
/// one.
MadeProgram makeOpenBLAS(const Problem &problem, const Weights &weights,
                         const std::vector<float> &input);

} // namespace mlmodel::bench

#endif // MLMODEL_BENCHMARKS_MICRO_PROGRAM_H
