//===- BuildId.h - Which build of the compiler this is ----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_SUPPORT_BUILDID_H
#define MLMODEL_SUPPORT_BUILDID_H

#include <string>

namespace mlmodel {

/// Tells builds of the compiler apart: the names and build ids of the file that
/// this code is in and of LLVM's and MLIR's libraries. A file that was linked
/// without a build id counts with its size and time of change.
std::string getBuildId();

} // namespace mlmodel

#endif // MLMODEL_SUPPORT_BUILDID_H
