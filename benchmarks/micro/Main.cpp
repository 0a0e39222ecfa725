//===- Main.cpp - Kernels of ours beside OpenBLAS and oneDNN --------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Benchmarks are named FAMILY/SIZES/PROGRAM: ours by the encoding of its
// weights, the peers by their names. benchmarks/micro.py runs them in turns.
//
//===----------------------------------------------------------------------===//

#include "Program.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include <benchmark/benchmark.h>
#include <cmath>
#include <functional>

using namespace mlmodel::bench;
using llvm::Error;

/// Of the largest result. Sums of some thousand terms in different orders
/// differ by a tenth of it.
static constexpr float kTolerance = 1e-5f;

[[noreturn]] static void fail(Error error) {
  llvm::errs() << "mlmodel-bench-micro: " << llvm::toString(std::move(error))
               << '\n';
  exit(1);
}

/// Runs both programs, which must have the same results.
static Error compare(Program &program, Program &reference) {
  program.run();
  reference.run();
  std::vector<float> result = program.getResult();
  std::vector<float> expected = reference.getResult();
  if (result.size() != expected.size())
    return llvm::createStringError(llvm::Twine(result.size()) +
                                   " results instead of " +
                                   llvm::Twine(expected.size()));
  float largest = 0, difference = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    largest = std::max(largest, std::abs(expected[i]));
    // Not with std::max, which would lose a NaN.
    if (!(std::abs(result[i] - expected[i]) <= difference))
      difference = std::abs(result[i] - expected[i]);
  }
  if (difference <= kTolerance * largest)
    return Error::success();
  return llvm::createStringError(
      llvm::formatv("results differ by {0:E1}, where the largest is {1:E1}",
                    difference, largest)
          .str());
}

namespace {
/// Who makes a program of a problem, and whose results its own must be.
struct Contestant {
  std::string name;
  Encoding encoding;
  std::function<MadeProgram(const Problem &, const Weights &,
                            const std::vector<float> &)>
      make, makeReference;
};
} // namespace

static std::vector<Contestant> getContestants(const Problem &problem) {
  std::vector<Contestant> all;
  for (Encoding encoding : problem.encodings)
    all.push_back({getName(encoding), encoding, makeOurs, makeOneDNN});
  if (problem.isMatrixProduct())
    all.push_back({"openblas", Encoding::Float32, makeOpenBLAS, makeOurs});
  all.push_back({"onednn", Encoding::Float32, makeOneDNN, makeOurs});
  return all;
}

/// A program whose results are known to be right.
static MadeProgram prepare(const Problem &problem,
                           const Contestant &contestant) {
  Weights weights = makeWeights(problem, contestant.encoding);
  std::vector<float> input = makeInput(problem);
  MadeProgram program = contestant.make(problem, weights, input);
  if (!program)
    return program.takeError();
  MadeProgram reference = contestant.makeReference(problem, weights, input);
  if (!reference)
    return reference.takeError();
  if (Error error = compare(**program, **reference))
    return llvm::createStringError(problem.name + "/" + contestant.name + ": " +
                                   llvm::toString(std::move(error)));
  return program;
}

/// Measures what \p make makes when the benchmark is first run. Repetitions,
/// which may come between those of others, find the program that is there.
static void registerProgram(const std::string &name, double operations,
                            std::function<MadeProgram()> make) {
  auto made = std::make_shared<std::unique_ptr<Program>>();
  auto measure = [=](benchmark::State &state) {
    if (!*made) {
      MadeProgram program = make();
      if (!program)
        fail(program.takeError());
      *made = std::move(*program);
    }
    for (auto _ : state)
      (*made)->run();
    state.counters["FLOPS"] = benchmark::Counter(
        operations, benchmark::Counter::kIsIterationInvariantRate);
  };
  benchmark::RegisterBenchmark(name.c_str(), measure)
      ->Unit(benchmark::kMicrosecond)
      ->UseRealTime();
}

int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  registerProgram("call/1/float32", /*operations=*/1, makeCall);
  for (const Problem &problem : getProblems())
    for (const Contestant &contestant : getContestants(problem))
      registerProgram(problem.name + "/" + contestant.name,
                      problem.getNumOperations(),
                      [=] { return prepare(problem, contestant); });
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
