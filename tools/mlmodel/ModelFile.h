//===- ModelFile.h - A model as a module ------------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TOOLS_MLMODEL_MODELFILE_H
#define MLMODEL_TOOLS_MLMODEL_MODELFILE_H

#include "MLModel/Runtime/DiagnosticCollector.h"
#include "MLModel/Support/MappedFile.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

namespace mlmodel {

/// A file and what the importer makes of it, for commands that change models.
struct ModelFile {
  /// Maps, reads and verifies a model; errors name the file.
  static llvm::Expected<std::unique_ptr<ModelFile>> open(llvm::StringRef path);

  /// What has been said about the model since it was read, as an error.
  llvm::Error takeError() { return diagnostics.takeError(file->name()); }

  MappedFile::Ref file;
  mlir::MLIRContext context;
  DiagnosticCollector diagnostics{&context};
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

} // namespace mlmodel

#endif // MLMODEL_TOOLS_MLMODEL_MODELFILE_H
