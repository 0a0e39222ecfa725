//===- MixedBits.h - As few bits as a target allows -------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TOOLS_MLMODEL_MIXEDBITS_H
#define MLMODEL_TOOLS_MLMODEL_MIXEDBITS_H

#include "OutputProbe.h"

namespace mlmodel {

/// What to reach by choosing the width of each weight.
struct BitTarget {
  /// Either the greatest size of the file ...
  std::optional<uint64_t> fileBytes;
  /// ... or the least signal-to-noise ratio of the outputs.
  std::optional<double> snrDb;
  /// Widths to choose from; float32 is always one of them.
  std::vector<unsigned> bits{8, 6, 4, 3, 2};
  ProbeInputs inputs;
  LoadOptions run;
  bool quiet = false;
};

/// Gives each weight of \p plan, which is of \p module, the width that serves
/// the target best; weights that stay float32 move to the plan's skipped ones.
/// \p fileBytes is the size of the file now. Returns the outputs' SNR in dB.
///
/// Measures what each weight at each width does to the outputs, and takes
/// noises of different weights as if they added up. The widths that then give
/// the least noise for a number of bytes are those on the lower convex hull of
/// each weight's (bytes, noise), with the same slope everywhere. For a target
/// SNR, the place on that path is found by measuring the outputs with all
/// weights together.
///
/// ExitCode::Usage for schemes that have no width; ExitCode::Limit if even the
/// least widths make a larger file.
llvm::Expected<double> chooseBits(mlir::ModuleOp module, CompressionPlan &plan,
                                  const BitTarget &target, uint64_t fileBytes);

} // namespace mlmodel

#endif // MLMODEL_TOOLS_MLMODEL_MIXEDBITS_H
