//===- Dim.cpp - Sizes that may be unknown --------------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/Dim.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlmodel;

static int64_t floorQuotient(int64_t a, int64_t b) {
  int64_t q = a / b;
  return (a % b != 0 && (a < 0) != (b < 0)) ? q - 1 : q;
}

/// The special values of a quotient, or nothing if it is an ordinary one.
static std::optional<Dim> specialQuotient(Dim a, Dim b) {
  if (a.isOverflow() || b.isOverflow() || b == Dim(0))
    return Dim::overflow();
  if (a.isDynamic() || b.isDynamic())
    return Dim::dynamic();
  return std::nullopt;
}

Dim Dim::floorDiv(Dim o) const {
  if (std::optional<Dim> special = specialQuotient(*this, o))
    return *special;
  return Dim(floorQuotient(value, o.value));
}

Dim Dim::ceilDiv(Dim o) const {
  if (std::optional<Dim> special = specialQuotient(*this, o))
    return *special;
  // Values next to INT64_MIN stand for dynamic and overflow, so negating an
  // ordinary one cannot overflow.
  return Dim(-floorQuotient(-value, o.value));
}

Dim mlmodel::product(llvm::ArrayRef<Dim> dims) {
  Dim result(1);
  for (Dim dim : dims)
    result = result * dim;
  return result;
}

std::string mlmodel::toString(llvm::ArrayRef<Dim> dims) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleave(
      dims, os,
      [&](Dim dim) {
        if (dim.isDynamic())
          os << '?';
        else if (dim.isOverflow())
          os << "overflow";
        else
          os << dim.get();
      },
      "x");
  return text;
}

Dims mlmodel::toDims(llvm::ArrayRef<int64_t> sizes) {
  return Dims(sizes.begin(), sizes.end());
}

llvm::SmallVector<int64_t> mlmodel::toSizes(llvm::ArrayRef<Dim> dims) {
  return llvm::map_to_vector(dims, [](Dim dim) { return dim.get(); });
}
