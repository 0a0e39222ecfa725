//===- Differences.h - How the outputs of two models differ -----*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TOOLS_MLMODEL_DIFFERENCES_H
#define MLMODEL_TOOLS_MLMODEL_DIFFERENCES_H

#include "MLModel/Runtime/Features.h"
#include "llvm/Support/Error.h"

namespace mlmodel {

/// How one output of two models differs over many predictions. Of numbers,
/// with e = b - a, in float64: max |e|, 10 log10(sum a^2 / sum e^2) and
/// 10 log10(max|a|^2 / mean e^2). Of labels and dictionaries, how often the
/// first choice is the same.
class OutputDifference {
public:
  /// Adds one prediction. ExitCode::ComparisonFailed if the values cannot be
  /// compared, as of different shapes.
  llvm::Error add(llvm::StringRef name, const FeatureValue &a,
                  const FeatureValue &b);

  bool hasNumbers() const { return numbers != 0; }
  bool hasChoices() const { return choices != 0; }
  double getMaxError() const { return maxError; }
  /// Infinite where nothing differs.
  double getSnr() const;
  double getPsnr() const;
  double getAgreement() const { return double(agreed) / choices; }

private:
  void addNumber(double a, double b);
  void addChoice(bool same);

  size_t numbers = 0, choices = 0, agreed = 0;
  double maxError = 0, errorSquares = 0, squares = 0, peak = 0;
};

/// What a prediction decides for: the label, else the key of the greatest
/// number in a dictionary, else the index of the greatest element of an array.
/// Nothing for other values.
std::optional<std::string> getChoice(const FeatureValue &value);

/// The \p count best keys of a dictionary or indices of an array, best first;
/// of equal ones, the first. Empty for other values.
std::vector<std::string> getBest(const FeatureValue &value, size_t count);

/// The output whose numbers rank the classes: the first dictionary, else the
/// first array. Null if there is none.
const FeatureDescription *
findRankingOutput(llvm::ArrayRef<FeatureDescription> outputs);

/// The output that tells the class: the first label, else the first dictionary,
/// else the first array. Null if there is none.
const FeatureDescription *
findChoiceOutput(llvm::ArrayRef<FeatureDescription> outputs);

} // namespace mlmodel

#endif // MLMODEL_TOOLS_MLMODEL_DIFFERENCES_H
