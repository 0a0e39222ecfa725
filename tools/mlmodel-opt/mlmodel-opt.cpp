//===- mlmodel-opt.cpp - The optimizer driver -------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/CodeGen/Passes.h"
#include "MLModel/Conversion/Passes.h"
#include "MLModel/Dialect/MIL/IR/MIL.h"
#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Support/MappedFile.h"
#include "MLModel/Transforms/Passes.h"
#include "MLModel/Translate/Translate.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;

/// The model at \p path as bytecode, which the driver reads like any module.
static FailureOr<std::string> readModel(StringRef path,
                                        const DialectRegistry &registry) {
  llvm::Expected<mlmodel::MappedFile::Ref> file =
      mlmodel::MappedFile::open(path);
  if (!file) {
    llvm::errs() << llvm::toString(file.takeError()) << '\n';
    return failure();
  }
  MLIRContext context(registry);
  OwningOpRef<ModuleOp> module =
      mlmodel::importModel(&context, (*file)->bytes(), *file, path);
  std::string bytecode;
  llvm::raw_string_ostream os(bytecode);
  if (!module || failed(writeBytecodeToFile(*module, os)))
    return failure();
  return bytecode;
}

/// Runs the driver on a .mlmodel file.
static LogicalResult runOnModel(StringRef input, StringRef output,
                                DialectRegistry &registry) {
  FailureOr<std::string> bytecode = readModel(input, registry);
  if (failed(bytecode))
    return failure();
  std::string error;
  std::unique_ptr<llvm::ToolOutputFile> file = openOutputFile(output, &error);
  if (!file) {
    llvm::errs() << error << '\n';
    return failure();
  }
  auto buffer = llvm::MemoryBuffer::getMemBuffer(
      *bytecode, input, /*RequiresNullTerminator=*/false);
  if (failed(MlirOptMain(file->os(), std::move(buffer), registry,
                         MlirOptMainConfig::createFromCLOptions())))
    return failure();
  file->keep();
  return success();
}

int main(int argc, char **argv) {
  DialectRegistry registry;
  registerAllDialects(registry);
  registerAllExtensions(registry);
  registry.insert<mlmodel::MLModelDialect, mlmodel::mil::MILDialect>();

  registerAllPasses();
  mlmodel::registerMLModelCodeGenPasses();
  mlmodel::registerMLModelConversionPasses();
  mlmodel::registerTransformsPasses();
  mlmodel::registerCodeGenPipelines();

  auto [input, output] = registerAndParseCLIOptions(
      argc, argv, "MLModel optimizer driver\n", registry);
  if (StringRef(input).ends_with(".mlmodel"))
    return asMainReturnCode(runOnModel(input, output, registry));
  return asMainReturnCode(MlirOptMain(argc, argv, input, output, registry));
}
