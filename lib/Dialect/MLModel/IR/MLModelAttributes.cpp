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

/// Prints a list as DenseF32ArrayAttr does: infinities and NaNs by their bits,
/// which its own parser does not read back.
static void printFloats(AsmPrinter &printer, DenseF32ArrayAttr list) {
  Type type = Float32Type::get(list.getContext());
  printer << '[';
  llvm::interleaveComma(list.asArrayRef(), printer, [&](float number) {
    printer.printAttributeWithoutType(FloatAttr::get(type, APFloat(number)));
  });
  printer << ']';
}

static ParseResult parseFloats(AsmParser &parser, DenseF32ArrayAttr &list) {
  Type type = parser.getBuilder().getF32Type();
  SmallVector<float> numbers;
  auto parseNumber = [&]() -> ParseResult {
    FloatAttr number;
    if (parser.parseAttribute(number, type))
      return failure();
    numbers.push_back(number.getValue().convertToFloat());
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseNumber))
    return failure();
  list = parser.getBuilder().getDenseF32ArrayAttr(numbers);
  return success();
}

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
