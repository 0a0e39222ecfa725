//===- HugeBuffer.h - Big memory in big pages -------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_SUPPORT_HUGEBUFFER_H
#define MLMODEL_SUPPORT_HUGEBUFFER_H

#include "llvm/Support/Error.h"
#include <cstddef>
#include <cstdint>

namespace mlmodel {

/// Memory from the system, zeroed, that starts at a page. From 2 MiB on it
/// starts at a huge page and asks for such pages, which the system may give or
/// not: fewer entries of the processor's page tables then cover it. Pages take
/// memory when they are first written.
class HugeBuffer {
public:
  HugeBuffer() = default;
  /// No memory for 0 bytes. ExitCode::Limit if there is not enough.
  static llvm::Expected<HugeBuffer> allocate(uint64_t bytes);

  HugeBuffer(HugeBuffer &&other) noexcept;
  HugeBuffer &operator=(HugeBuffer &&other) noexcept;
  ~HugeBuffer();

  char *data() const { return start; }
  uint64_t size() const { return bytes; }

private:
  void *mapping = nullptr;
  size_t mappedBytes = 0;
  char *start = nullptr;
  uint64_t bytes = 0;
};

} // namespace mlmodel

#endif // MLMODEL_SUPPORT_HUGEBUFFER_H
