//===- MLModelAttributes.cpp - Weights and layer identity -----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlmodel;

#define GET_ATTRDEF_CLASSES
#include "MLModel/Dialect/MLModel/IR/MLModelAttributes.cpp.inc"

void MLModelDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "MLModel/Dialect/MLModel/IR/MLModelAttributes.cpp.inc"
      >();
}

void LayerAttr::print(AsmPrinter &printer) const {
  printer << '<';
  printer.printAttributeWithoutType(getName());
  if (!getOutputs().empty()) {
    printer << " -> ";
    llvm::interleaveComma(getOutputs(), printer, [&](StringAttr output) {
      printer.printAttributeWithoutType(output);
    });
  }
  if (getExtra()) {
    printer << ' ';
    printer.printAttribute(getExtra());
  }
  printer << '>';
}

Attribute LayerAttr::parse(AsmParser &parser, Type) {
  StringAttr name;
  SmallVector<StringAttr> outputs;
  DictionaryAttr extra;
  auto parseOutput = [&]() -> ParseResult {
    return parser.parseAttribute(outputs.emplace_back());
  };
  if (parser.parseLess() || parser.parseAttribute(name))
    return {};
  if (succeeded(parser.parseOptionalArrow()) &&
      parser.parseCommaSeparatedList(parseOutput))
    return {};
  if (failed(parser.parseOptionalGreater()))
    if (parser.parseAttribute(extra) || parser.parseGreater())
      return {};
  return get(parser.getContext(), name, outputs, extra);
}
