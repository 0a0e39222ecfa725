//===- ShapeRanges.h - Which declared shapes can work -----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model may declare more shapes for its inputs than its layers can take: a
// list of them, or a range for each size. These functions find out which ones
// fail, by inferring the shapes of all blobs for them. What they call failing
// does fail. Of the rest nothing is known where the shape of a blob depends on
// values.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TRANSFORMS_SHAPERANGES_H
#define MLMODEL_TRANSFORMS_SHAPERANGES_H

#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "llvm/ADT/SmallVector.h"
#include <string>
#include <vector>

namespace mlmodel {

/// One size that the description leaves open.
struct FlexibleSize {
  /// The name of the input.
  std::string input;
  /// The axis of a multi-array, or of the [height, width] of an image.
  size_t axis = 0;
  bool isImage = false;
  /// `upper` is -1 if there is no upper bound.
  int64_t lower = 0, upper = 0;

  /// "axis 2 of 'x'", "height of 'image'".
  std::string describe() const;
};

/// Sizes that fail for the same reason.
struct FailingSizes {
  std::vector<int64_t> sizes;
  /// What the layer says of the first of them.
  std::string problem;
  /// Whether the model is right and only too large for this program.
  bool isLimit = false;
};

/// What was found for sizes that change together, all others being as in the
/// default shapes.
struct SizeScan {
  /// One, or several with the same bounds.
  std::vector<FlexibleSize> together;
  /// The sizes tried, ascending. Not all of the range if it is large or open.
  std::vector<int64_t> tried;
  bool isComplete = true;
  std::vector<int64_t> working;
  std::vector<FailingSizes> failing;
};

/// What was found for one shape of an enumeration, or for a corner of ranges.
struct TriedShape {
  /// "'x' is 1x3x8x8, 'y' is 4".
  std::string shape;
  /// Empty if the shape works.
  std::string problem;
  bool isLimit = false;
};

struct ShapeRangeReport {
  /// The default shapes, every enumerated shape, and all sizes at their least
  /// and at their greatest (if bounded).
  std::vector<TriedShape> shapes;
  std::vector<SizeScan> scans;

  /// Whether anything that was tried fails, limits aside.
  bool hasFailures() const;
};

/// A size of an input's blob that the description leaves open.
struct OpenAxis {
  /// The number of the network's input, and the axis of its blob.
  unsigned input = 0, axis = 0;
  /// As in FlexibleSize.
  int64_t lower = 0, upper = 0;
};

/// The blobs of a network's inputs as the description has them.
struct DeclaredBlobs {
  /// The default shapes, in the order of the inputs; empty where there is none.
  std::vector<llvm::SmallVector<int64_t>> shapes;
  /// All sizes that have a range.
  std::vector<OpenAxis> open;
};

/// What \p model, whose content must be a network, declares of its blobs.
DeclaredBlobs getDeclaredBlobs(ModelOp model);

/// Tries the declared shapes of \p model, whose content must be a network:
/// enumerated ones each, ranges by \p maxSizes sizes at most along each open
/// size, and along those with equal bounds at once. Leaves \p model as it is.
ShapeRangeReport checkShapeRanges(ModelOp model, size_t maxSizes = 1024);

/// "1 to 30, 35, 64 to 512 in steps of 32"; \p sizes ascend.
std::string describeSizes(llvm::ArrayRef<int64_t> sizes);

} // namespace mlmodel

#endif // MLMODEL_TRANSFORMS_SHAPERANGES_H
