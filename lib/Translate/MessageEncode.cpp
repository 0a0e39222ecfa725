//===- MessageEncode.cpp - From attributes to the wire --------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"
#include "MLModel/Dialect/MLModel/IR/WeightsView.h"
#include "MLModel/Translate/MessageCodec.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Endian.h"
#include <google/protobuf/descriptor.h>

using namespace mlir;
using namespace mlmodel;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

static void appendFixed(Rope &rope, uint64_t value, size_t width) {
  char bytes[8];
  llvm::support::endian::write64le(bytes, value);
  rope.append(StringRef(bytes, width));
}

/// Appends the payload of an elements attribute, as a view if it is large.
static bool appendElements(Rope &rope, uint32_t number, ElementsAttr elements) {
  std::vector<char> storage;
  std::optional<ArrayRef<char>> raw = getRawBytes(elements, storage);
  if (!raw)
    return false;
  Bytes bytes(reinterpret_cast<const uint8_t *>(raw->data()), raw->size());
  if (storage.empty()) {
    rope.appendBytes(number, bytes);
    return true;
  }
  // An expanded splat does not outlive this function.
  rope.appendTag(number, WireType::Length);
  rope.appendVarint(bytes.size());
  rope.append(StringRef(storage.data(), storage.size()));
  return true;
}

/// The wire form of a single number; nothing if \p value does not fit.
static std::optional<uint64_t> numberBits(const FieldDescriptor *field,
                                          Attribute value) {
  switch (field->cpp_type()) {
  case FieldDescriptor::CPPTYPE_BOOL:
    if (auto flag = dyn_cast<BoolAttr>(value))
      return flag.getValue();
    return std::nullopt;
  case FieldDescriptor::CPPTYPE_FLOAT:
  case FieldDescriptor::CPPTYPE_DOUBLE: {
    auto number = dyn_cast<FloatAttr>(value);
    bool isFloat = field->cpp_type() == FieldDescriptor::CPPTYPE_FLOAT;
    if (!number ||
        !(isFloat ? number.getType().isF32() : number.getType().isF64()))
      return std::nullopt;
    return number.getValue().bitcastToAPInt().getZExtValue();
  }
  case FieldDescriptor::CPPTYPE_ENUM:
    if (auto name = dyn_cast<StringAttr>(value)) {
      const auto *known = field->enum_type()->FindValueByName(name.str());
      return known ? std::optional<uint64_t>(int64_t(known->number()))
                   : std::nullopt;
    }
    [[fallthrough]];
  default:
    auto integer = dyn_cast<IntegerAttr>(value);
    if (!integer || !integer.getType().isSignlessInteger(64))
      return std::nullopt;
    return integer.getInt();
  }
}

static void appendNumber(Rope &rope, const FieldDescriptor *field,
                         uint64_t bits) {
  switch (field->cpp_type()) {
  case FieldDescriptor::CPPTYPE_FLOAT:
    return appendFixed(rope, bits, 4);
  case FieldDescriptor::CPPTYPE_DOUBLE:
    return appendFixed(rope, bits, 8);
  default:
    return rope.appendVarint(bits);
  }
}

static WireType numberWireType(const FieldDescriptor *field) {
  switch (field->cpp_type()) {
  case FieldDescriptor::CPPTYPE_FLOAT:
    return WireType::Fixed32;
  case FieldDescriptor::CPPTYPE_DOUBLE:
    return WireType::Fixed64;
  default:
    return WireType::Varint;
  }
}

//===----------------------------------------------------------------------===//
// Messages with an attribute of their own
//===----------------------------------------------------------------------===//

static Rope encodeBorders(DenseI64ArrayAttr amounts) {
  Rope message;
  for (size_t i = 0; i + 1 < static_cast<size_t>(amounts.size()); i += 2) {
    Rope edge;
    for (uint32_t side : {0, 1}) {
      if (amounts[i + side] == 0)
        continue;
      edge.appendTag(side + 1, WireType::Varint);
      edge.appendVarint(amounts[i + side]);
    }
    message.appendMessage(10, std::move(edge));
  }
  return message;
}

static void addFloats(Rope &message, uint32_t number, DenseF32ArrayAttr list) {
  if (!list || list.empty())
    return;
  ArrayRef<float> floats = list.asArrayRef();
  message.appendBytes(number,
                      Bytes(reinterpret_cast<const uint8_t *>(floats.data()),
                            floats.size() * sizeof(float)));
}

static Rope encodeQuantization(Attribute quantization) {
  Rope method, message;
  int64_t bits = 0;
  uint32_t member = 0;
  if (auto linear = dyn_cast<LinearQuantizationAttr>(quantization)) {
    bits = linear.getBits();
    addFloats(method, 1, linear.getScale());
    addFloats(method, 2, linear.getBias());
    member = 101;
  } else if (auto lut = dyn_cast<LookupTableAttr>(quantization)) {
    bits = lut.getBits();
    addFloats(method, 1, lut.getTable());
    member = 102;
  } else if (auto none = dyn_cast<NoQuantizationAttr>(quantization)) {
    bits = none.getBits();
  }
  if (bits) {
    message.appendTag(1, WireType::Varint);
    message.appendVarint(bits);
  }
  if (member)
    message.appendMessage(member, std::move(method));
  return message;
}

static FailureOr<Rope> encodeWeights(WeightsAttr weights) {
  uint32_t number = 0;
  switch (getStorage(weights)) {
  case WeightStorage::Float32:
    number = 1;
    break;
  case WeightStorage::Float16:
    number = 2;
    break;
  case WeightStorage::Raw:
    number = 30;
    break;
  case WeightStorage::Int8:
    number = 31;
    break;
  case WeightStorage::Other:
    return failure();
  }
  Rope message;
  if (weights.getData().getNumElements() &&
      !appendElements(message, number, weights.getData()))
    return failure();
  if (Attribute quantization = weights.getQuantization())
    message.appendMessage(40, encodeQuantization(quantization));
  if (BoolAttr flag = weights.getIsUpdatable()) {
    message.appendTag(50, WireType::Varint);
    message.appendVarint(flag.getValue());
  }
  return message;
}

static FailureOr<Rope> encodeMessage(const Descriptor *type, Attribute value,
                                     Location loc) {
  if (auto weights = dyn_cast<WeightsAttr>(value))
    return encodeWeights(weights);
  if (auto amounts = dyn_cast<DenseI64ArrayAttr>(value))
    return encodeBorders(amounts);
  auto dictionary = dyn_cast<DictionaryAttr>(value);
  if (!dictionary)
    return failure();
  MessageWriter writer(type, loc);
  if (failed(writer.add(dictionary.getValue())))
    return failure();
  return writer.finish();
}

//===----------------------------------------------------------------------===//
// MessageWriter
//===----------------------------------------------------------------------===//

LogicalResult MessageWriter::fail(StringRef name, Attribute value) {
  return emitError(loc) << "attribute '" << name << "' does not fit the field "
                        << descriptor->name() << "." << name << ": " << value;
}

LogicalResult MessageWriter::add(StringRef name, Attribute value) {
  if (name == kUnknownFields) {
    auto bytes = dyn_cast<StringAttr>(value);
    if (!bytes)
      return fail(name, value);
    addUnknown(bytes.getValue());
    return success();
  }
  const FieldDescriptor *field = descriptor->FindFieldByName(name.str());
  if (!field)
    return emitError(loc) << descriptor->name() << " has no field '" << name
                          << "'";
  switch (field->cpp_type()) {
  case FieldDescriptor::CPPTYPE_STRING:
    return addStrings(field, value);
  case FieldDescriptor::CPPTYPE_MESSAGE:
    return addMessages(field, value);
  default:
    return addNumbers(field, value);
  }
}

LogicalResult MessageWriter::add(ArrayRef<NamedAttribute> attributes) {
  for (NamedAttribute attribute : attributes)
    if (failed(add(attribute.getName().getValue(), attribute.getValue())))
      return failure();
  return success();
}

void MessageWriter::addString(StringRef name, StringRef value) {
  const FieldDescriptor *field = descriptor->FindFieldByName(name.str());
  fields[field->number()].appendBytes(
      field->number(),
      Bytes(reinterpret_cast<const uint8_t *>(value.data()), value.size()));
}

void MessageWriter::addMessage(StringRef name, Rope &&message) {
  const FieldDescriptor *field = descriptor->FindFieldByName(name.str());
  fields[field->number()].appendMessage(field->number(), std::move(message));
}

LogicalResult MessageWriter::addNumbers(const FieldDescriptor *field,
                                        Attribute value) {
  Rope &rope = fields[field->number()];
  if (!field->is_repeated()) {
    std::optional<uint64_t> bits = numberBits(field, value);
    if (!bits)
      return fail(field->name(), value);
    rope.appendTag(field->number(), numberWireType(field));
    appendNumber(rope, field, *bits);
    return success();
  }
  if (auto elements = dyn_cast<ElementsAttr>(value);
      elements && field->cpp_type() == FieldDescriptor::CPPTYPE_FLOAT &&
      elements.getElementType().isF32())
    return appendElements(rope, field->number(), elements)
               ? success()
               : fail(field->name(), value);
  Rope packed;
  if (auto floats = dyn_cast<DenseF32ArrayAttr>(value)) {
    for (float number : floats.asArrayRef())
      appendNumber(packed, field, llvm::bit_cast<uint32_t>(number));
  } else if (auto doubles = dyn_cast<DenseF64ArrayAttr>(value)) {
    for (double number : doubles.asArrayRef())
      appendNumber(packed, field, llvm::bit_cast<uint64_t>(number));
  } else if (auto integers = dyn_cast<DenseI64ArrayAttr>(value)) {
    for (int64_t number : integers.asArrayRef())
      appendNumber(packed, field, number);
  } else if (auto flags = dyn_cast<DenseBoolArrayAttr>(value)) {
    for (bool flag : flags.asArrayRef())
      appendNumber(packed, field, flag);
  } else {
    return fail(field->name(), value);
  }
  if (packed.size())
    rope.appendMessage(field->number(), std::move(packed));
  return success();
}

LogicalResult MessageWriter::addStrings(const FieldDescriptor *field,
                                        Attribute value) {
  Rope &rope = fields[field->number()];
  auto addOne = [&](Attribute one) -> LogicalResult {
    if (auto text = dyn_cast<StringAttr>(one)) {
      rope.appendBytes(field->number(), Bytes(reinterpret_cast<const uint8_t *>(
                                                  text.getValue().data()),
                                              text.getValue().size()));
      return success();
    }
    auto elements = dyn_cast<ElementsAttr>(one);
    if (field->type() == FieldDescriptor::TYPE_BYTES && elements &&
        appendElements(rope, field->number(), elements))
      return success();
    return fail(field->name(), one);
  };
  if (!field->is_repeated())
    return addOne(value);
  auto list = dyn_cast<ArrayAttr>(value);
  if (!list)
    return fail(field->name(), value);
  for (Attribute one : list)
    if (failed(addOne(one)))
      return failure();
  return success();
}

LogicalResult MessageWriter::addMessages(const FieldDescriptor *field,
                                         Attribute value) {
  SmallVector<Attribute> values{value};
  if (field->is_repeated()) {
    auto list = dyn_cast<ArrayAttr>(value);
    if (!list)
      return fail(field->name(), value);
    values.assign(list.begin(), list.end());
  }
  for (Attribute one : values) {
    FailureOr<Rope> message = encodeMessage(field->message_type(), one, loc);
    if (failed(message))
      return fail(field->name(), one);
    addMessage(field->name(), std::move(*message));
  }
  return success();
}

Rope MessageWriter::finish() {
  Rope message;
  for (auto &[number, rope] : fields)
    message.append(std::move(rope));
  message.append(unknown);
  return message;
}
