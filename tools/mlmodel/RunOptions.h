//===- RunOptions.h - Options of all commands that run models ---*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TOOLS_MLMODEL_RUNOPTIONS_H
#define MLMODEL_TOOLS_MLMODEL_RUNOPTIONS_H

#include "CommandLine.h"
#include "MLModel/Runtime/Model.h"

namespace mlmodel {

/// Takes the options that predict, compare and benchmark share.
llvm::Expected<LoadOptions> takeRunOptions(CommandLine &line);

/// Takes --threads, by default one for each core that this process may use.
llvm::Error takeThreads(CommandLine &line, LoadOptions &options);

/// Takes those of them that say who implements custom layers, and loads what
/// they name.
llvm::Error takeCustomLayerOptions(CommandLine &line, LoadOptions &options);

/// What the commands' help says of them.
#define MLMODEL_RUN_OPTIONS_HELP                                               \
  "  --max-loop-iterations N\n"                                                \
  "                       most rounds of all loops in one prediction "         \
  "(1000000)\n"                                                                \
  "  --deadline SECONDS   stop loops that run longer; no deadline by "         \
  "default\n"                                                                  \
  "  --custom-library L   a shared library that implements custom layers\n"    \
  "  --custom-rules FILE  rules for custom layers, .mlir\n"                    \
  "  --cache-dir DIR      keep compiled code there ($XDG_CACHE_HOME/mlmodel "  \
  "or\n"                                                                       \
  "                       ~/.cache/mlmodel)\n"                                 \
  "  --no-cache           compile anew, keep nothing\n"                        \
  "  --each-shape         code for each shape; by default those that the "     \
  "model\n"                                                                    \
  "                       leaves open share one\n"

#define MLMODEL_THREADS_HELP                                                   \
  "  --threads N          threads that share the work; one per core by "       \
  "default.\n"                                                                 \
  "                       Results do not depend on it\n"

} // namespace mlmodel

#endif // MLMODEL_TOOLS_MLMODEL_RUNOPTIONS_H
