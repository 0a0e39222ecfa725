//===- Window.h - Windows of convolutions and poolings ----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Convolution and pooling layers slide a window over the last two or three
// axes. The format has several ways to say how; all end up in a Window, which
// knows how far it reaches and how often it fits.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_WINDOW_H
#define MLMODEL_DIALECT_MLMODEL_IR_WINDOW_H

#include "MLModel/Dialect/MLModel/IR/ConvolutionOps.h"
#include "MLModel/Dialect/MLModel/IR/Dim.h"

namespace mlmodel {

/// A window along some axes, with the format's defaults filled in. The lists
/// have one entry per axis; they are as long as the file says until
/// verifyWindow has checked them.
struct Window {
  enum class Padding {
    /// As many elements as `begin` and `end` say.
    Explicit,
    /// So many that output = ceil(input / stride); an odd one at the end.
    SameEnd,
    /// The same with the odd one at the beginning.
    SameBegin,
    /// As Explicit, and the last window may hang over so that every element is
    /// covered.
    LastPixel
  };

  using List = llvm::SmallVector<int64_t, 3>;

  List kernel, stride, dilation, begin, end;
  Padding padding = Padding::Explicit;
  /// Sizes that a transposed convolution asks for; empty if it does not.
  List outputShape;

  bool isSame() const {
    return padding == Padding::SameEnd || padding == Padding::SameBegin;
  }
  /// From the first to the last element under the window.
  Dim getReach(size_t axis) const {
    return Dim(kernel[axis] - 1) * dilation[axis] + 1;
  }
  /// How many elements are put before and after an input of size \p input.
  std::pair<Dim, Dim> getPadding(size_t axis, Dim input) const;
  /// How often the window fits.
  Dim getOutput(size_t axis, Dim input) const;
  /// The size of the output of a transposed convolution.
  Dim getTransposedOutput(size_t axis, Dim input) const;
  /// How many elements a transposed convolution drops from the beginning of
  /// its full output, and (negative: adds) at the end.
  std::pair<Dim, Dim> getCrop(size_t axis, Dim input) const;
};

Window getWindow(ConvolutionOpAdaptor op);
Window getWindow(Convolution3dOpAdaptor op);
Window getWindow(Pooling3dOpAdaptor op);
Window getWindow(PoolingOpAdaptor op);

/// Checks the length and range of all lists of a window over \p numAxes axes.
llvm::LogicalResult verifyWindow(ShapeRule &rule, const Window &window,
                                 size_t numAxes);

} // namespace mlmodel

#endif // MLMODEL_DIALECT_MLMODEL_IR_WINDOW_H
