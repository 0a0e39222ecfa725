//===- CustomLayerHost.h - The custom layers of a context -------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_RUNTIME_CUSTOMLAYERHOST_H
#define MLMODEL_LIB_RUNTIME_CUSTOMLAYERHOST_H

#include "MLModel/Dialect/MLModel/IR/CustomLayerInterface.h"
#include "MLModel/Runtime/CustomLayer.h"
#include "MLModel/Runtime/Engine.h"
#include <deque>
#include <mutex>

namespace mlmodel {

/// Answers the compiler's questions about custom layers with the classes of a
/// registry, and runs the layers when compiled code calls them. One instance of
/// a layer serves all copies of its model in the context.
class CustomLayerHost : public CustomLayerInterface {
public:
  CustomLayerHost(mlir::Dialect *dialect,
                  std::shared_ptr<const CustomLayerRegistry> registry);
  ~CustomLayerHost() override;

  /// Makes the classes known to \p context.
  static void attach(mlir::MLIRContext *context,
                     std::shared_ptr<const CustomLayerRegistry> registry);
  /// Lets engines call the layers of \p context, if classes are attached to it.
  static void bind(mlir::MLIRContext *context, EngineOptions &options);

  bool knows(llvm::StringRef className) const override;
  llvm::LogicalResult
  inferShapes(ShapeRule &rule,
              const CustomLayerAttributes &layer) const override;
  mlir::FailureOr<int64_t> addCall(mlir::Location loc,
                                   const CustomLayerAttributes &layer,
                                   mlir::TypeRange inputs,
                                   mlir::TypeRange outputs) const override;

  /// Runs call number \p call on buffers at the given addresses.
  llvm::Error evaluate(int64_t call, const int64_t *addresses) const;

private:
  struct Layer;
  struct Call {
    Layer *layer;
    std::vector<CustomShape> inputs, outputs;
  };
  /// The attributes' addresses: equal attributes are one.
  using Key = std::array<const void *, 5>;

  llvm::Expected<Layer *> getLayer(const CustomLayerAttributes &layer) const;
  llvm::Error evaluateLayer(const Call &call,
                            llvm::ArrayRef<CustomInput> inputs,
                            llvm::ArrayRef<CustomOutput> outputs) const;

  std::shared_ptr<const CustomLayerRegistry> registry;
  // The compiler asks through const pointers.
  mutable std::mutex mutex;
  mutable std::map<Key, std::unique_ptr<Layer>> layers;
  mutable std::deque<Call> calls;
};

} // namespace mlmodel

#endif // MLMODEL_LIB_RUNTIME_CUSTOMLAYERHOST_H
