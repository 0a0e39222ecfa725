//===- OpenArguments.h - Buffers of open size as arguments ------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels take buffers as one pointer each. Those of open size are passed as
// the pointer to where their base begins, and their sizes, strides and offset
// as numbers behind all arguments, equal ones once: code generation then knows
// which are equal.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_OPENARGUMENTS_H
#define MLMODEL_LIB_CODEGEN_OPENARGUMENTS_H

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/SetVector.h"
#include <vector>

namespace mlmodel {

class OpenArguments {
public:
  /// Whether \p type is a buffer that can be passed so.
  static bool canPass(mlir::Type type);

  /// Adds an argument; emits what it takes to pass it if it is not \p isPlain.
  void add(mlir::OpBuilder &builder, mlir::Value value, bool isPlain);

  /// What is passed, the arguments first and in their order.
  llvm::SmallVector<mlir::Value> getValues() const;

  /// Makes the arguments of \p values, the block arguments of a function that
  /// getValues() are passed to.
  llvm::SmallVector<mlir::Value> take(mlir::OpBuilder &builder,
                                      mlir::ValueRange values) const;

private:
  struct Argument {
    mlir::Value passed;
    /// Null if the argument is passed as it is.
    mlir::MemRefType type;
    llvm::SmallVector<mlir::OpFoldResult> sizes, strides;
    mlir::OpFoldResult offset;
  };
  std::vector<Argument> arguments;
  llvm::SetVector<mlir::Value> numbers;
};

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_OPENARGUMENTS_H
