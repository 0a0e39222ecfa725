//===- CustomLayerRules.h - Custom layers as ordinary ones ------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A rule is a function of layers that computes what a class of custom layers
// does: its body takes the place of such a layer, so that the model's shapes
// are inferred and its code is optimised as if there had never been a custom
// layer. docs/CustomLayers.md has the language.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TRANSFORMS_CUSTOMLAYERRULES_H
#define MLMODEL_TRANSFORMS_CUSTOMLAYERRULES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringMap.h"

namespace mlmodel {

class CustomOp;

/// A custom layer that a rule has replaced.
struct LegalizedLayer {
  std::string layer, className;
  /// The rule, as in "@swish of Activation.mlir".
  std::string rule;
};

/// Rules by the class of the layers they replace.
class CustomLayerRules {
public:
  explicit CustomLayerRules(mlir::MLIRContext *context);
  ~CustomLayerRules();

  /// Adds the rules of a file. Reports what is wrong with it. A class may have
  /// several rules: the first that fits a layer is taken.
  llvm::LogicalResult addFile(llvm::StringRef path);
  /// Adds rules from memory; \p name stands for the file.
  llvm::LogicalResult addText(llvm::StringRef text, llvm::StringRef name);
  /// Adds the rules that come with the project for classes that have none yet
  /// and of which \p except, if given, is not true.
  llvm::LogicalResult
  addBuiltin(llvm::function_ref<bool(llvm::StringRef)> except = nullptr);

  mlir::MLIRContext *getContext() const { return context; }
  bool knows(llvm::StringRef className) const {
    return rules.contains(className);
  }

  /// Replaces the custom layers in \p root whose class has rules. A layer that
  /// none of them fits is an error, and then nothing is replaced.
  mlir::FailureOr<std::vector<LegalizedLayer>>
  legalize(mlir::Operation *root) const;

private:
  struct Rule {
    mlir::func::FuncOp function;
    std::string file;
    std::string describe() const;
  };
  mlir::FailureOr<const Rule *> chooseRule(CustomOp layer) const;
  llvm::LogicalResult addModule(mlir::OwningOpRef<mlir::ModuleOp> module,
                                llvm::StringRef name,
                                llvm::function_ref<bool(llvm::StringRef)> skip);

  mlir::MLIRContext *context;
  std::vector<mlir::OwningOpRef<mlir::ModuleOp>> modules;
  llvm::StringMap<std::vector<Rule>> rules;
};

} // namespace mlmodel

#endif // MLMODEL_TRANSFORMS_CUSTOMLAYERRULES_H
