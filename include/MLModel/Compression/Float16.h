//===- Float16.h - Half precision weights -----------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_COMPRESSION_FLOAT16_H
#define MLMODEL_COMPRESSION_FLOAT16_H

#include "MLModel/Compression/FloatView.h"
#include <vector>

namespace mlmodel {

/// The IEEE half nearest to `value`, ties to even; overflow gives infinity.
uint16_t floatToHalf(float value);
/// Exact.
float halfToFloat(uint16_t half);

/// Little-endian halves, 2 bytes per weight. Errors: NaN, infinity, and, as in
/// the Core ML tools, |w| >= 65504; the message names the element.
llvm::Expected<std::vector<uint8_t>> encodeFloat16(FloatView weights);

} // namespace mlmodel

#endif // MLMODEL_COMPRESSION_FLOAT16_H
