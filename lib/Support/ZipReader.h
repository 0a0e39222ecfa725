//===- ZipReader.h - Members of a zip archive in memory ---------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Just enough for .npz: one disk, stored or deflated members, no encryption,
// no zip64. The central directory is believed, and the local headers must be
// where it says; members must not overlap, which keeps the work linear in the
// archive's size.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_SUPPORT_ZIPREADER_H
#define MLMODEL_LIB_SUPPORT_ZIPREADER_H

#include "MLModel/Support/Tensor.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>
#include <vector>

namespace mlmodel {

struct ZipMember {
  std::string name;
  bool isDeflated = false;
  uint32_t crc = 0;
  uint64_t unpackedSize = 0;
  /// The member's bytes inside the archive.
  llvm::ArrayRef<uint8_t> packed;
};

/// Lists the members, directories left out, with all offsets checked. Errors
/// do not name the archive.
llvm::Expected<std::vector<ZipMember>>
readZipDirectory(llvm::ArrayRef<uint8_t> archive);

/// The member's contents: a view into the archive if it is stored, else
/// unpacked into \p buffer. The checksum is verified.
llvm::Expected<llvm::ArrayRef<uint8_t>> unpackZipMember(const ZipMember &member,
                                                        AlignedBuffer &buffer);

} // namespace mlmodel

#endif // MLMODEL_LIB_SUPPORT_ZIPREADER_H
