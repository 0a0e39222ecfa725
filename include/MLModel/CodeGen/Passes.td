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

def DropUnitLoops : Pass<"mlmodel-drop-unit-loops", "::mlir::func::FuncOp"> {
  let summary = "Drop loops of one round and dimensions of size 1";
  let description = [{
    Core ML's blobs have five dimensions, most of them 1. Without them, loops of
    neighbouring layers match and can be fused.
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

def PadInPlace : Pass<"mlmodel-pad-in-place", "::mlir::func::FuncOp"> {
  let summary = "Write what is to be padded into the padded buffer";
  let description = [{
    Padding fills a buffer and copies what is padded into its middle. Only the
    border is filled here. Where whoever computes the middle can write it there
    at once without getting slower by more than the copy takes, it does: a
    reduction whose pixels were one long row may no longer be.
  }];
  let options = [
    Option<"lanes", "lanes", "int64_t", "16",
           "float32 values in a vector register; 0 to change nothing">,
    Option<"registers", "registers", "int64_t", "32",
           "Vector registers of the processor">,
    Option<"permutes", "permutes", "bool", "false",
           "Whether x86 looks up floats in a vector of 16, or bytes in one of 32">
  ];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
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

def HoistBroadcasts : Pass<"mlmodel-hoist-broadcasts", "::mlir::func::FuncOp"> {
  let summary = "Compute once what an elementwise loop repeats";
  let description = [{
    What a loop computes from operands that are broadcast alone, such as
    gamma / sqrt(variance + epsilon) of each channel, moves into a loop over
    those operands.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def AddStartsLast : Pass<"mlmodel-add-starts-last", "::mlir::func::FuncOp"> {
  let summary = "Let sums start from zero and add the bias at the end";
  let description = [{
    The bias then is part of what follows the sum, and neither written to memory
    nor read before it.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect"];
}

def FormEpilogues : Pass<"mlmodel-form-epilogues", "::mlir::func::FuncOp"> {
  let summary = "Continue reductions in place";
  let description = [{
    An elementwise loop over the result of a reduction (bias, normalization,
    activation, residual) updates that result in place, right after the
    reduction, which has no other reader. `mlmodel-lower-to-loops` then applies
    it to sums that are still in registers.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def TransformImages : Pass<"mlmodel-transform-images", "::mlir::func::FuncOp"> {
  let summary = "Transform images for convolutions in fewer products";
  let description = [{
    `mlmodel-pack-operands` marks convolutions that take less time by Winograd's
    F(4, 3): six products for four neighbouring results of a window of three
    columns, and not twelve. This pass puts a loop nest in front of each that
    transforms its image, and makes the result one more input. The convolution
    reads no values from it and says what it computes as before;
    `mlmodel-lower-to-loops` makes loops of it that multiply what is
    transformed.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def PackOperands : Pass<"mlmodel-pack-operands", "::mlir::func::FuncOp"> {
  let summary = "Lay weights out for vectors";
  let description = [{
    Where the loops of a convolution or a product of matrices get cheaper with
    an operand in blocks of a few vectors, the operand is laid out so: `w[o, i]`
    becomes `w[o floordiv 16, i, o mod 16]`. Constants are laid out at compile
    time; others only if that takes less time than it saves.

    Constants with enough zeros become lists of the other values instead, in
    which the body of the operation, tagged `mlmodel.sparse`, finds its weight.

    Convolutions that `mlmodel-transform-images` is to make faster are tagged
    `mlmodel.winograd`.
  }];
  let options = [
    Option<"lanes", "lanes", "int64_t", "16",
           "float32 values in a vector register; 0 to change nothing">,
    Option<"registers", "registers", "int64_t", "32",
           "Vector registers of the processor">,
    Option<"permutes", "permutes", "bool", "false",
           "Whether x86 looks up floats in a vector of 16, or bytes in one of 32">
  ];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def NoteSizes : Pass<"mlmodel-note-sizes", "::mlir::func::FuncOp"> {
  let summary = "Plan all sizes of a network as one is planned";
  let description = [{
    Only if the function has the attribute `mlmodel.typical_sizes`. If it is a
    unit, the attribute becomes the list of the sizes of all loop nests. If it
    is such a list, of the same network for other sizes, each nest gets an entry
    of it: plans go by these sizes instead of its own. Results are the same for
    any plan.
  }];
}

def MergeSamples : Pass<"mlmodel-merge-samples", "::mlir::ModuleOp"> {
  let summary = "Make one module of what a network is for several sizes";
  let description = [{
    The modules in this one, each with an `@main` on buffers, are the same
    network lowered for different sizes. Numbers that differ between them become
    parameters of the first one, which alone is left: an i64 memref, the last
    argument of its `@main`. Fails at the first operation that not all modules
    have.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def OutlineKernels : Pass<"mlmodel-outline-kernels", "::mlir::ModuleOp"> {
  let summary = "Move each loop nest into a function of its own";
  let description = [{
    A reduction goes together with its fill and its epilogue; a copy between
    layouts is a loop nest, too. The functions take static buffers as pointers
    that do not alias; nests that need something else stay. Equal nests share a
    function.
  }];
  let dependentDialects = ["::mlir::func::FuncDialect",
                           "::mlir::LLVM::LLVMDialect"];
}

def LowerToLoops : Pass<"mlmodel-lower-to-loops", "::mlir::func::FuncOp"> {
  let summary = "Lower linalg on buffers to scf loops";
  let description = [{
    Sums of products (convolutions, products of matrices) become tiles whose sums
    stay in vector registers, where one of their loops walks along memory. Up to
    nine terms, as of depthwise convolutions, are written out. Vectors that tiles
    share are copied, or weights decoded, into panels in the order in which they
    are needed, and the cache lines of results and of the packed weights that
    come next are asked for ahead. Where pixels are many, packed weights are
    decoded for all of them at once, in the order in which tiles broadcast them.
    Sums tagged `mlmodel.sparse` go through the lists of their weights.

    All others keep the order of their loops. Where the innermost loops are
    reductions, the result is carried in registers and stored once. Sums may be
    reassociated and products fused into them; NaN and infinity are kept.

    Loops over results whose rounds may run in any order are marked
    `mlmodel.independent`, and the function tells about how many
    `mlmodel.cycles` it takes, for `mlmodel-split-kernels`.
  }];
  let options = [
    Option<"lanes", "lanes", "int64_t", "16",
           "float32 values in a vector register; 0 for no tiles">,
    Option<"registers", "registers", "int64_t", "32",
           "Vector registers of the processor">,
    Option<"permutes", "permutes", "bool", "false",
           "Whether x86 looks up floats in a vector of 16, or bytes in one of 32">
  ];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::LLVM::LLVMDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
}

def ExpandMath : Pass<"mlmodel-expand-math", "::mlir::func::FuncOp"> {
  let summary = "Write exp, tanh, erf and erfc in arithmetic";
  let description = [{
    On float32 and on vectors of it. A call of a library would keep a loop from
    being vectorized, and is one for each lane in a tile. The errors are listed
    in docs/Numerics.md; NaN, infinities, zeros of either sign and denormals
    give what the functions are there.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}

def SplitKernels : Pass<"mlmodel-split-kernels", "::mlir::ModuleOp"> {
  let summary = "Let kernels compute a part of their results";
  let description = [{
    `mlmodel-lower-to-loops` marks the loops over results, and tells how long a
    function runs. A function that is worth it takes two more arguments, which
    say which rounds of its outer loops to run. The attribute `mlmodel.rounds`
    tells how many there are; calls ask for all of them.

    Each result is computed in one round, by the same operations as before.
  }];
  let options = [
    Option<"leastCycles", "least-cycles", "int64_t", "40000",
           "Cycles that a function must take to be worth splitting">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def ShareRounds : Pass<"mlmodel-share-rounds", "::mlir::ModuleOp"> {
  let summary = "Call kernels through whoever runs their rounds";
  let description = [{
    After the conversion to LLVM: a call of a function with the attribute
    `mlmodel.rounds` becomes one of `@mlmodel_run_rounds`, with a function that
    takes a pointer to the arguments and the rounds to run, that pointer, and
    the number of rounds. Without this pass, the calling thread runs them all.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def MarkNoAlias : Pass<"mlmodel-mark-noalias", "::mlir::ModuleOp"> {
  let summary = "Tell LLVM that the buffers of @main do not overlap";
  let description = [{
    The conversion to LLVM drops this for memref descriptors.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // MLMODEL_CODEGEN_PASSES_TD
