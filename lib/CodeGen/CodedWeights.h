//===- CodedWeights.h - Weights as a network stores them --------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_CODEDWEIGHTS_H
#define MLMODEL_LIB_CODEGEN_CODEDWEIGHTS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Value.h"
#include <optional>
#include <vector>

namespace mlmodel {

/// Known weights, one by one: floats, or codes and what makes floats of them.
/// Elements that a mask leaves out are zero.
class CodedWeights {
public:
  enum class Kind {
    Float,
    /// Codes are halves.
    Half,
    /// weight = table[code]
    Table,
    /// weight = scale * code + bias
    Linear
  };

  /// The weights behind \p value, a constant or the loop that decodes one. None
  /// if their data is not known here, if all are the same constant, or if there
  /// is more than one table.
  static std::optional<CodedWeights> read(mlir::Value value);

  Kind getKind() const { return kind; }
  int64_t getNumElements() const { return numElements; }
  /// As the element of an array: codes take a whole byte.
  unsigned getBytesPerElement() const {
    return kind == Kind::Float ? 4 : kind == Kind::Half ? 2 : 1;
  }
  /// The weight at a row-major position.
  float get(int64_t position) const;

  /// How an element is stored; for elements that a mask keeps.
  uint8_t getCode(int64_t position) const { return codes[getPlace(position)]; }
  uint16_t getHalf(int64_t position) const;
  bool isSigned() const { return hasSign; }
  llvm::ArrayRef<float> getTable() const { return table; }

  /// Of linear codes: the number of the scale and of the bias at a position.
  int64_t getChannel(int64_t position) const {
    return position / inner % channels;
  }
  float getScale(int64_t channel) const { return scales[channel]; }
  bool hasBias() const { return !biases.empty(); }
  float getBias(int64_t channel) const { return biases[channel]; }

private:
  bool readData(mlir::ElementsAttr data);
  bool readMask(mlir::ElementsAttr packed);
  bool readDecode(llvm::StringRef name, mlir::DictionaryAttr attributes,
                  mlir::RankedTensorType type);
  bool readScales(mlir::ElementsAttr scale, mlir::ElementsAttr bias,
                  mlir::DictionaryAttr attributes, mlir::RankedTensorType type);
  /// Where the element at \p position is stored, -1 if it is not.
  int64_t getPlace(int64_t position) const {
    return places.empty() ? position : places[position];
  }
  template <typename T> T load(int64_t position) const;

  Kind kind = Kind::Float;
  int64_t numElements = 0, numStored = 0;
  /// The data where it lies, which need not be aligned, and the bytes of one
  /// element of it.
  llvm::ArrayRef<char> stored;
  unsigned width = 0;
  /// If there is a mask: where each element is stored, or -1.
  std::vector<int64_t> places;
  /// The codes that the data holds, one by one.
  std::vector<uint8_t> codes;
  bool hasSign = false;
  std::vector<float> table, scales, biases;
  /// There are scales for this many channels; `inner` elements of a channel
  /// follow each other.
  int64_t channels = 1, inner = 1;
};

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_CODEDWEIGHTS_H
