//===- ErrorReport.cpp - Error of decoded weights -------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/ErrorReport.h"
#include <algorithm>
#include <cmath>
#include <limits>

using namespace llvm;
using namespace mlmodel;

void ErrorAccumulator::add(FloatView original, ArrayRef<float> decoded) {
  assert(original.size() == decoded.size() && "sizes differ");
  FloatView decodedView(decoded);
  // Sums per piece: adding small numbers to a small sum loses less.
  constexpr size_t piece = 4096;
  for (size_t begin = 0; begin < decoded.size(); begin += piece) {
    size_t end = std::min(begin + piece, decoded.size());
    double pieceErrors = 0, pieceSquares = 0;
    for (size_t i = begin; i < end; ++i) {
      double value = original[i];
      double error = double(decoded[i]) - value;
      pieceErrors += error * error;
      pieceSquares += value * value;
      peak = std::max(peak, std::fabs(value));
      changed += original.bits(i) != decodedView.bits(i);
      if (std::fabs(error) > maxAbs) {
        maxAbs = std::fabs(error);
        maxIndex = count + i;
      }
    }
    errorSquares += pieceErrors;
    originalSquares += pieceSquares;
  }
  count += decoded.size();
}

/// 10 log10(signal / noise), without noise infinite.
static double ratioDb(double signal, double noise) {
  if (noise == 0)
    return std::numeric_limits<double>::infinity();
  return 10 * std::log10(signal / noise);
}

ErrorReport ErrorAccumulator::finish() const {
  ErrorReport report;
  report.count = count;
  report.changed = changed;
  report.maxAbsError = maxAbs;
  report.maxAbsErrorIndex = maxIndex;
  report.squaredError = errorSquares;
  report.mse = count ? errorSquares / double(count) : 0;
  report.snrDb = ratioDb(originalSquares, errorSquares);
  report.psnrDb = ratioDb(peak * peak, report.mse);
  return report;
}

ErrorReport mlmodel::measureError(FloatView original, ArrayRef<float> decoded) {
  ErrorAccumulator accumulator;
  accumulator.add(original, decoded);
  return accumulator.finish();
}
