//===- CustomLayerUses.cpp - Who implements which layer -------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CustomLayerUses.h"
#include "MLModel/Dialect/MLModel/IR/CustomOps.h"
#include "MLModel/Runtime/CustomLayer.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Transforms/CustomLayerRules.h"
#include "llvm/Support/FileSystem.h"

using namespace mlir;
using namespace mlmodel;

namespace {
/// Keeps the first error, with the place in the file of rules where it is.
class FirstError : public ScopedDiagnosticHandler {
public:
  explicit FirstError(MLIRContext *context)
      : ScopedDiagnosticHandler(context, [this](Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() != DiagnosticSeverity::Error ||
              !text.empty())
            return success();
          llvm::raw_string_ostream os(text);
          if (auto place = dyn_cast<FileLineColLoc>(diagnostic.getLocation()))
            os << place.getFilename().getValue() << ':' << place.getLine()
               << ':' << place.getColumn() << ": ";
          os << diagnostic;
          return success();
        }) {}
  std::string text;
};
} // namespace

static llvm::Error readRules(CustomLayerRules &rules,
                             const LoadOptions &options) {
  FirstError error(rules.getContext());
  for (const std::string &file : options.customRules)
    if (failed(rules.addFile(file)))
      return makeError(llvm::sys::fs::exists(file) ? ExitCode::Usage
                                                   : ExitCode::IO,
                       error.text);
  bool succeeded = llvm::succeeded(rules.addBuiltin([&](StringRef className) {
    return options.customLayers && options.customLayers->contains(className);
  }));
  assert(succeeded && "the project's own rules are tested");
  (void)succeeded;
  return llvm::Error::success();
}

llvm::Error CustomLayerUses::resolve(ModuleOp module,
                                     const LoadOptions &options) {
  bool hasCustomLayers =
      module.walk([](CustomOp) { return WalkResult::interrupt(); })
          .wasInterrupted();
  // Rules that a user gives are checked in any case.
  if (!hasCustomLayers && options.customRules.empty())
    return llvm::Error::success();
  CustomLayerRules rules(module.getContext());
  if (llvm::Error error = readRules(rules, options))
    return error;
  {
    FirstError error(module.getContext());
    FailureOr<std::vector<LegalizedLayer>> legalized = rules.legalize(module);
    if (failed(legalized))
      problem = error.text;
    else
      for (LegalizedLayer &layer : *legalized)
        uses.push_back({layer.layer, layer.className, "rule " + layer.rule});
  }
  module.walk([&](CustomOp layer) {
    StringRef origin =
        options.customLayers
            ? options.customLayers->getOrigin(layer.getClassName())
            : StringRef();
    uses.push_back({layer.getLayer().getName().str(),
                    layer.getClassName().str(), origin.str()});
  });
  return llvm::Error::success();
}

llvm::Error CustomLayerUses::check(StringRef fileName) const {
  if (problem.empty())
    return llvm::Error::success();
  return makeError(ExitCode::Unsupported, fileName + ": " + problem);
}
