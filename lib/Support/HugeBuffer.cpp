//===- HugeBuffer.cpp - Big memory in big pages ---------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/HugeBuffer.h"
#include "MLModel/Support/Errors.h"
#include "llvm/Support/Alignment.h"
#include <sys/mman.h>
#include <utility>

using namespace mlmodel;

constexpr uint64_t kHugePage = uint64_t(2) << 20;

llvm::Expected<HugeBuffer> HugeBuffer::allocate(uint64_t bytes) {
  HugeBuffer buffer;
  if (bytes == 0)
    return buffer;
  bool isHuge = bytes >= kHugePage;
  // Whole huge pages, and room to start at one.
  uint64_t whole = isHuge ? llvm::alignTo(bytes, kHugePage) : bytes;
  uint64_t mapped = whole + (isHuge ? kHugePage : 0);
  void *mapping = bytes > (uint64_t(1) << 56)
                      ? MAP_FAILED
                      : ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping == MAP_FAILED)
    return makeError(ExitCode::Limit, "no memory for intermediate results of " +
                                          llvm::Twine(bytes) + " bytes");
  buffer.mapping = mapping;
  buffer.mappedBytes = mapped;
  buffer.bytes = bytes;
  buffer.start = static_cast<char *>(mapping);
  if (isHuge) {
    auto address = reinterpret_cast<uintptr_t>(mapping);
    buffer.start += llvm::alignTo(address, kHugePage) - address;
    // Only a hint: systems without huge pages refuse it.
    (void)::madvise(buffer.start, whole, MADV_HUGEPAGE);
  }
  return buffer;
}

HugeBuffer::HugeBuffer(HugeBuffer &&other) noexcept
    : mapping(std::exchange(other.mapping, nullptr)),
      mappedBytes(std::exchange(other.mappedBytes, 0)),
      start(std::exchange(other.start, nullptr)),
      bytes(std::exchange(other.bytes, 0)) {}

HugeBuffer &HugeBuffer::operator=(HugeBuffer &&other) noexcept {
  std::swap(mapping, other.mapping);
  std::swap(mappedBytes, other.mappedBytes);
  std::swap(start, other.start);
  std::swap(bytes, other.bytes);
  return *this;
}

HugeBuffer::~HugeBuffer() {
  if (mapping)
    ::munmap(mapping, mappedBytes);
}
