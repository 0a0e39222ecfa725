//===- HostTarget.cpp - Compile LLVM IR for this machine --------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostTarget.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/DynamicLibrary.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

using namespace llvm;

/// A processor name by its features. Virtual machines fake model numbers, and
/// the name decides how instructions are scheduled.
static std::string chooseProcessor(const StringMap<bool> &features,
                                   const Triple &triple) {
  if (triple.getArch() != Triple::x86_64)
    return sys::getHostCPUName().str();
  if (features.lookup("amx-tile") || features.lookup("avx512fp16"))
    return "sapphirerapids";
  if (features.lookup("avx512vnni"))
    return "icelake-server";
  if (features.lookup("avx512f"))
    return "skylake-avx512";
  return features.lookup("avx2") ? "haswell" : "x86-64";
}

void mlmodel::setHostRegisters(CodeGenOptions &options) {
  StringMap<bool> features = sys::getHostCPUFeatures();
  options.lanes = features.lookup("avx512f") ? 16
                  : features.lookup("avx2")  ? 8
                                             : 4;
  options.permutes = features.lookup("avx2");
  bool has32 = features.lookup("avx512f") || features.lookup("neon");
  options.registers = has32 ? 32 : 16;
}

/// glibc's vector mathematics, where this machine has it: exp and its kin then
/// do not keep a loop from being vectorized.
static VectorLibrary findVectorLibrary(const Triple &triple) {
  if (triple.getArch() == Triple::x86_64 && triple.isOSLinux() &&
      !sys::DynamicLibrary::LoadLibraryPermanently("libmvec.so.1"))
    return VectorLibrary::LIBMVEC;
  return VectorLibrary::NoLibrary;
}

void mlmodel::initializeHostTarget() {
  // LLVM's registry is no place for several threads at a time.
  [[maybe_unused]] static const bool isDone = [] {
    InitializeNativeTarget();
    InitializeNativeTargetAsmPrinter();
    findVectorLibrary(Triple(sys::getProcessTriple()));
    return true;
  }();
}

std::string mlmodel::describeHostTarget() {
  Expected<std::unique_ptr<TargetMachine>> target = createHostTarget(0);
  if (!target) {
    // Whoever compiles hears of it.
    consumeError(target.takeError());
    return "unknown";
  }
  const Triple &triple = (*target)->getTargetTriple();
  bool hasVectorLibrary = findVectorLibrary(triple) != VectorLibrary::NoLibrary;
  return formatv("{0} {1} {2} {3}", triple.str(), (*target)->getTargetCPU(),
                 (*target)->getTargetFeatureString(),
                 hasVectorLibrary ? "libmvec" : "");
}

Expected<std::unique_ptr<TargetMachine>>
mlmodel::createHostTarget(unsigned optLevel) {
  initializeHostTarget();
  auto builder = orc::JITTargetMachineBuilder::detectHost();
  if (!builder)
    return builder.takeError();
  builder->setCPU(
      chooseProcessor(sys::getHostCPUFeatures(), builder->getTargetTriple()));
  builder->setRelocationModel(Reloc::PIC_);
  builder->setCodeGenOptLevel(
      CodeGenOpt::getLevel(optLevel).value_or(CodeGenOptLevel::Default));
  // Kernels spend their time in small loops, which then lie in as few lines of
  // the instruction cache as they can, whatever comes before them.
  builder->getOptions().LoopAlignment = 64;
  return builder->createTargetMachine();
}

static OptimizationLevel getLevel(unsigned optLevel) {
  switch (optLevel) {
  case 0:
    return OptimizationLevel::O0;
  case 1:
    return OptimizationLevel::O1;
  case 2:
    return OptimizationLevel::O2;
  default:
    return OptimizationLevel::O3;
  }
}

Error mlmodel::optimizeForHost(Module &module, unsigned optLevel,
                               TargetMachine &target) {
  module.setTargetTriple(target.getTargetTriple());
  module.setDataLayout(target.createDataLayout());
  for (Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-cpu", target.getTargetCPU());
    function.addFnAttr("target-features", target.getTargetFeatureString());
    // LLVM shies away from 512 bits for fear of lower clock rates; loops that
    // are nothing but arithmetic gain.
    function.addFnAttr("prefer-vector-width", "512");
  }

  PipelineTuningOptions tuning;
  tuning.LoopInterleaving = tuning.LoopVectorization = optLevel > 1;
  tuning.SLPVectorization = optLevel > 1;
  PassBuilder builder(&target, tuning);
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager cgscc;
  ModuleAnalysisManager modules;
  TargetLibraryInfoImpl library(target.getTargetTriple(),
                                findVectorLibrary(target.getTargetTriple()));
  functions.registerPass([&] { return TargetLibraryAnalysis(library); });
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(cgscc);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, cgscc, modules);

  OptimizationLevel level = getLevel(optLevel);
  ModulePassManager passes = optLevel == 0
                                 ? builder.buildO0DefaultPipeline(level)
                                 : builder.buildPerModuleDefaultPipeline(level);
  passes.run(module, modules);
  return Error::success();
}
