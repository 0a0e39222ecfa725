//===- OutputProbe.h - What a weight does to the outputs --------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TOOLS_MLMODEL_OUTPUTPROBE_H
#define MLMODEL_TOOLS_MLMODEL_OUTPUTPROBE_H

#include "DataSet.h"
#include "Differences.h"
#include "MLModel/Transforms/CompressWeights.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlmodel {

/// Which inputs to measure outputs on.
struct ProbeInputs {
  /// As DataSet::open() takes; empty for random ones.
  std::string path;
  size_t random = 4;
  uint64_t seed = 0;
};

/// How the outputs differ from those of the untouched model.
struct OutputError {
  /// 10 log10(sum of squares / sum of squared errors) of the output where that
  /// is least; infinite where nothing differs.
  double snrDb = 0;
  /// The fraction of inputs for which the first choice is the same; 1 if no
  /// output tells a choice.
  double agreement = 1;

  /// Noise as a fraction of the signal.
  double getNoise() const;
};

/// Runs a model whose weights can be changed between predictions. The network
/// is compiled once, with weights as float32 in memory of its own; what is
/// written there is what the next prediction multiplies with. Should compiled
/// code turn out to have copies of weights, it is compiled for each
/// measurement.
class OutputProbe {
public:
  /// For the weights of \p plan, which is of the one model of \p module. Runs
  /// the untouched model on all inputs. ExitCode::Usage if no output has
  /// numbers.
  static llvm::Expected<std::unique_ptr<OutputProbe>>
  create(mlir::ModuleOp module, const CompressionPlan &plan,
         const ProbeInputs &inputs, const LoadOptions &options);

  /// Gives weight number \p weight of the plan other values.
  void set(size_t weight, llvm::ArrayRef<float> values);
  /// Gives it its own values again.
  void reset(size_t weight);

  /// Runs the model on all inputs.
  llvm::Expected<OutputError> measure();

private:
  OutputProbe() = default;
  llvm::Error findWeights(const CompressionPlan &plan);
  llvm::Error reload();
  llvm::Expected<FeatureMap> predict(size_t index);
  llvm::Expected<OutputError> compare();

  LoadOptions options;
  MappedFile::Ref file;
  std::unique_ptr<Model> model;
  /// Compiled from the weights as they are now; null if `model` sees changes.
  std::unique_ptr<Model> reloaded;
  bool mustReload = false;
  std::optional<DataSet> data;
  std::vector<FeatureMap> expected;
  std::string choiceOutput;
  /// Where the values of each weight lie, and what they are.
  std::vector<llvm::MutableArrayRef<char>> places;
  std::vector<std::vector<float>> originals;
  /// Weights that differ from their own values.
  std::vector<bool> isChanged;
};

} // namespace mlmodel

#endif // MLMODEL_TOOLS_MLMODEL_OUTPUTPROBE_H
