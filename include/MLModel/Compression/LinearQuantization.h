//===- LinearQuantization.h - Affine quantization of weights ----*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The linear modes of the neuralNetwork specification. Weights are seen as
/// [outer, rows, inner]; each of the `rows` channels has its own scale and
/// bias, and decodes as w' = scale * q + bias. All arithmetic is in float64 and
/// rounds half to even; scale and bias are then stored as float32.
///
/// With a = min and b = max of the channel and n bits:
///
/// * linear: scale = (b - a) / (2^n - 1), bias = a,
///   q = round((w - a) * (1 / scale)).
/// * linear symmetric: r = max(|a|, |b|), scale = r / (2^(n-1) - 1),
///   bias = -2^(n-1) * scale, q = round((w - bias) * (1 / scale)).
///
/// A channel with |scale| <= 1e-6 has q = 0 throughout. That decodes to a in
/// linear mode but to bias = -2^(n-1) * scale, which is not 0, in symmetric
/// mode; coremltools does the same. One symmetric bit has no step, because
/// 2^0 - 1 = 0, and is refused.
///
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_COMPRESSION_LINEARQUANTIZATION_H
#define MLMODEL_COMPRESSION_LINEARQUANTIZATION_H

#include "MLModel/Compression/FloatView.h"
#include <vector>

namespace mlmodel {

enum class LinearMode { Linear, Symmetric };

struct LinearQuantization {
  /// One code per weight, in the order of the weights, not yet packed.
  std::vector<uint8_t> codes;
  /// `layout.axis` values each.
  std::vector<float> scale;
  std::vector<float> bias;
};

/// Quantizes `weights` of `layout` to `bits` (1..8; symmetric 2..8).
/// Errors: bits out of range, a layout of another size, a NaN or infinity, a
/// scale that float32 cannot hold.
llvm::Expected<LinearQuantization> quantizeLinear(FloatView weights,
                                                  const AxisLayout &layout,
                                                  unsigned bits,
                                                  LinearMode mode);

/// As above, with weights of 0 that decode to exactly 0, also where product and
/// sum are one fused operation: each channel's range is widened to hold 0, the
/// scale rounded up to 16 significant bits, and bias = -scale * z with the code
/// z of 0, which is then exact. z = 2^(n-1) in symmetric mode. There is no rule
/// for small scales but that they are 0 or at least 2^-110; a channel of zeros
/// has scale 0. The rounding widens a
/// range by at most 2^-15, and the choice of z shifts it by at most half a
/// step.
llvm::Expected<LinearQuantization>
quantizeLinearKeepingZero(FloatView weights, const AxisLayout &layout,
                          unsigned bits, LinearMode mode);

/// Weights of an int8 x int8 product: q = trunc(127 * w / max|w|), which
/// decodes as scale * q with scale = max|w| / 127. All zeros give scale 0.
struct Int8Quantization {
  std::vector<int8_t> codes;
  float scale = 0;
};
llvm::Expected<Int8Quantization> quantizeInt8(FloatView weights);

} // namespace mlmodel

#endif // MLMODEL_COMPRESSION_LINEARQUANTIZATION_H
