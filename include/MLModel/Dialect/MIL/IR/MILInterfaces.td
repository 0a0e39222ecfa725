//===- MILInterfaces.td - Op families as interfaces --------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_MILINTERFACES_TD
#define MLMODEL_DIALECT_MIL_IR_MILINTERFACES_TD

include "mlir/IR/OpBase.td"

def ElementwiseOpInterface : OpInterface<"ElementwiseOpInterface"> {
  let cppNamespace = "::mlmodel::mil";
  let description = [{
    An op with one result, each element of which is a scalar function of one
    element of every operand.
  }];
  let methods = [
    InterfaceMethod<
      "Emits the scalar function of `x`, one float per operand.",
      "::mlir::Value", "emitScalar",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc,
           "::llvm::ArrayRef<::mlir::Value>":$x)>,
    InterfaceMethod<
      "Maps an index of the result to an index of operand `index`.",
      "::mlir::AffineMap", "getOperandMap", (ins "unsigned":$index), "", [{
        return ::mlmodel::mil::getBroadcastMap($_op, index);
      }]>,
  ];
}

def ReductionOpInterface : OpInterface<"ReductionOpInterface"> {
  let cppNamespace = "::mlmodel::mil";
  let description = [{
    An op that folds the elements along some axes of its one operand:
    result = post(combine(... combine(init, pre(x0)) ..., pre(xn))).
  }];
  let methods = [
    InterfaceMethod<"The neutral element of the combiner.",
      "double", "getInit">,
    InterfaceMethod<"Maps an element before it is combined.",
      "::mlir::Value", "emitPre",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc,
           "::mlir::Value":$x)>,
    InterfaceMethod<"Combines the accumulator with a mapped element.",
      "::mlir::Value", "emitCombine",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc,
           "::mlir::Value":$acc, "::mlir::Value":$x)>,
    InterfaceMethod<"Maps the total; `count` is how many elements went in.",
      "::mlir::Value", "emitPost",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc,
           "::mlir::Value":$acc, "::mlir::Value":$count)>,
    InterfaceMethod<"The reduced axes, sorted, none negative.",
      "::llvm::SmallVector<int64_t>", "getReducedAxes">,
  ];
}

#endif // MLMODEL_DIALECT_MIL_IR_MILINTERFACES_TD
