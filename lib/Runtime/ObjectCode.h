//===- ObjectCode.h - From LLVM IR to object files --------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_RUNTIME_OBJECTCODE_H
#define MLMODEL_LIB_RUNTIME_OBJECTCODE_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <vector>

namespace llvm {
class Module;
} // namespace llvm

namespace mlmodel {

/// A relocatable object file.
using ObjectCode = std::shared_ptr<llvm::SmallVector<char, 0>>;

/// Optimizes \p module at \p optLevel 0 to 3 and compiles it for this
/// processor. A big module is divided into parts, whose functions call each
/// other by names that nothing else sees: \p threads share them, 0 for one per
/// core that this process may use. The objects do not depend on how many do.
llvm::Expected<std::vector<ObjectCode>>
emitObjects(std::unique_ptr<llvm::Module> module, unsigned optLevel,
            unsigned threads);

} // namespace mlmodel

#endif // MLMODEL_LIB_RUNTIME_OBJECTCODE_H
