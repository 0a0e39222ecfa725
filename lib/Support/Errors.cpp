//===- Errors.cpp - Errors that know their exit code ----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/Errors.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/raw_ostream.h"
#include <cassert>
#include <optional>

using namespace llvm;

namespace mlmodel {

char CodedError::ID = 0;

void CodedError::log(raw_ostream &os) const { os << text; }

std::error_code CodedError::convertToErrorCode() const {
  return inconvertibleErrorCode();
}

Error makeError(ExitCode code, const Twine &message) {
  assert(code != ExitCode::Ok && "an error needs a failing exit code");
  return make_error<CodedError>(code, message.str());
}

Error makeIOError(StringRef path, StringRef action, int errorNumber) {
  return makeError(ExitCode::IO, path + ": cannot " + action + ": " +
                                     sys::StrError(errorNumber));
}

Error addContext(const Twine &prefix, Error error) {
  if (!error)
    return error;
  ExitCode code;
  std::string message = takeMessage(std::move(error), code);
  return makeError(code, prefix + ": " + message);
}

static ExitCode foreignCode(const ErrorInfoBase &info) {
  std::error_code ec = info.convertToErrorCode();
  bool fromSystem = ec.category() == std::generic_category() ||
                    ec.category() == std::system_category();
  return fromSystem ? ExitCode::IO : ExitCode::InvalidModel;
}

ExitCode exitCodeOf(const Error &error) {
  std::optional<ExitCode> coded, foreign;
  visitErrors(error, [&](const ErrorInfoBase &info) {
    if (info.isA<CodedError>()) {
      if (!coded)
        coded = static_cast<const CodedError &>(info).code();
    } else if (!foreign) {
      foreign = foreignCode(info);
    }
  });
  return coded.value_or(foreign.value_or(ExitCode::Ok));
}

std::string takeMessage(Error error, ExitCode &code) {
  code = exitCodeOf(error);
  return toString(std::move(error));
}

} // namespace mlmodel
