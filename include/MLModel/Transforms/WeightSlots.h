//===- WeightSlots.h - Which weights can be compressed ----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TRANSFORMS_WEIGHTSLOTS_H
#define MLMODEL_TRANSFORMS_WEIGHTSLOTS_H

#include "MLModel/Compression/FloatView.h"
#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"
#include "MLModel/Dialect/MLModel/IR/WeightsView.h"

namespace mlmodel {

/// One place in a layer where weights are stored: an attribute, or a member of
/// the messages and lists in it, as in `weightParams[1].inputGateBiasVector`.
class WeightSlot {
public:
  /// All slots of \p layer that hold weights, in the order of the attributes.
  static std::vector<WeightSlot> findAll(LayerOpInterface layer);

  mlir::Operation *getLayer() const { return layer; }
  llvm::StringRef getLayerName() const;
  /// The layer's kind as the format names it, "innerProduct".
  llvm::StringRef getLayerKind() const;
  /// The path to the weights within the layer.
  std::string getField() const;
  /// "layer 'NAME' (KIND): FIELD", for messages.
  std::string describe() const;

  WeightsAttr get() const;
  void set(WeightsAttr weights) const;

private:
  /// A member's name, or the index of a list's element where the name is null.
  struct Step {
    mlir::StringAttr name;
    size_t index = 0;
  };
  static void collect(WeightSlot &slot, mlir::Attribute value,
                      std::vector<WeightSlot> &found);
  mlir::Attribute replace(mlir::Attribute value, size_t step,
                          WeightsAttr weights) const;

  mlir::Operation *layer = nullptr;
  llvm::SmallVector<Step, 3> path;
};

/// What the format says of the values in a slot.
struct WeightLayout {
  llvm::SmallVector<int64_t, 5> shape;
  /// The axis that has one scale per entry.
  unsigned channelAxis = 0;
  /// Biases, statistics, constants: one scale holds for all values.
  bool isVector = false;

  /// -1 if a size is negative or the product does not fit.
  int64_t getNumElements() const;
  AxisLayout getChannels() const;
};

/// The layout of the weights in \p slot, or nothing where the format does not
/// allow them to be compressed.
std::optional<WeightLayout> getCompressibleLayout(const WeightSlot &slot);

/// True if layers of \p kind, as the format names it, have such weights.
bool isCompressibleKind(llvm::StringRef kind);

} // namespace mlmodel

#endif // MLMODEL_TRANSFORMS_WEIGHTSLOTS_H
