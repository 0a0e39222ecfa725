//===- StageFile.cpp - A compiled stage as a file -------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StageFile.h"
#include "MLModel/Support/AtomicFile.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Support/HugeBuffer.h"
#include "llvm/Support/Alignment.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/xxhash.h"
#include <cstring>

using namespace mlmodel;
using llvm::ArrayRef;
using llvm::Error;
using llvm::Expected;

namespace {

constexpr uint64_t kBlobAlignment = 64;
enum class Place : uint64_t { StageFile = 0, ModelFile = 1 };

struct Header {
  char magic[8];
  StageKey key;
  uint64_t directorySize;
  StageKey directoryHash;
};
constexpr char kMagic[8] = {'M', 'L', 'M', 'S', 'T', 'A', 'G', 'E'};

StageKey hashBytes(ArrayRef<uint8_t> bytes) {
  llvm::XXH128_hash_t hash = llvm::xxh3_128bits(bytes);
  return {hash.low64, hash.high64};
}

ArrayRef<uint8_t> toBytes(ArrayRef<char> chars) {
  return {reinterpret_cast<const uint8_t *>(chars.data()), chars.size()};
}

} // namespace

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

namespace {

class StageWriter {
public:
  StageWriter(const CompiledStage &stage, ArrayRef<uint8_t> model)
      : stage(stage), model(model) {}

  Error write(llvm::StringRef path, const StageKey &key);

private:
  void addNumber(uint64_t number) { directory.push_back(number); }
  void addShape(const CompiledStage::Shape &shape);
  void addBlob(ArrayRef<char> chars);
  void addDirectory();
  uint64_t getDirectorySize() const { return directory.size() * 8; }

  const CompiledStage &stage;
  ArrayRef<uint8_t> model;
  std::vector<uint64_t> directory;
  /// Blobs with the padding before each, and their size together.
  std::vector<ArrayRef<uint8_t>> parts;
  uint64_t partBytes = 0;
};

} // namespace

void StageWriter::addShape(const CompiledStage::Shape &shape) {
  addNumber(shape.size());
  for (int64_t size : shape)
    addNumber(size);
}

/// Offsets in this file count from the end of the directory, at the next
/// multiple of kBlobAlignment.
void StageWriter::addBlob(ArrayRef<char> chars) {
  ArrayRef<uint8_t> bytes = toBytes(chars);
  if (bytes.begin() >= model.begin() && bytes.end() <= model.end()) {
    for (uint64_t number :
         {uint64_t(Place::ModelFile), uint64_t(bytes.begin() - model.begin()),
          uint64_t(bytes.size()), uint64_t(0), uint64_t(0)})
      addNumber(number);
    return;
  }
  static const uint8_t zeros[kBlobAlignment] = {};
  uint64_t offset = llvm::alignTo(partBytes, kBlobAlignment);
  parts.push_back({zeros, offset - partBytes});
  parts.push_back(bytes);
  partBytes = offset + bytes.size();
  StageKey hash = hashBytes(bytes);
  for (uint64_t number : {uint64_t(Place::StageFile), offset,
                          uint64_t(bytes.size()), hash[0], hash[1]})
    addNumber(number);
}

void StageWriter::addDirectory() {
  for (const auto *shapes : {&stage.inputs, &stage.outputs}) {
    addNumber(shapes->size());
    for (const CompiledStage::Shape &shape : *shapes)
      addShape(shape);
  }
  addNumber(stage.arenaBytes);
  addNumber(stage.numParameters);
  addNumber(stage.weights.size());
  for (const CompiledStage::Weight &weight : stage.weights) {
    addShape(weight.shape);
    addNumber(weight.width);
    addBlob(weight.bytes);
  }
  addNumber(stage.objects.size());
  for (ArrayRef<char> object : stage.objects)
    addBlob(object);
}

Error StageWriter::write(llvm::StringRef path, const StageKey &key) {
  addDirectory();
  ArrayRef<uint8_t> directoryBytes(
      reinterpret_cast<const uint8_t *>(directory.data()), getDirectorySize());
  Header header = {};
  std::memcpy(header.magic, kMagic, sizeof(kMagic));
  header.key = key;
  header.directorySize = getDirectorySize();
  header.directoryHash = hashBytes(directoryBytes);
  uint64_t end = sizeof(header) + getDirectorySize();
  std::vector<uint8_t> padding(llvm::alignTo(end, kBlobAlignment) - end);
  std::vector<ArrayRef<uint8_t>> all = {
      {reinterpret_cast<const uint8_t *>(&header), sizeof(header)},
      directoryBytes,
      padding};
  all.insert(all.end(), parts.begin(), parts.end());
  return writeFileAtomically(path, all);
}

Error mlmodel::writeStageFile(llvm::StringRef path, const StageKey &key,
                              const CompiledStage &stage,
                              ArrayRef<uint8_t> model) {
  return StageWriter(stage, model).write(path, key);
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {

/// Reads a directory whose hash was right. Its numbers are checked all the
/// same: a wrong one must not become a pointer.
class StageReader {
public:
  StageReader(ArrayRef<uint8_t> directory, ArrayRef<uint8_t> blobs,
              ArrayRef<uint8_t> model)
      : directory(directory), blobs(blobs), model(model) {}

  /// False if something is wrong.
  bool read(CompiledStage &stage);

private:
  bool readNumber(uint64_t &number);
  /// A number of things that take at least 8 bytes each in the directory.
  bool readCount(uint64_t &count);
  bool readShape(CompiledStage::Shape &shape);
  bool readShapes(std::vector<CompiledStage::Shape> &shapes);
  bool readBlob(ArrayRef<char> &chars);
  bool readWeight(CompiledStage::Weight &weight);

  ArrayRef<uint8_t> directory, blobs, model;
};

} // namespace

bool StageReader::readNumber(uint64_t &number) {
  if (directory.size() < sizeof(number))
    return false;
  std::memcpy(&number, directory.data(), sizeof(number));
  directory = directory.drop_front(sizeof(number));
  return true;
}

bool StageReader::readCount(uint64_t &count) {
  return readNumber(count) && count <= directory.size() / sizeof(uint64_t);
}

bool StageReader::readShape(CompiledStage::Shape &shape) {
  uint64_t rank;
  if (!readCount(rank))
    return false;
  shape.resize(rank);
  for (int64_t &size : shape) {
    uint64_t number;
    if (!readNumber(number))
      return false;
    size = number;
  }
  return true;
}

bool StageReader::readShapes(std::vector<CompiledStage::Shape> &shapes) {
  uint64_t count;
  if (!readCount(count))
    return false;
  shapes.resize(count);
  return llvm::all_of(shapes, [&](auto &shape) { return readShape(shape); });
}

bool StageReader::readBlob(ArrayRef<char> &chars) {
  uint64_t place, offset, size;
  StageKey hash;
  if (!readNumber(place) || !readNumber(offset) || !readNumber(size) ||
      !readNumber(hash[0]) || !readNumber(hash[1]))
    return false;
  bool isInModel = place == uint64_t(Place::ModelFile);
  if (!isInModel && place != uint64_t(Place::StageFile))
    return false;
  ArrayRef<uint8_t> file = isInModel ? model : blobs;
  if (offset > file.size() || size > file.size() - offset)
    return false;
  ArrayRef<uint8_t> bytes = file.slice(offset, size);
  chars = {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
  return isInModel || hashBytes(bytes) == hash;
}

bool StageReader::readWeight(CompiledStage::Weight &weight) {
  if (!readShape(weight.shape) || !readNumber(weight.width) ||
      !readBlob(weight.bytes))
    return false;
  uint64_t bytes = weight.width;
  for (int64_t size : weight.shape)
    bytes = llvm::SaturatingMultiply(bytes, uint64_t(size));
  return weight.width > 0 && bytes == weight.bytes.size();
}

bool StageReader::read(CompiledStage &stage) {
  uint64_t count;
  if (!readShapes(stage.inputs) || !readShapes(stage.outputs) ||
      !readNumber(stage.arenaBytes) || !readNumber(stage.numParameters) ||
      !readCount(count))
    return false;
  stage.weights.resize(count);
  if (!llvm::all_of(stage.weights,
                    [&](auto &weight) { return readWeight(weight); }) ||
      !readCount(count))
    return false;
  stage.objects.resize(count);
  return llvm::all_of(stage.objects,
                      [&](auto &object) { return readBlob(object); }) &&
         directory.empty();
}

/// Copies \p from, big parts at a time. The system clears pages when they are
/// first written, which takes it longer than the copy.
static void copyInParts(ArrayRef<uint8_t> from, char *to, unsigned threads) {
  constexpr uint64_t part = 8 << 20;
  if (threads == 1 || from.size() <= part) {
    llvm::copy(from, to);
    return;
  }
  llvm::DefaultThreadPool pool(llvm::hardware_concurrency(threads));
  for (uint64_t begin = 0; begin < from.size(); begin += part)
    pool.async(
        [=] { llvm::copy(from.slice(begin).take_front(part), to + begin); });
  pool.wait();
}

Expected<CompiledStage> mlmodel::readStageFile(MappedFile::Ref file,
                                               const StageKey &key,
                                               MappedFile::Ref model,
                                               unsigned threads) {
  auto fail = [&](const char *problem) {
    return makeError(ExitCode::IO, file->name() + ": " + problem);
  };
  ArrayRef<uint8_t> bytes = file->bytes();
  Header header;
  if (bytes.size() < sizeof(header))
    return fail("is too short for a compiled stage");
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (std::memcmp(header.magic, kMagic, sizeof(kMagic)) != 0)
    return fail("is no compiled stage");
  if (header.key != key)
    return fail("is the compiled stage of something else");
  if (header.directorySize > bytes.size() - sizeof(header))
    return fail("is cut off");
  ArrayRef<uint8_t> directory =
      bytes.slice(sizeof(header), header.directorySize);
  uint64_t end =
      llvm::alignTo(sizeof(header) + header.directorySize, kBlobAlignment);
  if (hashBytes(directory) != header.directoryHash || end > bytes.size())
    return fail("is damaged");
  // Huge pages are worth the copy: weights are read in every prediction.
  ArrayRef<uint8_t> blobs = bytes.drop_front(end);
  auto memory = HugeBuffer::allocate(blobs.size());
  if (!memory)
    return memory.takeError();
  auto copy = std::make_shared<HugeBuffer>(std::move(*memory));
  copyInParts(blobs, copy->data(), threads);
  blobs = {reinterpret_cast<const uint8_t *>(copy->data()), blobs.size()};
  CompiledStage stage;
  if (!StageReader(directory, blobs, model->bytes()).read(stage))
    return fail("is damaged");
  stage.owners = {std::move(copy), std::move(model)};
  return stage;
}
