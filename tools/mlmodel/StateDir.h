//===- StateDir.h - State between two runs of the tool ----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A directory with a .npy file for each input that is state, and state.json,
// which tells the file of each: {"h_in": "h_in.npy"}.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TOOLS_MLMODEL_STATEDIR_H
#define MLMODEL_TOOLS_MLMODEL_STATEDIR_H

#include "MLModel/Runtime/Model.h"

namespace mlmodel {

/// The state that writeState() left in \p directory; none if there is no
/// state.json. ExitCode::Usage if \p model has other state.
llvm::Expected<FeatureMap> readState(const Model &model,
                                     llvm::StringRef directory);

/// Makes \p directory and writes \p state to it.
llvm::Error writeState(const FeatureMap &state, llvm::StringRef directory);

} // namespace mlmodel

#endif // MLMODEL_TOOLS_MLMODEL_STATEDIR_H
