//===- MLModelDialect.h - The mlmodel dialect -------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The dialect, its attributes and interfaces. The layers of one chapter are in
// <Chapter>Ops.h, models and containers in ModelOps.h.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_MLMODELDIALECT_H
#define MLMODEL_DIALECT_MLMODEL_IR_MLMODELDIALECT_H

#include "MLModel/Dialect/MLModel/IR/ShapeRule.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h.inc"

#define GET_ATTRDEF_CLASSES
#include "MLModel/Dialect/MLModel/IR/MLModelAttributes.h.inc"

#include "MLModel/Dialect/MLModel/IR/MLModelInterfaces.h.inc"

namespace mlmodel::layer {

/// Verifies what holds for every layer: the number of inputs and outputs, one
/// name per output, and the layer's shape rule, which also checks parameters.
llvm::LogicalResult verifyLayer(mlir::Operation *op);

/// Names a layer's results after its blobs when printing.
void nameResults(mlir::Operation *op, mlir::OpAsmSetValueNameFn setName);

} // namespace mlmodel::layer

#endif // MLMODEL_DIALECT_MLMODEL_IR_MLMODELDIALECT_H
