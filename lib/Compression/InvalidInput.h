//===- InvalidInput.h - Errors about the input ------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_COMPRESSION_INVALIDINPUT_H
#define MLMODEL_LIB_COMPRESSION_INVALIDINPUT_H

#include "llvm/Support/Error.h"
#include "llvm/Support/FormatVariadic.h"

namespace mlmodel {

/// An error of the category "invalid argument" with a formatv message.
template <typename... Args>
llvm::Error invalidInput(const char *format, Args &&...args) {
  return llvm::createStringError(
      std::make_error_code(std::errc::invalid_argument),
      llvm::formatv(format, std::forward<Args>(args)...).str());
}

} // namespace mlmodel

#endif // MLMODEL_LIB_COMPRESSION_INVALIDINPUT_H
