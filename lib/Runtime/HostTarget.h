//===- HostTarget.h - Compile LLVM IR for this machine ----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_RUNTIME_HOSTTARGET_H
#define MLMODEL_LIB_RUNTIME_HOSTTARGET_H

#include "MLModel/CodeGen/Passes.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>

namespace llvm {
class Module;
class TargetMachine;
} // namespace llvm

namespace mlmodel {

/// Makes LLVM ready to compile and link for this processor, and loads the
/// library of vector mathematics that compiled code may call. Any thread may
/// ask for it.
void initializeHostTarget();

/// Triple, processor, features and vector library: what code is made for.
std::string describeHostTarget();

/// A target machine with the instructions of this processor. Its code is
/// position-independent.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createHostTarget(unsigned optLevel);

/// Sets the sizes of this processor's vector registers.
void setHostRegisters(CodeGenOptions &options);

/// Optimizes `module` at `optLevel` 0 to 3.
llvm::Error optimizeForHost(llvm::Module &module, unsigned optLevel,
                            llvm::TargetMachine &target);

} // namespace mlmodel

#endif // MLMODEL_LIB_RUNTIME_HOSTTARGET_H
