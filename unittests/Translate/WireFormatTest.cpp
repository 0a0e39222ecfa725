//===- WireFormatTest.cpp - Reading and writing the protobuf wire ---------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Translate/WireFormat.h"
#include "gtest/gtest.h"

using namespace mlmodel;

namespace {

Bytes bytesOf(const std::string &text) {
  return Bytes(reinterpret_cast<const uint8_t *>(text.data()), text.size());
}

template <size_t N> std::string wire(const char (&text)[N]) {
  return std::string(text, N - 1);
}

/// Reads all fields; returns the error, or "" and the count in \p count.
std::string readAll(const std::string &text, size_t *count = nullptr) {
  WireReader reader(bytesOf(text));
  WireField field;
  size_t n = 0;
  while (reader.next(field))
    ++n;
  if (count)
    *count = n;
  return reader.error().str();
}

TEST(Varint, RoundTripsAtEveryLength) {
  for (unsigned bit = 0; bit < 64; ++bit)
    for (uint64_t value :
         {uint64_t(1) << bit, (uint64_t(1) << bit) - 1, ~uint64_t(0) >> bit}) {
      Rope rope;
      rope.appendVarint(value);
      std::string text = rope.str();
      size_t position = 0;
      uint64_t read;
      ASSERT_TRUE(WireReader::readVarint(bytesOf(text), position, read));
      EXPECT_EQ(read, value);
      EXPECT_EQ(position, text.size());
    }
}

TEST(Varint, RefusesTruncatedAndTooLong) {
  size_t position = 0;
  uint64_t value;
  std::string truncated = wire("\x80\x80");
  EXPECT_FALSE(WireReader::readVarint(bytesOf(truncated), position, value));
  position = 0;
  std::string eleven = std::string(10, '\x80') + '\1';
  EXPECT_FALSE(WireReader::readVarint(bytesOf(eleven), position, value));
  position = 0;
  std::string over = std::string(9, '\xff') + '\2';
  EXPECT_FALSE(WireReader::readVarint(bytesOf(over), position, value));
}

TEST(Varint, AcceptsPaddedZero) {
  size_t position = 0;
  uint64_t value = 1;
  std::string padded = wire("\x80\x80\x00");
  ASSERT_TRUE(WireReader::readVarint(bytesOf(padded), position, value));
  EXPECT_EQ(value, 0u);
  EXPECT_EQ(position, 3u);
}

TEST(WireReader, ReadsEveryWireType) {
  std::string text = wire("\x08\x96\x01"           // 1: 150
                          "\x11\1\2\3\4\5\6\7\x08" // 2: fixed64
                          "\x1a\3abc"              // 3: "abc"
                          "\x25\1\0\0\0"           // 4: fixed32
                          "\x2b\x08\1\x2c");       // 5: group
  WireReader reader(bytesOf(text));
  WireField field;
  ASSERT_TRUE(reader.next(field));
  EXPECT_EQ(field.number, 1u);
  EXPECT_EQ(field.scalar, 150u);
  EXPECT_EQ(field.raw.size(), 3u);
  ASSERT_TRUE(reader.next(field));
  EXPECT_EQ(field.scalar, 0x0807060504030201u);
  ASSERT_TRUE(reader.next(field));
  EXPECT_EQ(field.payload, bytesOf("abc"));
  ASSERT_TRUE(reader.next(field));
  EXPECT_EQ(field.scalar, 1u);
  ASSERT_TRUE(reader.next(field));
  EXPECT_EQ(field.type, WireType::StartGroup);
  EXPECT_EQ(field.raw.size(), 4u);
  EXPECT_FALSE(reader.next(field));
  EXPECT_EQ(reader.error(), "");
}

TEST(WireReader, EveryPrefixOfAMessageIsSafe) {
  std::string text = wire("\x08\x96\x01\x11\1\2\3\4\5\6\7\x08\x1a\3abc"
                          "\x25\1\0\0\0\x2b\x08\1\x13\x14\x2c");
  ASSERT_EQ(readAll(text), "");
  for (size_t size = 0; size < text.size(); ++size)
    (void)readAll(text.substr(0, size));
}

TEST(WireReader, RefusesLengthsPastTheEnd) {
  EXPECT_NE(readAll(wire("\x0a\5abcd")), "");
  // 2^64 - 1 must not wrap around.
  EXPECT_NE(readAll("\x0a" + std::string(9, '\xff') + "\1" + "abc"), "");
  EXPECT_NE(readAll(wire("\x0a\xff\xff\xff\xff\x0f")), "");
  EXPECT_NE(readAll(wire("\x0d\1\2\3")), "");
  EXPECT_NE(readAll(wire("\x09\1\2\3\4\5\6\7")), "");
}

TEST(WireReader, RefusesBadTags) {
  EXPECT_NE(readAll(wire("\x00\x01")), "") << "field number 0";
  EXPECT_NE(readAll(wire("\x0e\x01")), "") << "wire type 6";
  EXPECT_NE(readAll(wire("\x0f\x01")), "") << "wire type 7";
  EXPECT_NE(readAll(wire("\xf8\xff\xff\xff\xff\x01\x01")), "")
      << "field number of more than 29 bits";
}

TEST(WireReader, RefusesBadGroups) {
  EXPECT_NE(readAll(wire("\x0c")), "") << "end without a start";
  EXPECT_NE(readAll(wire("\x0b\x14")), "") << "another group's end";
  EXPECT_NE(readAll(wire("\x0b\x08\x01")), "") << "no end";
  EXPECT_NE(readAll(wire("\x0b\x12\x7f\x0c")), "") << "length in a group";
  std::string deep = std::string(1000000, '\x0b');
  EXPECT_NE(readAll(deep), "") << "nested groups";
  EXPECT_NE(readAll(deep + std::string(1000000, '\x0c')), "");
}

TEST(WireReader, ReadsAnEmptyMessage) {
  size_t count = 1;
  EXPECT_EQ(readAll("", &count), "");
  EXPECT_EQ(count, 0u);
}

TEST(Rope, KeepsLargeViewsAsViews) {
  std::string small = "small", large(1000, 'x');
  Rope rope;
  rope.append(small);
  rope.appendView(bytesOf(large));
  rope.appendView(bytesOf(small));
  EXPECT_EQ(rope.size(), 1010u);
  EXPECT_EQ(rope.str(), small + large + small);
  std::vector<Bytes> pieces = rope.getPieces();
  ASSERT_EQ(pieces.size(), 3u);
  EXPECT_EQ(pieces[1].data(), bytesOf(large).data());
}

TEST(Rope, NestsMessages) {
  std::string large(300, 'y');
  Rope inner, outer;
  inner.appendBytes(2, bytesOf(large));
  outer.appendMessage(1, std::move(inner));
  std::string text = outer.str();
  EXPECT_EQ(text.size(), outer.size());
  WireReader reader(bytesOf(text));
  WireField field;
  ASSERT_TRUE(reader.next(field));
  WireReader nested(field.payload);
  ASSERT_TRUE(nested.next(field));
  EXPECT_EQ(field.payload, bytesOf(large));
}

TEST(Rope, EqualsComparesAllPieces) {
  std::string large(300, 'z');
  Rope rope;
  rope.append("head");
  rope.appendView(bytesOf(large));
  rope.append("tail");
  std::string text = rope.str();
  EXPECT_TRUE(rope.equals(bytesOf(text)));
  for (size_t at : {size_t(0), size_t(100), text.size() - 1}) {
    std::string other = text;
    other[at] ^= 1;
    EXPECT_FALSE(rope.equals(bytesOf(other))) << at;
  }
  EXPECT_FALSE(rope.equals(bytesOf(text + "more")));
  EXPECT_FALSE(rope.equals(bytesOf(text.substr(1))));
  EXPECT_TRUE(Rope().equals({}));
}

} // namespace
