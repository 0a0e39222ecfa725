//===- CompressReport.h - What compress did, as text and JSON ---*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TOOLS_MLMODEL_COMPRESSREPORT_H
#define MLMODEL_TOOLS_MLMODEL_COMPRESSREPORT_H

#include "MLModel/Transforms/CompressWeights.h"
#include "MLModel/Transforms/FuseBatchnorm.h"
#include "llvm/Support/JSON.h"

namespace mlmodel {

/// All that is told of one run of compress.
struct CompressSummary {
  CompressionReport report;
  std::optional<FusionReport> fusion;
  uint64_t fileBytesBefore = 0, fileBytesAfter = 0;
  /// Of the compression itself, without reading and writing.
  double seconds = 0;
  /// Of a search for mixed bits: signal to noise of the model's outputs.
  std::optional<double> outputSnrDb;
};

void printText(const CompressSummary &summary);
void printJson(const CompressSummary &summary);

/// Prints \p rows to standard output, with columns as wide as their longest
/// cell; the first \p left of them are aligned to the left.
void printTable(llvm::ArrayRef<std::vector<std::string>> rows, size_t left);

/// \p text with control characters escaped: names come from the model.
std::string printable(llvm::StringRef text);

/// JSON has no infinity: null.
llvm::json::Value toJson(double number);

} // namespace mlmodel

#endif // MLMODEL_TOOLS_MLMODEL_COMPRESSREPORT_H
