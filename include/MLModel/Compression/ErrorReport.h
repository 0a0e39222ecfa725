//===- ErrorReport.h - Error of decoded weights -----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_COMPRESSION_ERRORREPORT_H
#define MLMODEL_COMPRESSION_ERRORREPORT_H

#include "MLModel/Compression/FloatView.h"

namespace mlmodel {

/// With e = decoded - original, all in float64:
struct ErrorReport {
  size_t count = 0;
  /// max |e|, and the first element that has it.
  double maxAbsError = 0;
  size_t maxAbsErrorIndex = 0;
  /// sum e^2 / count.
  double mse = 0;
  /// sum e^2.
  double squaredError = 0;
  /// 10 log10(sum original^2 / sum e^2), in dB; infinite without error, and
  /// -infinite where all originals are zero but a decoded value is not.
  double snrDb = 0;
  /// 10 log10(peak^2 / mse), in dB, where peak = max |original|.
  double psnrDb = 0;
  /// Elements whose bits differ, so that 0 means bit-identical.
  size_t changed = 0;
};

/// Collects an error report piece by piece.
class ErrorAccumulator {
public:
  /// Adds the next elements; both have the same size.
  void add(FloatView original, llvm::ArrayRef<float> decoded);
  ErrorReport finish() const;

private:
  size_t count = 0, changed = 0, maxIndex = 0;
  double maxAbs = 0, errorSquares = 0, originalSquares = 0, peak = 0;
};

ErrorReport measureError(FloatView original, llvm::ArrayRef<float> decoded);

} // namespace mlmodel

#endif // MLMODEL_COMPRESSION_ERRORREPORT_H
