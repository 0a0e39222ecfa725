//===- Passes.h - Conversions between dialects ------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_CONVERSION_PASSES_H
#define MLMODEL_CONVERSION_PASSES_H

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Pass/Pass.h"

namespace mlmodel {

#define GEN_PASS_DECL
#include "MLModel/Conversion/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "MLModel/Conversion/Passes.h.inc"

} // namespace mlmodel

#endif // MLMODEL_CONVERSION_PASSES_H
