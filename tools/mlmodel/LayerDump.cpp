//===- LayerDump.cpp - Files of what layers write -------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerDump.h"
#include "MLModel/Support/AtomicFile.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Support/NumPy.h"
#include "Values.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlmodel;
using llvm::StringRef;
namespace json = llvm::json;

std::string mlmodel::getBlobPath(StringRef directory, StringRef blob) {
  return (directory + "/" + fileNameFor(blob) + ".npy").str();
}

llvm::Error mlmodel::writeLayerDump(llvm::ArrayRef<LayerBlob> blobs,
                                    StringRef directory) {
  if (std::error_code error = llvm::sys::fs::create_directories(directory))
    return makeError(ExitCode::IO, directory + ": " + error.message());
  json::Array index;
  for (const LayerBlob &blob : blobs) {
    if (llvm::Error error =
            writeNumPyFile(getBlobPath(directory, blob.blob), blob.value))
      return error;
    index.push_back(json::Object{{"layer", json::fixUTF8(blob.layer)},
                                 {"kind", blob.kind},
                                 {"blob", json::fixUTF8(blob.blob)},
                                 {"file", fileNameFor(blob.blob) + ".npy"}});
  }
  std::string text =
      llvm::formatv("{0:2}\n", json::Value(std::move(index))).str();
  return writeFileAtomically((directory + "/layers.json").str(),
                             StringRef(text));
}
