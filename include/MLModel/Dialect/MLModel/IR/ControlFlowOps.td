//===- ControlFlowOps.td -----------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_CONTROLFLOWOPS_TD
#define MLMODEL_DIALECT_MLMODEL_IR_CONTROLFLOWOPS_TD

include "MLModel/Dialect/MLModel/IR/LayerBase.td"

def MLModel_BranchOp : MLModel_Layer<"branch", "branch", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<0, -1>> {
  // regions: ifBranch, elseBranch
}

def MLModel_LoopOp : MLModel_Layer<"loop", "loop", 4,
    MLModel_Arity<0, -1>, MLModel_Arity<0, -1>> {
  let parameters = (ins
    MLModel_Int:$maxLoopIterations,
    MLModel_String:$conditionVar);
  // regions: conditionNetwork, bodyNetwork
}

def MLModel_LoopBreakOp : MLModel_Layer<"loop_break", "loopBreak", 4,
    MLModel_Arity<0, -1>, MLModel_Arity<0, -1>>;

def MLModel_LoopContinueOp : MLModel_Layer<"loop_continue", "loopContinue", 4,
    MLModel_Arity<0, -1>, MLModel_Arity<0, -1>>;

#endif // MLMODEL_DIALECT_MLMODEL_IR_CONTROLFLOWOPS_TD
