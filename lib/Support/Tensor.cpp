//===- Tensor.cpp - Dense values in host memory ---------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/Tensor.h"
#include "MLModel/Support/Errors.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"
#include <cstring>
#include <limits>
#include <type_traits>

using namespace llvm;

namespace mlmodel {

//===----------------------------------------------------------------------===//
// Element types and shapes
//===----------------------------------------------------------------------===//

size_t elementSize(ElementType type) {
  return visitElementType(type, [](auto element) { return sizeof(element); });
}

StringRef elementTypeName(ElementType type) {
  static constexpr StringLiteral names[] = {
      "float16", "float32", "float64", "int8",   "int16",  "int32",
      "int64",   "uint8",   "uint16",  "uint32", "uint64", "bool"};
  return names[static_cast<size_t>(type)];
}

std::optional<int64_t> elementCount(ArrayRef<int64_t> shape) {
  int64_t product = 1;
  bool isEmpty = false;
  for (int64_t dim : shape) {
    if (dim < 0)
      return std::nullopt;
    isEmpty |= dim == 0;
    if (MulOverflow(product, std::max<int64_t>(dim, 1), product))
      return std::nullopt;
  }
  return isEmpty ? 0 : product;
}

std::string shapeToString(ArrayRef<int64_t> shape) {
  if (shape.empty())
    return "scalar";
  return join(map_range(shape, [](int64_t dim) { return itostr(dim); }), "x");
}

//===----------------------------------------------------------------------===//
// AlignedBuffer
//===----------------------------------------------------------------------===//

std::optional<AlignedBuffer> AlignedBuffer::allocate(size_t size) {
  AlignedBuffer buffer;
  if (size == 0)
    return buffer;
  if (size > std::numeric_limits<size_t>::max() - alignment)
    return std::nullopt;
  // aligned_alloc wants a multiple of the alignment.
  void *memory = std::aligned_alloc(alignment, alignTo(size, alignment));
  if (!memory)
    return std::nullopt;
  buffer.memory.reset(static_cast<uint8_t *>(memory));
  buffer.bytes = size;
  return buffer;
}

AlignedBuffer::AlignedBuffer(const AlignedBuffer &other) {
  std::optional<AlignedBuffer> copy = allocate(other.bytes);
  if (!copy)
    report_bad_alloc_error("out of memory while copying a tensor");
  if (other.bytes)
    std::memcpy(copy->data(), other.data(), other.bytes);
  *this = std::move(*copy);
}

AlignedBuffer &AlignedBuffer::operator=(const AlignedBuffer &other) {
  return *this = AlignedBuffer(other);
}

//===----------------------------------------------------------------------===//
// Element conversion
//===----------------------------------------------------------------------===//

namespace {

template <typename To, typename From> To saturateInteger(From value) {
  using Limits = std::numeric_limits<To>;
  if constexpr (std::is_signed_v<From>) {
    if (value < 0) {
      if constexpr (std::is_unsigned_v<To>)
        return 0;
      else
        return static_cast<To>(
            std::max<int64_t>(value, static_cast<int64_t>(Limits::min())));
    }
  }
  return static_cast<To>(std::min<uint64_t>(
      static_cast<uint64_t>(value), static_cast<uint64_t>(Limits::max())));
}

template <typename To, typename From> To truncateToInteger(From value) {
  using Limits = std::numeric_limits<To>;
  // The bounds are powers of two, so they are exact in either type, where
  // Limits::max() itself would be rounded up.
  const From above = std::ldexp(From(1), Limits::digits);
  const From lowest = static_cast<From>(Limits::min());
  if (value != value)
    return 0;
  if (value >= above)
    return Limits::max();
  if (value <= lowest)
    return Limits::min();
  return static_cast<To>(value);
}

template <typename To, typename From> To convertElement(From value) {
  if constexpr (std::is_same_v<To, From>)
    return value;
  else if constexpr (std::is_same_v<From, Half>)
    return convertElement<To>(value.toFloat());
  else if constexpr (std::is_same_v<To, bool>)
    return value != From(0);
  else if constexpr (std::is_same_v<From, bool>)
    return convertElement<To>(static_cast<uint8_t>(value));
  else if constexpr (std::is_same_v<To, Half> && std::is_same_v<From, float>)
    return Half::fromFloat(value);
  else if constexpr (std::is_same_v<To, Half>)
    // Integers too big to be exact here are infinite as halves anyway.
    return Half::fromDouble(static_cast<double>(value));
  else if constexpr (std::is_floating_point_v<To>)
    return static_cast<To>(value);
  else if constexpr (std::is_floating_point_v<From>)
    return truncateToInteger<To>(value);
  else
    return saturateInteger<To>(value);
}

template <typename To, typename From>
void convertElements(ArrayRef<From> from, MutableArrayRef<To> to) {
  for (size_t i = 0, e = from.size(); i != e; ++i)
    to[i] = convertElement<To>(from[i]);
}

} // namespace

//===----------------------------------------------------------------------===//
// Tensor
//===----------------------------------------------------------------------===//

Expected<Tensor> Tensor::createUninitialized(ElementType type,
                                             ArrayRef<int64_t> shape) {
  if (any_of(shape, [](int64_t dim) { return dim < 0; }))
    return makeError(ExitCode::Usage, "shape " + shapeToString(shape) +
                                          " has a negative dimension");
  std::optional<int64_t> count = elementCount(shape);
  std::optional<AlignedBuffer> storage;
  int64_t bytes;
  if (count &&
      !MulOverflow(*count, static_cast<int64_t>(elementSize(type)), bytes))
    storage = AlignedBuffer::allocate(static_cast<size_t>(bytes));
  if (!storage)
    return makeError(ExitCode::Limit, "no memory for " + shapeToString(shape) +
                                          " elements of type " +
                                          elementTypeName(type));
  Tensor tensor;
  tensor.elementType = type;
  tensor.dims.assign(shape.begin(), shape.end());
  tensor.count = *count;
  tensor.storage = std::move(*storage);
  return tensor;
}

Expected<Tensor> Tensor::create(ElementType type, ArrayRef<int64_t> shape) {
  Expected<Tensor> tensor = createUninitialized(type, shape);
  if (tensor && tensor->count)
    std::memset(tensor->storage.data(), 0, tensor->storage.size());
  return tensor;
}

Tensor Tensor::createOrDie(ElementType type, ArrayRef<int64_t> shape) {
  Expected<Tensor> tensor = createUninitialized(type, shape);
  if (!tensor)
    report_fatal_error(tensor.takeError(), /*gen_crash_diag=*/false);
  return std::move(*tensor);
}

Error Tensor::reshape(ArrayRef<int64_t> shape) {
  if (elementCount(shape) != count)
    return makeError(ExitCode::Usage, "shape " + shapeToString(dims) +
                                          " cannot become " +
                                          shapeToString(shape));
  dims.assign(shape.begin(), shape.end());
  return Error::success();
}

Tensor Tensor::convertTo(ElementType type) const {
  if (type == elementType)
    return *this;
  Tensor result = createOrDie(type, dims);
  visitElementType(elementType, [&](auto fromElement) {
    using From = decltype(fromElement);
    visitElementType(type, [&](auto toElement) {
      using To = decltype(toElement);
      convertElements<To, From>(data<From>(), result.mutableData<To>());
    });
  });
  return result;
}

} // namespace mlmodel
