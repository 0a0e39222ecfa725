//===- TensorBuilders.h - Shorthands for linalg and tensor IR ---*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CONVERSION_MILTOLINALG_TENSORBUILDERS_H
#define MLMODEL_LIB_CONVERSION_MILTOLINALG_TENSORBUILDERS_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

namespace mlmodel {

/// Emits tensor operations at one place; float32 throughout.
class TensorBuilder {
public:
  /// Computes one element of a result from the elements at its maps.
  using Body = llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Location,
                                              mlir::ValueRange)>;

  TensorBuilder(mlir::OpBuilder &builder, mlir::Location loc)
      : builder(builder), loc(loc) {}

  mlir::RankedTensorType type(llvm::ArrayRef<int64_t> shape) const {
    return mlir::RankedTensorType::get(shape, builder.getF32Type());
  }

  mlir::Value scalar(double value) const;
  mlir::Value index(int64_t value) const;
  /// A constant of rank 1.
  mlir::Value table(llvm::ArrayRef<float> values) const;
  mlir::Value table(llvm::ArrayRef<int64_t> values) const;

  /// An uninitialised tensor; dynamic dimensions are those of `like` at the
  /// same positions.
  mlir::Value empty(llvm::ArrayRef<int64_t> shape,
                    mlir::Value like = nullptr) const;
  mlir::Value filled(llvm::ArrayRef<int64_t> shape, double value,
                     mlir::Value like = nullptr) const;

  /// Constant padding; `x` itself where all amounts are zero.
  mlir::Value pad(mlir::Value x, llvm::ArrayRef<int64_t> low,
                  llvm::ArrayRef<int64_t> high, double value) const;

  /// The elements of static `x` in row-major order in another static shape.
  mlir::Value reshape(mlir::Value x, llvm::ArrayRef<int64_t> shape) const;
  /// Splits dimension `dim` into `sizes`, the others may be dynamic.
  mlir::Value splitDim(mlir::Value x, int64_t dim,
                       llvm::ArrayRef<int64_t> sizes) const;
  /// Merges `count` dimensions from `dim` on into one.
  mlir::Value mergeDims(mlir::Value x, int64_t dim, int64_t count) const;

  mlir::Value transpose(mlir::Value x, llvm::ArrayRef<int64_t> perm) const;
  /// The box at `offsets` of `x`.
  mlir::Value slice(mlir::Value x, llvm::ArrayRef<int64_t> offsets,
                    llvm::ArrayRef<int64_t> sizes,
                    llvm::ArrayRef<int64_t> strides = {}) const;

  /// A linalg.generic with one result that starts out as `init`. The last of
  /// `maps` belongs to the result, whose old element is the last argument.
  mlir::Value generic(mlir::Value init, mlir::ValueRange inputs,
                      llvm::ArrayRef<mlir::AffineMap> maps,
                      llvm::ArrayRef<mlir::utils::IteratorType> iterators,
                      Body body) const;
  /// A generic that writes each element of `shape` once. `maps` take a result
  /// index to an index of each input.
  mlir::Value parallel(llvm::ArrayRef<int64_t> shape, mlir::ValueRange inputs,
                       llvm::ArrayRef<mlir::AffineMap> maps, Body body,
                       mlir::Value like = nullptr) const;

  /// The map that picks the loops `dims` out of `rank` loops.
  mlir::AffineMap pick(int64_t rank, llvm::ArrayRef<int64_t> dims) const;

private:
  mlir::OpBuilder &builder;
  mlir::Location loc;
};

/// mulf and addf with the freedom to contract and to reorder.
mlir::Value emitMulAdd(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::Value a, mlir::Value b, mlir::Value acc);
mlir::Value emitSum(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value a,
                    mlir::Value acc);

/// Turns a float that holds an index into an index of an axis of `size`
/// elements: negative ones count from the end, the rest is clamped, NaN is 0.
mlir::Value emitAxisIndex(mlir::OpBuilder &builder, mlir::Location loc,
                          mlir::Value value, int64_t size);

/// The elements of `x` with the order along `axes` reversed.
mlir::Value emitReverse(mlir::OpBuilder &builder, mlir::Location loc,
                        mlir::Value x, llvm::ArrayRef<int64_t> axes);

/// Failure to match unless all operands and results have static shapes.
mlir::LogicalResult requireStatic(mlir::PatternRewriter &rewriter,
                                  mlir::Operation *op);

/// `axis` counted from the front; the verifier knows that it is in range.
inline int64_t fromFront(int64_t axis, int64_t rank) {
  return axis < 0 ? axis + rank : axis;
}

/// A pattern that asks for static shapes and then emits the value that replaces
/// the one result of the operation.
template <typename OpTy> struct EmitterPattern : mlir::OpRewritePattern<OpTy> {
  using Emitter = mlir::Value (*)(mlir::OpBuilder &, OpTy);

  EmitterPattern(mlir::MLIRContext *context, Emitter emit)
      : mlir::OpRewritePattern<OpTy>(context), emit(emit) {}

  mlir::LogicalResult
  matchAndRewrite(OpTy op, mlir::PatternRewriter &rewriter) const override {
    if (failed(requireStatic(rewriter, op)))
      return mlir::failure();
    rewriter.replaceOp(op, emit(rewriter, op));
    return mlir::success();
  }

  Emitter emit;
};

template <typename OpTy>
void addEmitter(mlir::RewritePatternSet &patterns,
                mlir::Value (*emit)(mlir::OpBuilder &, OpTy)) {
  patterns.add<EmitterPattern<OpTy>>(patterns.getContext(), emit);
}

} // namespace mlmodel

#endif // MLMODEL_LIB_CONVERSION_MILTOLINALG_TENSORBUILDERS_H
