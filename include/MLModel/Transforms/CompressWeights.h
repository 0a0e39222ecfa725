//===- CompressWeights.h - Smaller weights for a model ----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TRANSFORMS_COMPRESSWEIGHTS_H
#define MLMODEL_TRANSFORMS_COMPRESSWEIGHTS_H

#include "MLModel/Compression/ErrorReport.h"
#include "MLModel/Compression/KMeans1D.h"
#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include <functional>

namespace mlmodel {

enum class CompressionMethod {
  /// w = scale * q + bias.
  Linear,
  LinearSymmetric,
  /// w = table[q], with the table of least squared error ...
  KMeans,
  /// ... of even steps from the least to the greatest value ...
  Uniform,
  /// ... or of the values themselves, where there are few enough of them.
  Unique,
};

/// The name in options and reports: "linear", "linear-symmetric", "kmeans" ...
llvm::StringRef getMethodName(CompressionMethod method);
std::optional<CompressionMethod> parseMethod(llvm::StringRef name);

struct CompressionOptions {
  CompressionMethod method = CompressionMethod::Linear;
  /// 1 to 8; from 2 for LinearSymmetric. 0 lets Unique choose the least.
  unsigned bits = 8;
  /// One scale for the whole of each weight instead of one per channel.
  bool perTensor = false;
  /// Weights with fewer values stay as they are.
  int64_t minElements = 1024;
  /// Also biases, statistics and constants, where one scale serves all values.
  bool vectors = false;
  /// Regular expressions; layers with a name that one of them matches anywhere
  /// stay as they are.
  std::vector<std::string> skip;
  /// How many weights are worked on at a time; 0 means one per core.
  unsigned threads = 0;
};

/// What became of one weight.
struct WeightReport {
  mlir::Operation *op = nullptr;
  std::string layer, kind, field;
  llvm::SmallVector<int64_t, 5> shape;
  CompressionMethod method = CompressionMethod::Linear;
  unsigned bits = 0;
  /// Stored bytes, with scales, biases and tables.
  uint64_t bytesBefore = 0, bytesAfter = 0;
  /// Of the values that a reader of the written file gets.
  ErrorReport error;
  /// Of KMeans.
  std::optional<KMeansCertificate> certificate;
};

/// A weight that could be compressed but stays bit for bit as it is.
struct SkippedWeight {
  std::string layer, kind, field, reason;
};

struct CompressionReport {
  /// In the order of the model's layers.
  std::vector<WeightReport> weights;
  std::vector<SkippedWeight> skipped;

  uint64_t getBytesBefore() const;
  uint64_t getBytesAfter() const;
};

/// Progress of the work, in values.
struct CompressionProgress {
  size_t totalItems = 0;
  uint64_t totalWork = 0;
  /// The layer that is begun, or empty.
  std::string begun;
  /// Work that has been finished since the last call.
  uint64_t finished = 0;
};
/// Called from any thread, but never from two at a time.
using ProgressCallback = std::function<void(const CompressionProgress &)>;

/// Compresses the float weights of all layers of \p model: those of all stages
/// of a pipeline and of the bodies of branches and loops. Float16 weights are
/// compressed too; quantized ones stay, and so do updatable ones, which the
/// format wants in floating point, and those that would not get smaller. Models
/// in which something changes get at least specification version 3.
///
/// Fails with ExitCode::Usage for options out of range, and where a weight is
/// not finite; the model is unchanged then.
llvm::Expected<CompressionReport>
compressWeights(ModelOp model, const CompressionOptions &options,
                const ProgressCallback &progress = {});

/// Turns all weights of \p model back into float32, each value as any reader
/// of the file computes it: scale * q + bias with product and sum rounded to
/// float32. Returns how many weights were changed.
llvm::Expected<size_t> decompressWeights(ModelOp model);

/// Weights of the values \p bytes, which they keep alive.
mlir::ElementsAttr makePayload(mlir::Type elementType, llvm::StringRef name,
                               std::vector<uint8_t> bytes);

} // namespace mlmodel

#endif // MLMODEL_TRANSFORMS_COMPRESSWEIGHTS_H
