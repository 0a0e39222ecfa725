//===- NetworkExecutor.h - Run a network stage by stage ---------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_RUNTIME_NETWORKEXECUTOR_H
#define MLMODEL_LIB_RUNTIME_NETWORKEXECUTOR_H

#include "RangeCode.h"
#include "Stage.h"
#include <chrono>
#include <list>

namespace mlmodel {
class BranchOp;
class LoopOp;

/// Runs a network: stages of compiled code (see Stage.h), and between them the
/// branches and loops that decide which stage is next. Compiled stages are
/// kept, so that the same shapes never compile twice.
class NetworkExecutor {
public:
  /// \p network must outlive the executor and stay as it was imported.
  /// \p cache may be null.
  NetworkExecutor(NetworkOp network, llvm::StringRef fileName,
                  const LoadOptions &options, CodeCache *cache);
  ~NetworkExecutor();

  /// Runs the network on blobs for its arguments. The results view memory that
  /// the next run overwrites.
  llvm::Expected<std::vector<TensorView>>
  run(llvm::ArrayRef<TensorView> inputs);

  /// Compiles what can be compiled for inputs of these shapes before their
  /// values are known: the first stage.
  llvm::Error compile(llvm::ArrayRef<llvm::SmallVector<int64_t>> shapes);

  /// What observed layers wrote in the last run.
  llvm::ArrayRef<LayerBlob> getLayerBlobs() const { return layerBlobs; }
  /// Why sizes that are declared to be open do not share code; empty if they
  /// do.
  llvm::StringRef getRangeProblem() const { return ranges.getProblem(); }
  double getCompileSeconds() const { return compileSeconds; }
  MemoryUse getMemoryUse() const;
  std::vector<LayerProfile> getProfile() const;
  /// See Model::getCompiledNetwork().
  llvm::Expected<CompiledNetwork> getCompiledNetwork();

private:
  /// How a block ends: by itself, or with a jump that its loop has to see.
  enum class Flow { Next, Break, Continue };

  /// A blob at run time. What stages compute is shared, so that a blob which a
  /// loop carries survives the stage's next run.
  struct Blob {
    std::shared_ptr<FloatTensor> owner;
    TensorView view;
  };
  using Blobs = llvm::SmallVector<Blob>;

  llvm::Expected<Flow> runBlock(mlir::Block &block);
  llvm::Expected<Stage *> getStage(mlir::Operation *first);
  llvm::Error compile(StagePlan &plan, mlir::Operation *first);
  llvm::Error runStage(Stage &stage);
  /// Keeps what \p op has written if it is observed.
  void observe(mlir::Operation &op);

  llvm::Expected<Flow> runControl(mlir::Operation &op);
  llvm::Expected<Flow> runBranch(BranchOp branch);
  llvm::Expected<Flow> runLoop(LoopOp loop);
  llvm::Expected<bool> wantsRound(LoopOp loop, Blobs &carried);
  llvm::Expected<double> getRoundLimit(LoopOp loop);
  llvm::Error countRound(LoopOp loop);

  Blobs getBlobs(mlir::ValueRange values) const;
  void setBlobs(mlir::ValueRange values, const Blobs &from);
  /// The one element of \p value, which decides what \p op does.
  llvm::Expected<float> getScalar(mlir::Operation &op, mlir::Value value);

  NetworkOp network;
  std::string fileName;
  LoadOptions options;
  CodeCache *cache;
  /// Code that the first stage shares for many sizes.
  RangeCode ranges;
  double compileSeconds = 0;
  uint64_t rounds = 0;
  std::chrono::steady_clock::time_point start;
  llvm::DenseMap<mlir::Value, Blob> blobs;
  std::vector<LayerBlob> layerBlobs;
  /// How often observed layers ran.
  llvm::DenseMap<mlir::Operation *, unsigned> layerRuns;
  /// The operands of the jump that ended a block.
  Blobs jumpBlobs;
  llvm::DenseMap<mlir::Operation *, std::list<std::unique_ptr<Stage>>> stages;
};

} // namespace mlmodel

#endif // MLMODEL_LIB_RUNTIME_NETWORKEXECUTOR_H
