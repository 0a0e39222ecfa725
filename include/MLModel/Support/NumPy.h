//===- NumPy.h - .npy and .npz files ----------------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads .npy versions 1 to 3 with little-endian f2, f4, f8, i1, i2, i4, i8,
// u1, u2, u4, u8 and b1 elements; arrays in Fortran order are transposed to
// row-major order, with the same shape. Writes .npy version 1.
//
// Errors start with the file's name: ExitCode::IO for a file that cannot be
// read or is malformed, ExitCode::Unsupported for element types and zip
// features outside the list, ExitCode::Limit for too large contents. Memory
// is only asked for after the file has been found big enough to need it.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_SUPPORT_NUMPY_H
#define MLMODEL_SUPPORT_NUMPY_H

#include "MLModel/Support/Tensor.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>
#include <vector>

namespace mlmodel {

struct NamedTensor {
  std::string name;
  Tensor tensor;
};

/// Parses a whole .npy file. \p name is what messages call it. Bytes beyond
/// the array's end are an error.
llvm::Expected<Tensor> parseNumPy(llvm::ArrayRef<uint8_t> bytes,
                                  llvm::StringRef name);

/// Parses a whole .npz archive, in the order of its directory; names come
/// without ".npy". Members are stored or deflated. More than \p maxBytes of
/// unpacked contents give ExitCode::Limit.
llvm::Expected<std::vector<NamedTensor>>
parseNumPyArchive(llvm::ArrayRef<uint8_t> bytes, llvm::StringRef name,
                  uint64_t maxBytes = uint64_t(1) << 32);

llvm::Expected<Tensor> readNumPyFile(llvm::StringRef path);
llvm::Expected<std::vector<NamedTensor>> readNumPyArchive(llvm::StringRef path);

/// The .npy header for \p tensor; the file is the header and tensor.bytes().
std::string makeNumPyHeader(const Tensor &tensor);

/// Writes atomically; "-" is standard output.
llvm::Error writeNumPyFile(llvm::StringRef path, const Tensor &tensor);

} // namespace mlmodel

#endif // MLMODEL_SUPPORT_NUMPY_H
