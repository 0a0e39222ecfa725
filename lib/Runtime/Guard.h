//===- Guard.h - Calls into code that may throw -----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The project is built without exceptions, but the custom layers of others may
// throw. Only for sources that are compiled with -fexceptions.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_RUNTIME_GUARD_H
#define MLMODEL_LIB_RUNTIME_GUARD_H

#include "MLModel/Support/Errors.h"
#include <exception>

namespace mlmodel {

/// What \p call returns; an exception becomes an error.
template <typename CallT> auto guardCall(CallT &&call) -> decltype(call()) {
  try {
    return call();
  } catch (const std::exception &exception) {
    return makeError(ExitCode::Unsupported,
                     llvm::Twine("threw an exception: ") + exception.what());
  } catch (...) {
    return makeError(ExitCode::Unsupported, "threw an exception");
  }
}

} // namespace mlmodel

#endif // MLMODEL_LIB_RUNTIME_GUARD_H
