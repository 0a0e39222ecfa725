//===- EncodeWeights.h - Encode the values of one weight --------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_TRANSFORMS_ENCODEWEIGHTS_H
#define MLMODEL_LIB_TRANSFORMS_ENCODEWEIGHTS_H

#include "MLModel/Transforms/CompressWeights.h"
#include "MLModel/Transforms/WeightSlots.h"

namespace mlmodel {

/// The fields of a quantized weight, free of MLIR so that threads can work.
struct EncodedWeights {
  unsigned bits = 0;
  /// `bits` wide codes, most significant bit first.
  std::vector<uint8_t> packed;
  /// Of linear methods.
  std::vector<float> scale, bias;
  /// Of palettes.
  std::vector<float> table;
  std::optional<KMeansCertificate> certificate;
  ErrorReport error;
  /// Why the weight stays as it is, if it does.
  std::string keepReason;

  uint64_t getBytes() const {
    return packed.size() +
           sizeof(float) * (scale.size() + bias.size() + table.size());
  }
};

/// Encodes \p values by the method of \p options, decodes them and measures
/// the error.
llvm::Expected<EncodedWeights> encodeWeights(FloatView values,
                                             const WeightLayout &layout,
                                             const CompressionOptions &options);

} // namespace mlmodel

#endif // MLMODEL_LIB_TRANSFORMS_ENCODEWEIGHTS_H
