//===- AheadOfTime.h - Networks as libraries --------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A compiled network as an object file or a shared library of one C function,
//
//   void NAME_predict(const float *const *inputs, float *const *outputs,
//                     void *arena);
//
// with the weights inside, as the code reads them. It needs the C library's
// mathematics and nothing of this project. docs/AheadOfTime.md tells how to use
// it.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_RUNTIME_AHEADOFTIME_H
#define MLMODEL_RUNTIME_AHEADOFTIME_H

#include "MLModel/Runtime/Model.h"

namespace mlmodel {

/// \p text as part of a C name: other characters become '_', and one that
/// starts with a digit gets '_' before it.
std::string makeIdentifier(llvm::StringRef text);

/// Writes \p network to \p path, whole or not at all: a shared library if the
/// name ends in .so, else an object file. \p name is an identifier. Needs a C
/// compiler to link with: ExitCode::Unsupported if there is none.
llvm::Error writeNetworkBinary(const CompiledNetwork &network,
                               llvm::StringRef name, llvm::StringRef path);

/// The C header for it: the function, shapes and sizes, for images how their
/// pixels become a blob, for classifiers the labels. Unsupported where that
/// cannot be said in C, which is so for mean images.
llvm::Expected<std::string> makeNetworkHeader(const Model &model,
                                              const CompiledNetwork &network,
                                              llvm::StringRef name);

} // namespace mlmodel

#endif // MLMODEL_RUNTIME_AHEADOFTIME_H
