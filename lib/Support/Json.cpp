//===- Json.cpp - JSON from files that nobody vouches for -----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/Json.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Support/MappedFile.h"

using namespace llvm;

namespace mlmodel {

/// Exact for valid JSON. Invalid text may be counted wrongly after its first
/// mistake, but the parser does not get further than that either.
static bool isTooDeep(StringRef text) {
  unsigned depth = 0;
  bool inString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (inString) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        inString = false;
    } else if (c == '"') {
      inString = true;
    } else if (c == '[' || c == '{') {
      if (++depth > maxJsonDepth)
        return true;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

Expected<json::Value> parseJson(StringRef text, StringRef name) {
  if (isTooDeep(text))
    return makeError(ExitCode::Limit, name + ": more than " +
                                          Twine(maxJsonDepth) +
                                          " levels of arrays and objects");
  Expected<json::Value> value = json::parse(text);
  if (!value)
    return makeError(ExitCode::IO,
                     name + ": not valid JSON: " + toString(value.takeError()));
  return value;
}

Expected<json::Value> readJsonFile(StringRef path) {
  Expected<MappedFile::Ref> file = MappedFile::openOrStdin(path);
  if (!file)
    return file.takeError();
  return parseJson((*file)->text(), (*file)->name());
}

} // namespace mlmodel
