//===- ExplicitDefaults.h - Fields that say nothing ----------- -*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A file may set a field to the value it has anyway. The importer keeps that as
// an attribute, but MLIR's printer leaves attributes with their default value
// out: in text, such a model differs from its file.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_TRANSLATE_EXPLICITDEFAULTS_H
#define MLMODEL_LIB_TRANSLATE_EXPLICITDEFAULTS_H

#include "mlir/IR/Operation.h"

namespace mlmodel {

/// True if an operation in \p root has an attribute with its default value.
bool hasExplicitDefaults(mlir::Operation *root);

/// Removes them.
void dropExplicitDefaults(mlir::Operation *root);

} // namespace mlmodel

#endif // MLMODEL_LIB_TRANSLATE_EXPLICITDEFAULTS_H
