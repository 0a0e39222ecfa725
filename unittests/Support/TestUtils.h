//===- TestUtils.h - Shared by the Support tests ----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_UNITTESTS_SUPPORT_TESTUTILS_H
#define MLMODEL_UNITTESTS_SUPPORT_TESTUTILS_H

#include "MLModel/Support/Errors.h"
#include "MLModel/Support/Tensor.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace mlmodel {

/// Found by GoogleTest, which would print the object's bytes otherwise.
inline void PrintTo(const Tensor &tensor, std::ostream *os) {
  *os << elementTypeName(tensor.type()).str() << " "
      << shapeToString(tensor.shape()) << " [";
  Tensor values = tensor.convertTo(ElementType::Float64);
  for (double value : values.data<double>().take_front(20))
    *os << " " << value;
  *os << (values.size() > 20 ? " ... ]" : " ]");
}

namespace testing {

/// A directory that goes away with the test.
class TemporaryDirectory {
public:
  TemporaryDirectory() {
    EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("mlmodel-test", root));
  }
  ~TemporaryDirectory() { llvm::sys::fs::remove_directories(root); }

  std::string path(llvm::StringRef name) const {
    llvm::SmallString<128> result(root);
    llvm::sys::path::append(result, name);
    return std::string(result);
  }
  std::string write(llvm::StringRef name, llvm::StringRef contents) const {
    std::string where = path(name);
    std::error_code ec;
    llvm::raw_fd_ostream(where, ec) << contents;
    EXPECT_FALSE(ec);
    return where;
  }
  /// The names in the directory, hidden ones too.
  std::vector<std::string> list() const {
    std::vector<std::string> names;
    std::error_code ec;
    for (llvm::sys::fs::directory_iterator it(root, ec), end; it != end && !ec;
         it.increment(ec))
      names.push_back(llvm::sys::path::filename(it->path()).str());
    return names;
  }

private:
  llvm::SmallString<128> root;
};

inline std::string readText(llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().str() : "<cannot read>";
}

inline llvm::ArrayRef<uint8_t> asBytes(llvm::StringRef text) {
  return llvm::arrayRefFromStringRef(text);
}

/// Checks that \p error carries \p code and mentions \p part.
inline void expectError(llvm::Error error, ExitCode code,
                        llvm::StringRef part) {
  ExitCode actual;
  std::string message = takeMessage(std::move(error), actual);
  EXPECT_EQ(static_cast<int>(actual), static_cast<int>(code)) << message;
  EXPECT_NE(message.find(part.str()), std::string::npos)
      << "'" << message << "' lacks '" << part.str() << "'";
}

template <typename T>
void expectError(llvm::Expected<T> result, ExitCode code,
                 llvm::StringRef part) {
  if (result) {
    ADD_FAILURE() << "succeeded, expected an error with '" << part.str() << "'";
    return;
  }
  expectError(result.takeError(), code, part);
}

/// The value, or a test failure with the message and a default value.
template <typename T> T expectValue(llvm::Expected<T> result) {
  if (result)
    return std::move(*result);
  ADD_FAILURE() << llvm::toString(result.takeError());
  return T();
}

inline void expectSuccess(llvm::Error error) {
  if (error)
    ADD_FAILURE() << llvm::toString(std::move(error));
}

} // namespace testing
} // namespace mlmodel

#endif // MLMODEL_UNITTESTS_SUPPORT_TESTUTILS_H
