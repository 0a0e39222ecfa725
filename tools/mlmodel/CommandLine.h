//===- CommandLine.h - Options and positional arguments ---------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// llvm::cl knows one set of global options; commands with options of their own
// need less: take what you know, then finish() refuses the rest.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TOOLS_MLMODEL_COMMANDLINE_H
#define MLMODEL_TOOLS_MLMODEL_COMMANDLINE_H

#include "MLModel/Support/Errors.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <vector>

namespace mlmodel {

class CommandLine {
public:
  explicit CommandLine(std::vector<std::string> arguments)
      : arguments(std::move(arguments)) {}

  /// True if the option \p name ("--json") is given; removes it.
  bool takeFlag(llvm::StringRef name);
  /// The value of "--name VALUE" or "--name=VALUE"; the last one counts.
  llvm::Expected<std::optional<std::string>> takeValue(llvm::StringRef name);
  /// All values of a repeatable option.
  llvm::Expected<std::vector<std::string>> takeValues(llvm::StringRef name);
  /// The integer value of an option, in [least, greatest].
  llvm::Expected<std::optional<int64_t>>
  takeInteger(llvm::StringRef name, int64_t least, int64_t greatest);

  /// The value of an option that is any finite number.
  llvm::Expected<std::optional<double>> takeNumber(llvm::StringRef name);

  /// The positional arguments, exactly \p names.size() of them; refuses
  /// options that nobody took, with a suggestion if one is close.
  llvm::Expected<std::vector<std::string>>
  finish(llvm::ArrayRef<llvm::StringRef> names);

private:
  std::vector<std::string> arguments;
  std::vector<std::string> known;
};

} // namespace mlmodel

#endif // MLMODEL_TOOLS_MLMODEL_COMMANDLINE_H
