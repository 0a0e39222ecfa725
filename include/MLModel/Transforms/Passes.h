//===- Passes.h - Transformations of models ---------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TRANSFORMS_PASSES_H
#define MLMODEL_TRANSFORMS_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mlmodel {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "MLModel/Transforms/Passes.h.inc"
} // namespace mlmodel

#endif // MLMODEL_TRANSFORMS_PASSES_H
