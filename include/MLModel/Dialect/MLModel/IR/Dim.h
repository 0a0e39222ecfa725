//===- Dim.h - Sizes that may be unknown ------------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_DIM_H
#define MLMODEL_DIALECT_MLMODEL_IR_DIM_H

#include "mlir/IR/BuiltinTypeInterfaces.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/MathExtras.h"

namespace mlmodel {

/// The size of one axis: a number, or dynamic. Arithmetic with a dynamic size
/// is dynamic; arithmetic that overflows gives a size that isOverflow() and
/// that no output may have, so that rules need no checks of their own.
class Dim {
public:
  Dim(int64_t value = 0) : value(value) {}
  static Dim dynamic() { return Dim(mlir::ShapedType::kDynamic); }
  static Dim overflow() { return Dim(mlir::ShapedType::kDynamic + 1); }

  bool isDynamic() const { return value == mlir::ShapedType::kDynamic; }
  bool isOverflow() const { return value == mlir::ShapedType::kDynamic + 1; }
  bool isStatic() const { return !isDynamic() && !isOverflow(); }
  int64_t get() const { return value; }

  Dim operator+(Dim o) const { return apply<llvm::AddOverflow<int64_t>>(o); }
  Dim operator-(Dim o) const { return apply<llvm::SubOverflow<int64_t>>(o); }
  Dim operator*(Dim o) const { return apply<llvm::MulOverflow<int64_t>>(o); }
  /// Division that rounds towards minus infinity; by zero overflows.
  Dim floorDiv(Dim o) const;
  /// Division that rounds towards plus infinity; by zero overflows.
  Dim ceilDiv(Dim o) const;

  /// Exact comparison of representation: dynamic equals dynamic.
  bool operator==(Dim o) const { return value == o.value; }
  bool operator!=(Dim o) const { return value != o.value; }
  /// False only if both sizes are known and differ.
  bool mayEqual(Dim o) const {
    return isDynamic() || o.isDynamic() || value == o.value;
  }

private:
  template <int64_t (*op)(int64_t, int64_t, int64_t &)> Dim apply(Dim o) const {
    if (isOverflow() || o.isOverflow())
      return overflow();
    if (isDynamic() || o.isDynamic())
      return dynamic();
    int64_t result;
    if (op(value, o.value, result) || result <= overflow().value)
      return overflow();
    return Dim(result);
  }

  int64_t value;
};

using Dims = llvm::SmallVector<Dim, 6>;

/// The product of \p dims: the number of elements.
Dim product(llvm::ArrayRef<Dim> dims);
/// "2x?x3".
std::string toString(llvm::ArrayRef<Dim> dims);
Dims toDims(llvm::ArrayRef<int64_t> sizes);
llvm::SmallVector<int64_t> toSizes(llvm::ArrayRef<Dim> dims);

} // namespace mlmodel

#endif // MLMODEL_DIALECT_MLMODEL_IR_DIM_H
