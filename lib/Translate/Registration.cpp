//===- Registration.cpp - Translations for the command line ---------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"
#include "MLModel/Translate/Translate.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace mlmodel;

static llvm::cl::opt<bool>
    emitBytecode("emit-bytecode",
                 llvm::cl::desc("Write MLIR bytecode instead of text"),
                 llvm::cl::init(false));

static LogicalResult
translateToMLIR(const std::shared_ptr<llvm::SourceMgr> &mgr, raw_ostream &os,
                MLIRContext *context) {
  const llvm::MemoryBuffer *buffer = mgr->getMemoryBuffer(mgr->getMainFileID());
  Bytes file(reinterpret_cast<const uint8_t *>(buffer->getBufferStart()),
             buffer->getBufferSize());
  OwningOpRef<ModuleOp> module =
      importModel(context, file, mgr, buffer->getBufferIdentifier());
  if (!module)
    return failure();
  if (emitBytecode)
    return writeBytecodeToFile(*module, os);
  module->print(os);
  os << '\n';
  return success();
}

static LogicalResult
translateFromMLIR(const std::shared_ptr<llvm::SourceMgr> &mgr, raw_ostream &os,
                  MLIRContext *context) {
  context->loadDialect<MLModelDialect>();
  OwningOpRef<ModuleOp> module =
      parseSourceFile<ModuleOp>(mgr, ParserConfig(context));
  if (!module)
    return failure();
  FailureOr<Rope> model = exportModel(*module);
  if (failed(model))
    return failure();
  for (Bytes piece : model->getPieces())
    os.write(reinterpret_cast<const char *>(piece.data()), piece.size());
  return success();
}

void mlmodel::registerTranslations() {
  static TranslateRegistration toMLIR("mlmodel-to-mlir", "read a .mlmodel file",
                                      translateToMLIR);
  static TranslateRegistration fromMLIR(
      "mlir-to-mlmodel", "write a .mlmodel file", translateFromMLIR);
}
