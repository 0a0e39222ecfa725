//===- LayerDump.cpp - Files of what layers write -------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerDump.h"
#include "MLModel/Support/AtomicFile.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Support/Json.h"
#include "MLModel/Support/NumPy.h"
#include "Values.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlmodel;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
namespace json = llvm::json;

static constexpr StringRef kIndexName = "layers.json";

Error mlmodel::writeLayerDump(llvm::ArrayRef<LayerBlob> blobs,
                              StringRef directory) {
  if (std::error_code error = llvm::sys::fs::create_directories(directory))
    return makeError(ExitCode::IO, directory + ": " + error.message());
  json::Array index;
  llvm::StringMap<unsigned> written;
  for (const LayerBlob &blob : blobs) {
    std::string name = fileNameFor(blob.blob);
    if (unsigned before = written[name]++)
      name += "." + std::to_string(before);
    name += ".npy";
    if (Error error =
            writeNumPyFile((directory + "/" + name).str(), blob.value))
      return error;
    index.push_back(json::Object{{"layer", json::fixUTF8(blob.layer)},
                                 {"kind", blob.kind},
                                 {"blob", json::fixUTF8(blob.blob)},
                                 {"run", int64_t(blob.run)},
                                 {"file", name}});
  }
  std::string text =
      llvm::formatv("{0:2}\n", json::Value(std::move(index))).str();
  return writeFileAtomically((directory + "/" + kIndexName).str(),
                             StringRef(text));
}

//===----------------------------------------------------------------------===//
// Finding
//===----------------------------------------------------------------------===//

void BlobIndex::add(StringRef layer, StringRef blob, unsigned run) {
  places.insert({{blob.str(), run}, {layer.str(), size++}});
}

std::optional<size_t> BlobIndex::find(const LayerBlob &wanted,
                                      bool mayRename) const {
  auto [begin, end] = places.equal_range({wanted.blob, wanted.run});
  auto found = std::find_if(begin, end, [&](const auto &place) {
    return place.second.first == wanted.layer;
  });
  if (found == end && mayRename)
    found = begin;
  return found == end ? std::nullopt : std::optional(found->second.second);
}

Error LayerDump::open(StringRef path) {
  directory = path.str();
  std::string name = directory + "/" + kIndexName.str();
  if (!llvm::sys::fs::exists(name))
    return Error::success();
  hasIndex = true;
  Expected<json::Value> value = readJsonFile(name);
  if (!value)
    return value.takeError();
  auto fail = [&] {
    return makeError(ExitCode::Usage,
                     name + ": is no list of layers, blobs and files");
  };
  const json::Array *entries = value->getAsArray();
  if (!entries)
    return fail();
  for (const json::Value &entry : *entries) {
    const json::Object *object = entry.getAsObject();
    auto layer = object ? object->getString("layer") : std::nullopt;
    auto blob = object ? object->getString("blob") : std::nullopt;
    auto file = object ? object->getString("file") : std::nullopt;
    if (!layer || !blob || !file)
      return fail();
    index.add(*layer, *blob, object->getInteger("run").value_or(0));
    files.push_back(file->str());
  }
  return Error::success();
}

Expected<std::optional<Tensor>> LayerDump::get(const LayerBlob &wanted) const {
  std::string file = fileNameFor(wanted.blob) + ".npy";
  if (hasIndex) {
    std::optional<size_t> place = index.find(wanted, /*mayRename=*/false);
    if (!place)
      return std::nullopt;
    file = files[*place];
  } else if (wanted.run != 0 ||
             !llvm::sys::fs::exists(directory + "/" + file)) {
    return std::nullopt;
  }
  Expected<Tensor> tensor = readNumPyFile(directory + "/" + file);
  if (!tensor)
    return tensor.takeError();
  return tensor->toFloat32();
}
