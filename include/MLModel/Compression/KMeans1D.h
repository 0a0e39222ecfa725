//===- KMeans1D.h - Exact one-dimensional k-means ---------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The k clusters of a tensor's values with the least within-cluster squared
/// error, as a global optimum and not a local one.
///
/// In one dimension optimal clusters are intervals of the sorted values, so the
/// unknowns are k - 1 boundaries. The search narrows, for every boundary, the
/// set of places where any optimal solution can have it:
///
/// 1. Blocks. The sorted values are cut into blocks. Let P be an optimal
///    solution whose boundary t lies inside a block of n values and width h.
///    Values below that boundary are at most the midpoint of its two centroids
///    and values above at least that, so moving the boundary to the nearer end
///    of the block costs at most D * n * h / 2, where D bounds the distance of
///    the centroids. Hence some solution with all boundaries at block ends
///    costs at most OPT + E, where E is the sum of those terms.
/// 2. Pruning. Dynamic programming over block ends gives, for every boundary
///    and every block end, the least cost F + B of a solution through it. Ends
///    with F + B > U + E, where U is the cost of a known solution, are not next
///    to the boundary of any optimal solution and are dropped with their
///    blocks.
/// 3. Remaining blocks are cut again and the steps repeat. E falls with the
///    square of the block size, so few places remain. When every remaining
///    block holds one distinct value, E is 0, and a last dynamic programme over
///    the remaining places, in double-double arithmetic, is exact.
///
/// Before that, outliers so far away that they must be clusters of their own
/// are set apart, so that they do not decide what rounding errors mean.
///
/// Dynamic programmes use the monotonicity of the best predecessor (the cost
/// has the Monge property): O(k m log m) for m places. With all values distinct
/// the whole search takes about as long as sorting them.
///
/// Equal values are never separated, so their multiplicity is their weight.
/// Among solutions of equal cost the choice is deterministic.
///
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_COMPRESSION_KMEANS1D_H
#define MLMODEL_COMPRESSION_KMEANS1D_H

#include "MLModel/Compression/FloatView.h"
#include <vector>

namespace mlmodel {

/// What shows that a solution is optimal.
struct KMeansCertificate {
  /// The sum of squared distances of the values to the exact means.
  double cost = 0;
  /// No solution costs less: the value of the last dynamic programme less a
  /// bound on the rounding errors of all of them.
  double lowerBound = 0;
  /// (cost - lowerBound) / cost, or 0 where cost is 0.
  double relativeGap = 0;
  /// No boundary can move by one distinct value and lower the cost.
  bool locallyOptimal = true;
  /// Rounds of step 3, and places that the last programme chose from.
  unsigned rounds = 0;
  size_t lastPlaces = 0;
};

/// Clusters of sorted values: cluster t is values [begin[t], begin[t + 1]).
struct KMeansPartition {
  /// k + 1 positions, strictly ascending, from 0 to the number of values.
  std::vector<uint32_t> begin;
  /// k means, rounded to float32; strictly ascending.
  std::vector<float> centroids;
  KMeansCertificate certificate;
};

/// `weights` in ascending order, with -0 turned into 0.
/// Errors: NaN or infinity, 2^32 or more elements.
/// Memory: 8 bytes per element, 4 of which are the result.
llvm::Expected<std::vector<float>> sortWeights(FloatView weights);

/// The optimal partition of ascending finite values into
/// min(clusters, number of distinct values) intervals; 1 <= clusters <= 256.
/// For several cluster counts, sort once and call this repeatedly.
///
/// Memory beside `sorted`: about 10 MiB for 16 clusters and 50 MiB for 256 in
/// the worst cases measured. More, up to O(values), only where rounding errors
/// hide the differences between solutions, as in bulk data whose squares span
/// more than 20 orders of magnitude; single outliers are set apart beforehand.
KMeansPartition partitionSorted(llvm::ArrayRef<float> sorted,
                                unsigned clusters);

struct KMeansResult {
  /// `clusters` entries: the centroids in ascending order, then zeros.
  std::vector<float> table;
  /// One index per weight in the order of the weights. An index is that of the
  /// interval of the optimal partition.
  std::vector<uint8_t> indices;
  /// Centroids in `table`: min(clusters, number of distinct values).
  unsigned used = 0;
  KMeansCertificate certificate;
};

/// Sorts, partitions, and assigns. 1 <= clusters <= 256; 2^n for an n-bit
/// palette. Errors: cluster count, NaN or infinity (named by index), 2^32 or
/// more elements.
llvm::Expected<KMeansResult> kMeans1D(FloatView weights, unsigned clusters);

} // namespace mlmodel

#endif // MLMODEL_COMPRESSION_KMEANS1D_H
