//===- Tensor.h - Dense values in host memory -------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_SUPPORT_TENSOR_H
#define MLMODEL_SUPPORT_TENSOR_H

#include "MLModel/Support/Half.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/ErrorHandling.h"
#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>

namespace mlmodel {

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

enum class ElementType : uint8_t {
  Float16,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  UInt8,
  UInt16,
  UInt32,
  UInt64,
  /// One byte that is 0 or 1.
  Bool,
};

/// Bytes per element.
size_t elementSize(ElementType type);

/// The name used in messages: "float16", "int32", "bool", ...
llvm::StringRef elementTypeName(ElementType type);

/// The ElementType of a C++ type.
template <typename T> struct ElementTypeOf;
#define MLMODEL_ELEMENT(CPP, NAME)                                             \
  template <> struct ElementTypeOf<CPP> {                                      \
    static constexpr ElementType value = ElementType::NAME;                    \
  };
MLMODEL_ELEMENT(Half, Float16)
MLMODEL_ELEMENT(float, Float32)
MLMODEL_ELEMENT(double, Float64)
MLMODEL_ELEMENT(int8_t, Int8)
MLMODEL_ELEMENT(int16_t, Int16)
MLMODEL_ELEMENT(int32_t, Int32)
MLMODEL_ELEMENT(int64_t, Int64)
MLMODEL_ELEMENT(uint8_t, UInt8)
MLMODEL_ELEMENT(uint16_t, UInt16)
MLMODEL_ELEMENT(uint32_t, UInt32)
MLMODEL_ELEMENT(uint64_t, UInt64)
MLMODEL_ELEMENT(bool, Bool)
#undef MLMODEL_ELEMENT

/// Calls \p visitor with a value-initialised element of the C++ type that
/// \p type stands for, so that one generic lambda serves all types.
template <typename Visitor>
decltype(auto) visitElementType(ElementType type, Visitor &&visitor) {
  switch (type) {
  case ElementType::Float16:
    return visitor(Half{});
  case ElementType::Float32:
    return visitor(float{});
  case ElementType::Float64:
    return visitor(double{});
  case ElementType::Int8:
    return visitor(int8_t{});
  case ElementType::Int16:
    return visitor(int16_t{});
  case ElementType::Int32:
    return visitor(int32_t{});
  case ElementType::Int64:
    return visitor(int64_t{});
  case ElementType::UInt8:
    return visitor(uint8_t{});
  case ElementType::UInt16:
    return visitor(uint16_t{});
  case ElementType::UInt32:
    return visitor(uint32_t{});
  case ElementType::UInt64:
    return visitor(uint64_t{});
  case ElementType::Bool:
    return visitor(bool{});
  }
  llvm_unreachable("unknown element type");
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

/// The product of the dimensions, 1 for rank 0. Nothing if a dimension is
/// negative or the product overflows int64_t; zero dimensions do not hide an
/// overflow among the others, so strides can be computed without fear.
std::optional<int64_t> elementCount(llvm::ArrayRef<int64_t> shape);

/// "2x3x4" for messages; "scalar" for rank 0.
std::string shapeToString(llvm::ArrayRef<int64_t> shape);

//===----------------------------------------------------------------------===//
// Storage
//===----------------------------------------------------------------------===//

/// Uninitialised bytes aligned for any vector unit.
class AlignedBuffer {
public:
  static constexpr size_t alignment = 64;

  AlignedBuffer() = default;
  AlignedBuffer(AlignedBuffer &&) = default;
  AlignedBuffer &operator=(AlignedBuffer &&) = default;
  AlignedBuffer(const AlignedBuffer &other);
  AlignedBuffer &operator=(const AlignedBuffer &other);

  /// Nothing if memory does not suffice.
  static std::optional<AlignedBuffer> allocate(size_t size);

  uint8_t *data() { return memory.get(); }
  const uint8_t *data() const { return memory.get(); }
  size_t size() const { return bytes; }

private:
  struct Free {
    void operator()(uint8_t *pointer) const { std::free(pointer); }
  };
  std::unique_ptr<uint8_t[], Free> memory;
  size_t bytes = 0;
};

//===----------------------------------------------------------------------===//
// Tensor
//===----------------------------------------------------------------------===//

/// A dense tensor in row-major (C) order. Copies are deep.
class Tensor {
public:
  /// A float32 tensor of shape {0}.
  Tensor() = default;

  /// A tensor of zeros. A negative dimension gives ExitCode::Usage; a size
  /// that overflows or that memory cannot hold gives ExitCode::Limit.
  static llvm::Expected<Tensor> create(ElementType type,
                                       llvm::ArrayRef<int64_t> shape);
  /// As create(), but the caller must set every element.
  static llvm::Expected<Tensor> createUninitialized(ElementType type,
                                                    llvm::ArrayRef<int64_t>);

  /// A tensor with the given elements, as many as \p shape has. Exhausted
  /// memory ends the process.
  template <typename T>
  static Tensor fromValues(llvm::ArrayRef<int64_t> shape,
                           llvm::ArrayRef<T> values) {
    Tensor result = createOrDie(ElementTypeOf<T>::value, shape);
    assert(result.size() == static_cast<int64_t>(values.size()));
    std::copy(values.begin(), values.end(), result.mutableData<T>().begin());
    return result;
  }
  template <typename T>
  static Tensor fromValues(llvm::ArrayRef<int64_t> shape,
                           std::initializer_list<T> values) {
    return fromValues(shape, llvm::ArrayRef<T>(values.begin(), values.end()));
  }
  template <typename T> static Tensor scalar(T value) {
    return fromValues<T>({}, {value});
  }

  ElementType type() const { return elementType; }
  llvm::ArrayRef<int64_t> shape() const { return dims; }
  int64_t rank() const { return static_cast<int64_t>(dims.size()); }
  /// The number of elements.
  int64_t size() const { return count; }

  llvm::ArrayRef<uint8_t> bytes() const {
    return {storage.data(), storage.size()};
  }
  llvm::MutableArrayRef<uint8_t> mutableBytes() {
    return {storage.data(), storage.size()};
  }
  /// The elements. T must be the C++ type of type().
  template <typename T> llvm::ArrayRef<T> data() const {
    assert(ElementTypeOf<T>::value == elementType && "wrong element type");
    // No braces: for bool they would make a list of two elements.
    return llvm::ArrayRef<T>(reinterpret_cast<const T *>(storage.data()),
                             static_cast<size_t>(count));
  }
  template <typename T> llvm::MutableArrayRef<T> mutableData() {
    assert(ElementTypeOf<T>::value == elementType && "wrong element type");
    return llvm::MutableArrayRef<T>(reinterpret_cast<T *>(storage.data()),
                                    static_cast<size_t>(count));
  }

  /// Gives the same elements a new shape. ExitCode::Usage, naming both shapes,
  /// if the number of elements differs.
  llvm::Error reshape(llvm::ArrayRef<int64_t> shape);

  /// Converts every element:
  ///  - to an integer: truncates toward zero; what is out of range becomes the
  ///    nearest bound, NaN becomes 0
  ///  - to a floating-point type: rounds once to nearest, ties to even
  ///  - to bool: true unless zero; NaN is true
  /// Exhausted memory ends the process.
  Tensor convertTo(ElementType type) const;
  Tensor toFloat32() const { return convertTo(ElementType::Float32); }
  /// Makes a tensor of \p type from float32 values, as convertTo() does.
  static Tensor fromFloat32(ElementType type, llvm::ArrayRef<int64_t> shape,
                            llvm::ArrayRef<float> values) {
    Tensor floats = fromValues(shape, values);
    if (type == ElementType::Float32)
      return floats;
    return floats.convertTo(type);
  }

  /// Same type, shape and bytes: NaNs equal themselves, -0 differs from 0.
  friend bool operator==(const Tensor &a, const Tensor &b) {
    return a.elementType == b.elementType && a.dims == b.dims &&
           a.bytes() == b.bytes();
  }
  friend bool operator!=(const Tensor &a, const Tensor &b) { return !(a == b); }

private:
  static Tensor createOrDie(ElementType type, llvm::ArrayRef<int64_t> shape);

  ElementType elementType = ElementType::Float32;
  llvm::SmallVector<int64_t, 5> dims = {0};
  int64_t count = 0;
  AlignedBuffer storage;
};

} // namespace mlmodel

#endif // MLMODEL_SUPPORT_TENSOR_H
