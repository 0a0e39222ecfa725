//===- Errors.h - Errors that know their exit code --------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_SUPPORT_ERRORS_H
#define MLMODEL_SUPPORT_ERRORS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <string>

namespace mlmodel {

/// What a tool's process exit status means. The numbers are part of the
/// command-line contract and never change.
enum class ExitCode : int {
  Ok = 0,
  /// A comparison that the user asked for found a difference.
  ComparisonFailed = 1,
  /// Wrong options or arguments, including values of the wrong shape or type.
  Usage = 2,
  /// The model breaks the file format or its own rules.
  InvalidModel = 3,
  /// The input is valid, but uses something that is not implemented.
  Unsupported = 4,
  /// A size limit or a deadline was passed.
  Limit = 5,
  /// A file cannot be read or written, or a data file is malformed.
  IO = 6,
};

/// An error with a message for people and an exit code for scripts.
class CodedError : public llvm::ErrorInfo<CodedError> {
public:
  static char ID;

  CodedError(ExitCode code, std::string text)
      : exitCode(code), text(std::move(text)) {}

  ExitCode code() const { return exitCode; }
  void log(llvm::raw_ostream &os) const override;
  std::error_code convertToErrorCode() const override;

private:
  ExitCode exitCode;
  std::string text;
};

/// Makes a CodedError. \p code must not be ExitCode::Ok.
llvm::Error makeError(ExitCode code, const llvm::Twine &message);

/// Makes "PATH: cannot ACTION: ERRNO TEXT" with ExitCode::IO. \p errorNumber is
/// an errno value, taken as an argument because a call between the failure and
/// the report may change errno.
llvm::Error makeIOError(llvm::StringRef path, llvm::StringRef action,
                        int errorNumber);

/// Puts "PREFIX: " before the message and keeps the exit code. Success stays
/// success, so a call's result can be passed through unseen.
llvm::Error addContext(const llvm::Twine &prefix, llvm::Error error);

/// The exit code of \p error, which stays unhandled. Success is ExitCode::Ok.
/// Of several joined errors the first coded one decides. An error from
/// elsewhere counts as ExitCode::IO if it wraps a system error, else as
/// ExitCode::InvalidModel: what LLVM's parsers report is bad input.
ExitCode exitCodeOf(const llvm::Error &error);

/// Consumes \p error: returns its text, joined errors on a line each, and sets
/// \p code as exitCodeOf() does. Success gives an empty text.
std::string takeMessage(llvm::Error error, ExitCode &code);

} // namespace mlmodel

#endif // MLMODEL_SUPPORT_ERRORS_H
