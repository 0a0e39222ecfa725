//===- mlmodel-layer-docs.cpp - The table of all layers -------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes docs/Layers.md from the registered operations.
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlmodel;

static std::string describeArity(std::pair<int64_t, int64_t> arity) {
  std::string least = std::to_string(arity.first);
  if (arity.second < 0)
    return least + " or more";
  if (arity.first == arity.second)
    return least;
  return least + " to " + std::to_string(arity.second);
}

static std::string listParameters(RegisteredOperationName name) {
  SmallVector<std::string> parameters;
  for (StringAttr attribute : name.getAttributeNames())
    if (attribute != "layer")
      parameters.push_back("`" + attribute.str() + "`");
  return llvm::join(parameters, ", ");
}

int main() {
  MLIRContext context;
  context.loadDialect<MLModelDialect>();
  SmallVector<std::string> rows;
  for (RegisteredOperationName name :
       context.getRegisteredOperationsByDialect("mlmodel")) {
    auto *layer = name.getInterface<LayerOpInterface>();
    if (!layer)
      continue;
    rows.push_back(("| `" + layer->getLayerField() + "` | `" +
                    name.getStringRef() + "` | " +
                    Twine(layer->getMinSpecificationVersion()) + " | " +
                    describeArity(layer->getInputArity()) + " | " +
                    describeArity(layer->getOutputArity()) + " | " +
                    listParameters(name) + " |")
                       .str());
  }
  llvm::sort(rows);
  llvm::outs() << "# Layers\n\nGenerated from the dialect by `./dev docs`. All "
               << rows.size()
               << "\nlayers of the NeuralNetwork format are read, verified and "
                  "written back. Version\nis the first specification version "
                  "that has the layer.\n\n"
                  "| layer | operation | version | inputs | outputs | "
                  "parameters |\n|---|---|---|---|---|---|\n";
  for (const std::string &row : rows)
    llvm::outs() << row << '\n';
  return 0;
}
