//===- EncodeWeights.h - Encode the values of one weight --------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_TRANSFORMS_ENCODEWEIGHTS_H
#define MLMODEL_LIB_TRANSFORMS_ENCODEWEIGHTS_H

#include "MLModel/Transforms/CompressWeights.h"

namespace mlmodel {

/// The fields of a compressed weight, free of MLIR so that threads can work.
struct EncodedWeights {
  WeightStorage storage = WeightStorage::Raw;
  /// Of one value.
  unsigned bits = 0;
  /// What is stored: floats, halves, signed bytes, or codes of `bits` bits,
  /// most significant bit first.
  std::vector<uint8_t> bytes;
  /// Of linear methods.
  std::vector<float> scale, bias;
  /// Of palettes.
  std::vector<float> table;
  std::optional<KMeansCertificate> certificate;
  ErrorReport error;
  /// Values that decode to 0.
  uint64_t zeros = 0;
  /// Why the weight stays as it is, if it does.
  std::string keepReason;

  uint64_t getBytes() const {
    return bytes.size() +
           sizeof(float) * (scale.size() + bias.size() + table.size());
  }
};

/// Encodes \p values by \p scheme, which is sound, decodes them and measures
/// the error. Where the scheme only prunes, the values are stored as \p isHalf
/// says.
llvm::Expected<EncodedWeights> encodeWeights(FloatView values,
                                             const WeightLayout &layout,
                                             const WeightScheme &scheme,
                                             bool isHalf);

/// The values that a reader of the file finds in what encodeWeights() made.
std::vector<float> decodeEncoded(const EncodedWeights &encoded,
                                 const WeightLayout &layout,
                                 const WeightScheme &scheme);

} // namespace mlmodel

#endif // MLMODEL_LIB_TRANSFORMS_ENCODEWEIGHTS_H
