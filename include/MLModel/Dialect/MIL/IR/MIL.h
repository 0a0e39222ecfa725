//===- MIL.h - The mil dialect ----------------------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_MIL_H
#define MLMODEL_DIALECT_MIL_IR_MIL_H

#include "MLModel/Dialect/MIL/IR/MILSupport.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "MLModel/Dialect/MIL/IR/MILDialect.h.inc"
#include "MLModel/Dialect/MIL/IR/MILInterfaces.h.inc"

namespace mlmodel::mil {

/// Creates an op with inferred result types like `OpTy::create`, but a shape or
/// attribute that does not fit is reported at `loc` and gives failure, where
/// `create` would end the process. Use it wherever the arguments come from a
/// model.
template <typename OpTy, typename... Args>
mlir::FailureOr<OpTy> tryCreate(mlir::OpBuilder &builder, mlir::Location loc,
                                Args &&...args) {
  mlir::OperationState state(loc, OpTy::getOperationName());
  mlir::Type unknown = mlir::UnrankedTensorType::get(builder.getF32Type());
  mlir::SmallVector<mlir::Type> types(numResultsOf<OpTy>(), unknown);
  OpTy::build(builder, state, mlir::TypeRange(types),
              std::forward<Args>(args)...);
  state.types.clear();
  if (failed(OpTy::inferReturnTypes(
          builder.getContext(), loc, state.operands,
          state.attributes.getDictionary(builder.getContext()),
          state.getRawProperties(), state.regions, state.types)))
    return mlir::failure();
  mlir::Operation *op = builder.create(state);
  if (failed(mlir::verify(op))) {
    op->erase();
    return mlir::failure();
  }
  return mlir::cast<OpTy>(op);
}

} // namespace mlmodel::mil

#endif // MLMODEL_DIALECT_MIL_IR_MIL_H
