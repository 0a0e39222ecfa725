//===- StateDir.cpp - State between two runs of the tool ------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StateDir.h"
#include "MLModel/Support/AtomicFile.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Support/Json.h"
#include "MLModel/Support/NumPy.h"
#include "Values.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

using namespace mlmodel;
using llvm::StringRef;
using llvm::Twine;
namespace json = llvm::json;

static std::string getIndexPath(StringRef directory) {
  return (directory + "/state.json").str();
}

/// Reads the entry of state.json for one input.
static llvm::Expected<Tensor> readTensor(StringRef directory, StringRef name,
                                         const json::Value &entry) {
  std::optional<StringRef> file = entry.getAsString();
  // Nothing outside of the directory is read.
  if (!file || *file != llvm::sys::path::filename(*file))
    return makeError(ExitCode::IO, getIndexPath(directory) + ": '" + name +
                                       "' is not the name of a file");
  return readNumPyFile((directory + "/" + *file).str());
}

llvm::Expected<FeatureMap> mlmodel::readState(const Model &model,
                                              StringRef directory) {
  FeatureMap state;
  std::string path = getIndexPath(directory);
  if (!llvm::sys::fs::exists(path))
    return state;
  llvm::Expected<json::Value> index = readJsonFile(path);
  if (!index)
    return index.takeError();
  const json::Object *files = index->getAsObject();
  if (!files)
    return makeError(ExitCode::IO, path + ": expected an object of files");
  for (const auto &[key, file] : *files) {
    StringRef name(key);
    if (llvm::none_of(model.statePairs(),
                      [&](auto &pair) { return pair.input == name; }))
      return makeError(ExitCode::Usage,
                       path + ": the model has no state '" + name + "'");
    llvm::Expected<Tensor> tensor = readTensor(directory, name, file);
    if (!tensor)
      return tensor.takeError();
    state[name.str()] = std::move(*tensor);
  }
  return state;
}

llvm::Error mlmodel::writeState(const FeatureMap &state, StringRef directory) {
  if (std::error_code error = llvm::sys::fs::create_directories(directory))
    return makeError(ExitCode::IO, directory + ": " + error.message());
  json::Object files;
  for (const auto &[name, value] : state) {
    std::string file = fileNameFor(name) + ".npy";
    if (llvm::Error error = writeNumPyFile((directory + "/" + file).str(),
                                           std::get<Tensor>(value)))
      return error;
    files[json::isUTF8(name) ? name : json::fixUTF8(name)] = file;
  }
  std::string text =
      llvm::formatv("{0:2}\n", json::Value(std::move(files))).str();
  return writeFileAtomically(getIndexPath(directory), StringRef(text));
}
