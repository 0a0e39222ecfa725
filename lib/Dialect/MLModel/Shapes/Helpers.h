//===- Helpers.h - Demands that several shape rules share -------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_DIALECT_MLMODEL_SHAPES_HELPERS_H
#define MLMODEL_LIB_DIALECT_MLMODEL_SHAPES_HELPERS_H

#include "MLModel/Dialect/MLModel/IR/ShapeRule.h"

namespace mlmodel::rules {

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

/// Demands that every size in \p shape is positive, and not more axes than a
/// blob may have.
llvm::LogicalResult requireShape(ShapeRule &rule, llvm::ArrayRef<int64_t> shape,
                                 llvm::StringRef field);

/// Demands that \p order is a permutation of 0 .. size-1.
llvm::LogicalResult requirePermutation(ShapeRule &rule,
                                       llvm::ArrayRef<int64_t> order,
                                       llvm::StringRef field);

/// Demands that \p field has \p count entries, one for each \p what.
llvm::LogicalResult requireCount(ShapeRule &rule, size_t entries,
                                 llvm::StringRef field, int64_t count,
                                 const llvm::Twine &what);

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

/// Demands that inputs \p a and \p b agree in every axis but \p except (-1:
/// in every axis); their ranks must be known.
llvm::LogicalResult requireSameShape(ShapeRule &rule, size_t a, size_t b,
                                     int64_t except = -1);

/// Demands that input \p i has shape \p expected.
llvm::LogicalResult requireInputShape(ShapeRule &rule, size_t i,
                                      llvm::ArrayRef<Dim> expected);

/// Resolves \p target as reshaping understands it: 0 copies the input's size
/// of that axis, at most one -1 takes what is left over.
llvm::FailureOr<Dims> resolveReshape(ShapeRule &rule,
                                     llvm::ArrayRef<int64_t> target, Dims input,
                                     llvm::StringRef field);

/// What resolveReshape demands of \p target whatever the input.
llvm::LogicalResult requireReshapeTarget(ShapeRule &rule,
                                         llvm::ArrayRef<int64_t> target,
                                         llvm::StringRef field);

/// Answers the concatenation of all inputs along \p axis.
llvm::LogicalResult concatInputs(ShapeRule &rule, int64_t axis,
                                 llvm::StringRef field);

//===----------------------------------------------------------------------===//
// Shapes that are data
//===----------------------------------------------------------------------===//

/// The value of \p value if it is known before the network runs: constant
/// layers, shapes of known shapes, and what only reshapes them. Meant for
/// shape vectors; values of more than a few elements are not looked at.
std::optional<llvm::SmallVector<float>> getConstant(mlir::Value value);

/// As above, as integers; nothing unless all are.
std::optional<llvm::SmallVector<int64_t>> getConstantInts(mlir::Value value);

/// A shape that input \p i, a vector of sizes, holds: its constant value, or as
/// many dynamic sizes as the vector is long. Nothing if its length is unknown;
/// fails if there are too many.
llvm::FailureOr<std::optional<llvm::SmallVector<int64_t>>>
getShapeInput(ShapeRule &rule, size_t i, mlir::Value value);

} // namespace mlmodel::rules

#endif // MLMODEL_LIB_DIALECT_MLMODEL_SHAPES_HELPERS_H
