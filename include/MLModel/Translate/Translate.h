//===- Translate.h - .mlmodel files to and from MLIR ------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TRANSLATE_TRANSLATE_H
#define MLMODEL_TRANSLATE_TRANSLATE_H

#include "MLModel/Translate/WireFormat.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <memory>

namespace mlmodel {

struct ImportOptions {
  /// Keep the original bytes (as a view) where the file is not encoded
  /// canonically, so that it can be written back as it was.
  bool keepWire = true;
  /// Check every structural rule of the format.
  bool verify = true;
};

/// The highest specification version this project knows.
constexpr int64_t kMaxSpecificationVersion = 10;

/// Reads a model. \p file is not copied: \p owner keeps it alive for the
/// resources that view it. Large weights become views; everything else is
/// decoded. Errors are reported at \p fileName, each with its ErrorClass; the
/// result is then null.
mlir::OwningOpRef<mlir::ModuleOp>
importModel(mlir::MLIRContext *context, Bytes file,
            std::shared_ptr<const void> owner, llvm::StringRef fileName,
            const ImportOptions &options = {});

/// Encodes the one mlmodel.model of \p module. The result views the module's
/// resources, so it must not outlive them.
llvm::FailureOr<Rope> exportModel(mlir::ModuleOp module);

/// Registers --mlmodel-to-mlir and --mlir-to-mlmodel with mlir-translate's
/// driver.
void registerTranslations();

} // namespace mlmodel

#endif // MLMODEL_TRANSLATE_TRANSLATE_H
