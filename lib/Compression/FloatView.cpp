//===- FloatView.cpp - Views of unaligned float32 weights -----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Compression/FloatView.h"
#include "InvalidInput.h"

using namespace llvm;
using namespace mlmodel;

AxisLayout AxisLayout::get(ArrayRef<int64_t> shape, unsigned axis) {
  assert(axis < shape.size() && "axis out of range");
  AxisLayout layout;
  for (size_t dim = 0; dim < shape.size(); ++dim) {
    assert(shape[dim] >= 0 && "negative dimension");
    size_t &part = dim < axis    ? layout.outer
                   : dim == axis ? layout.axis
                                 : layout.inner;
    part *= static_cast<size_t>(shape[dim]);
  }
  return layout;
}

static bool isFiniteBits(uint32_t bits) {
  return (bits & 0x7f800000u) != 0x7f800000u;
}

Error mlmodel::checkFinite(FloatView weights) {
  // Whole chunks are tested without an exit in the loop, which vectorises.
  constexpr size_t chunk = 1024;
  for (size_t begin = 0; begin < weights.size(); begin += chunk) {
    size_t length = std::min(chunk, weights.size() - begin);
    FloatView part = weights.slice(begin, length);
    unsigned bad = 0;
    for (size_t i = 0; i < length; ++i)
      bad |= !isFiniteBits(part.bits(i));
    if (!bad)
      continue;
    for (size_t i = 0; i < length; ++i) {
      uint32_t bits = part.bits(i);
      if (isFiniteBits(bits))
        continue;
      StringRef name = (bits & 0x007fffffu) ? "nan"
                       : (bits >> 31)       ? "-inf"
                                            : "inf";
      return invalidInput(
          "weight element {0} is {1}; only finite values can be "
          "compressed",
          begin + i, name);
    }
  }
  return Error::success();
}
