//===- BlockGrid.h - Cut points in sorted values ----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_COMPRESSION_BLOCKGRID_H
#define MLMODEL_LIB_COMPRESSION_BLOCKGRID_H

#include "DoubleDouble.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/BitVector.h"
#include <cstdint>
#include <vector>

namespace mlmodel {

/// Sums of a run of values and of their squares.
struct RunSums {
  DoubleDouble sum;
  DoubleDouble squares;
};

/// The sums of value - origin and of its square. Both must be exact in double,
/// which they are for origin 0 and for what BlockGrid chooses.
RunSums sumRun(llvm::ArrayRef<float> values, double origin = 0);

/// Points of ascending values at which clusters may begin or end, never between
/// equal values. The values between two neighbouring points are a block.
///
/// Values are taken relative to an origin: 0, or a value of the middle where
/// all values lie far to one side of 0. Costs do not depend on it, but sums of
/// squares of distances from 0 would be large and cancel.
///
/// Sums start at the first value not below the origin and grow outwards. The
/// sum over a cluster is a difference of two of them, so its error is relative
/// to the values between the cluster and the origin only, and one huge outlier
/// does not drown the rest.
class BlockGrid {
public:
  /// Cuts `sorted` (not empty) into about `blocks` blocks, always the one of
  /// the largest extent first.
  BlockGrid(llvm::ArrayRef<float> sorted, size_t blocks);

  size_t size() const { return positions.size(); }
  /// Index of the first value after point `point`.
  uint32_t position(size_t point) const { return positions[point]; }
  DoubleDouble sum(size_t point) const { return sums[point].sum; }
  DoubleDouble squares(size_t point) const { return sums[point].squares; }

  /// Whether all values between two points, first < last, are equal.
  bool isSingleValue(size_t first, size_t last) const {
    return sorted[positions[first]] == sorted[positions[last] - 1];
  }
  /// Number of values times their range, for the block after `point`; 0 only
  /// for a block of one distinct value.
  double extent(size_t point) const {
    return extentOf(positions[point], positions[point + 1]);
  }
  /// The mean of the values between two points, first < last.
  double mean(size_t first, size_t last) const;
  float valueAfter(size_t point) const { return sorted[positions[point]]; }
  float valueBefore(size_t point) const { return sorted[positions[point] - 1]; }

  /// A bound on every |sum| and |squares| that a cost is computed from.
  double magnitude() const { return largestMagnitude; }

  /// Drops the points not in `keep` and cuts the blocks after the points in
  /// `cut` until no extent is above `limit`. Both ends of a cut block must be
  /// kept. Returns the new index of each kept point.
  std::vector<uint32_t> refine(const llvm::BitVector &keep,
                               const llvm::BitVector &cut, double limit);

private:
  double extentOf(uint32_t begin, uint32_t end) const {
    return double(end - begin) *
           (double(sorted[end - 1]) - double(sorted[begin]));
  }
  /// A point strictly inside a block that has two distinct values.
  uint32_t middleOf(uint32_t begin, uint32_t end) const;
  void cutBlock(uint32_t begin, uint32_t end, double limit,
                std::vector<uint32_t> &inner) const;
  RunSums sumAfter(const RunSums &sums, uint32_t begin, uint32_t end) const;
  RunSums sumBefore(const RunSums &sums, uint32_t begin, uint32_t end) const;

  llvm::ArrayRef<float> sorted;
  double origin = 0;
  uint32_t originPosition = 0;
  double largestMagnitude = 0;
  std::vector<uint32_t> positions;
  std::vector<RunSums> sums;
};

} // namespace mlmodel

#endif // MLMODEL_LIB_COMPRESSION_BLOCKGRID_H
