//===- ZipReader.cpp - Members of a zip archive in memory -----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ZipReader.h"
#include "ByteReader.h"
#include "MLModel/Support/Errors.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <optional>
#include <zlib.h>

using namespace llvm;

namespace mlmodel {

namespace {

constexpr uint32_t localSignature = 0x04034B50;
constexpr uint32_t centralSignature = 0x02014B50;
constexpr uint32_t endSignature = 0x06054B50;
constexpr size_t localSize = 30, centralSize = 46, endSize = 22;
constexpr uint16_t encryptedFlag = 1;
constexpr uint16_t methodStored = 0, methodDeflated = 8;
/// In place of a size or an offset: the value is in a zip64 record.
constexpr uint32_t zip64Marker = 0xFFFFFFFF;
/// Deflate cannot do better than 258 bytes in two bits.
constexpr uint64_t maxDeflateRatio = 1032;

/// Where a member lies, to find overlaps.
struct Extent {
  uint64_t begin, end;
};

Error malformed(const Twine &what) {
  return makeError(ExitCode::IO, "not a valid zip archive: " + what);
}

class DirectoryReader {
public:
  explicit DirectoryReader(ArrayRef<uint8_t> archive) : archive(archive) {}

  Error read();
  std::vector<ZipMember> members;

private:
  std::optional<size_t> findEnd() const;
  Error readMember(ArrayRef<uint8_t> record, StringRef name);
  Error locate(ZipMember &member, uint64_t packedSize, uint64_t offset);
  Error checkOverlap();

  ArrayRef<uint8_t> archive;
  std::vector<Extent> extents;
};

} // namespace

/// The end record is last but for a comment, whose length must lead to the
/// end of the file, so that a signature inside the comment is not taken.
std::optional<size_t> DirectoryReader::findEnd() const {
  if (archive.size() < endSize)
    return std::nullopt;
  size_t last = archive.size() - endSize;
  size_t first = last > 0xFFFF ? last - 0xFFFF : 0;
  for (size_t at = last + 1; at-- > first;)
    if (fieldAt<uint32_t>(archive, at) == endSignature &&
        fieldAt<uint16_t>(archive, at + 20) == last - at)
      return at;
  return std::nullopt;
}

Error DirectoryReader::read() {
  std::optional<size_t> end = findEnd();
  if (!end)
    return malformed("no end record");
  ArrayRef<uint8_t> record = archive.slice(*end, endSize);
  uint16_t count = fieldAt<uint16_t>(record, 10);
  uint32_t size = fieldAt<uint32_t>(record, 12);
  uint32_t offset = fieldAt<uint32_t>(record, 16);
  if (count == 0xFFFF || size == zip64Marker || offset == zip64Marker)
    return makeError(ExitCode::Unsupported, "zip64 archives are not supported");
  if (fieldAt<uint16_t>(record, 4) || fieldAt<uint16_t>(record, 6) ||
      fieldAt<uint16_t>(record, 8) != count)
    return makeError(ExitCode::Unsupported,
                     "split zip archives are not supported");
  std::optional<ArrayRef<uint8_t>> directory =
      bytesAt(archive.take_front(*end), offset, size);
  if (!directory)
    return malformed("the directory lies outside the file");

  ArrayRef<uint8_t> rest = *directory;
  for (unsigned i = 0; i < count; ++i) {
    if (rest.size() < centralSize ||
        fieldAt<uint32_t>(rest, 0) != centralSignature)
      return malformed("entry " + Twine(i) + " is not in the directory");
    size_t nameSize = fieldAt<uint16_t>(rest, 28);
    size_t total = centralSize + nameSize + fieldAt<uint16_t>(rest, 30) +
                   fieldAt<uint16_t>(rest, 32);
    if (total > rest.size())
      return malformed("entry " + Twine(i) + " runs out of the directory");
    if (Error error =
            readMember(rest, toStringRef(rest.slice(centralSize, nameSize))))
      return error;
    rest = rest.drop_front(total);
  }
  return checkOverlap();
}

Error DirectoryReader::readMember(ArrayRef<uint8_t> record, StringRef name) {
  uint16_t method = fieldAt<uint16_t>(record, 10);
  uint32_t packedSize = fieldAt<uint32_t>(record, 20);
  uint32_t unpackedSize = fieldAt<uint32_t>(record, 24);
  uint32_t offset = fieldAt<uint32_t>(record, 42);
  if (name.ends_with("/"))
    return Error::success();
  auto unsupported = [&](const Twine &what) {
    return makeError(ExitCode::Unsupported, "member '" + name + "' " + what);
  };
  if (packedSize == zip64Marker || unpackedSize == zip64Marker ||
      offset == zip64Marker)
    return unsupported("needs zip64, which is not supported");
  if (fieldAt<uint16_t>(record, 8) & encryptedFlag)
    return unsupported("is encrypted");
  if (method != methodStored && method != methodDeflated)
    return unsupported("has compression method " + Twine(method) +
                       "; only stored and deflated members are supported");
  ZipMember member;
  member.name = name.str();
  member.isDeflated = method == methodDeflated;
  member.crc = fieldAt<uint32_t>(record, 16);
  member.unpackedSize = unpackedSize;
  if (Error error = locate(member, packedSize, offset))
    return error;
  members.push_back(std::move(member));
  return Error::success();
}

Error DirectoryReader::locate(ZipMember &member, uint64_t packedSize,
                              uint64_t offset) {
  auto invalid = [&](const Twine &what) {
    return malformed("member '" + member.name + "' " + what);
  };
  std::optional<ArrayRef<uint8_t>> header = bytesAt(archive, offset, localSize);
  if (!header || fieldAt<uint32_t>(*header, 0) != localSignature)
    return invalid("has no header at offset " + Twine(offset));
  uint64_t begin = offset + localSize + fieldAt<uint16_t>(*header, 26) +
                   fieldAt<uint16_t>(*header, 28);
  std::optional<ArrayRef<uint8_t>> packed = bytesAt(archive, begin, packedSize);
  if (!packed)
    return invalid("lies outside the file");
  if (!member.isDeflated && member.unpackedSize != packedSize)
    return invalid("is stored, but has two sizes");
  if (member.unpackedSize > (packedSize + 1) * maxDeflateRatio)
    return invalid("cannot unpack to " + Twine(member.unpackedSize) + " bytes");
  member.packed = *packed;
  extents.push_back({offset, begin + packedSize});
  return Error::success();
}

Error DirectoryReader::checkOverlap() {
  sort(extents,
       [](const Extent &a, const Extent &b) { return a.begin < b.begin; });
  for (size_t i = 1; i < extents.size(); ++i)
    if (extents[i].begin < extents[i - 1].end)
      return malformed("members overlap");
  return Error::success();
}

Expected<std::vector<ZipMember>> readZipDirectory(ArrayRef<uint8_t> archive) {
  DirectoryReader reader(archive);
  if (Error error = reader.read())
    return std::move(error);
  return std::move(reader.members);
}

/// True if \p packed is one whole deflate stream that fills \p to exactly.
/// Both sizes fit zlib's 32 bits, as zip64 is refused.
static bool inflateExactly(ArrayRef<uint8_t> packed,
                           MutableArrayRef<uint8_t> to) {
  z_stream stream = {};
  // Negative: raw deflate data, without zlib's header.
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
    return false;
  // Zlib refuses null pointers even for no bytes.
  uint8_t nothing = 0;
  stream.next_in =
      const_cast<Bytef *>(packed.empty() ? &nothing : packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = to.empty() ? &nothing : to.data();
  stream.avail_out = static_cast<uInt>(to.size());
  int status = inflate(&stream, Z_FINISH);
  bool isExact =
      status == Z_STREAM_END && stream.avail_in == 0 && stream.avail_out == 0;
  inflateEnd(&stream);
  return isExact;
}

Expected<ArrayRef<uint8_t>> unpackZipMember(const ZipMember &member,
                                            AlignedBuffer &buffer) {
  ArrayRef<uint8_t> contents = member.packed;
  if (member.isDeflated) {
    std::optional<AlignedBuffer> memory =
        AlignedBuffer::allocate(member.unpackedSize);
    if (!memory)
      return makeError(ExitCode::Limit,
                       "no memory for member '" + member.name + "'");
    buffer = std::move(*memory);
    MutableArrayRef<uint8_t> to(buffer.data(), buffer.size());
    if (!inflateExactly(member.packed, to))
      return malformed("member '" + member.name + "' is damaged");
    contents = to;
  }
  if (crc32_z(0, contents.data(), contents.size()) != member.crc)
    return malformed("member '" + member.name + "' has a wrong checksum");
  return contents;
}

} // namespace mlmodel
