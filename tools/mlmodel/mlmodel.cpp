//===- mlmodel.cpp - The tool for people who just have a model ------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlmodel;

static const Command *const commands[] = {
    &infoCommand,        &predictCommand, &compressCommand, &compareCommand,
    &sensitivityCommand, &compileCommand, &benchmarkCommand};

static void printUsage(llvm::raw_ostream &os) {
  os << "mlmodel - inspect, run and compress Core ML models\n\n"
        "usage: mlmodel COMMAND [options]\n\ncommands:\n";
  for (const Command *command : commands)
    os << llvm::formatv("  {0,-11} {1}\n", command->name, command->summary);
  os << "\n'mlmodel COMMAND --help' tells more.\n\n"
        "exit codes: 0 ok, 1 comparison failed, 2 usage, 3 invalid model,\n"
        "            4 unsupported feature, 5 limit or deadline, "
        "6 input or output\n";
}

static const Command *findCommand(llvm::StringRef name) {
  for (const Command *command : commands)
    if (command->name == name)
      return command;
  return nullptr;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "help") {
    printUsage(arguments.empty() ? llvm::errs() : llvm::outs());
    return arguments.empty() ? static_cast<int>(ExitCode::Usage) : 0;
  }
  if (arguments[0] == "--version") {
    llvm::outs() << "mlmodel " MLMODEL_VERSION ", LLVM " LLVM_VERSION_STRING
                    ", specification versions 1 to 10\n";
    return 0;
  }
  const Command *command = findCommand(arguments[0]);
  if (!command) {
    llvm::errs() << "mlmodel: unknown command '" << arguments[0] << "'\n";
    return static_cast<int>(ExitCode::Usage);
  }
  CommandLine line({arguments.begin() + 1, arguments.end()});
  if (line.takeFlag("--help")) {
    llvm::outs() << command->help;
    return 0;
  }
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  llvm::Expected<ExitCode> result = command->run(line);
  if (result)
    return static_cast<int>(*result);
  ExitCode code;
  llvm::errs() << takeMessage(result.takeError(), code) << '\n';
  return static_cast<int>(code);
}
