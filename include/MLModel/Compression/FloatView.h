//===- FloatView.h - Views of unaligned float32 weights ---------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_COMPRESSION_FLOATVIEW_H
#define MLMODEL_COMPRESSION_FLOATVIEW_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <cassert>
#include <cstdint>
#include <cstring>
#include <vector>

namespace mlmodel {

/// A read-only sequence of little-endian float32 values at any address.
///
/// Weights are used in place in a mapped model file, where protobuf gives no
/// alignment, so every load goes through memcpy. The view owns nothing.
class FloatView {
public:
  FloatView() = default;
  /// `count` values that start at `bytes`.
  FloatView(const void *bytes, size_t count)
      : data(static_cast<const uint8_t *>(bytes)), count(count) {}
  FloatView(llvm::ArrayRef<float> values)
      : FloatView(values.data(), values.size()) {}
  FloatView(const std::vector<float> &values)
      : FloatView(values.data(), values.size()) {}
  /// A view of raw bytes; the size must be a multiple of 4.
  static FloatView fromBytes(llvm::ArrayRef<uint8_t> bytes) {
    assert(bytes.size() % sizeof(float) == 0 && "not whole float32 values");
    return FloatView(bytes.data(), bytes.size() / sizeof(float));
  }

  size_t size() const { return count; }
  bool empty() const { return count == 0; }

  float operator[](size_t index) const {
    assert(index < count && "index out of range");
    float value;
    std::memcpy(&value, data + index * sizeof(float), sizeof(float));
    return value;
  }
  /// The IEEE bits of element `index`.
  uint32_t bits(size_t index) const {
    assert(index < count && "index out of range");
    uint32_t value;
    std::memcpy(&value, data + index * sizeof(float), sizeof(float));
    return value;
  }

  FloatView slice(size_t begin, size_t length) const {
    assert(begin <= count && length <= count - begin && "slice out of range");
    return FloatView(data + begin * sizeof(float), length);
  }
  /// Copies the first `length` values to `out`.
  void copyTo(float *out, size_t length) const {
    assert(length <= count && "copy out of range");
    if (length)
      std::memcpy(out, data, length * sizeof(float));
  }

private:
  const uint8_t *data = nullptr;
  size_t count = 0;
};

/// A tensor seen as [outer, axis, inner] around one axis: element (o, a, i)
/// is at (o * axis + a) * inner + i. Axis 0 of [C, ...] is {1, C, rest}.
struct AxisLayout {
  size_t outer = 1;
  size_t axis = 1;
  size_t inner = 1;

  size_t size() const { return outer * axis * inner; }
  /// The layout of `shape` around `axis`; no dimension may be negative.
  static AxisLayout get(llvm::ArrayRef<int64_t> shape, unsigned axis);
  /// One channel that holds all `count` values.
  static AxisLayout flat(size_t count) { return {1, 1, count}; }
};

/// Fails on the first NaN or infinity, naming its index and value, since no
/// encoding can represent it and one such value ruins the scale of the rest.
llvm::Error checkFinite(FloatView weights);

} // namespace mlmodel

#endif // MLMODEL_COMPRESSION_FLOATVIEW_H
