//===- MessageDecode.cpp - From the wire to attributes --------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"
#include "MLModel/Translate/MessageCodec.h"
#include "Model.pb.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Endian.h"

using namespace mlir;
using namespace mlmodel;
using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;

/// Payloads up to this size are kept inline: they print as readable numbers.
static constexpr size_t kMaxInlineBytes = 256;
/// Longer lists of floats outside WeightParams become elements, not arrays.
static constexpr size_t kMaxFloatList = 1024;

static StringRef toText(Bytes bytes) {
  return StringRef(reinterpret_cast<const char *>(bytes.data()), bytes.size());
}

static Bytes toBytes(StringRef text) {
  return Bytes(reinterpret_cast<const uint8_t *>(text.data()), text.size());
}

const Descriptor *mlmodel::getDescriptor(StringRef name) {
  return CoreML::Specification::Model::descriptor()
      ->file()
      ->pool()
      ->FindMessageTypeByName("CoreML.Specification." + name.str());
}

//===----------------------------------------------------------------------===//
// DecodeContext
//===----------------------------------------------------------------------===//

ElementsAttr DecodeContext::makeElements(StringRef name, Type type,
                                         Bytes payload) {
  int64_t width = type.getIntOrFloatBitWidth() / 8;
  auto shaped = RankedTensorType::get(
      {static_cast<int64_t>(payload.size()) / width}, type);
  ArrayRef<char> raw(reinterpret_cast<const char *>(payload.data()),
                     payload.size());
  if (payload.empty())
    return DenseElementsAttr::get(shaped, ArrayRef<Attribute>());
  if (payload.size() <= kMaxInlineBytes)
    return DenseElementsAttr::getFromRawBuffer(shaped, raw);
  auto release = [owner = owner, kept = kept](void *, size_t, size_t) {};
  AsmResourceBlob blob(raw, /*dataAlignment=*/1, std::move(release),
                       /*dataIsMutable=*/false);
  return DenseResourceElementsAttr::get(shaped, name, std::move(blob));
}

Bytes DecodeContext::keep(std::string bytes) {
  kept->push_back(std::move(bytes));
  return toBytes(kept->back());
}

std::string DecodeContext::describeOffset(const uint8_t *position) const {
  if (position < file.begin() || position > file.end())
    return "";
  return " at byte " + std::to_string(position - file.begin());
}

//===----------------------------------------------------------------------===//
// MessageReader: splitting into fields
//===----------------------------------------------------------------------===//

LogicalResult MessageReader::fail(const Twine &message) {
  std::string where = llvm::join(context.path, ".");
  if (!where.empty())
    where += ": ";
  return emitClassified(context.fileLoc, ErrorClass::Invalid, where + message);
}

LogicalResult MessageReader::read(Bytes bytes) {
  // Counts messages, not dictionary keys: the path has one entry for each.
  if (context.path.size() > kMaxMessageDepth)
    return emitClassified(context.fileLoc, ErrorClass::Limit,
                          "messages are nested deeper than the limit of " +
                              Twine(kMaxMessageDepth) + " levels");
  WireReader reader(bytes);
  WireField field;
  std::string unknownBytes;
  while (reader.next(field)) {
    if (descriptor->FindFieldByNumber(field.number))
      fields[field.number].push_back(field);
    else
      unknownBytes += toText(field.raw);
  }
  if (!reader.error().empty())
    return fail(reader.error() +
                context.describeOffset(bytes.data() + reader.offset()) +
                " in a message of type " + descriptor->name());
  if (!unknownBytes.empty())
    unknown = toText(context.keep(std::move(unknownBytes)));
  return success();
}

SmallVector<WireField, 1> MessageReader::take(StringRef name) {
  const FieldDescriptor *field = descriptor->FindFieldByName(name.str());
  auto it = fields.find(field->number());
  if (it == fields.end())
    return {};
  SmallVector<WireField, 1> occurrences = std::move(it->second);
  fields.erase(it);
  return occurrences;
}

bool MessageReader::checkText(StringRef text, StringRef field) {
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.data());
  if (llvm::isLegalUTF8String(&begin, begin + text.size()))
    return true;
  (void)fail(
      field + " is not valid UTF-8" +
      context.describeOffset(reinterpret_cast<const uint8_t *>(text.data())));
  return false;
}

FailureOr<SmallVector<StringRef>> MessageReader::takeStrings(StringRef name) {
  SmallVector<StringRef> result;
  for (const WireField &field : take(name)) {
    if (field.type != WireType::Length)
      return fail(name + " is not a string"), failure();
    if (!checkText(toText(field.payload), name))
      return failure();
    result.push_back(toText(field.payload));
  }
  return result;
}

FailureOr<StringRef> MessageReader::takeString(StringRef name) {
  FailureOr<SmallVector<StringRef>> all = takeStrings(name);
  if (failed(all))
    return failure();
  return all->empty() ? StringRef() : all->back();
}

/// Parsing the concatenation of two encodings merges them, as protobuf does
/// with a singular message that occurs twice.
Bytes MessageReader::mergeMessages(ArrayRef<WireField> occurrences) {
  if (occurrences.size() == 1)
    return occurrences[0].payload;
  std::string merged;
  for (const WireField &field : occurrences)
    merged += toText(field.payload);
  return context.keep(std::move(merged));
}

std::optional<Bytes> MessageReader::takeMessage(StringRef name) {
  SmallVector<WireField, 1> occurrences = take(name);
  if (occurrences.empty())
    return std::nullopt;
  return mergeMessages(occurrences);
}

const FieldDescriptor *MessageReader::whichOneof(StringRef name) {
  const auto *oneof = descriptor->FindOneofByName(name.str());
  const FieldDescriptor *last = nullptr;
  const uint8_t *position = nullptr;
  for (int i = 0; i < oneof->field_count(); ++i) {
    auto it = fields.find(oneof->field(i)->number());
    if (it == fields.end() || it->second.back().raw.data() <= position)
      continue;
    last = oneof->field(i);
    position = it->second.back().raw.data();
  }
  return last;
}

//===----------------------------------------------------------------------===//
// MessageReader: field by field
//===----------------------------------------------------------------------===//

LogicalResult MessageReader::decodeRest(NamedAttrList &attributes) {
  for (int i = 0; i < descriptor->oneof_decl_count(); ++i) {
    const auto *oneof = descriptor->oneof_decl(i);
    // Of several members the last one counts.
    const FieldDescriptor *last = whichOneof(oneof->name());
    for (int j = 0; last && j < oneof->field_count(); ++j)
      if (oneof->field(j) != last)
        fields.erase(oneof->field(j)->number());
  }
  for (auto &[number, occurrences] : fields) {
    const FieldDescriptor *field = descriptor->FindFieldByNumber(number);
    Attribute value = decodeField(field, occurrences);
    if (!value)
      return failure();
    attributes.set(field->name(), value);
  }
  return success();
}

static WireType wireTypeOf(const FieldDescriptor *field) {
  switch (field->type()) {
  case FieldDescriptor::TYPE_DOUBLE:
  case FieldDescriptor::TYPE_FIXED64:
  case FieldDescriptor::TYPE_SFIXED64:
    return WireType::Fixed64;
  case FieldDescriptor::TYPE_FLOAT:
  case FieldDescriptor::TYPE_FIXED32:
  case FieldDescriptor::TYPE_SFIXED32:
    return WireType::Fixed32;
  case FieldDescriptor::TYPE_STRING:
  case FieldDescriptor::TYPE_BYTES:
  case FieldDescriptor::TYPE_MESSAGE:
    return WireType::Length;
  default:
    return WireType::Varint;
  }
}

Attribute MessageReader::decodeField(const FieldDescriptor *field,
                                     ArrayRef<WireField> occurrences) {
  WireType expected = wireTypeOf(field);
  for (const WireField &occurrence : occurrences)
    if (occurrence.type != expected &&
        !(field->is_packable() && occurrence.type == WireType::Length))
      return fail("field " + field->name() + " of " + descriptor->name() +
                  " has wire type " + Twine(unsigned(occurrence.type)) +
                  ", expected " + Twine(unsigned(expected)) +
                  context.describeOffset(occurrence.raw.data())),
             Attribute();
  switch (field->cpp_type()) {
  case FieldDescriptor::CPPTYPE_STRING:
    return decodeStrings(field, occurrences);
  case FieldDescriptor::CPPTYPE_MESSAGE:
    return decodeMessages(field, occurrences);
  default:
    return decodeNumbers(field, occurrences);
  }
}

/// Splits packed payloads into single values.
static bool unpack(const FieldDescriptor *field,
                   ArrayRef<WireField> occurrences,
                   SmallVectorImpl<uint64_t> &values) {
  for (const WireField &occurrence : occurrences) {
    if (occurrence.type != WireType::Length) {
      values.push_back(occurrence.scalar);
      continue;
    }
    Bytes bytes = occurrence.payload;
    size_t width = wireTypeOf(field) == WireType::Fixed64   ? 8
                   : wireTypeOf(field) == WireType::Fixed32 ? 4
                                                            : 0;
    if (width && bytes.size() % width)
      return false;
    for (size_t i = 0; i < bytes.size();) {
      if (!width) {
        uint64_t value;
        if (!WireReader::readVarint(bytes, i, value))
          return false;
        values.push_back(value);
        continue;
      }
      values.push_back(width == 8
                           ? llvm::support::endian::read64le(bytes.data() + i)
                           : llvm::support::endian::read32le(bytes.data() + i));
      i += width;
    }
  }
  return true;
}

/// 32-bit integers and enumerations are sign-extended on the wire.
static int64_t toInteger(const FieldDescriptor *field, uint64_t value) {
  switch (field->cpp_type()) {
  case FieldDescriptor::CPPTYPE_INT32:
  case FieldDescriptor::CPPTYPE_ENUM:
    return static_cast<int32_t>(value);
  case FieldDescriptor::CPPTYPE_UINT32:
    return static_cast<uint32_t>(value);
  default:
    return static_cast<int64_t>(value);
  }
}

static Attribute makeNumber(Builder &b, const FieldDescriptor *field,
                            uint64_t value) {
  switch (field->cpp_type()) {
  case FieldDescriptor::CPPTYPE_BOOL:
    return b.getBoolAttr(value != 0);
  case FieldDescriptor::CPPTYPE_FLOAT:
    return FloatAttr::get(b.getF32Type(),
                          APFloat(APFloat::IEEEsingle(), APInt(32, value)));
  case FieldDescriptor::CPPTYPE_DOUBLE:
    return FloatAttr::get(b.getF64Type(),
                          APFloat(APFloat::IEEEdouble(), APInt(64, value)));
  case FieldDescriptor::CPPTYPE_ENUM:
    if (const EnumValueDescriptor *known =
            field->enum_type()->FindValueByNumber(static_cast<int32_t>(value)))
      return b.getStringAttr(known->name());
    [[fallthrough]];
  default:
    return b.getI64IntegerAttr(toInteger(field, value));
  }
}

Attribute MessageReader::decodeNumbers(const FieldDescriptor *field,
                                       ArrayRef<WireField> occurrences) {
  Builder b(context.context);
  if (field->is_repeated() &&
      field->cpp_type() == FieldDescriptor::CPPTYPE_FLOAT)
    return decodeFloats(field->name(), occurrences);
  SmallVector<uint64_t> values;
  if (!unpack(field, occurrences, values) ||
      (values.empty() && !field->is_repeated()))
    return fail("field " + field->name() + " of " + descriptor->name() +
                " holds a truncated list" +
                context.describeOffset(occurrences[0].raw.data())),
           Attribute();
  if (!field->is_repeated())
    return makeNumber(b, field, values.back());
  switch (field->cpp_type()) {
  case FieldDescriptor::CPPTYPE_BOOL: {
    SmallVector<bool> flags(values.begin(), values.end());
    return b.getDenseBoolArrayAttr(flags);
  }
  case FieldDescriptor::CPPTYPE_DOUBLE: {
    SmallVector<double> doubles;
    for (uint64_t value : values)
      doubles.push_back(llvm::bit_cast<double>(value));
    return b.getDenseF64ArrayAttr(doubles);
  }
  default: {
    SmallVector<int64_t> integers;
    for (uint64_t value : values)
      integers.push_back(toInteger(field, value));
    return b.getDenseI64ArrayAttr(integers);
  }
  }
}

/// The payload of a repeated float field in one piece: a view unless the file
/// stores it in several.
static FailureOr<Bytes> gatherFloats(DecodeContext &context,
                                     ArrayRef<WireField> occurrences) {
  Bytes payload = occurrences[0].payload;
  if (occurrences.size() > 1 || occurrences[0].type != WireType::Length) {
    std::string gathered;
    for (const WireField &occurrence : occurrences) {
      if (occurrence.type == WireType::Length) {
        gathered += toText(occurrence.payload);
        continue;
      }
      char value[4];
      llvm::support::endian::write32le(value, occurrence.scalar);
      gathered.append(value, 4);
    }
    payload = context.keep(std::move(gathered));
  }
  if (payload.size() % sizeof(float))
    return failure();
  return payload;
}

static SmallVector<float> toFloats(Bytes payload) {
  SmallVector<float> floats(payload.size() / sizeof(float));
  memcpy(floats.data(), payload.data(), payload.size());
  return floats;
}

Attribute MessageReader::decodeFloats(StringRef name,
                                      ArrayRef<WireField> occurrences) {
  FailureOr<Bytes> payload = gatherFloats(context, occurrences);
  if (failed(payload))
    return fail(name + " is not a whole number of float32 values"), Attribute();
  Builder b(context.context);
  if (payload->size() / sizeof(float) > kMaxFloatList)
    return context.makeElements(name, b.getF32Type(), *payload);
  return b.getDenseF32ArrayAttr(toFloats(*payload));
}

Attribute MessageReader::decodeStrings(const FieldDescriptor *field,
                                       ArrayRef<WireField> occurrences) {
  Builder b(context.context);
  bool isText = field->type() == FieldDescriptor::TYPE_STRING;
  SmallVector<Attribute> values;
  for (const WireField &occurrence : occurrences) {
    StringRef text = toText(occurrence.payload);
    if (isText && !checkText(text, field->name()))
      return {};
    if (!isText && text.size() > kMaxInlineBytes)
      values.push_back(context.makeElements(field->name(), b.getI8Type(),
                                            occurrence.payload));
    else
      values.push_back(b.getStringAttr(text));
  }
  if (field->is_repeated())
    return b.getArrayAttr(values);
  return values.back();
}

Attribute MessageReader::decodeMessages(const FieldDescriptor *field,
                                        ArrayRef<WireField> occurrences) {
  const Descriptor *type = field->message_type();
  auto decodeOne = [&](Bytes bytes) -> Attribute {
    if (type->full_name() == "CoreML.Specification.WeightParams")
      return decodeWeights(bytes);
    if (type->full_name() == "CoreML.Specification.BorderAmounts")
      return decodeBorders(bytes);
    return decodeMessage(context, type, bytes);
  };
  if (!field->is_repeated()) {
    context.path.push_back(field->name());
    Attribute value = decodeOne(mergeMessages(occurrences));
    context.path.pop_back();
    return value;
  }
  SmallVector<Attribute> values;
  for (auto [i, occurrence] : llvm::enumerate(occurrences)) {
    context.path.push_back(field->name() + "[" + std::to_string(i) + "]");
    Attribute value = decodeOne(occurrence.payload);
    context.path.pop_back();
    if (!value)
      return {};
    values.push_back(value);
  }
  return ArrayAttr::get(context.context, values);
}

DictionaryAttr mlmodel::decodeMessage(DecodeContext &context,
                                      const Descriptor *descriptor,
                                      Bytes bytes) {
  MessageReader reader(context, descriptor);
  NamedAttrList attributes;
  if (failed(reader.read(bytes)) || failed(reader.decodeRest(attributes)))
    return {};
  if (!reader.getUnknown().empty())
    attributes.set(kUnknownFields,
                   StringAttr::get(context.context, reader.getUnknown()));
  return attributes.getDictionary(context.context);
}

//===----------------------------------------------------------------------===//
// Messages with an attribute of their own
//===----------------------------------------------------------------------===//

Attribute MessageReader::decodeBorders(Bytes bytes) {
  DictionaryAttr borders =
      decodeMessage(context, getDescriptor("BorderAmounts"), bytes);
  if (!borders)
    return {};
  SmallVector<int64_t> amounts;
  if (auto edges = borders.getAs<ArrayAttr>("borderAmounts"))
    for (auto edge : edges.getAsRange<DictionaryAttr>())
      for (StringRef side : {"startEdgeSize", "endEdgeSize"}) {
        auto amount = edge.getAs<IntegerAttr>(side);
        amounts.push_back(amount ? amount.getInt() : 0);
      }
  return DenseI64ArrayAttr::get(context.context, amounts);
}

Attribute MessageReader::decodeQuantization(Bytes bytes) {
  DictionaryAttr params =
      decodeMessage(context, getDescriptor("QuantizationParams"), bytes);
  if (!params)
    return {};
  auto bitsAttr = params.getAs<IntegerAttr>("numberOfBits");
  int64_t bits = bitsAttr ? bitsAttr.getInt() : 0;
  auto floats = [&](DictionaryAttr dict, StringRef name) -> DenseF32ArrayAttr {
    if (auto list = dict.getAs<DenseF32ArrayAttr>(name))
      return list;
    // Long lists come as elements; scales belong in the attribute.
    auto elements = dict.getAs<DenseResourceElementsAttr>(name);
    if (!elements)
      return DenseF32ArrayAttr::get(context.context, {});
    ArrayRef<char> raw = elements.getRawHandle().getBlob()->getData();
    return DenseF32ArrayAttr::get(context.context,
                                  toFloats(toBytes({raw.data(), raw.size()})));
  };
  if (auto linear = params.getAs<DictionaryAttr>("linearQuantization")) {
    DenseF32ArrayAttr bias;
    if (linear.get("bias"))
      bias = floats(linear, "bias");
    return LinearQuantizationAttr::get(context.context, bits,
                                       floats(linear, "scale"), bias);
  }
  if (auto lut = params.getAs<DictionaryAttr>("lookupTableQuantization"))
    return LookupTableAttr::get(context.context, bits,
                                floats(lut, "floatValue"));
  return NoQuantizationAttr::get(context.context, bits);
}

Attribute MessageReader::decodeWeights(Bytes bytes) {
  MessageReader reader(context, getDescriptor("WeightParams"));
  if (failed(reader.read(bytes)))
    return {};
  Builder b(context.context);
  std::pair<StringRef, Type> kinds[] = {
      {"floatValue", b.getF32Type()},
      {"float16Value", b.getF16Type()},
      {"rawValue", b.getIntegerType(8, /*isSigned=*/false)},
      {"int8RawValue", b.getIntegerType(8, /*isSigned=*/true)}};
  std::string name = llvm::join(context.path, ".");
  ElementsAttr data;
  StringRef kind;
  for (auto [field, type] : kinds) {
    SmallVector<WireField, 1> occurrences = reader.take(field);
    // Nothing, written out: an explicit default.
    if (llvm::all_of(occurrences, [](const WireField &occurrence) {
          return occurrence.type == WireType::Length &&
                 occurrence.payload.empty();
        }))
      continue;
    if (data)
      return fail("both " + kind + " and " + field + " are set"), Attribute();
    FailureOr<Bytes> payload = occurrences.back().payload;
    if (type.isF32())
      payload = gatherFloats(context, occurrences);
    if (failed(payload) || payload->size() % (type.getIntOrFloatBitWidth() / 8))
      return fail(field + " has " + Twine(occurrences.back().payload.size()) +
                  " bytes, not a whole number of values"),
             Attribute();
    data = context.makeElements(name, type, *payload);
    kind = field;
  }
  if (!data)
    data = context.makeElements(name, b.getF32Type(), {});
  Attribute quantization;
  if (std::optional<Bytes> params = reader.takeMessage("quantization"))
    if (!(quantization = decodeQuantization(*params)))
      return {};
  NamedAttrList rest;
  if (failed(reader.decodeRest(rest)))
    return {};
  return WeightsAttr::get(
      context.context, data, quantization,
      llvm::dyn_cast_or_null<BoolAttr>(rest.get("isUpdatable")));
}
