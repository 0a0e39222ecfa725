//===- RoundTrip.h - Import, print, parse, export ------------- -*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_UNITTESTS_TRANSLATE_ROUNDTRIP_H
#define MLMODEL_UNITTESTS_TRANSLATE_ROUNDTRIP_H

#include "MLModel/Translate/Translate.h"
#include "mlir/IR/MLIRContext.h"
#include <string>

namespace mlmodel::test {

enum class Form { Text, Bytecode };

/// What came of one way through MLIR.
struct RoundTrip {
  /// Diagnostics, if a step failed.
  std::string error;
  /// The bytes after import, writing, reading in another context and export.
  std::string bytes;
  /// The text, or the bytecode.
  std::string mlir;
  /// The file was not canonical: its original bytes were kept.
  bool keptWire = false;
};

inline Bytes toBytes(const std::string &text) {
  return Bytes(reinterpret_cast<const uint8_t *>(text.data()), text.size());
}

RoundTrip roundTrip(const std::string &file, Form form,
                    const ImportOptions &options);

/// "same", or where \p actual leaves \p expected.
std::string compareBytes(const std::string &expected,
                         const std::string &actual);

} // namespace mlmodel::test

#endif // MLMODEL_UNITTESTS_TRANSLATE_ROUNDTRIP_H
