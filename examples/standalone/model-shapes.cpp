//===- model-shapes.cpp - A tool outside the project ----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"
#include "MLModel/Transforms/Passes.h"
#include "MLModel/Translate/Translate.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

int main(int argc, char **argv) {
  if (argc != 2) {
    llvm::errs() << "usage: model-shapes MODEL.mlmodel\n";
    return 2;
  }
  auto file = llvm::MemoryBuffer::getFile(argv[1]);
  if (!file) {
    llvm::errs() << argv[1] << ": " << file.getError().message() << '\n';
    return 6;
  }
  // The weights in the module are views of the buffer, which lives longer.
  std::shared_ptr<llvm::MemoryBuffer> buffer = std::move(*file);
  mlmodel::Bytes bytes(
      reinterpret_cast<const uint8_t *>(buffer->getBufferStart()),
      buffer->getBufferSize());

  mlir::DialectRegistry registry;
  registry.insert<mlmodel::MLModelDialect>();
  mlir::MLIRContext context(registry);
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlmodel::importModel(&context, bytes, buffer, argv[1]);
  if (!module)
    return 3;

  mlmodel::registerTransformsPasses();
  mlir::PassManager passes(&context);
  if (failed(parsePassPipeline("mlmodel-infer-shapes", passes)) ||
      failed(passes.run(*module)))
    return 3;
  mlir::OpPrintingFlags flags;
  flags.elideLargeElementsAttrs().elideLargeResourceString();
  module->print(llvm::outs(), flags);
  llvm::outs() << '\n';
  return 0;
}
