//===- Pipeline.cpp - The pass pipelines ------------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/CodeGen/Passes.h"
#include "MLModel/Conversion/Passes.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Bufferization/Pipelines/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void mlmodel::buildTensorPipeline(OpPassManager &pm,
                                  const CodeGenOptions &options) {
  pm.addPass(createConvertMILToLinalg());
  OpPassManager &func = pm.nest<func::FuncOp>();
  func.addPass(createLinalgGeneralizeNamedOpsPass());
  func.addPass(createDropUnitLoops());
  func.addPass(createNoteSizes());
  if (options.packWeights)
    func.addPass(createPackOperands(
        {options.lanes, options.registers, options.permutes}));
  if (options.fuse) {
    func.addPass(createFuseDecode());
    func.addPass(createAddStartsLast());
    func.addPass(createFuseElementwise());
    func.addPass(createCanonicalizerPass());
    func.addPass(createHoistBroadcasts());
    func.addPass(createFormEpilogues());
  }
  func.addPass(createTransformImages());
  func.addPass(createCanonicalizerPass());
  func.addPass(createCSEPass());
  func.addPass(createExposeBuffers());
  func.addPass(createOutlineWeights());
}

void mlmodel::buildAllocationPipeline(OpPassManager &pm,
                                      const CodeGenOptions &options) {
  pm.addPass(bufferization::createEmptyTensorEliminationPass());
  bufferization::OneShotBufferizePassOptions bufferize;
  bufferize.bufferizeFunctionBoundaries = true;
  bufferize.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  // A loop may yield a tensor that was made in its body; the deallocation
  // pipeline follows who owns it from round to round.
  bufferize.allowReturnAllocsFromLoops = true;
  pm.addPass(bufferization::createOneShotBufferizePass(bufferize));
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addNestedPass<func::FuncOp>(
      createPadInPlace({options.lanes, options.registers, options.permutes}));
  pm.addNestedPass<func::FuncOp>(bufferization::createBufferLoopHoistingPass());
  pm.addNestedPass<func::FuncOp>(createPlanArena());
}

/// From loops to the llvm dialect: kernel by kernel, so that threads share
/// them, but for passes that may declare functions.
static void addLLVMLowering(OpPassManager &pm) {
  OpPassManager &loops = pm.nest<func::FuncOp>();
  loops.addPass(memref::createExpandStridedMetadataPass());
  loops.addPass(createLowerAffinePass());
  loops.addPass(createLoopInvariantCodeMotionPass());
  loops.addPass(createCanonicalizerPass());
  loops.addPass(createCSEPass());
  loops.addPass(createSCFToControlFlowPass());
  // log1p by log(1 + x) would lose all digits of a small x.
  ConvertMathToLLVMPassOptions math;
  math.approximateLog1p = false;
  loops.addPass(createConvertMathToLLVMPass(math));
  pm.addPass(createConvertMathToLibmPass());
  pm.addNestedPass<func::FuncOp>(createConvertVectorToLLVMPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  OpPassManager &code = pm.nest<LLVM::LLVMFuncOp>();
  code.addPass(createArithToLLVMConversionPass());
  code.addPass(createConvertIndexToLLVMPass());
  code.addPass(createUBToLLVMConversionPass());
  code.addPass(createCanonicalizerPass());
  code.addPass(createCSEPass());
  code.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(mlmodel::createShareRounds());
  pm.addPass(mlmodel::createMarkNoAlias());
}

void mlmodel::buildKernelPipeline(OpPassManager &pm,
                                  const CodeGenOptions &options) {
  bufferization::buildBufferDeallocationPipeline(pm);
  pm.addPass(createConvertBufferizationToMemRefPass());
  pm.addNestedPass<func::FuncOp>(createLimitMemory({options.maxBytes}));
  pm.addPass(createOutlineKernels());
  pm.addPass(createInsertProfile());
  pm.addNestedPass<func::FuncOp>(
      createLowerToLoops({options.lanes, options.registers, options.permutes}));
  pm.addNestedPass<func::FuncOp>(createExpandMath());
  pm.addPass(createSplitKernels());
  addLLVMLowering(pm);
}

void mlmodel::buildCPUPipeline(OpPassManager &pm,
                               const CodeGenOptions &options) {
  buildTensorPipeline(pm, options);
  buildAllocationPipeline(pm, options);
  buildKernelPipeline(pm, options);
}

namespace {
struct PipelineOptions : PassPipelineOptions<PipelineOptions> {
  Option<bool> fuse{*this, "fuse", llvm::cl::desc("Fuse loops"),
                    llvm::cl::init(true)};
  Option<uint64_t> maxBytes{
      *this, "max-bytes",
      llvm::cl::desc("Most bytes of intermediate buffers; 0 for no limit"),
      llvm::cl::init(0)};
};
} // namespace

void mlmodel::registerCodeGenPipelines() {
  PassPipelineRegistration<PipelineOptions>(
      "mlmodel-lower-to-llvm", "Lower mil or linalg to the llvm dialect",
      [](OpPassManager &pm, const PipelineOptions &options) {
        CodeGenOptions codegen;
        codegen.fuse = options.fuse;
        codegen.maxBytes = options.maxBytes;
        buildCPUPipeline(pm, codegen);
      });
}
