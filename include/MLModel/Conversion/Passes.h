//===- Passes.h - Conversions between dialects ------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_CONVERSION_PASSES_H
#define MLMODEL_CONVERSION_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mlmodel {

#define GEN_PASS_DECL
#include "MLModel/Conversion/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "MLModel/Conversion/Passes.h.inc"

} // namespace mlmodel

#endif // MLMODEL_CONVERSION_PASSES_H
