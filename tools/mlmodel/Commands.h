//===- Commands.h - The commands of the mlmodel tool ------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TOOLS_MLMODEL_COMMANDS_H
#define MLMODEL_TOOLS_MLMODEL_COMMANDS_H

#include "CommandLine.h"

namespace mlmodel {

/// One command: its name, a line on what it does, its help, and what runs it.
struct Command {
  llvm::StringRef name;
  llvm::StringRef summary;
  llvm::StringRef help;
  llvm::Expected<ExitCode> (*run)(CommandLine &line);
};

extern const Command benchmarkCommand;
extern const Command compareCommand;
extern const Command compileCommand;
extern const Command compressCommand;
extern const Command infoCommand;
extern const Command predictCommand;
extern const Command sensitivityCommand;

} // namespace mlmodel

#endif // MLMODEL_TOOLS_MLMODEL_COMMANDS_H
