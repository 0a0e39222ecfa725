//===- Sensitivity.h - Output errors of compressed weights ------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TOOLS_MLMODEL_SENSITIVITY_H
#define MLMODEL_TOOLS_MLMODEL_SENSITIVITY_H

#include "OutputProbe.h"

namespace mlmodel {

/// One weight by one scheme, and nothing else changed.
struct SensitivityTrial {
  WeightScheme scheme;
  uint64_t bytes = 0;
  /// Of the values of the weight.
  ErrorReport error;
  OutputError output;
};

/// The trials of one weight, in the order of the schemes; fewer where a scheme
/// cannot hold it.
using WeightTrials = std::vector<SensitivityTrial>;

/// The schemes to try on a weight.
using SchemesOf =
    llvm::function_ref<std::vector<WeightScheme>(const PlannedWeight &)>;

/// Tries schemes on each weight of \p plan alone. Progress goes to standard
/// error unless \p quiet.
llvm::Expected<std::vector<WeightTrials>>
measureSensitivity(OutputProbe &probe, const CompressionPlan &plan,
                   SchemesOf getSchemes, bool quiet);

/// Takes --inputs, --random and --seed.
llvm::Expected<ProbeInputs> takeProbeInputs(class CommandLine &line);

/// Takes \p name, a list of different widths from 1 to 8 as "8,4,2"; \p bits
/// stays where it is not given.
llvm::Error takeBits(class CommandLine &line, llvm::StringRef name,
                     std::vector<unsigned> &bits);

} // namespace mlmodel

#endif // MLMODEL_TOOLS_MLMODEL_SENSITIVITY_H
