//===- NonCanonical.cpp - The same message, written unusually -------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NonCanonical.h"
#include "MLModel/Translate/WireFormat.h"
#include <algorithm>
#include <map>
#include <vector>

using namespace mlmodel;
using namespace mlmodel::test;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

namespace {
class Rewriter {
public:
  Rewriter(std::mt19937 &random) : random(random) {}
  std::string rewrite(const std::string &message, const Descriptor *type);

private:
  std::string rewriteField(const WireField &wire, const FieldDescriptor *field);
  std::string unpack(Bytes payload, const FieldDescriptor *field);
  std::string varint(uint64_t value);
  std::string tag(uint32_t number, WireType type) {
    return varint(uint64_t(number) << 3 | static_cast<unsigned>(type));
  }
  std::string withLength(uint32_t number, const std::string &payload) {
    return tag(number, WireType::Length) + varint(payload.size()) + payload;
  }
  std::string explicitDefault(const FieldDescriptor *field);
  std::string unknownField();
  bool chance(unsigned percent) { return random() % 100 < percent; }

  std::mt19937 &random;
};
} // namespace

static std::string toString(Bytes bytes) {
  return std::string(bytes.begin(), bytes.end());
}

/// A varint, at times longer than it need be.
std::string Rewriter::varint(uint64_t value) {
  Rope rope;
  rope.appendVarint(value);
  std::string text = rope.str();
  if (text.size() < 5 && chance(3)) {
    text.back() |= 0x80;
    text += '\0';
  }
  return text;
}

static WireType wireTypeOf(const FieldDescriptor *field) {
  switch (field->cpp_type()) {
  case FieldDescriptor::CPPTYPE_FLOAT:
    return WireType::Fixed32;
  case FieldDescriptor::CPPTYPE_DOUBLE:
    return WireType::Fixed64;
  case FieldDescriptor::CPPTYPE_STRING:
  case FieldDescriptor::CPPTYPE_MESSAGE:
    return WireType::Length;
  default:
    return WireType::Varint;
  }
}

std::string Rewriter::explicitDefault(const FieldDescriptor *field) {
  WireType type = wireTypeOf(field);
  std::string text = tag(field->number(), type);
  if (type == WireType::Fixed32)
    return text + std::string(4, '\0');
  if (type == WireType::Fixed64)
    return text + std::string(8, '\0');
  return text + '\0';
}

std::string Rewriter::unknownField() {
  uint32_t number = 60000 + random() % 1000;
  switch (random() % 4) {
  case 0:
    return tag(number, WireType::Varint) + varint(random());
  case 1:
    return tag(number, WireType::Fixed32) + "\x01\xff\x03\x80";
  case 2:
    return withLength(number, "unknown \xff\x01");
  default:
    return tag(number, WireType::StartGroup) + tag(1, WireType::Varint) +
           varint(7) + tag(number, WireType::EndGroup);
  }
}

/// Writes a packed list value by value, or in two parts.
std::string Rewriter::unpack(Bytes payload, const FieldDescriptor *field) {
  WireType type = wireTypeOf(field);
  size_t width = type == WireType::Fixed32   ? 4
                 : type == WireType::Fixed64 ? 8
                                             : 0;
  std::vector<std::string> values;
  for (size_t i = 0; i < payload.size();) {
    size_t start = i;
    uint64_t value;
    if (width)
      i += width;
    else if (!WireReader::readVarint(payload, i, value))
      break;
    values.push_back(toString(payload.slice(start, i - start)));
  }
  size_t numSingle = chance(50) ? values.size() : values.size() / 2;
  std::string text, rest;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i < numSingle)
      text += tag(field->number(), type) + values[i];
    else
      rest += values[i];
  }
  return rest.empty() ? text : text + withLength(field->number(), rest);
}

std::string Rewriter::rewriteField(const WireField &wire,
                                   const FieldDescriptor *field) {
  if (!field || wire.type != WireType::Length)
    return toString(wire.raw);
  if (field->is_packable())
    return chance(30) ? unpack(wire.payload, field) : toString(wire.raw);
  std::string payload = toString(wire.payload);
  if (const Descriptor *type = field->message_type())
    payload = rewrite(payload, type);
  return withLength(field->number(), payload);
}

/// Twice the same network would be two layers of one name.
static bool mayRepeat(const FieldDescriptor *field) {
  return !field->is_repeated() && field->name().rfind("neuralNetwork", 0) != 0;
}

std::string Rewriter::rewrite(const std::string &message,
                              const Descriptor *type) {
  // Occurrences of one field keep their order: networks depend on it.
  std::vector<std::pair<uint32_t, std::string>> fields;
  WireReader reader(
      Bytes(reinterpret_cast<const uint8_t *>(message.data()), message.size()));
  WireField wire;
  while (reader.next(wire)) {
    const FieldDescriptor *field = type->FindFieldByNumber(wire.number);
    if (field && mayRepeat(field) && chance(5))
      fields.emplace_back(wire.number, rewriteField(wire, field));
    fields.emplace_back(wire.number, rewriteField(wire, field));
  }
  if (chance(10) && type->field_count()) {
    const FieldDescriptor *field = type->field(random() % type->field_count());
    if (!field->is_repeated() && !field->containing_oneof() &&
        field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE)
      fields.insert(fields.begin(),
                    {uint32_t(field->number()), explicitDefault(field)});
  }
  if (chance(20))
    fields.emplace_back(60000, unknownField());
  if (chance(40)) {
    std::map<uint32_t, uint32_t> place;
    for (auto &field : fields)
      place.try_emplace(field.first, random());
    std::stable_sort(fields.begin(), fields.end(), [&](auto &a, auto &b) {
      return place[a.first] < place[b.first];
    });
  }
  std::string text;
  for (auto &field : fields)
    text += field.second;
  return text;
}

std::string mlmodel::test::makeNonCanonical(const std::string &message,
                                            const Descriptor *type,
                                            std::mt19937 &random) {
  return Rewriter(random).rewrite(message, type);
}
