//===- DeclaredShapes.h - mlmodel info --shapes -----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TOOLS_MLMODEL_DECLAREDSHAPES_H
#define MLMODEL_TOOLS_MLMODEL_DECLAREDSHAPES_H

#include "MLModel/Runtime/Model.h"
#include "MLModel/Support/Errors.h"

namespace mlmodel {

/// Prints which of the shapes that a network's flexible inputs declare cannot
/// work. Invalid if there are any, Ok if not; an error if \p model is no
/// network.
llvm::Expected<ExitCode> printDeclaredShapes(Model &model, bool asJson);

} // namespace mlmodel

#endif // MLMODEL_TOOLS_MLMODEL_DECLAREDSHAPES_H
