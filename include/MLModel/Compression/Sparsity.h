//===- Sparsity.h - Which weights to prune ----------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Pruning as masks: one byte per weight, 1 to keep, 0 to make zero. Weights
/// that are zero already are never kept. Packed with packBits(mask, 1,
/// BitOrder::LSBFirst) a mask is the ML Program encoding.
///
/// Errors of all functions: NaN or infinity, a layout of another size, and what
/// is said at each.
///
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_COMPRESSION_SPARSITY_H
#define MLMODEL_COMPRESSION_SPARSITY_H

#include "MLModel/Compression/FloatView.h"
#include <vector>

namespace mlmodel {

using KeepMask = std::vector<uint8_t>;

/// Prunes |w| <= threshold, compared in float32; threshold >= 0.
llvm::Expected<KeepMask> pruneByThreshold(FloatView weights, float threshold);

/// Prunes the smallest magnitudes: |w| <= percentile(|w|, 100 * fraction),
/// interpolated linearly between order statistics in float64 and rounded to
/// float32. Without ties floor(fraction * (N - 1)) + 1 weights go; all weights
/// equal to the last of them go too. Fraction 0 prunes nothing and 1
/// everything. Errors: fraction outside 0..1.
llvm::Expected<KeepMask> pruneByMagnitude(FloatView weights, double fraction);

/// The same, where the magnitude of a weight is the L2 norm of its run of
/// `block` elements along the layout's axis, so that whole runs go. The last
/// run may be shorter. Errors: fraction, block of 0.
llvm::Expected<KeepMask> pruneBlocks(FloatView weights,
                                     const AxisLayout &layout, size_t block,
                                     double fraction);

/// Prunes the n smallest magnitudes of every run of m elements along the
/// layout's axis; of equal ones, the first. A shorter last run is filled with
/// zeros, which count as pruned before any nonzero element.
/// Errors: n > m or m = 0.
llvm::Expected<KeepMask> pruneNofM(FloatView weights, const AxisLayout &layout,
                                   unsigned n, unsigned m);

/// The kept weights in order.
std::vector<float> gatherKept(FloatView weights, llvm::ArrayRef<uint8_t> mask);
/// The inverse of gatherKept, zero elsewhere.
void scatterKept(llvm::ArrayRef<float> kept, llvm::ArrayRef<uint8_t> mask,
                 llvm::MutableArrayRef<float> out);
/// How many weights the mask keeps.
size_t countKept(llvm::ArrayRef<uint8_t> mask);

} // namespace mlmodel

#endif // MLMODEL_COMPRESSION_SPARSITY_H
