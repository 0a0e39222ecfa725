//===- WireFormat.cpp - The protobuf wire, field by field -----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Translate/WireFormat.h"
#include "llvm/Support/Endian.h"

using namespace mlmodel;

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

bool WireReader::readVarint(Bytes bytes, size_t &position, uint64_t &value) {
  value = 0;
  for (unsigned shift = 0; shift < 70; shift += 7) {
    if (position >= bytes.size())
      return false;
    uint8_t byte = bytes[position++];
    // The tenth byte holds the last bit of 64.
    if (shift == 63 && byte > 1)
      return false;
    value |= uint64_t(byte & 0x7f) << shift;
    if (!(byte & 0x80))
      return true;
  }
  return false;
}

bool WireReader::readScalar(WireField &field) {
  size_t width = field.type == WireType::Fixed64 ? 8 : 4;
  if (bytes.size() - position < width)
    return fail("the file ends within a fixed-size value");
  field.scalar = width == 8
                     ? llvm::support::endian::read64le(bytes.data() + position)
                     : llvm::support::endian::read32le(bytes.data() + position);
  position += width;
  return true;
}

/// Skips to the end of a group; iterative, since groups nest as deep as a file
/// wants.
bool WireReader::skipGroup(uint32_t number) {
  llvm::SmallVector<uint32_t> open{number};
  while (!open.empty()) {
    if (position >= bytes.size())
      return fail("group without an end");
    if (open.size() > kMaxMessageDepth)
      return fail("groups nested deeper than 100 levels");
    uint64_t tag;
    if (!readVarint(bytes, position, tag) || tag >> 35 || !(tag >> 3))
      return fail("invalid tag in a group");
    WireField field;
    field.number = tag >> 3;
    field.type = static_cast<WireType>(tag & 7);
    switch (field.type) {
    case WireType::StartGroup:
      open.push_back(field.number);
      break;
    case WireType::EndGroup:
      if (open.pop_back_val() != field.number)
        return fail("group ended by another one's end");
      break;
    case WireType::Varint:
      if (!readVarint(bytes, position, field.scalar))
        return fail("truncated or over-long varint");
      break;
    case WireType::Fixed32:
    case WireType::Fixed64:
      if (!readScalar(field))
        return false;
      break;
    case WireType::Length: {
      uint64_t size;
      if (!readVarint(bytes, position, size) || size > bytes.size() - position)
        return fail("length runs past the end");
      position += size;
      break;
    }
    default:
      return fail("invalid wire type");
    }
  }
  return true;
}

bool WireReader::next(WireField &field) {
  if (position >= bytes.size())
    return false;
  size_t start = position;
  uint64_t tag;
  if (!readVarint(bytes, position, tag))
    return fail("truncated or over-long varint");
  if (tag >> 35 || !(tag >> 3))
    return fail("invalid tag");
  field.number = tag >> 3;
  field.type = static_cast<WireType>(tag & 7);
  field.payload = {};
  switch (field.type) {
  case WireType::Varint:
    if (!readVarint(bytes, position, field.scalar))
      return fail("truncated or over-long varint");
    break;
  case WireType::Fixed32:
  case WireType::Fixed64:
    if (!readScalar(field))
      return false;
    break;
  case WireType::Length: {
    uint64_t size;
    if (!readVarint(bytes, position, size))
      return fail("truncated or over-long length");
    if (size > bytes.size() - position)
      return fail("length runs past the end");
    field.payload = bytes.slice(position, size);
    position += size;
    break;
  }
  case WireType::StartGroup:
    if (!skipGroup(field.number))
      return false;
    break;
  default:
    return fail("invalid wire type");
  }
  field.raw = bytes.slice(start, position - start);
  return true;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

/// Shorter views are copied: a piece costs more than its bytes.
static constexpr size_t kMinViewSize = 256;

void Rope::append(llvm::StringRef bytes) {
  if (bytes.empty())
    return;
  length += bytes.size();
  if (pieces.empty() || !std::holds_alternative<std::string>(pieces.back()))
    pieces.emplace_back(std::string());
  std::get<std::string>(pieces.back()).append(bytes.data(), bytes.size());
}

void Rope::appendView(Bytes bytes) {
  if (bytes.size() < kMinViewSize)
    return append(llvm::StringRef(reinterpret_cast<const char *>(bytes.data()),
                                  bytes.size()));
  length += bytes.size();
  pieces.emplace_back(bytes);
}

void Rope::append(Rope &&other) {
  for (auto &piece : other.pieces) {
    if (auto *owned = std::get_if<std::string>(&piece);
        owned && owned->size() >= kMinViewSize) {
      length += owned->size();
      pieces.emplace_back(std::move(*owned));
    } else if (owned) {
      append(*owned);
    } else {
      appendView(std::get<Bytes>(piece));
    }
  }
}

void Rope::appendVarint(uint64_t value) {
  char buffer[10];
  size_t n = 0;
  do {
    buffer[n++] = (value & 0x7f) | (value > 0x7f ? 0x80 : 0);
    value >>= 7;
  } while (value);
  append(llvm::StringRef(buffer, n));
}

void Rope::appendMessage(uint32_t number, Rope &&message) {
  appendTag(number, WireType::Length);
  appendVarint(message.size());
  append(std::move(message));
}

void Rope::appendBytes(uint32_t number, Bytes payload) {
  appendTag(number, WireType::Length);
  appendVarint(payload.size());
  appendView(payload);
}

static Bytes viewOf(const std::variant<std::string, Bytes> &piece) {
  if (auto *owned = std::get_if<std::string>(&piece))
    return Bytes(reinterpret_cast<const uint8_t *>(owned->data()),
                 owned->size());
  return std::get<Bytes>(piece);
}

std::vector<Bytes> Rope::getPieces() const {
  std::vector<Bytes> result;
  for (const auto &piece : pieces)
    result.push_back(viewOf(piece));
  return result;
}

std::string Rope::str() const {
  std::string result;
  result.reserve(length);
  for (Bytes piece : getPieces())
    result.append(reinterpret_cast<const char *>(piece.data()), piece.size());
  return result;
}

bool Rope::equals(Bytes bytes) const {
  if (bytes.size() != length)
    return false;
  for (Bytes piece : getPieces()) {
    Bytes expected = bytes.take_front(piece.size());
    if (piece.data() != expected.data() &&
        memcmp(piece.data(), expected.data(), piece.size()) != 0)
      return false;
    bytes = bytes.drop_front(piece.size());
  }
  return true;
}
