//===- LayerRewriter.h - How layers are rewritten to mil --------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One layer is one pattern: a class derived from LayerPattern<Op> whose
// `rewrite` builds mil ops with a LayerRewriter and hands over the results.
// Shape rules have verified the layer by then, and all its shapes are static.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CONVERSION_MLMODELTOMIL_LAYERREWRITER_H
#define MLMODEL_LIB_CONVERSION_MLMODELTOMIL_LAYERREWRITER_H

#include "MLModel/Dialect/MIL/IR/MIL.h"
#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"
#include "mlir/IR/PatternMatch.h"

namespace mlmodel {

/// An operand that an op can do without: null means "none", not "failed".
struct OptionalValue {
  mlir::Value value;
  operator mlir::Value() const { return value; }
};

/// Builds the mil ops of one layer.
///
/// Values are null once something has failed: everything here takes null for
/// "already reported" and gives null back, so that a pattern needs no checks of
/// its own before it ends in `replace`.
class LayerRewriter {
public:
  LayerRewriter(mlir::PatternRewriter &rewriter, LayerOpInterface layer)
      : rewriter(rewriter), layer(layer) {}

  mlir::Location getLoc() const { return layer->getLoc(); }
  mlir::PatternRewriter &getRewriter() { return rewriter; }
  /// The layer's i-th input and the sizes of its inputs and outputs.
  mlir::Value getInput(size_t i) const { return layer->getOperand(i); }
  size_t getNumInputs() const { return layer->getNumOperands(); }
  llvm::ArrayRef<int64_t> getInputShape(size_t i) const;
  llvm::ArrayRef<int64_t> getOutputShape(size_t i = 0) const;

  /// Creates a mil op and returns its first result.
  template <typename OpTy, typename... Args>
  mlir::Value create(Args &&...args) {
    OpTy op = createOp<OpTy>(std::forward<Args>(args)...);
    return op ? op->getResult(0) : mlir::Value();
  }
  /// Creates a mil op; null on failure.
  template <typename OpTy, typename... Args> OpTy createOp(Args &&...args) {
    if (failed || (isNull(args) || ...))
      return {};
    mlir::FailureOr<OpTy> op =
        mil::tryCreate<OpTy>(rewriter, getLoc(), std::forward<Args>(args)...);
    failed = mlir::failed(op);
    return failed ? OpTy() : *op;
  }

  /// A scalar (rank 0), which broadcasts with any shape.
  mlir::Value scalar(float value);
  /// A constant of rank 1.
  mlir::Value vector(llvm::ArrayRef<float> values);
  /// The same elements in another shape; \p x itself if it has that shape.
  mlir::Value reshape(mlir::Value x, llvm::ArrayRef<int64_t> shape);
  mlir::Value transpose(mlir::Value x, llvm::ArrayRef<int64_t> permutation);
  /// Folds all leading axes but the last \p keep into one.
  mlir::Value foldLeading(mlir::Value x, int64_t keep);

  /// The weights as a tensor of \p shape, in the encoding they are stored in:
  /// nothing is copied or decoded. \p channelAxis is the axis along which
  /// quantization scales run. Null for absent or empty weights.
  mlir::Value weights(WeightsAttr weights, llvm::ArrayRef<int64_t> shape,
                      int64_t channelAxis = 0);

  /// Replaces the layer; reshapes nothing.
  llvm::LogicalResult replace(mlir::ValueRange values);
  /// As above, after bringing the one value to the shape of the layer's output.
  llvm::LogicalResult replaceReshaped(mlir::Value value);

  /// Reports that "layer 'NAME' (KIND): MESSAGE" is not supported, and fails.
  llvm::LogicalResult unsupported(const llvm::Twine &message);

private:
  template <typename T> static bool isNull(const T &arg) {
    if constexpr (std::is_same_v<T, mlir::Value>)
      return !arg;
    return false;
  }
  mlir::Value packedWeights(WeightsAttr weights, mlir::RankedTensorType type,
                            int64_t channelAxis);

  mlir::PatternRewriter &rewriter;
  LayerOpInterface layer;
  bool failed = false;
};

/// The pattern for one kind of layer.
template <typename LayerT>
struct LayerPattern : mlir::OpRewritePattern<LayerT> {
  using mlir::OpRewritePattern<LayerT>::OpRewritePattern;
  using Op = LayerT;

  virtual llvm::LogicalResult rewrite(LayerT op, LayerRewriter &b) const = 0;

  llvm::LogicalResult
  matchAndRewrite(LayerT op, mlir::PatternRewriter &rewriter) const final {
    LayerRewriter b(rewriter, op);
    return rewrite(op, b);
  }
};

/// The pattern of layers that are exactly one mil op without attributes.
template <typename LayerT, typename MilT>
struct OneToOnePattern : LayerPattern<LayerT> {
  using LayerPattern<LayerT>::LayerPattern;
  llvm::LogicalResult rewrite(LayerT op, LayerRewriter &b) const override {
    if constexpr (MilT::template hasTrait<mlir::OpTrait::OneOperand>())
      return b.replace(b.create<MilT>(b.getInput(0)));
    else
      return b.replace(b.create<MilT>(b.getInput(0), b.getInput(1)));
  }
};

} // namespace mlmodel

#endif // MLMODEL_LIB_CONVERSION_MLMODELTOMIL_LAYERREWRITER_H
