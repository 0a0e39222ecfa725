//===- Stage.h - Layers that are compiled together --------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Code is generated for known shapes only. A network whose shapes all follow
// from those of its inputs is one stage: one compiled function. Elsewhere a
// stage ends before a branch, a loop, or a layer whose shape depends on values
// that the stage computes; these being known, the next stage is compiled for
// what they say.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_RUNTIME_STAGE_H
#define MLMODEL_LIB_RUNTIME_STAGE_H

#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "MLModel/Runtime/Engine.h"
#include "MLModel/Runtime/Model.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <optional>

namespace mlmodel {
class CodeCache;

/// The shape of a blob, and its elements if they are known.
using BlobViews = llvm::function_ref<TensorView(mlir::Value)>;

llvm::ArrayRef<float> getElements(const TensorView &view);

struct Stage {
  /// The first operation that is not part of it. If that is the one it starts
  /// at, a branch or loop, there is nothing to compile: the runtime follows it.
  mlir::Operation *next = nullptr;
  /// Blobs that it reads and writes, as values of the network.
  llvm::SmallVector<mlir::Value> inputs, outputs;
  llvm::SmallVector<llvm::SmallVector<int64_t>> inputShapes;
  /// Inputs whose elements are part of the code.
  llvm::SmallVector<std::pair<mlir::Value, std::vector<float>>> constants;
  /// Whether shapes depend on elements that are no constants: then only a new
  /// plan tells whether the stage fits.
  bool needsPlan = false;
  /// Whether its code calls layers that only this process knows.
  bool callsHost = false;
  /// All shapes and constants.
  std::string signature;

  /// Null if nothing that the stage computes is used.
  std::shared_ptr<Engine> engine;
  /// What an engine that serves several sizes is told.
  std::optional<CompiledStage::Sizes> sizes;
  std::vector<std::shared_ptr<FloatTensor>> tensors;

  bool fits(BlobViews views) const;
};

struct StagePlan {
  std::unique_ptr<Stage> stage;
  /// The stage as a model of its own, shapes inferred.
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

/// Whether \p op decides what runs next: branch, loop, and jumps in loops.
bool isControlFlow(mlir::Operation &op);

/// Whether LoadOptions::observe chooses \p op.
bool isObserved(mlir::Operation &op, const LoadOptions &options);

/// Whether a branch or loop can be part of a stage if its blobs keep their
/// shapes: it jumps nowhere, counts its rounds, at most maxLoopIterations, and
/// nobody wants to see what its bodies write.
bool mayCompile(mlir::Operation &op, const LoadOptions &options);

/// Cuts out the longest stage that starts at \p first.
llvm::Expected<StagePlan> planStage(NetworkOp network, mlir::Operation *first,
                                    BlobViews views, const LoadOptions &options,
                                    llvm::StringRef fileName);

/// A stage on buffers; see lowerModule(). Leaves \p plan as it is.
struct LoweredStage;
llvm::Expected<LoweredStage> lowerStage(StagePlan &plan,
                                        const LoadOptions &options,
                                        llvm::StringRef fileName,
                                        mlir::Attribute typicalSizes);

/// Gives the stage the code that \p cache keeps for it, if there is some.
llvm::Error findStage(StagePlan &plan, const LoadOptions &options,
                      llvm::StringRef fileName, CodeCache &cache);

/// Generates the code of \p lowered, or finds it in \p cache, and links it.
llvm::Expected<std::shared_ptr<Engine>> makeEngine(LoweredStage lowered,
                                                   const LoadOptions &options,
                                                   llvm::StringRef fileName,
                                                   CodeCache *cache);

/// Makes the stage's engine, from \p cache if there is one that knows it.
llvm::Error compileStage(StagePlan &plan, const LoadOptions &options,
                         llvm::StringRef fileName, CodeCache *cache);

} // namespace mlmodel

#endif // MLMODEL_LIB_RUNTIME_STAGE_H
