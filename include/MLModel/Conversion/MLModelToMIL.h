//===- MLModelToMIL.h - Which layers can be rewritten -----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_CONVERSION_MLMODELTOMIL_H
#define MLMODEL_CONVERSION_MLMODELTOMIL_H

#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "mlir/IR/OperationSupport.h"

namespace mlmodel {

/// Whether there is a rewrite to mil for layers of this kind. Jumps have none:
/// the runtime follows them.
bool hasRewrite(mlir::OperationName layer);

/// Reports the first layer of \p network, bodies of branches and loops
/// included, that cannot be run whatever its shapes.
llvm::LogicalResult checkLayerKinds(NetworkOp network);

} // namespace mlmodel

#endif // MLMODEL_CONVERSION_MLMODELTOMIL_H
