//===- CustomLayerRule.h - One rule for custom layers -----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_TRANSFORMS_CUSTOMLAYERRULE_H
#define MLMODEL_LIB_TRANSFORMS_CUSTOMLAYERRULE_H

#include "MLModel/Dialect/MLModel/IR/CustomOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlmodel {

/// The attributes of rules. On the function:
constexpr llvm::StringLiteral kRuleClasses = "mlmodel.classes";
constexpr llvm::StringLiteral kRuleWhere = "mlmodel.where";
/// On its arguments:
constexpr llvm::StringLiteral kRuleParameter = "mlmodel.parameter";
constexpr llvm::StringLiteral kRuleDefault = "mlmodel.default";
constexpr llvm::StringLiteral kRuleWeights = "mlmodel.weights";

/// The classes that \p function is a rule for; none for a helper.
llvm::SmallVector<llvm::StringRef> getRuleClasses(mlir::func::FuncOp function);

/// Checks and reports what does not depend on the layer.
llvm::LogicalResult verifyRule(mlir::func::FuncOp function);

/// Why the rule does not fit \p layer; empty if it does.
std::string explainMismatch(mlir::func::FuncOp rule, CustomOp layer);

/// The constant that an argument which is not an input stands for. The rule
/// must fit the layer.
struct RuleConstant {
  WeightsAttr data;
  llvm::SmallVector<int64_t> shape;
};
RuleConstant getRuleConstant(mlir::func::FuncOp rule, unsigned argument,
                             CustomOp layer);

/// Whether an argument of a rule is an input of the layer.
bool isRuleInput(mlir::func::FuncOp rule, unsigned argument);

} // namespace mlmodel

#endif // MLMODEL_LIB_TRANSFORMS_CUSTOMLAYERRULE_H
