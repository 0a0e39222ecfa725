//===- RoundTrip.cpp - Import, print, parse, export -----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RoundTrip.h"
#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>

using namespace mlir;
using namespace mlmodel;
using namespace mlmodel::test;

namespace {
/// Collects what is reported while it lives.
struct Collector : ScopedDiagnosticHandler {
  Collector(MLIRContext *context, std::string &text)
      : ScopedDiagnosticHandler(context, [&text](Diagnostic &diagnostic) {
          text += diagnostic.str() + "\n";
        }) {}
};
} // namespace

static bool writeModule(const std::string &file, Form form,
                        const ImportOptions &options, RoundTrip &result) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  Collector collector(&context, result.error);
  OwningOpRef<ModuleOp> module =
      importModel(&context, toBytes(file), nullptr, "test.mlmodel", options);
  if (!module)
    return false;
  auto model = cast<ModelOp>(module->getBody()->front());
  result.keptWire = model.getWireAttr() != nullptr;
  llvm::raw_string_ostream os(result.mlir);
  if (form == Form::Bytecode)
    return succeeded(writeBytecodeToFile(*module, os));
  module->print(os);
  return true;
}

RoundTrip mlmodel::test::roundTrip(const std::string &file, Form form,
                                   const ImportOptions &options) {
  RoundTrip result;
  if (!writeModule(file, form, options, result)) {
    result.error = "import: " + result.error;
    return result;
  }
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.loadDialect<MLModelDialect>();
  Collector collector(&context, result.error);
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(
      result.mlir, ParserConfig(&context, options.verify));
  if (!module) {
    result.error = "parse: " + result.error;
    return result;
  }
  FailureOr<Rope> model = exportModel(*module);
  if (failed(model))
    result.error = "export: " + result.error;
  else
    result.bytes = model->str();
  return result;
}

std::string mlmodel::test::compareBytes(const std::string &expected,
                                        const std::string &actual) {
  if (expected == actual)
    return "same";
  size_t common = std::min(expected.size(), actual.size());
  size_t at =
      std::mismatch(expected.begin(), expected.begin() + common, actual.begin())
          .first -
      expected.begin();
  return "differ at byte " + std::to_string(at) + " (sizes " +
         std::to_string(expected.size()) + " and " +
         std::to_string(actual.size()) + ")";
}
