//===- ShapeRule.h - What a layer's shape rule sees -------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A shape rule is the one place that knows what a layer asks of its parameters
// and inputs and which shapes it produces. The verifier and
// `mlmodel-infer-shapes` both run it, through MLIR's
// InferShapedTypeOpInterface.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_SHAPERULE_H
#define MLMODEL_DIALECT_MLMODEL_IR_SHAPERULE_H

#include "MLModel/Dialect/MLModel/IR/Dim.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"

namespace mlmodel {
class LayerAttr;
class WeightsAttr;

/// Why a model was refused; decides the tools' exit code. Attached to the
/// diagnostic's metadata.
enum class ErrorClass { Invalid = 3, Unsupported = 4, Limit = 5 };

/// Emits \p message at \p loc, marked with its class.
llvm::LogicalResult emitClassified(mlir::Location loc, ErrorClass errorClass,
                                   const llvm::Twine &message);

/// The class a diagnostic was marked with; Invalid if none.
ErrorClass getErrorClass(const mlir::Diagnostic &diagnostic);

/// More elements than this in one blob are refused before anything is
/// allocated (8 GiB of float32).
constexpr int64_t kMaxBlobElements = int64_t(1) << 31;
/// Highest rank of a blob.
constexpr int64_t kMaxRank = 5 + 3;

/// A layer's inputs, as seen by its shape rule, and the rule's answer.
///
/// Errors are reported as "layer 'NAME' (KIND): MESSAGE" at the layer's
/// location; all methods that can fail return failure after reporting, so that
/// a rule reads as a list of demands.
class ShapeRule {
public:
  ShapeRule(std::optional<mlir::Location> location,
            mlir::ValueShapeRange operands, LayerAttr layer,
            llvm::StringRef field,
            llvm::SmallVectorImpl<mlir::ShapedTypeComponents> &results);

  size_t getNumInputs() const { return operands.size(); }
  size_t getNumOutputs() const;

  /// True if the rank of input \p i is known.
  bool hasRank(size_t i) const;
  /// True if the ranks of all inputs are known.
  bool hasRanks() const;
  /// The shape of input \p i; its rank must be known.
  Dims getInput(size_t i) const;
  /// "input 'NAME'", for messages.
  std::string describeInput(size_t i) const;

  /// Demands a rank between \p least and \p greatest of input \p i.
  llvm::LogicalResult requireRank(size_t i, int64_t least,
                                  int64_t greatest = kMaxRank);
  /// Demands \p condition; \p field and \p value name the culprit, \p demand
  /// what would have been right, as in "must be positive".
  llvm::LogicalResult require(bool condition, llvm::StringRef field,
                              int64_t value, const llvm::Twine &demand);
  /// Demands that \p weights hold \p count values, and that their encoding is
  /// sound with \p channels output channels. Absent weights hold none.
  llvm::LogicalResult requireWeights(WeightsAttr weights, llvm::StringRef field,
                                     Dim count, int64_t channels = 1);
  /// Demands an axis of a blob of the given rank; negative ones count from the
  /// end. The result is in [0, rank).
  llvm::FailureOr<int64_t> requireAxis(int64_t axis, int64_t rank,
                                       llvm::StringRef field = "axis");
  /// As above for a list of axes, which must differ.
  llvm::FailureOr<llvm::SmallVector<int64_t>>
  requireAxes(llvm::ArrayRef<int64_t> axes, int64_t rank,
              llvm::StringRef field = "axes");

  /// Answers the shape of the next output. Every size must be positive or
  /// dynamic and the element count within kMaxBlobElements.
  llvm::LogicalResult addOutput(Dims shape);
  /// Answers that the shapes of all outputs are not known yet.
  llvm::LogicalResult unknown();

  /// Reports \p message and fails.
  llvm::LogicalResult fail(const llvm::Twine &message,
                           ErrorClass errorClass = ErrorClass::Invalid);

private:
  std::optional<mlir::Location> location;
  mlir::ValueShapeRange operands;
  llvm::StringRef name, field;
  size_t numOutputs;
  llvm::SmallVectorImpl<mlir::ShapedTypeComponents> &results;
};

} // namespace mlmodel

#endif // MLMODEL_DIALECT_MLMODEL_IR_SHAPERULE_H
