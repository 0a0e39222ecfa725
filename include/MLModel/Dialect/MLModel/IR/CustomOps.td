//===- CustomOps.td ----------------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_CUSTOMOPS_TD
#define MLMODEL_DIALECT_MLMODEL_IR_CUSTOMOPS_TD

include "MLModel/Dialect/MLModel/IR/LayerBase.td"

def MLModel_CustomOp : MLModel_Layer<"custom", "custom", 2,
    MLModel_Arity<0, -1>, MLModel_Arity<0, -1>> {
  let summary = "a layer that the application implements";
  let description = [{
    Named by `className`; neither its shapes nor what it computes are known here.
    It is never looked for outside of what the user has registered.
  }];
  let parameters = (ins
    MLModel_String:$className,
    MLModel_Messages:$weights,
    MLModel_Map:$parameters,
    MLModel_String:$description);
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_CUSTOMOPS_TD
