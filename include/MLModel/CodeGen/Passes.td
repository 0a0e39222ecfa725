//===- Passes.td - Code generation passes ------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_CODEGEN_PASSES_TD
#define MLMODEL_CODEGEN_PASSES_TD

include "mlir/Pass/PassBase.td"

def FuseDecode : Pass<"mlmodel-fuse-decode", "::mlir::func::FuncOp"> {
  let summary = "Decode packed weights inside the loops that use them";
  let description = [{
    A loop tagged `mlmodel.decode` moves into each `linalg.generic` that reads
    it, so that weights stay packed in memory. A consumer whose loop bounds only
    the weights told gets an operand without values that tells them.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def FuseElementwise : Pass<"mlmodel-fuse-elementwise", "::mlir::func::FuncOp"> {
  let summary = "Fuse elementwise loops where nothing is computed twice";
  let description = [{
    A producer moves into its only consumer if the consumer reads each element
    exactly once. Splat constants and fills become scalars.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def ExposeBuffers : Pass<"mlmodel-expose-buffers", "::mlir::func::FuncOp"> {
  let summary = "Take inputs and static results as buffers";
  let description = [{
    Tensor arguments become memref arguments; static tensor results become
    trailing memref arguments to write to. Results with dynamic dimensions stay
    results: the caller frees them. Buffers must not overlap. Private functions
    stay as they are.
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect",
                           "::mlir::memref::MemRefDialect"];
}

def OutlineWeights : Pass<"mlmodel-outline-weights", "::mlir::func::FuncOp"> {
  let summary = "Take big constants as arguments";
  let description = [{
    Every `dense_resource` constant, and every constant above `min-bytes` that
    is no splat, becomes a trailing memref argument with the attribute
    `mlmodel.weight`. Whoever runs the code passes a pointer to the data, which
    so is neither copied into the code nor unpacked.
  }];
  let options = [
    Option<"minBytes", "min-bytes", "int64_t", "256",
           "Smallest dense constant to outline">
  ];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect",
                           "::mlir::memref::MemRefDialect"];
}

def PlanArena : Pass<"mlmodel-plan-arena", "::mlir::func::FuncOp"> {
  let summary = "Give all intermediate buffers of @main one allocation";
  let description = [{
    Each `memref.alloc` of static shape becomes a view of the last argument, the
    arena. Buffers share memory where their lives, from the first to the last
    operation of the function's block that uses them, do not meet. The attribute
    `mlmodel.arena_bytes` of the function tells the arena's size; its start must
    be a multiple of 64.

    Buffers stay where a loop hands them from one round to the next, or where
    the caller gets them.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def InsertProfile : Pass<"mlmodel-insert-profile", "::mlir::ModuleOp"> {
  let summary = "Tell the runtime where the work of each layer ends";
  let description = [{
    Only if @main has the attribute `mlmodel.profile`, the number of its first
    argument that is a weight. After the operations of each layer, which their
    locations name, `@mlmodel_profile_section` is called with the number of the
    layer's section. The attribute then lists the sections: layer, float
    operations, bytes of weights, and bytes of all buffers that are used.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::func::FuncDialect"];
}

def LimitMemory : Pass<"mlmodel-limit-memory", "::mlir::func::FuncOp"> {
  let summary = "Refuse code whose intermediate buffers are too big";
  let options = [
    Option<"maxBytes", "max-bytes", "uint64_t", "0",
           "Most bytes in the arena and other static allocations together; "
           "0 for no limit">
  ];
}

def LowerToLoops : Pass<"mlmodel-lower-to-loops", "::mlir::func::FuncOp"> {
  let summary = "Lower linalg on buffers to scf loops";
  let description = [{
    The loops keep the order of the iterators. Where the innermost loops are
    reductions, the result is carried in registers and stored once. Sums may be
    reassociated and products fused into them; NaN and infinity are kept.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect"];
}

def MarkNoAlias : Pass<"mlmodel-mark-noalias", "::mlir::ModuleOp"> {
  let summary = "Tell LLVM that the buffers of @main do not overlap";
  let description = [{
    The conversion to LLVM drops this for memref descriptors.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // MLMODEL_CODEGEN_PASSES_TD
