//===- NumPyTest.cpp - .npy and .npz files --------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/NumPy.h"
#include "TestUtils.h"
#include "llvm/Support/Endian.h"
#include <zlib.h>

using namespace llvm;
using namespace mlmodel;
using namespace mlmodel::testing;

static std::string little(uint64_t value, size_t size) {
  std::string bytes;
  for (size_t i = 0; i < size; ++i)
    bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

static std::string makeFile(StringRef header, StringRef data,
                            unsigned version = 1) {
  std::string text = header.str() + "\n";
  return std::string("\x93NUMPY") + static_cast<char>(version) + '\0' +
         little(text.size(), version == 1 ? 2 : 4) + text + data.str();
}

static std::string makeHeader(StringRef descr, StringRef shape,
                              StringRef fortran = "False") {
  return ("{'descr': '" + descr + "', 'fortran_order': " + fortran +
          ", 'shape': " + shape + ", }")
      .str();
}

static Expected<Tensor> parse(StringRef file) {
  return parseNumPy(asBytes(file), "x.npy");
}

static std::string serialize(const Tensor &tensor) {
  return makeNumPyHeader(tensor) + toStringRef(tensor.bytes()).str();
}

//===----------------------------------------------------------------------===//
// .npy
//===----------------------------------------------------------------------===//

TEST(NumPy, EveryTypeAndRankSurvives) {
  TemporaryDirectory dir;
  for (int i = 0; i <= static_cast<int>(ElementType::Bool); ++i)
    for (const std::vector<int64_t> &shape :
         std::vector<std::vector<int64_t>>{{}, {3}, {2, 0}, {2, 3, 4}}) {
      std::vector<float> values(*elementCount(shape));
      for (size_t j = 0; j < values.size(); ++j)
        values[j] = static_cast<float>(j);
      Tensor tensor =
          Tensor::fromFloat32(static_cast<ElementType>(i), shape, values);
      std::string path = dir.path("x.npy");
      expectSuccess(writeNumPyFile(path, tensor));
      EXPECT_EQ(expectValue(readNumPyFile(path)), tensor);
    }
}

TEST(NumPy, WritesWhatNumPyWrites) {
  std::string expected = makeHeader("<f4", "(3,)");
  expected.resize(0x75, ' ');
  EXPECT_EQ(makeNumPyHeader(Tensor::fromValues<float>({3}, {1, 2, 3})),
            makeFile(expected, ""));
  std::string scalar = makeNumPyHeader(Tensor::scalar<uint8_t>(1));
  EXPECT_NE(scalar.find("'|u1'"), std::string::npos);
  EXPECT_NE(scalar.find("'shape': (), }"), std::string::npos);
  EXPECT_EQ(scalar.size() % 64, 0u);
}

TEST(NumPy, ReadsAllVersions) {
  Tensor tensor = Tensor::fromValues<uint8_t>({2}, {'a', 'b'});
  for (unsigned version : {1, 2, 3})
    EXPECT_EQ(
        expectValue(parse(makeFile(makeHeader("|u1", "(2,)"), "ab", version))),
        tensor);
}

TEST(NumPy, ReadsOtherSpellings) {
  Tensor tensor = Tensor::fromValues<uint8_t>({1, 2}, {'a', 'b'});
  for (const char *header :
       {"{\"shape\":(1,2),\"descr\":\"|u1\",\"fortran_order\":False}",
        "{'descr': 'u1', 'fortran_order': False, 'shape': (1L, 2L)}",
        " { 'descr' : '>u1' , 'shape' : ( 1 , 2, ) , 'fortran_order' : False "
        "}"})
    EXPECT_EQ(expectValue(parse(makeFile(header, "ab"))), tensor) << header;
}

TEST(NumPy, TransposesFortranOrder) {
  // Element (i, j, k) is 100 i + 10 j + k.
  auto value = [](int i, int j, int k) {
    return static_cast<uint16_t>(100 * i + 10 * j + k);
  };
  std::string columns;
  std::vector<uint16_t> rows;
  for (int k = 0; k < 4; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 2; ++i)
        columns += little(value(i, j, k), 2);
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 4; ++k)
        rows.push_back(value(i, j, k));
  EXPECT_EQ(expectValue(parse(
                makeFile(makeHeader("<u2", "(2, 3, 4)", "True"), columns))),
            Tensor::fromValues<uint16_t>({2, 3, 4}, rows));
}

TEST(NumPy, TransposesEveryElementSize) {
  for (ElementType type : {ElementType::Int8, ElementType::Float16,
                           ElementType::Float32, ElementType::Float64}) {
    Tensor columns = Tensor::fromFloat32(type, {2, 3}, {0, 3, 1, 4, 2, 5});
    std::string file = serialize(columns);
    file.replace(file.find("False"), 5, "True ");
    EXPECT_EQ(expectValue(parse(file)),
              Tensor::fromFloat32(type, {2, 3}, {0, 1, 2, 3, 4, 5}));
  }
}

TEST(NumPy, BoolsBecomeZeroOrOne) {
  Tensor tensor = expectValue(
      parse(makeFile(makeHeader("|b1", "(3,)"), StringRef("\0\1\7", 3))));
  EXPECT_EQ(tensor, Tensor::fromValues<bool>({3}, {false, true, true}));
}

TEST(NumPy, RefusesOtherTypes) {
  for (const char *descr :
       {"<c8", ">f4", "|S3", "|O", "<U2", "<M8[ns]", "<f16", "|f4", "f", "<"})
    expectError(parse(makeFile(makeHeader(descr, "(1,)"), "12345678")),
                ExitCode::Unsupported, "x.npy: element type");
  expectError(parse(makeFile("{'descr': [('a', '<f4')], 'fortran_order': "
                             "False, 'shape': (1,)}",
                             "1234")),
              ExitCode::Unsupported, "structured");
  expectError(parse(makeFile(makeHeader("<f4", "(1,)"), "1234", 4)),
              ExitCode::Unsupported, "version 4");
}

TEST(NumPy, EveryTruncationIsAnError) {
  std::string file = serialize(Tensor::fromValues<float>({3}, {1, 2, 3}));
  for (size_t size = 0; size < file.size(); ++size)
    expectError(parse(StringRef(file).take_front(size)), ExitCode::IO,
                "x.npy: ");
  expectError(parse(file + "x"), ExitCode::IO, "13 bytes follow");
}

TEST(NumPy, RefusesSizesTheFileDoesNotHave) {
  for (const char *shape :
       {"(1152921504606846976,)", "(4294967296, 4294967296)",
        "(9223372036854775807,)", "(2, 2)", "(0, 4611686018427387904, 4)"})
    expectError(parse(makeFile(makeHeader("<f8", shape), "12345678")),
                ExitCode::IO, "bytes follow");
}

TEST(NumPy, RefusesMalformedHeaders) {
  std::string deep = "(";
  for (int i = 0; i < 65; ++i)
    deep += "1,";
  for (std::string header : {std::string(""),
                             std::string("{"),
                             std::string("[]"),
                             std::string("{}"),
                             makeHeader("<f4", "(1)"),
                             makeHeader("<f4", "(-1,)"),
                             makeHeader("<f4", "(1 2)"),
                             makeHeader("<f4", "(9223372036854775808,)"),
                             makeHeader("<f4", "(99999999999999999999999,)"),
                             makeHeader("<f4", "1"),
                             makeHeader("<f4", "(1,"),
                             makeHeader("<f4", deep + ")"),
                             makeHeader("<f4", "(1,)", "None"),
                             makeHeader("", "(1,)"),
                             makeHeader("<f4", "(1,), 'shape': (1,)"),
                             makeHeader("<f4", "(1,), 'more': 1"),
                             makeHeader("<f4", "(1,)") + "x",
                             std::string("{'descr': '<f4', 'shape': (1,)}"),
                             std::string("{'descr"),
                             std::string("{'descr'}")})
    expectError(parse(makeFile(header, "1234")), ExitCode::IO,
                "malformed .npy header");
}

TEST(NumPy, RefusesHugeHeaders) {
  expectError(parse(StringRef("\x93NUMPY\2\0\xFF\xFF\xFF\x7F{", 13)),
              ExitCode::Limit, "header has 2147483647 bytes");
}

TEST(NumPy, ReadsConformanceFiles) {
  std::string root = MLMODEL_SHARED_DIR "/conformance/nn";
  if (!sys::fs::is_directory(root))
    GTEST_SKIP() << "no conformance corpus at " << root
                 << "; set MLMODEL_SHARED_DIR to run this test";
  int count = 0;
  std::error_code ec;
  for (sys::fs::recursive_directory_iterator it(root, ec), end;
       it != end && !ec && count < 200; it.increment(ec)) {
    if (sys::path::extension(it->path()) != ".npy")
      continue;
    ++count;
    Tensor tensor = expectValue(readNumPyFile(it->path()));
    EXPECT_EQ(expectValue(parse(serialize(tensor))), tensor);
  }
  EXPECT_GT(count, 0);
}

//===----------------------------------------------------------------------===//
// .npz
//===----------------------------------------------------------------------===//

namespace {

/// One member, with every field open to be wrong.
struct Member {
  std::string name, contents;
  uint16_t method = 0, flags = 0;
  std::optional<uint32_t> crc, offset, packedSize, unpackedSize;
};

std::string deflated(const std::string &contents) {
  z_stream stream = {};
  EXPECT_EQ(
      deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY),
      Z_OK);
  std::string packed(contents.size() + 100, '\0');
  stream.next_in =
      reinterpret_cast<Bytef *>(const_cast<char *>(contents.data()));
  stream.avail_in = static_cast<uInt>(contents.size());
  stream.next_out = reinterpret_cast<Bytef *>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string makeZip(ArrayRef<Member> members) {
  std::string file, directory;
  for (const Member &member : members) {
    std::string packed =
        member.method == 8 ? deflated(member.contents) : member.contents;
    uint32_t crc = member.crc.value_or(static_cast<uint32_t>(
        crc32_z(0, asBytes(member.contents).data(), member.contents.size())));
    std::string common =
        little(20, 2) + little(member.flags, 2) + little(member.method, 2) +
        little(0, 4) + little(crc, 4) +
        little(member.packedSize.value_or(packed.size()), 4) +
        little(member.unpackedSize.value_or(member.contents.size()), 4) +
        little(member.name.size(), 2);
    // The local header has an extra field, as NumPy's has.
    std::string local = "PK\3\4" + common + little(4, 2) + member.name + "zzzz";
    directory += "PK\1\2" + little(20, 2) + common + little(0, 2) +
                 little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) +
                 little(member.offset.value_or(file.size()), 4) + member.name;
    file += local + packed;
  }
  return file + directory + "PK\5\6" + little(0, 4) +
         little(members.size(), 2) + little(members.size(), 2) +
         little(directory.size(), 4) + little(file.size(), 4) + little(0, 2);
}

Expected<std::vector<NamedTensor>> parseZip(StringRef zip) {
  return parseNumPyArchive(asBytes(zip), "x.npz");
}

const Tensor ramp = Tensor::fromValues<int32_t>({2, 2}, {1, 2, 3, 4});

} // namespace

TEST(NumPyArchive, ReadsStoredAndDeflatedMembers) {
  Tensor zeros = expectValue(Tensor::create(ElementType::Float32, {100000}));
  Tensor empty = Tensor::fromValues<float>({0}, {});
  std::vector<NamedTensor> tensors =
      expectValue(parseZip(makeZip({{"a.npy", serialize(ramp)},
                                    {"dir/", ""},
                                    {"dir/b.npy", serialize(zeros), 8},
                                    {"empty.npy", serialize(empty), 8}})));
  ASSERT_EQ(tensors.size(), 3u);
  EXPECT_EQ(tensors[0].name, "a");
  EXPECT_EQ(tensors[0].tensor, ramp);
  EXPECT_EQ(tensors[1].name, "dir/b");
  EXPECT_EQ(tensors[1].tensor, zeros);
  EXPECT_EQ(tensors[2].tensor, empty);
}

TEST(NumPyArchive, ReadsFilesAndComments) {
  std::string zip = makeZip({{"a.npy", serialize(ramp), 8}});
  zip[zip.size() - 2] = 7;
  TemporaryDirectory dir;
  EXPECT_EQ(expectValue(readNumPyArchive(dir.write("x.npz", zip + "PK\5\6 hi")))
                .size(),
            1u);
  EXPECT_TRUE(expectValue(parseZip(makeZip({}))).empty());
}

TEST(NumPyArchive, EveryTruncationIsAnError) {
  std::string zip =
      makeZip({{"a.npy", serialize(ramp)}, {"b.npy", serialize(ramp), 8}});
  for (size_t size = 0; size < zip.size(); ++size)
    expectError(parseZip(StringRef(zip).take_front(size)), ExitCode::IO,
                "x.npz: ");
}

TEST(NumPyArchive, EveryFlippedBitIsHarmless) {
  std::string zip =
      makeZip({{"a.npy", serialize(ramp), 8}, {"b.npy", serialize(ramp)}});
  for (size_t i = 0; i < zip.size() * 8; ++i) {
    std::string damaged = zip;
    damaged[i / 8] = static_cast<char>(damaged[i / 8] ^ (1 << (i % 8)));
    consumeError(parseZip(damaged).takeError());
  }
}

TEST(NumPyArchive, RefusesWrongFields) {
  std::string npy = serialize(ramp);
  auto expectIO = [](const Member &member, StringRef message) {
    expectError(parseZip(makeZip(member)), ExitCode::IO, message);
  };
  Member member{"a.npy", npy};
  member.offset = 1;
  expectIO(member, "no header at offset 1");
  member.offset = 0xFFFFFFF0;
  expectIO(member, "no header at offset");
  member = {"a.npy", npy};
  member.packedSize = 0x7FFFFFFF;
  expectIO(member, "lies outside the file");
  member = {"a.npy", npy};
  member.unpackedSize = 0x7FFFFFFF;
  expectIO(member, "two sizes");
  member.method = 8;
  expectIO(member, "cannot unpack to 2147483647 bytes");
  member.unpackedSize = npy.size() + 1;
  expectIO(member, "is damaged");
  member.unpackedSize = npy.size() - 1;
  expectIO(member, "is damaged");
  member = {"a.npy", npy};
  member.crc = 1;
  expectIO(member, "wrong checksum");
  expectIO({"a.txt", npy}, "not a .npy file");
  expectIO({"a.npy", "rubbish"}, "x.npz: a.npy: not a .npy file");
  expectIO({"a.npy", "", 8}, "not a .npy file");
}

TEST(NumPyArchive, RefusesOverlapsAndDuplicates) {
  std::string npy = serialize(ramp);
  Member second{"b.npy", npy};
  second.offset = 0;
  expectError(parseZip(makeZip({{"a.npy", npy}, second})), ExitCode::IO,
              "overlap");
  expectError(parseZip(makeZip({{"a.npy", npy}, {"a.npy", npy}})), ExitCode::IO,
              "comes twice");
}

TEST(NumPyArchive, RefusesOtherFeatures) {
  std::string npy = serialize(ramp);
  auto expectUnsupported = [](const Member &member, StringRef message) {
    expectError(parseZip(makeZip(member)), ExitCode::Unsupported, message);
  };
  Member member{"a.npy", npy, 12};
  expectUnsupported(member, "compression method 12");
  member = {"a.npy", npy, 0, 1};
  expectUnsupported(member, "encrypted");
  member = {"a.npy", npy};
  member.packedSize = 0xFFFFFFFF;
  expectUnsupported(member, "zip64");
}

TEST(NumPyArchive, HonoursTheLimit) {
  std::string zip =
      makeZip({{"a.npy", serialize(ramp)}, {"b.npy", serialize(ramp), 8}});
  expectError(parseNumPyArchive(asBytes(zip), "x.npz", 287), ExitCode::Limit,
              "unpacks to 288 bytes, the limit is 287");
  EXPECT_EQ(expectValue(parseNumPyArchive(asBytes(zip), "x.npz", 288)).size(),
            2u);
}
