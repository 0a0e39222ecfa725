//===- CompileModule.h - From MLIR to machine code --------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_RUNTIME_COMPILEMODULE_H
#define MLMODEL_LIB_RUNTIME_COMPILEMODULE_H

#include "MLModel/Runtime/CompiledStage.h"
#include "MLModel/Runtime/Engine.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace mlmodel {

/// Compiles \p module, whose entry point is @main on float32 tensors, from mil
/// or linalg, for this machine. The module stays as it is. Errors carry the
/// diagnostics. Weights of the result belong to the module's context.
llvm::Expected<CompiledStage> compileModule(mlir::ModuleOp module,
                                            const EngineOptions &options);

/// A module on buffers, and what it needs when it runs: all that takes no
/// generation of code.
struct LoweredStage {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  CompiledStage stage;
};

/// The first step of compileModule(). \p typicalSizes: the attribute of that
/// name for @main; see mlmodel-note-sizes.
llvm::Expected<LoweredStage> lowerModule(mlir::ModuleOp module,
                                         const EngineOptions &options,
                                         mlir::Attribute typicalSizes = {});

/// The second step; the module is used up.
llvm::Expected<CompiledStage> generateCode(LoweredStage lowered,
                                           const EngineOptions &options);

/// Everything besides the module that decides what compileModule() makes: the
/// pipelines with their options, the target, and the build of the compiler.
std::string describeCompiler(const EngineOptions &options);

} // namespace mlmodel

#endif // MLMODEL_LIB_RUNTIME_COMPILEMODULE_H
