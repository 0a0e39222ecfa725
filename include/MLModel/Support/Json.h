//===- Json.h - JSON from files that nobody vouches for ---------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_SUPPORT_JSON_H
#define MLMODEL_SUPPORT_JSON_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

namespace mlmodel {

/// More levels of arrays and objects than this are refused: llvm::json::parse
/// recurses, and would run out of stack.
constexpr unsigned maxJsonDepth = 64;

/// Parses JSON text, after checking its depth. \p name is what messages call
/// it. ExitCode::IO for malformed text, with line and column; ExitCode::Limit
/// for too many levels.
llvm::Expected<llvm::json::Value> parseJson(llvm::StringRef text,
                                            llvm::StringRef name);

/// As parseJson(), for a file; "-" is standard input.
llvm::Expected<llvm::json::Value> readJsonFile(llvm::StringRef path);

} // namespace mlmodel

#endif // MLMODEL_SUPPORT_JSON_H
