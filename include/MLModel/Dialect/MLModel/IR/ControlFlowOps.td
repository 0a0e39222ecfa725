//===- ControlFlowOps.td -----------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_CONTROLFLOWOPS_TD
#define MLMODEL_DIALECT_MLMODEL_IR_CONTROLFLOWOPS_TD

include "MLModel/Dialect/MLModel/IR/LayerBase.td"

// The innermost loop may be some branches away.
def MLModel_InsideLoop : PredOpTrait<"it is inside a loop",
    CPred<"$_op.getParentOfType<::mlmodel::LoopOp>()">>;

def MLModel_BranchOp : MLModel_Layer<"branch", "branch", 4,
    MLModel_Arity<1, 1>, MLModel_Arity<0, -1>> {
  let summary = "runs one of two networks";
  let description = [{
    A condition greater than 0 runs `ifBranch`, any other `elseBranch`, which may
    be absent. Bodies use blobs of the networks around them directly. `carried`
    names the results: the outer blobs that a body overwrites, and those that
    both bodies write; each body yields them in that order. If a body is absent,
    the last operands are the blobs as they were before.
  }];
  let parameters = (ins MLModel_Strings:$carried);
  let regions = (region MaxSizedRegion<1>:$ifBranch,
                        MaxSizedRegion<1>:$elseBranch);
  let assemblyFormat = [{
    $layer `(` $inputs `)` attr-dict `:` functional-type($inputs, $outputs)
    $ifBranch `else` $elseBranch
  }];
}

def MLModel_LoopOp : MLModel_Layer<"loop", "loop", 4,
    MLModel_Arity<0, -1>, MLModel_Arity<0, -1>> {
  let summary = "runs a network repeatedly";
  let description = [{
    Before each round `conditionNetwork`, if there is one, computes the blob
    `conditionVar`; the loop goes on while it is greater than 0 and at most
    `maxLoopIterations` times (0: no such limit). `carried` names the outer
    blobs that a body overwrites: they are the arguments of both regions, what
    the regions yield, and the results; the last operands are their first
    values.
  }];
  let parameters = (ins
    MLModel_Int:$maxLoopIterations,
    MLModel_String:$conditionVar,
    MLModel_Strings:$carried);
  let regions = (region MaxSizedRegion<1>:$conditionNetwork,
                        MaxSizedRegion<1>:$bodyNetwork);
  let extraClassDeclaration = layerDeclaration # [{
    static ::llvm::LogicalResult inferShapes(::mlmodel::ShapeRule &rule,
                                             Adaptor op);
    /// Whether a network decides before each round if there is one.
    bool hasCondition();
    /// The number of rounds if the parameters alone give it, jumps aside;
    /// nothing if a condition or an input decides.
    std::optional<int64_t> getFixedRounds();
  }];
  let assemblyFormat = [{
    $layer `(` $inputs `)` attr-dict `:` functional-type($inputs, $outputs)
    $conditionNetwork `do` $bodyNetwork
  }];
}

def MLModel_LoopBreakOp : MLModel_Layer<"loop_break", "loopBreak", 4,
    MLModel_Arity<0, -1>, MLModel_Arity<0, -1>, "",
    [MLModel_InsideLoop]> {
  let summary = "end the loop around";
  let description = [{
    The operands are the blobs that the loop carries, as it leaves them.
  }];
}

def MLModel_LoopContinueOp : MLModel_Layer<"loop_continue", "loopContinue", 4,
    MLModel_Arity<0, -1>, MLModel_Arity<0, -1>, "",
    [MLModel_InsideLoop]> {
  let summary = "go on with the next iteration of the loop around";
  let description = [{
    The operands are the blobs that the loop carries, as the next round finds
    them.
  }];
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_CONTROLFLOWOPS_TD
