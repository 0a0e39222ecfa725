//===- PeakSpeed.cpp - The calibration line of benchmarks -----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/MachinePeak.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

int main() {
  mlmodel::MachinePeak peak = mlmodel::measureMachinePeak();
  llvm::json::Value all = llvm::json::Object{{"gflops", peak.gigaflops},
                                             {"gbytes", peak.gigabytes}};
  llvm::outs() << llvm::formatv("{0}\n", all);
  return 0;
}
