//===- WeightsView.h - Reading weights where they lie -----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_WEIGHTSVIEW_H
#define MLMODEL_DIALECT_MLMODEL_IR_WEIGHTSVIEW_H

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/ArrayRef.h"
#include <string>
#include <vector>

namespace mlmodel {
class WeightsAttr;

/// The bytes of a one-dimensional elements attribute as they are stored, of a
/// resource or inline; one copy of a splat's element counts only once, so
/// inline splats are expanded into \p storage. A resource without data (elided
/// on printing) gives nothing.
std::optional<llvm::ArrayRef<char>> getRawBytes(mlir::ElementsAttr elements,
                                                std::vector<char> &storage);

/// The n-th float32 of a payload, which need not be aligned.
inline float loadFloat(llvm::ArrayRef<char> bytes, size_t n) {
  float value;
  __builtin_memcpy(&value, bytes.data() + n * sizeof(float), sizeof(float));
  return value;
}

/// How \p weights store their values; Raw needs its quantization attribute.
enum class WeightStorage { Float32, Float16, Raw, Int8, Other };
WeightStorage getStorage(WeightsAttr weights);

/// Checks that \p weights (absent: none) hold \p count values with a sound
/// encoding for \p channels output channels. Returns what is wrong, or "".
/// A dynamic \p count (mlir::ShapedType::kDynamic) is not checked.
std::string checkWeights(WeightsAttr weights, int64_t count, int64_t channels);

/// Decodes \p weights to \p count float32 values: scale * q + bias in float32
/// for linear, table[q] for lookup tables. They must pass checkWeights.
std::vector<float> decodeWeights(WeightsAttr weights, int64_t count);

} // namespace mlmodel

#endif // MLMODEL_DIALECT_MLMODEL_IR_WEIGHTSVIEW_H
