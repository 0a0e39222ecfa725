//===- CustomLayerInterface.h - Who implements custom layers ----*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The compiler asks this interface of the mlmodel dialect for the shapes of
// custom layers and for a way to call them. The runtime attaches an
// implementation to a context where a user has registered classes; without one
// there are no such classes.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_CUSTOMLAYERINTERFACE_H
#define MLMODEL_DIALECT_MLMODEL_IR_CUSTOMLAYERINTERFACE_H

#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"
#include "mlir/IR/DialectInterface.h"

namespace mlmodel {
class CustomOp;

/// What makes a custom layer the one that it is. The attributes are unique in
/// their context, so equal ones are the same layer.
struct CustomLayerAttributes {
  LayerAttr layer;
  mlir::StringAttr className;
  mlir::ArrayAttr weights, parameters;
  size_t numInputs = 0;
};

class CustomLayerInterface
    : public mlir::DialectInterface::Base<CustomLayerInterface> {
public:
  explicit CustomLayerInterface(mlir::Dialect *dialect) : Base(dialect) {}

  /// The interface that is attached to \p context; null if there is none.
  static const CustomLayerInterface *get(mlir::MLIRContext *context);

  /// Whether somebody has registered the class.
  virtual bool knows(llvm::StringRef className) const = 0;

  /// Answers \p rule for a layer of a known class whose inputs have static
  /// shapes.
  virtual llvm::LogicalResult
  inferShapes(ShapeRule &rule, const CustomLayerAttributes &layer) const = 0;

  /// The number by which compiled code calls the layer with blobs of the given
  /// shapes. Equal calls have equal numbers.
  virtual mlir::FailureOr<int64_t> addCall(mlir::Location loc,
                                           const CustomLayerAttributes &layer,
                                           mlir::TypeRange inputs,
                                           mlir::TypeRange outputs) const = 0;
};

/// The function that compiled code calls: takes the number of a call and the
/// address of an array with the addresses of its inputs and outputs.
constexpr llvm::StringLiteral kCustomLayerFunction =
    "mlmodel_evaluate_custom_layer";

} // namespace mlmodel

#endif // MLMODEL_DIALECT_MLMODEL_IR_CUSTOMLAYERINTERFACE_H
