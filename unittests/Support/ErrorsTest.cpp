//===- ErrorsTest.cpp - Exit codes and messages ---------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestUtils.h"
#include <cerrno>

using namespace llvm;
using namespace mlmodel;
using namespace mlmodel::testing;

TEST(Errors, KeepsCodeAndMessage) {
  Error error = makeError(ExitCode::Limit, Twine("too ") + "big");
  EXPECT_EQ(exitCodeOf(error), ExitCode::Limit);
  expectError(std::move(error), ExitCode::Limit, "too big");
}

TEST(Errors, SuccessIsOk) {
  Error error = Error::success();
  EXPECT_EQ(exitCodeOf(error), ExitCode::Ok);
  ExitCode code;
  EXPECT_EQ(takeMessage(std::move(error), code), "");
  EXPECT_EQ(code, ExitCode::Ok);
}

TEST(Errors, FirstCodedErrorDecides) {
  Error joined = joinErrors(createStringError(inconvertibleErrorCode(), "a"),
                            joinErrors(makeError(ExitCode::Unsupported, "b"),
                                       makeError(ExitCode::IO, "c")));
  expectError(std::move(joined), ExitCode::Unsupported, "a\nb\nc");
}

TEST(Errors, ForeignErrorsHaveACode) {
  expectError(createStringError(inconvertibleErrorCode(), "odd"),
              ExitCode::InvalidModel, "odd");
  expectError(errorCodeToError(std::make_error_code(std::errc::io_error)),
              ExitCode::IO, "");
}

TEST(Errors, ContextKeepsCode) {
  expectError(addContext("a.mlmodel", makeError(ExitCode::Usage, "no")),
              ExitCode::Usage, "a.mlmodel: no");
  expectSuccess(addContext("a.mlmodel", Error::success()));
}

TEST(Errors, IOErrorNamesPathAndReason) {
  expectError(makeIOError("some/file", "open", ENOENT), ExitCode::IO,
              "some/file: cannot open: No such file or directory");
}
