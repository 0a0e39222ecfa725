//===- NumPy.cpp - .npy and .npz files ------------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/NumPy.h"
#include "ByteReader.h"
#include "MLModel/Support/AtomicFile.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Support/MappedFile.h"
#include "ZipReader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"
#include <cstring>

using namespace llvm;

namespace mlmodel {

static_assert(endianness::native == endianness::little,
              "elements are copied from files as they are");

static constexpr StringLiteral magic = "\x93NUMPY";
/// NumPy's own limit on dimensions.
static constexpr size_t maxRank = 64;
static constexpr uint64_t maxHeaderSize = uint64_t(1) << 20;

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

namespace {
struct TypeCode {
  ElementType type;
  StringLiteral code;
};
} // namespace

static constexpr TypeCode typeCodes[] = {
    {ElementType::Float16, "f2"}, {ElementType::Float32, "f4"},
    {ElementType::Float64, "f8"}, {ElementType::Int8, "i1"},
    {ElementType::Int16, "i2"},   {ElementType::Int32, "i4"},
    {ElementType::Int64, "i8"},   {ElementType::UInt8, "u1"},
    {ElementType::UInt16, "u2"},  {ElementType::UInt32, "u4"},
    {ElementType::UInt64, "u8"},  {ElementType::Bool, "b1"},
};

static Expected<ElementType> parseTypeCode(StringRef descr) {
  for (const TypeCode &entry : typeCodes) {
    // '>' is big endian, which only single bytes do not mind.
    StringRef orders = elementSize(entry.type) == 1 ? "<=|>" : "<=";
    if (descr == entry.code ||
        (descr.drop_front() == entry.code && orders.contains(descr.front())))
      return entry.type;
  }
  return makeError(ExitCode::Unsupported,
                   "element type '" + descr +
                       "' is not supported; expected little-endian f2, f4, "
                       "f8, i1, i2, i4, i8, u1, u2, u4, u8 or b1");
}

//===----------------------------------------------------------------------===//
// Header
//===----------------------------------------------------------------------===//

namespace {

/// What the header says: {'descr': '<f4', 'fortran_order': False,
/// 'shape': (2, 3)}, the keys in any order.
struct Header {
  std::string descr;
  bool isFortranOrder = false;
  SmallVector<int64_t, 5> shape;
};

/// Reads the Python literal, of which only this one form is known.
class HeaderParser {
public:
  explicit HeaderParser(StringRef text) : rest(text) {}
  Expected<Header> parse();

private:
  bool consume(StringRef token) {
    rest = rest.ltrim();
    return rest.consume_front(token);
  }
  bool parseString(std::string &result);
  bool parseBool(bool &result);
  bool parseShape();
  Error parseValue(StringRef key);
  Error fail(const Twine &what) {
    return makeError(ExitCode::IO, "malformed .npy header: " + what);
  }

  StringRef rest;
  Header header;
};

} // namespace

bool HeaderParser::parseString(std::string &result) {
  rest = rest.ltrim();
  if (rest.empty() || (rest.front() != '\'' && rest.front() != '"'))
    return false;
  size_t end = rest.find(rest.front(), 1);
  if (end == StringRef::npos)
    return false;
  result = rest.slice(1, end).str();
  rest = rest.drop_front(end + 1);
  return true;
}

bool HeaderParser::parseBool(bool &result) {
  result = consume("True");
  return result || consume("False");
}

bool HeaderParser::parseShape() {
  if (!consume("("))
    return false;
  while (!consume(")")) {
    uint64_t dim;
    rest = rest.ltrim();
    if (header.shape.size() == maxRank || rest.consumeInteger(10, dim) ||
        dim > static_cast<uint64_t>(INT64_MAX))
      return false;
    header.shape.push_back(static_cast<int64_t>(dim));
    // Python 2 wrote its long integers with an L.
    consume("L");
    // (3,) is a tuple, (3) a number.
    bool hasComma = consume(",");
    if (!hasComma &&
        (header.shape.size() == 1 || !rest.ltrim().starts_with(")")))
      return false;
  }
  return true;
}

Error HeaderParser::parseValue(StringRef key) {
  if (key == "descr") {
    if (rest.ltrim().starts_with("["))
      return makeError(ExitCode::Unsupported,
                       "structured .npy arrays are not supported");
    if (parseString(header.descr) && !header.descr.empty())
      return Error::success();
  } else if (key == "fortran_order") {
    if (parseBool(header.isFortranOrder))
      return Error::success();
  } else if (key == "shape") {
    if (parseShape())
      return Error::success();
  } else {
    return fail("unexpected key '" + key + "'");
  }
  return fail("cannot read the value of '" + key + "'");
}

Expected<Header> HeaderParser::parse() {
  StringSet<> seen;
  if (!consume("{"))
    return fail("expected '{'");
  while (!consume("}")) {
    std::string key;
    if (!parseString(key) || !consume(":"))
      return fail("expected a key and ':'");
    if (!seen.insert(key).second)
      return fail("key '" + key + "' comes twice");
    if (Error error = parseValue(key))
      return std::move(error);
    if (!consume(",") && !rest.ltrim().starts_with("}"))
      return fail("expected ',' or '}'");
  }
  if (seen.size() != 3)
    return fail("'descr', 'fortran_order' or 'shape' is missing");
  if (!rest.trim().empty())
    return fail("text after '}'");
  return std::move(header);
}

/// Splits \p bytes into the header's text, returned, and the array's bytes,
/// left in \p bytes.
static Expected<StringRef> takeHeaderText(ArrayRef<uint8_t> &bytes) {
  constexpr size_t versionEnd = 8;
  if (!toStringRef(bytes).starts_with(magic))
    return makeError(ExitCode::IO, "not a .npy file");
  if (bytes.size() < versionEnd + 4)
    return makeError(ExitCode::IO, "the .npy header is cut off");
  unsigned version = bytes[6];
  if (version < 1 || version > 3)
    return makeError(ExitCode::Unsupported,
                     ".npy version " + Twine(version) +
                         " is not supported; expected 1, 2 or 3");
  size_t lengthSize = version == 1 ? 2 : 4;
  uint64_t size = version == 1 ? fieldAt<uint16_t>(bytes, versionEnd)
                               : fieldAt<uint32_t>(bytes, versionEnd);
  if (size > maxHeaderSize)
    return makeError(ExitCode::Limit,
                     "the .npy header has " + Twine(size) + " bytes");
  std::optional<ArrayRef<uint8_t>> text =
      bytesAt(bytes, versionEnd + lengthSize, size);
  if (!text)
    return makeError(ExitCode::IO, "the .npy header is cut off");
  bytes = bytes.drop_front(versionEnd + lengthSize + size);
  return toStringRef(*text);
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

/// Copies elements from column-major to row-major order: walks the target in
/// order, like an odometer, and keeps the source position up to date.
template <typename Word>
static void transposeWords(const uint8_t *from, uint8_t *to,
                           ArrayRef<int64_t> shape, int64_t count) {
  SmallVector<int64_t, 5> strides, index(shape.size(), 0);
  int64_t stride = 1;
  for (int64_t dim : shape) {
    strides.push_back(stride);
    stride *= dim;
  }
  int64_t source = 0;
  for (int64_t i = 0; i < count; ++i) {
    std::memcpy(to + i * sizeof(Word), from + source * sizeof(Word),
                sizeof(Word));
    for (size_t axis = shape.size(); axis-- > 0;) {
      source += strides[axis];
      if (++index[axis] < shape[axis])
        break;
      source -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}

static void transpose(ArrayRef<uint8_t> from, Tensor &tensor) {
  uint8_t *to = tensor.mutableBytes().data();
  switch (elementSize(tensor.type())) {
  case 1:
    return transposeWords<uint8_t>(from.data(), to, tensor.shape(),
                                   tensor.size());
  case 2:
    return transposeWords<uint16_t>(from.data(), to, tensor.shape(),
                                    tensor.size());
  case 4:
    return transposeWords<uint32_t>(from.data(), to, tensor.shape(),
                                    tensor.size());
  default:
    return transposeWords<uint64_t>(from.data(), to, tensor.shape(),
                                    tensor.size());
  }
}

static Expected<Tensor> makeTensor(const Header &header,
                                   ArrayRef<uint8_t> elements) {
  Expected<ElementType> type = parseTypeCode(header.descr);
  if (!type)
    return type.takeError();
  std::optional<int64_t> count = elementCount(header.shape);
  int64_t expected;
  bool fits =
      count &&
      !MulOverflow(*count, static_cast<int64_t>(elementSize(*type)), expected);
  if (!fits || static_cast<uint64_t>(expected) != elements.size())
    return makeError(ExitCode::IO,
                     "the .npy header says " + shapeToString(header.shape) +
                         " elements of type " + elementTypeName(*type) +
                         ", but " + Twine(elements.size()) + " bytes follow");
  Expected<Tensor> tensor = Tensor::createUninitialized(*type, header.shape);
  if (!tensor || elements.empty())
    return tensor;
  if (header.isFortranOrder)
    transpose(elements, *tensor);
  else
    std::memcpy(tensor->mutableBytes().data(), elements.data(),
                elements.size());
  // Any other byte would not be a valid C++ bool.
  if (*type == ElementType::Bool)
    for (uint8_t &byte : tensor->mutableBytes())
      byte = byte != 0;
  return tensor;
}

static Expected<Tensor> parseUnnamed(ArrayRef<uint8_t> bytes) {
  Expected<StringRef> text = takeHeaderText(bytes);
  if (!text)
    return text.takeError();
  Expected<Header> header = HeaderParser(*text).parse();
  if (!header)
    return header.takeError();
  return makeTensor(*header, bytes);
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

Expected<Tensor> parseNumPy(ArrayRef<uint8_t> bytes, StringRef name) {
  Expected<Tensor> tensor = parseUnnamed(bytes);
  if (!tensor)
    return addContext(name, tensor.takeError());
  return tensor;
}

static Error parseMembers(ArrayRef<ZipMember> members,
                          std::vector<NamedTensor> &result) {
  StringSet<> seen;
  for (const ZipMember &member : members) {
    StringRef name = member.name;
    if (!name.consume_back(".npy"))
      return makeError(ExitCode::IO,
                       "member '" + name + "' is not a .npy file");
    if (!seen.insert(name).second)
      return makeError(ExitCode::IO, "member '" + name + "' comes twice");
    AlignedBuffer buffer;
    Expected<ArrayRef<uint8_t>> contents = unpackZipMember(member, buffer);
    if (!contents)
      return contents.takeError();
    Expected<Tensor> tensor = parseNumPy(*contents, member.name);
    if (!tensor)
      return tensor.takeError();
    result.push_back({name.str(), std::move(*tensor)});
  }
  return Error::success();
}

Expected<std::vector<NamedTensor>>
parseNumPyArchive(ArrayRef<uint8_t> bytes, StringRef name, uint64_t maxBytes) {
  Expected<std::vector<ZipMember>> members = readZipDirectory(bytes);
  if (!members)
    return addContext(name, members.takeError());
  uint64_t total = 0;
  for (const ZipMember &member : *members)
    total += member.unpackedSize;
  if (total > maxBytes)
    return makeError(ExitCode::Limit, name + ": unpacks to " + Twine(total) +
                                          " bytes, the limit is " +
                                          Twine(maxBytes));
  std::vector<NamedTensor> result;
  if (Error error = parseMembers(*members, result))
    return addContext(name, std::move(error));
  return std::move(result);
}

Expected<Tensor> readNumPyFile(StringRef path) {
  Expected<MappedFile::Ref> file = MappedFile::open(path);
  if (!file)
    return file.takeError();
  return parseNumPy((*file)->bytes(), path);
}

Expected<std::vector<NamedTensor>> readNumPyArchive(StringRef path) {
  Expected<MappedFile::Ref> file = MappedFile::open(path);
  if (!file)
    return file.takeError();
  return parseNumPyArchive((*file)->bytes(), path);
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static std::string makeDescr(ElementType type) {
  const TypeCode *entry = find_if(
      typeCodes, [type](const TypeCode &code) { return code.type == type; });
  return (elementSize(type) == 1 ? "|" : "<") + entry->code.str();
}

std::string makeNumPyHeader(const Tensor &tensor) {
  constexpr size_t prefixSize = 10, alignment = 64;
  std::string text = "{'descr': '" + makeDescr(tensor.type()) +
                     "', 'fortran_order': False, 'shape': (";
  for (int64_t dim : tensor.shape())
    text += itostr(dim) + ", ";
  if (tensor.rank() > 0)
    text.pop_back();
  if (tensor.rank() > 1)
    text.pop_back();
  text += "), }";
  // The array starts aligned and the header ends with a newline.
  size_t total = alignTo(prefixSize + text.size() + 1, alignment);
  text.resize(total - prefixSize - 1, ' ');
  text += '\n';
  std::string header = magic.str() + std::string("\x01\x00", 2);
  header += static_cast<char>(text.size() & 0xFF);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

Error writeNumPyFile(StringRef path, const Tensor &tensor) {
  if (tensor.rank() > static_cast<int64_t>(maxRank))
    return makeError(ExitCode::Limit, path + ": .npy files have at most " +
                                          Twine(maxRank) + " dimensions");
  std::string header = makeNumPyHeader(tensor);
  ArrayRef<uint8_t> parts[] = {arrayRefFromStringRef(header), tensor.bytes()};
  return writeFileAtomically(path, parts);
}

} // namespace mlmodel
