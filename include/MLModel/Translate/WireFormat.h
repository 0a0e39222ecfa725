//===- WireFormat.h - The protobuf wire, field by field ---------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reading happens on views: a field's payload is a range of the file, so a
// weight of 100 MB costs as much as a flag. Writing builds a rope whose large
// pieces are again views.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TRANSLATE_WIREFORMAT_H
#define MLMODEL_TRANSLATE_WIREFORMAT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace mlmodel {

using Bytes = llvm::ArrayRef<uint8_t>;

enum class WireType : uint8_t {
  Varint = 0,
  Fixed64 = 1,
  Length = 2,
  StartGroup = 3,
  EndGroup = 4,
  Fixed32 = 5
};

/// One field as it lies on the wire.
struct WireField {
  uint32_t number = 0;
  WireType type = WireType::Varint;
  /// Varint, or the bits of a fixed-size value.
  uint64_t scalar = 0;
  /// The payload of a length-delimited field.
  Bytes payload;
  /// The whole field, tag included.
  Bytes raw;
};

/// Walks the fields of one message. Never reads outside \p bytes.
class WireReader {
public:
  explicit WireReader(Bytes bytes) : bytes(bytes) {}

  /// Reads the next field. False at the end and on errors; error() tells.
  bool next(WireField &field);

  /// What is wrong, or "".
  llvm::StringRef error() const { return message; }
  /// Where reading stopped, from the start of the message.
  size_t offset() const { return position; }

  /// Reads one varint at \p position; false if it is truncated or too long.
  static bool readVarint(Bytes bytes, size_t &position, uint64_t &value);

private:
  bool fail(const char *what) {
    message = what;
    return false;
  }
  bool readScalar(WireField &field);
  bool skipGroup(uint32_t number);

  Bytes bytes;
  size_t position = 0;
  const char *message = "";
};

/// Messages nested deeper than this are refused, as protobuf does.
constexpr unsigned kMaxMessageDepth = 100;

/// A sequence of bytes made of owned pieces and views.
class Rope {
public:
  void append(llvm::StringRef bytes);
  /// Appends bytes that outlive the rope, without copying them if they are
  /// many.
  void appendView(Bytes bytes);
  void append(Rope &&other);
  void appendVarint(uint64_t value);
  void appendTag(uint32_t number, WireType type) {
    appendVarint(uint64_t(number) << 3 | static_cast<unsigned>(type));
  }
  /// Appends \p message as a length-delimited field.
  void appendMessage(uint32_t number, Rope &&message);
  void appendBytes(uint32_t number, Bytes payload);

  size_t size() const { return length; }
  std::vector<Bytes> getPieces() const;
  std::string str() const;
  /// True if the rope spells \p bytes. Views into \p bytes at their own place
  /// are not read.
  bool equals(Bytes bytes) const;

private:
  std::vector<std::variant<std::string, Bytes>> pieces;
  size_t length = 0;
};

} // namespace mlmodel

#endif // MLMODEL_TRANSLATE_WIREFORMAT_H
