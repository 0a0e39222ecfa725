//===- LookupTable.h - Palettes other than k-means --------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A palette stores one float32 table of 2^n entries per tensor and one n-bit
/// index per weight.
///
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_COMPRESSION_LOOKUPTABLE_H
#define MLMODEL_COMPRESSION_LOOKUPTABLE_H

#include "MLModel/Compression/FloatView.h"
#include <vector>

namespace mlmodel {

struct Palette {
  /// 2^bits entries.
  std::vector<float> table;
  /// One index per weight, not yet packed.
  std::vector<uint8_t> indices;
  /// Entries of `table` that are meant; the others are zero.
  unsigned used = 0;
};

/// Evenly spaced entries (`linear_lut`): table[i] = i * scale + min in float64,
/// scale = (max - min) / (2^bits - 1), index = round((w - min) * (1 / scale)),
/// and index 0 for all weights where scale <= 1e-6.
/// Errors: bits not in 1..8, NaN or infinity.
llvm::Expected<Palette> uniformPalette(FloatView weights, unsigned bits);

/// The distinct values in ascending order, without loss but for the sign of
/// zero (-0 and 0 share an entry, 0). `bits` is the width wanted, or 0 for the
/// least of 1..8 that is wide enough.
/// Errors: more distinct values than entries, bits above 8, NaN or infinity.
llvm::Expected<Palette> uniquePalette(FloatView weights, unsigned bits = 0);

/// For each weight the nearest entry of `table` (1..256 finite entries in any
/// order). Of two entries equally near, the smaller wins; of equal entries, the
/// first. Distances are compared in float64.
/// Errors: table size, NaN or infinity in the table or the weights.
llvm::Expected<std::vector<uint8_t>> assignNearest(FloatView weights,
                                                   llvm::ArrayRef<float> table);

/// index[i] = the number of `thresholds` (ascending, at most 255) that are
/// strictly below w[i]: interval t ends with thresholds[t], inclusive.
std::vector<uint8_t> assignByThresholds(FloatView weights,
                                        llvm::ArrayRef<float> thresholds);

} // namespace mlmodel

#endif // MLMODEL_COMPRESSION_LOOKUPTABLE_H
