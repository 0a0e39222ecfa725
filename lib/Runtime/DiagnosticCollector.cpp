//===- DiagnosticCollector.cpp - MLIR diagnostics as errors ---------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Runtime/DiagnosticCollector.h"
#include "MLModel/Dialect/MLModel/IR/ShapeRule.h"

using namespace mlir;
using namespace mlmodel;

DiagnosticCollector::DiagnosticCollector(MLIRContext *context)
    : ScopedDiagnosticHandler(context) {
  setHandler([this](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Warning)
      warnings.push_back(diagnostic.str());
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error &&
        message.empty()) {
      message = diagnostic.str();
      // The enumerators are the exit codes.
      code = static_cast<ExitCode>(getErrorClass(diagnostic));
    }
    return success();
  });
}

llvm::Error DiagnosticCollector::takeError(StringRef fileName) const {
  StringRef text = message.empty() ? StringRef("failed without a message")
                                   : StringRef(message);
  return makeError(code, fileName + ": " + text);
}
