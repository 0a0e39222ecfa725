//===- BoundarySearch.h - Search for cluster boundaries ---------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The search described in KMeans1D.h. Boundary t = 0..k is a point of a
/// BlockGrid; boundaries 0 and k are fixed to the ends.
///
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_COMPRESSION_BOUNDARYSEARCH_H
#define MLMODEL_LIB_COMPRESSION_BOUNDARYSEARCH_H

#include "LayerStep.h"

namespace mlmodel {

class BoundarySearch {
public:
  /// Limits that bound memory. Tests lower them to reach every path.
  struct Limits {
    /// Places of all boundaries together that pruning rounds may hold.
    size_t prunedPlaces = size_t(1) << 20;
    /// Choices that tracing a solution may store.
    size_t tracedChoices = size_t(4) << 20;
    /// Values per cluster among which the last programme is faster than more
    /// rounds.
    size_t lastValues = 256;
    /// Blocks of the first round; 0 lets the search choose.
    size_t firstBlocks = 0;
  };

  /// `sorted` has more than `clusters` distinct values; clusters >= 2.
  BoundarySearch(llvm::ArrayRef<float> sorted, unsigned clusters,
                 const Limits &limits);

  /// Finds the boundaries. Returns k + 1 positions in `sorted`.
  std::vector<uint32_t> run();

  /// After run(): no partition costs less than this.
  double lowerBound() const { return bound; }
  unsigned rounds() const { return roundCount; }
  size_t lastPlaces() const { return lastPlaceCount; }

private:
  /// A run of neighbouring points. All blocks between them may hold the
  /// boundary; a run of one point is a place without blocks.
  struct Run {
    uint32_t first, last;
  };

  /// E: what moving all boundaries of an optimal solution to block ends may
  /// cost at most.
  double roundingCost() const;
  double centroidDistance(unsigned boundary) const;
  double largestExtent(unsigned boundary) const;
  double largestExtent() const;

  double extentDivisor() const;
  size_t placeCount() const;
  /// Places there would be if every block had one distinct value, at most.
  size_t valueCount() const;
  std::vector<uint32_t> placesOf(unsigned boundary, uint32_t from,
                                 uint32_t to) const;
  std::vector<uint32_t> placesOf(unsigned boundary) const {
    return placesOf(boundary, 0, grid.size() - 1);
  }

  /// Bounds on the rounding error of a whole programme in each arithmetic.
  double roundingErrorDouble() const;
  double roundingErrorDoubleDouble() const;

  template <typename Num> void prune(double allowance);
  template <typename Num>
  void narrow(unsigned boundary, const Layer<Num> &before,
              const Layer<Num> &after, Num limit);
  void refine(double limit);

  /// Sets `chosen` strictly between boundaries `low` and `high`, which are
  /// chosen already, to their best places. Returns the cost between the two.
  DoubleDouble trace(unsigned low, unsigned high);
  DoubleDouble traceStored(unsigned low, unsigned high);
  DoubleDouble traceHalves(unsigned low, unsigned high);
  template <bool Forward>
  Layer<DoubleDouble> advance(unsigned from, unsigned to, uint32_t lowPoint,
                              uint32_t highPoint) const;

  llvm::ArrayRef<float> sorted;
  unsigned clusters;
  Limits limits;
  BlockGrid grid;
  /// For each boundary, ascending runs that do not touch.
  std::vector<std::vector<Run>> runs;
  std::vector<uint32_t> chosen;
  double bound = 0;
  unsigned roundCount = 0;
  size_t lastPlaceCount = 0;
};

} // namespace mlmodel

#endif // MLMODEL_LIB_COMPRESSION_BOUNDARYSEARCH_H
