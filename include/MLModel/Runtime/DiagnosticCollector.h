//===- DiagnosticCollector.h - MLIR diagnostics as errors -------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_RUNTIME_DIAGNOSTICCOLLECTOR_H
#define MLMODEL_RUNTIME_DIAGNOSTICCOLLECTOR_H

#include "MLModel/Support/Errors.h"
#include "mlir/IR/Diagnostics.h"

namespace mlmodel {

/// Collects what is reported while it lives. The first error becomes the
/// result; its class decides the exit code.
class DiagnosticCollector : public mlir::ScopedDiagnosticHandler {
public:
  explicit DiagnosticCollector(mlir::MLIRContext *context);

  /// The first error, prefixed by the file's name, or a generic one if
  /// something failed without saying why.
  llvm::Error takeError(llvm::StringRef fileName) const;
  llvm::ArrayRef<std::string> getWarnings() const { return warnings; }

private:
  std::string message;
  ExitCode code = ExitCode::InvalidModel;
  std::vector<std::string> warnings;
};

} // namespace mlmodel

#endif // MLMODEL_RUNTIME_DIAGNOSTICCOLLECTOR_H
