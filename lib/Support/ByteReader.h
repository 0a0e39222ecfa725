//===- ByteReader.h - Little-endian fields at checked offsets ---*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_SUPPORT_BYTEREADER_H
#define MLMODEL_LIB_SUPPORT_BYTEREADER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Endian.h"
#include <cstdint>
#include <optional>

namespace mlmodel {

/// The \p size bytes at \p offset, or nothing if they are not all there. The
/// comparison is written so that no sum can wrap around.
inline std::optional<llvm::ArrayRef<uint8_t>>
bytesAt(llvm::ArrayRef<uint8_t> bytes, uint64_t offset, uint64_t size) {
  if (offset > bytes.size() || size > bytes.size() - offset)
    return std::nullopt;
  return bytes.slice(offset, size);
}

/// A little-endian field inside \p bytes, which the caller has checked to be
/// long enough.
template <typename T> T fieldAt(llvm::ArrayRef<uint8_t> bytes, size_t offset) {
  return llvm::support::endian::read<T, llvm::endianness::little>(
      bytes.slice(offset, sizeof(T)).data());
}

} // namespace mlmodel

#endif // MLMODEL_LIB_SUPPORT_BYTEREADER_H
