//===- ModelOps.h - Models, networks and pipelines --------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_MODELOPS_H
#define MLMODEL_DIALECT_MLMODEL_IR_MODELOPS_H

#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"
#include "mlir/IR/RegionKindInterface.h"

#define GET_OP_CLASSES
#include "MLModel/Dialect/MLModel/IR/ModelOps.h.inc"

namespace mlmodel {

/// The name of the blob that \p value is: an output name of the layer that
/// writes it, or the name of a network input. Empty if it has none.
llvm::StringRef getBlobName(mlir::Value value);

/// The number of last operands of a control-flow layer that the file does not
/// name: the carried blobs as a loop, an absent body or a jump finds them.
size_t getNumCarriedOperands(mlir::Operation *op);

/// The operands that are a layer's own inputs: all but those.
mlir::OperandRange getLayerInputs(mlir::Operation *op);

/// The blob names of an operation's results.
llvm::SmallVector<mlir::StringAttr> getResultNames(mlir::Operation *op);

} // namespace mlmodel

#endif // MLMODEL_DIALECT_MLMODEL_IR_MODELOPS_H
