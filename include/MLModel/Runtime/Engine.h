//===- Engine.h - Compile and run a network in this process -----*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_RUNTIME_ENGINE_H
#define MLMODEL_RUNTIME_ENGINE_H

#include "MLModel/CodeGen/Passes.h"
#include "MLModel/Runtime/CompiledStage.h"
#include "MLModel/Support/HugeBuffer.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc

namespace mlir {
class DialectRegistry;
class ModuleOp;
} // namespace mlir

namespace mlmodel {
class ThreadPool;

/// A function of this process that compiled code may call by its name.
struct HostFunction {
  std::string name;
  void *address = nullptr;
};

struct EngineOptions {
  CodeGenOptions codegen;
  /// LLVM's optimization level, 0 to 3.
  unsigned optLevel = 3;
  /// Measure the sections of the code.
  bool profile = false;
  std::vector<HostFunction> hostFunctions;
  /// What host functions find in EngineRun; must outlive the engine.
  const void *hostData = nullptr;
  /// Threads that share the work of a run, which is counted among them; 0 for
  /// one per core that this process may use. Results do not depend on it.
  unsigned threads = 1;
};

/// One run of an engine, as the host functions that it calls see it.
class EngineRun {
public:
  /// The run that calls, which is the innermost one of this thread.
  static EngineRun &current();

  const void *hostData() const { return data; }
  /// Who shares the work; null for this thread alone.
  ThreadPool *threads() const { return pool; }
  /// Makes the run fail once the compiled code returns. The first error counts.
  void fail(llvm::Error error);

private:
  friend class Engine;
  EngineRun(const void *data, ThreadPool *pool);
  ~EngineRun();

  const void *data;
  ThreadPool *pool;
  EngineRun *outer;
  llvm::Error error = llvm::Error::success();
};

/// Float32 values in row-major order that somebody else owns.
struct TensorView {
  const float *data = nullptr;
  llvm::ArrayRef<int64_t> shape;
};

/// Float32 values in row-major order.
class FloatTensor {
public:
  FloatTensor() = default;
  /// Takes over memory from malloc.
  FloatTensor(float *data, std::vector<int64_t> shape)
      : memory(data), sizes(std::move(shape)) {}

  float *data() { return memory.get(); }
  const float *data() const { return memory.get(); }
  llvm::ArrayRef<int64_t> shape() const { return sizes; }
  int64_t numElements() const;
  TensorView view() const { return {data(), sizes}; }

private:
  struct Free {
    void operator()(float *data) const { ::free(data); }
  };
  std::unique_ptr<float, Free> memory;
  std::vector<int64_t> sizes;
};

/// A network compiled for this machine.
///
/// The engine reads its weights where the module's constants keep them, which
/// for `dense_resource` constants is the mapped model file. They belong to the
/// MLIRContext: it must outlive the engine.
class Engine {
public:
  /// Compiles `module`, whose entry point is @main on float32 tensors, from mil
  /// or linalg. The module stays as it is. Errors carry the diagnostics.
  static llvm::Expected<std::unique_ptr<Engine>>
  create(mlir::ModuleOp module, const EngineOptions &options = {});

  /// Links what was compiled before, in this process or another one.
  static llvm::Expected<std::unique_ptr<Engine>>
  load(CompiledStage stage, const EngineOptions &options = {});

  ~Engine();

  /// The shapes of @main's arguments and results;
  /// mlir::ShapedType::kDynamic where a size is free.
  llvm::ArrayRef<std::vector<int64_t>> inputs() const { return stage.inputs; }
  llvm::ArrayRef<std::vector<int64_t>> outputs() const { return stage.outputs; }

  /// Runs the network. A tensor in `outputs` keeps its memory if its shape is
  /// already right, so a caller that passes the same tensors again allocates
  /// nothing. Several threads may run the same engine, unless it is measured;
  /// each takes an arena for its intermediate results, and leaves it to others.
  ///
  /// \p sizes are those of code for several sizes, and null for other code.
  llvm::Error run(llvm::ArrayRef<TensorView> inputs,
                  std::vector<FloatTensor> &outputs,
                  const CompiledStage::Sizes *sizes = nullptr) const;

  /// Seconds of each section of compiled(), in all runs.
  llvm::ArrayRef<double> sectionSeconds() const { return seconds; }

  /// What it runs.
  const CompiledStage &compiled() const { return stage; }

private:
  Engine();
  void bindWeights();
  llvm::Error link(const EngineOptions &options);
  llvm::Expected<HugeBuffer> takeArena(uint64_t bytes) const;
  void leaveArena(HugeBuffer arena) const;
  llvm::Error checkInputs(llvm::ArrayRef<TensorView> inputs,
                          llvm::ArrayRef<std::vector<int64_t>> shapes) const;

  CompiledStage stage;
  std::vector<const void *> weights;
  std::vector<std::vector<char>> alignedCopies;
  mutable std::mutex arenaMutex;
  /// Those that no run uses; the first is allocated with the engine.
  mutable std::vector<HugeBuffer> arenas;
  /// Of sections; runs add to it.
  mutable std::vector<double> seconds;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  void (*entry)(void **) = nullptr;
  const void *hostData = nullptr;
  std::shared_ptr<ThreadPool> pool;
};

/// Registers what the pipeline needs to know about upstream dialects; the
/// engine does it for its module's context.
void registerCodeGenInterfaces(mlir::DialectRegistry &registry);

} // namespace mlmodel

#endif // MLMODEL_RUNTIME_ENGINE_H
