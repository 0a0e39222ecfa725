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
#include "MLModel/Transforms/WeightScheme.h"
#include "MLModel/Transforms/WeightSlots.h"
#include <functional>

namespace mlmodel {

/// What holds for the weights of some layers instead of the defaults.
struct CompressionRule {
  /// A regular expression that matches anywhere in the name, or a layer kind
  /// as the format names it, "innerProduct".
  std::string pattern;
  /// Nothing: the weights stay as they are.
  std::optional<WeightScheme> scheme;
  std::optional<int64_t> minElements;
  std::optional<bool> vectors;
};

/// Which weights are compressed, and how. What a layer's name says comes before
/// what its kind says, and that before the defaults; of several rules that
/// match, the first counts.
struct CompressionOptions {
  /// For weights that no rule names; nothing: they stay.
  std::optional<WeightScheme> scheme;
  /// Weights with fewer values stay as they are.
  int64_t minElements = 1024;
  /// Also biases, statistics and constants, where one scale serves all values.
  bool vectors = false;
  /// Regular expressions; layers with a name that one of them matches anywhere
  /// stay as they are, before any rule.
  std::vector<std::string> skip;
  std::vector<CompressionRule> names, kinds;
};

/// Reads options from the YAML file \p path on top of \p options, whose own
/// values remain where the file says nothing; its lists come after those that
/// are there. docs/Compression.md has the keys. Errors: ExitCode::IO, or Usage
/// with the line of the file.
llvm::Error readCompressionConfig(llvm::StringRef path,
                                  CompressionOptions &options);

/// A scheme in the notation of the file: "{palettize: 4, mode: uniform}".
llvm::Expected<SchemeSpec> parseSchemeSpec(llvm::StringRef text);

/// As above, with min-elements and vectors; "keep" lets the weights stay.
llvm::Expected<CompressionRule> parseCompressionRule(llvm::StringRef pattern,
                                                     llvm::StringRef text);

/// A weight that is to be compressed.
struct PlannedWeight {
  WeightSlot slot;
  WeightLayout layout;
  WeightScheme scheme;
};

/// A weight that could be compressed but stays bit for bit as it is.
struct SkippedWeight {
  std::string layer, kind, field, reason;
};

struct CompressionPlan {
  /// In the order of the model's layers.
  std::vector<PlannedWeight> weights;
  std::vector<SkippedWeight> skipped;
};

/// What became of one weight.
struct WeightReport {
  mlir::Operation *op = nullptr;
  std::string layer, kind, field;
  llvm::SmallVector<int64_t, 5> shape;
  WeightScheme scheme;
  /// Of a value in the file.
  unsigned bits = 0;
  /// Stored bytes, with scales, biases and tables.
  uint64_t bytesBefore = 0, bytesAfter = 0;
  /// Values, and how many of them a reader of the written file finds to be 0.
  uint64_t count = 0, zeros = 0;
  double getSparsity() const { return double(zeros) / double(count); }
  /// Of the values that a reader of the written file gets.
  ErrorReport error;
  /// Of KMeans.
  std::optional<KMeansCertificate> certificate;
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

/// Chooses the weights of \p model to compress, in all stages of a pipeline and
/// the bodies of branches and loops. Quantized weights stay, and so do
/// updatable ones, which the format wants in floating point. Float16 weights
/// count as the float32 values they stand for. ExitCode::Usage for options out
/// of range.
llvm::Expected<CompressionPlan>
planCompression(ModelOp model, const CompressionOptions &options);

/// What a reader of the file would find in a weight.
struct TrialResult {
  std::vector<float> values;
  /// Stored bytes, with scales, biases and tables.
  uint64_t bytes = 0;
  ErrorReport error;
  /// Why the scheme cannot hold this weight, if it cannot; there is nothing
  /// else then.
  std::string keepReason;
};

/// Compresses the weight of \p planned by \p scheme and decodes it again; the
/// model stays as it is. Errors are those of compressWeights.
llvm::Expected<TrialResult> tryScheme(const PlannedWeight &planned,
                                      const WeightScheme &scheme);

/// The values of a weight that is not quantized.
llvm::Expected<std::vector<float>> readWeights(const PlannedWeight &planned);

/// Compresses the weights of \p plan, which is of \p model, with \p threads at
/// a time; 0 means one per core. Weights that would not get smaller stay,
/// unless they are pruned. Models in which something changes get at least the
/// specification version that knows the encoding.
///
/// Fails where a weight is not finite; the model is unchanged then.
llvm::Expected<CompressionReport>
compressWeights(ModelOp model, const CompressionPlan &plan,
                unsigned threads = 0, const ProgressCallback &progress = {});

/// Both of the above.
llvm::Expected<CompressionReport>
compressWeights(ModelOp model, const CompressionOptions &options,
                unsigned threads = 0, const ProgressCallback &progress = {});

/// Turns all weights of \p model back into float32, each value as any reader
/// of the file computes it: scale * q + bias with product and sum rounded to
/// float32. Returns how many weights were changed.
llvm::Expected<size_t> decompressWeights(ModelOp model);

/// Weights of the values \p bytes, which they keep alive.
mlir::ElementsAttr makePayload(mlir::Type elementType, llvm::StringRef name,
                               std::vector<uint8_t> bytes);

} // namespace mlmodel

#endif // MLMODEL_TRANSFORMS_COMPRESSWEIGHTS_H
