//===- Bytecode.cpp - Attributes in MLIR bytecode -------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Without an encoding of their own attributes would go through text, which
// cannot refer to the resources of a bytecode file.
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"
#include "mlir/Bytecode/BytecodeImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlmodel;

namespace {

/// First number of each encoding; part of the file format, never reused.
enum class Code : uint64_t { Weights, Linear, LookupTable, NoMethod, Layer };

struct BytecodeInterface : BytecodeDialectInterface {
  BytecodeInterface(Dialect *dialect) : BytecodeDialectInterface(dialect) {}

  LogicalResult writeAttribute(Attribute attribute,
                               DialectBytecodeWriter &writer) const override {
    return llvm::TypeSwitch<Attribute, LogicalResult>(attribute)
        .Case([&](WeightsAttr weights) {
          writer.writeVarInt(uint64_t(Code::Weights));
          writer.writeAttribute(weights.getData());
          writer.writeOptionalAttribute(weights.getQuantization());
          writer.writeOptionalAttribute(weights.getIsUpdatable());
          return success();
        })
        .Case([&](LinearQuantizationAttr linear) {
          writer.writeVarInt(uint64_t(Code::Linear));
          writer.writeSignedVarInt(linear.getBits());
          writer.writeAttribute(linear.getScale());
          writer.writeOptionalAttribute(linear.getBias());
          return success();
        })
        .Case([&](LookupTableAttr lut) {
          writer.writeVarInt(uint64_t(Code::LookupTable));
          writer.writeSignedVarInt(lut.getBits());
          writer.writeAttribute(lut.getTable());
          return success();
        })
        .Case([&](NoQuantizationAttr none) {
          writer.writeVarInt(uint64_t(Code::NoMethod));
          writer.writeSignedVarInt(none.getBits());
          return success();
        })
        .Case([&](LayerAttr layer) {
          writer.writeVarInt(uint64_t(Code::Layer));
          writer.writeAttribute(layer.getName());
          writer.writeAttributes(layer.getOutputs());
          writer.writeOptionalAttribute(layer.getExtra());
          return success();
        })
        .Default([](Attribute) { return failure(); });
  }

  Attribute readAttribute(DialectBytecodeReader &reader) const override {
    uint64_t code;
    if (failed(reader.readVarInt(code)))
      return {};
    switch (static_cast<Code>(code)) {
    case Code::Weights:
      return readWeights(reader);
    case Code::Linear:
      return readLinear(reader);
    case Code::LookupTable:
      return readLookupTable(reader);
    case Code::NoMethod:
      return readNoMethod(reader);
    case Code::Layer:
      return readLayer(reader);
    }
    reader.emitError() << "unknown mlmodel attribute code " << code;
    return {};
  }

private:
  Attribute readWeights(DialectBytecodeReader &reader) const {
    ElementsAttr data;
    Attribute quantization;
    BoolAttr isUpdatable;
    if (failed(reader.readAttribute(data)) ||
        failed(reader.readOptionalAttribute(quantization)) ||
        failed(reader.readOptionalAttribute(isUpdatable)))
      return {};
    return WeightsAttr::get(getContext(), data, quantization, isUpdatable);
  }

  Attribute readLinear(DialectBytecodeReader &reader) const {
    int64_t bits;
    DenseF32ArrayAttr scale, bias;
    if (failed(reader.readSignedVarInt(bits)) ||
        failed(reader.readAttribute(scale)) ||
        failed(reader.readOptionalAttribute(bias)))
      return {};
    return LinearQuantizationAttr::get(getContext(), bits, scale, bias);
  }

  Attribute readLookupTable(DialectBytecodeReader &reader) const {
    int64_t bits;
    DenseF32ArrayAttr table;
    if (failed(reader.readSignedVarInt(bits)) ||
        failed(reader.readAttribute(table)))
      return {};
    return LookupTableAttr::get(getContext(), bits, table);
  }

  Attribute readNoMethod(DialectBytecodeReader &reader) const {
    int64_t bits;
    if (failed(reader.readSignedVarInt(bits)))
      return {};
    return NoQuantizationAttr::get(getContext(), bits);
  }

  Attribute readLayer(DialectBytecodeReader &reader) const {
    StringAttr name;
    SmallVector<StringAttr> outputs;
    DictionaryAttr extra;
    if (failed(reader.readAttribute(name)) ||
        failed(reader.readAttributes(outputs)) ||
        failed(reader.readOptionalAttribute(extra)))
      return {};
    return LayerAttr::get(getContext(), name, outputs, extra);
  }
};

} // namespace

void MLModelDialect::registerBytecode() { addInterfaces<BytecodeInterface>(); }
