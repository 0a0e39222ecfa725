//===- Passes.h - Code generation passes ------------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_CODEGEN_PASSES_H
#define MLMODEL_CODEGEN_PASSES_H

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/Pass.h"

namespace mlmodel {

/// The argument attribute that holds the constant an argument stands for.
constexpr llvm::StringLiteral kWeightAttrName = "mlmodel.weight";

/// The function attribute that tells the size of the arena, the last argument.
constexpr llvm::StringLiteral kArenaBytesAttrName = "mlmodel.arena_bytes";

/// The function attribute that asks for measurements, and then tells of what;
/// and the function that is called for them. See mlmodel-insert-profile.
constexpr llvm::StringLiteral kProfileAttrName = "mlmodel.profile";
constexpr llvm::StringLiteral kProfileHookName = "mlmodel_profile_section";

/// The tag of loops that decode packed weights: the name and the attributes of
/// the operation that they come from.
constexpr llvm::StringLiteral kDecodeAttrName = "mlmodel.decode";

/// The attribute of the functions that mlmodel-outline-kernels makes, one for
/// each loop nest. The conversion to LLVM passes their memrefs as one pointer
/// each.
constexpr llvm::StringLiteral kKernelAttrName = "llvm.bareptr";

/// The function attribute that tells how many rounds a kernel has; and the
/// function that runs them: `void(void (*body)(void *context, int64_t begin,
/// int64_t end), void *context, int64_t rounds)` calls `body` for ranges that
/// together are the rounds from 0 up to `rounds`, in any order and on any
/// thread, and returns when all are done. See mlmodel-share-rounds.
constexpr llvm::StringLiteral kRoundsAttrName = "mlmodel.rounds";
constexpr llvm::StringLiteral kRunRoundsName = "mlmodel_run_rounds";

struct CodeGenOptions {
  /// Whether loops are fused; switch off to look for a bug.
  bool fuse = true;
  /// Most bytes of intermediate buffers; 0 for no limit.
  uint64_t maxBytes = 0;
  /// Whether constant weights are laid out anew for the loops that read them.
  /// Otherwise compiled code reads them where they are.
  bool packWeights = true;
  /// float32 values in a vector register, and how many registers there are. An
  /// engine takes what its processor has. No lanes: LLVM alone makes vectors.
  int64_t lanes = 16, registers = 32;
  /// Whether x86 looks up floats in a vector of 16, or bytes in one of 32.
  bool permutes = false;
};

/// Lowers a module at mil or linalg level, with its entry point @main, to the
/// llvm dialect. @main then takes, as memrefs, its inputs, its static results,
/// its weights and the arena for intermediate results (unless it needs none),
/// and returns results with dynamic dimensions.
void buildCPUPipeline(mlir::OpPassManager &pm,
                      const CodeGenOptions &options = {});

/// The first part of the above: up to linalg on tensors, with weights and
/// results as arguments. Their attributes can be read off @main here.
void buildTensorPipeline(mlir::OpPassManager &pm,
                         const CodeGenOptions &options = {});

/// The second part: intermediate results become buffers in the arena.
void buildAllocationPipeline(mlir::OpPassManager &pm,
                             const CodeGenOptions &options = {});

/// The third part: kernels, loops, the llvm dialect.
void buildKernelPipeline(mlir::OpPassManager &pm,
                         const CodeGenOptions &options = {});

/// Registers `mlmodel-lower-to-llvm`.
void registerCodeGenPipelines();

#define GEN_PASS_DECL
#include "MLModel/CodeGen/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "MLModel/CodeGen/Passes.h.inc"

} // namespace mlmodel

#endif // MLMODEL_CODEGEN_PASSES_H
