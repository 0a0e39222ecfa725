//===- ShapeInference.h - Checked shapes of results -------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_SHAPEINFERENCE_H
#define MLMODEL_DIALECT_MIL_IR_SHAPEINFERENCE_H

#include "MLModel/Dialect/MIL/IR/MILSupport.h"

namespace mlmodel::mil {

/// No dimension and no parameter of a shape may be larger. Sums and products of
/// two such numbers fit into an int64_t.
constexpr int64_t maxExtent = int64_t(1) << 30;

/// Appends the float32 tensor type of `shape`; failure, with a report, for a
/// size that is negative or too large.
LogicalResult appendTensor(MLIRContext *context, std::optional<Location> loc,
                           ArrayRef<int64_t> shape,
                           SmallVectorImpl<Type> &types);

/// The shape of an operand; failure, with a report naming it, unless it is a
/// tensor whose rank lies in [minRank, maxRank].
FailureOr<ArrayRef<int64_t>> getOperandShape(std::optional<Location> loc,
                                             Value value, const Twine &name,
                                             int64_t minRank = 0,
                                             int64_t maxRank = 16);

/// Failure, with a report, unless every value lies in [low, high].
LogicalResult checkRange(std::optional<Location> loc, ArrayRef<int64_t> values,
                         const Twine &name, int64_t low,
                         int64_t high = maxExtent);

/// Failure, with a report, unless a list has `size` entries.
LogicalResult checkLength(std::optional<Location> loc, size_t length,
                          const Twine &name, size_t size);

/// Failure, with a report, unless two dimensions agree or one is dynamic.
LogicalResult checkSameSize(std::optional<Location> loc, int64_t a, int64_t b,
                            const Twine &what);

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

/// One spatial axis of a convolution or a pooling.
struct WindowAxis {
  int64_t input = 1;
  int64_t kernel = 1;
  int64_t stride = 1;
  int64_t dilation = 1;
  /// Padding of the input. For a transposed convolution what is cropped from
  /// the full output; there the end is negative if the result reaches past it.
  int64_t padBegin = 0;
  int64_t padEnd = 0;
  /// How many elements at the end of the padded input the last window lacks
  /// (`ceil_mode`).
  int64_t overhang = 0;
  int64_t output = 1;

  /// The extent of the dilated kernel.
  int64_t span() const { return (kernel - 1) * dilation + 1; }
};

using Window = SmallVector<WindowAxis, 3>;

/// What operations say about their windows; empty lists mean ones or zeros.
struct WindowAttributes {
  ArrayRef<int64_t> kernel;
  ArrayRef<int64_t> strides;
  ArrayRef<int64_t> dilations;
  StringRef padType;
  ArrayRef<int64_t> pad;
  bool ceilMode = false;
};

/// The window of a convolution or a pooling over `input`, the spatial
/// dimensions. A dynamic input gives a dynamic output.
FailureOr<Window> computeWindow(std::optional<Location> loc,
                                ArrayRef<int64_t> input,
                                const WindowAttributes &attributes);

/// The window of a transposed convolution; `outputShape` holds the spatial
/// dimensions of the result or nothing.
FailureOr<Window> computeTransposedWindow(std::optional<Location> loc,
                                          ArrayRef<int64_t> input,
                                          const WindowAttributes &attributes,
                                          ArrayRef<int64_t> outputShape);

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

/// The elements `begin + i * stride`, `i < size`, of one axis.
struct SliceAxis {
  int64_t begin = 0;
  int64_t size = 1;
  int64_t stride = 1;
  bool squeeze = false;
};

/// The lists of a slice_by_index; `stride` and the masks may be empty.
struct SliceAttributes {
  ArrayRef<int64_t> begin;
  ArrayRef<int64_t> end;
  ArrayRef<int64_t> stride;
  ArrayRef<bool> beginMask;
  ArrayRef<bool> endMask;
  ArrayRef<bool> squeezeMask;
};

/// What a slice takes from each axis of `shape`, which must be static.
FailureOr<SmallVector<SliceAxis>>
computeSlice(std::optional<Location> loc, ArrayRef<int64_t> shape,
             const SliceAttributes &attributes);

} // namespace mlmodel::mil

#endif // MLMODEL_DIALECT_MIL_IR_SHAPEINFERENCE_H
