//===- mlmodel-translate.cpp - .mlmodel files to and from MLIR ------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Translate/Translate.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/LogicalResult.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

/// Finds the output file among the arguments and replaces it by \p temporary.
static std::string redirectOutput(std::vector<std::string> &arguments,
                                  llvm::StringRef suffix) {
  for (size_t i = 1; i < arguments.size(); ++i) {
    llvm::StringRef argument = arguments[i];
    std::string output;
    if (argument == "-o" && i + 1 < arguments.size())
      output = arguments[++i];
    else if (argument.consume_front("-o=") || argument.consume_front("--o="))
      output = argument.str();
    if (output.empty() || output == "-" || output == "/dev/null")
      continue;
    arguments[i] =
        (i && arguments[i - 1] == "-o" ? "" : "-o=") + output + suffix.str();
    return output;
  }
  return "";
}

int main(int argc, char **argv) {
  mlmodel::registerTranslations();
  // The driver truncates its output file before it reads its input; write to a
  // temporary name so that a failed run leaves the old file whole.
  std::vector<std::string> arguments(argv, argv + argc);
  std::string suffix =
      ".tmp" + std::to_string(llvm::sys::Process::getProcessId());
  std::string output = redirectOutput(arguments, suffix);
  std::vector<char *> pointers;
  for (std::string &argument : arguments)
    pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  llvm::LogicalResult result = mlir::mlirTranslateMain(
      argc, pointers.data(), "Core ML model translation");
  if (output.empty())
    return failed(result);
  if (failed(result))
    return llvm::sys::fs::remove(output + suffix), 1;
  if (std::error_code error = llvm::sys::fs::rename(output + suffix, output)) {
    llvm::errs() << output << ": " << error.message() << '\n';
    return 1;
  }
  return 0;
}
