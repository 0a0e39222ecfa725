//===- OpenSizes.h - One code for several sizes -----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A network that is lowered for two sizes of its inputs usually gives the same
// operations with other numbers: sizes, strides, places in the arena, bounds of
// loops, factors of means. From a few such samples follows which numbers are
// open. Code in which they are parameters serves all sizes that lower to the
// same operations; what the parameters of a size are is read off its lowering,
// which takes a small part of the time of generating code.
//
// Nothing is assumed about how numbers follow from sizes, and no operation has
// to be lowered for unknown sizes.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_CODEGEN_OPENSIZES_H
#define MLMODEL_CODEGEN_OPENSIZES_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"
#include <limits>

namespace mlmodel {

/// The discardable attribute of loop nests with open sizes: the sizes of their
/// loops in the sample that was lowered first. Plans of tiles go by them.
constexpr llvm::StringLiteral kTypicalSizesAttrName = "mlmodel.typical_sizes";

/// The function attribute that tells which argument holds the parameters, a
/// memref of i64.
constexpr llvm::StringLiteral kParametersAttrName = "mlmodel.parameters";

/// A module on buffers, taken apart: what it consists of, and its numbers in
/// the order in which they are met. Equal structures of modules in one context
/// mean that the modules differ in numbers alone.
class Skeleton {
public:
  explicit Skeleton(mlir::ModuleOp module);

  /// The strides and the offset of what is empty.
  static constexpr int64_t kAnyNumber = std::numeric_limits<int64_t>::max();

  llvm::ArrayRef<int64_t> getNumbers() const { return numbers; }
  /// What a number is: one of a type of a buffer, or something else.
  enum NumberKind : uint8_t { Size, Stride, Offset, Other };
  NumberKind getKind(size_t index) const { return kinds[index]; }
  /// The first operation of this module that \p other does not have at the same
  /// place; null if there is none.
  mlir::Operation *findDifference(const Skeleton &other) const;

  /// The operation that number \p index belongs to.
  mlir::Operation *findOwner(size_t index) const;

  /// Where numbers come from: those from `first` on are the ones of a type, a
  /// constant operand or an attribute.
  struct Place {
    enum Kind { ValueType, ConstantOperand, Attribute } kind;
    size_t first = 0;
    /// The value whose type it is.
    mlir::Value value;
    /// The operation that has the operand or the attribute.
    mlir::Operation *op = nullptr;
    unsigned operand = 0;
    mlir::StringAttr attribute;
    /// Whether the number is a place that may be anywhere: a parameter of its
    /// own even if the samples agree.
    bool isFree = false;
  };
  llvm::ArrayRef<Place> getPlaces() const { return places; }

private:
  class Walker;
  std::vector<uintptr_t> structure;
  /// For each operation, where its part of the structure begins.
  std::vector<std::pair<size_t, mlir::Operation *>> operations;
  std::vector<int64_t> numbers;
  std::vector<NumberKind> kinds;
  std::vector<Place> places;
};

/// Which numbers of a skeleton differ from size to size.
class OpenNumbers {
public:
  /// Compares \p samples, which must have the structure of the first. Numbers
  /// of one kind that agree in all samples share a parameter.
  explicit OpenNumbers(llvm::ArrayRef<const Skeleton *> samples);

  size_t getNumParameters() const { return numParameters; }
  /// The parameter that number \p index is; nothing if it is the same for all
  /// sizes.
  std::optional<unsigned> getParameter(size_t index) const;

  /// The parameters for the size that \p skeleton was lowered for. Nothing if
  /// the code for \p reference, a sample, does not serve that size; \p misfit
  /// then is the first operation of the sample that is another one.
  std::optional<std::vector<int64_t>> read(const Skeleton &reference,
                                           const Skeleton &skeleton,
                                           mlir::Operation *&misfit) const;

private:
  std::vector<int> parameters;
  size_t numParameters = 0;
};

/// Makes the open numbers of \p module, which \p skeleton was made of,
/// parameters: an i64 memref becomes the last argument of @main. Fails with a
/// message at an operation that cannot have them.
llvm::LogicalResult openSizes(mlir::ModuleOp module, const Skeleton &skeleton,
                              const OpenNumbers &open);

} // namespace mlmodel

#endif // MLMODEL_CODEGEN_OPENSIZES_H
