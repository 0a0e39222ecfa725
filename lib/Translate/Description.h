//===- Description.h - Rules for a model's description ----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_TRANSLATE_DESCRIPTION_H
#define MLMODEL_LIB_TRANSLATE_DESCRIPTION_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Location.h"

namespace mlmodel {

/// Checks what a model says of its inputs, outputs and states: names that are
/// there and differ, known types, sizes that are positive and in bounds. Errors
/// are reported at \p loc with the feature's name; \p where is prepended.
llvm::LogicalResult checkDescription(mlir::DictionaryAttr description,
                                     mlir::Location loc, llvm::StringRef where);

} // namespace mlmodel

#endif // MLMODEL_LIB_TRANSLATE_DESCRIPTION_H
