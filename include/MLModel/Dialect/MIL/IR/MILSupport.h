//===- MILSupport.h - What op definitions share -----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_MILSUPPORT_H
#define MLMODEL_DIALECT_MIL_IR_MILSUPPORT_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Operation.h"

namespace mlmodel::mil {

// The generated code and the chapters' sources speak MLIR without prefix.
using namespace mlir; // NOLINT

/// Writes scalar float32 arithmetic; the language of the op bodies in ODS.
class ScalarBuilder {
public:
  ScalarBuilder(OpBuilder &builder, Location loc)
      : builder(builder), loc(loc) {}

  OpBuilder &getBuilder() const { return builder; }
  Location getLoc() const { return loc; }

  Value constant(double value) const;
  Value constant(const APFloat &value) const;

  /// Any unary, binary or ternary op of the arith and math dialects.
  template <typename OpTy, typename... Args> Value call(Args &&...args) const {
    return OpTy::create(builder, loc, std::forward<Args>(args)...);
  }

  Value add(Value a, Value b) const { return call<arith::AddFOp>(a, b); }
  Value sub(Value a, Value b) const { return call<arith::SubFOp>(a, b); }
  Value mul(Value a, Value b) const { return call<arith::MulFOp>(a, b); }
  Value div(Value a, Value b) const { return call<arith::DivFOp>(a, b); }
  Value neg(Value a) const { return call<arith::NegFOp>(a); }
  /// a * b + c, rounded once where the processor can.
  Value mulAdd(Value a, Value b, Value c) const;

  /// Maximum and minimum; NaN if one of them is NaN.
  Value max(Value a, Value b) const { return call<arith::MaximumFOp>(a, b); }
  Value min(Value a, Value b) const { return call<arith::MinimumFOp>(a, b); }

  /// Maximum and minimum with a bound that is not NaN, in one instruction;
  /// NaN if `a` is NaN.
  Value atLeast(Value a, Value bound) const;
  Value atMost(Value a, Value bound) const;

  /// Comparisons give an i1 for `select` and `truth`.
  Value compare(arith::CmpFPredicate predicate, Value a, Value b) const;
  Value less(Value a, Value b) const;
  Value greater(Value a, Value b) const;
  Value isTrue(Value a) const;
  Value select(Value condition, Value a, Value b) const;
  /// 1.0 where the condition holds, else 0.0.
  Value truth(Value condition) const;

  Value exp(Value a) const;
  Value log(Value a) const;
  Value sqrt(Value a) const;
  Value tanh(Value a) const;
  Value floor(Value a) const;
  Value abs(Value a) const;
  /// 1 / (1 + exp(-a))
  Value sigmoid(Value a) const;
  /// log(1 + exp(a)) without overflow
  Value softplus(Value a) const;

private:
  OpBuilder &builder;
  Location loc;
};

/// Whether result types agree where both are static.
bool areCompatible(TypeRange a, TypeRange b);

/// The NumPy broadcast of all operands, with the element type of the first.
LogicalResult inferBroadcast(std::optional<Location> loc, ValueRange operands,
                             SmallVectorImpl<Type> &types);

/// Broadcasts two shapes as NumPy does. A dynamic dimension gives way to a
/// static one other than 1.
FailureOr<SmallVector<int64_t>> broadcastShapes(ArrayRef<int64_t> a,
                                                ArrayRef<int64_t> b);

/// Maps a result index to an index of operand `index` under broadcasting. Only
/// a dimension that is statically 1 is stretched.
AffineMap getBroadcastMap(Operation *op, unsigned index);

/// Maps a result index to an index of the per-channel parameter `index`.
AffineMap getChannelwiseMap(Operation *op, unsigned index, int64_t axis);
LogicalResult verifyChannelwise(Operation *op, int64_t axis);

/// The type of x without `axes`, or with size 1 there.
LogicalResult inferReduction(std::optional<Location> loc, Value x,
                             ArrayRef<int64_t> axes, bool keepDims,
                             SmallVectorImpl<Type> &types);

/// `axis` counted from the front; failure, with a report, when outside
/// [-rank, rank).
FailureOr<int64_t> normalizeAxis(std::optional<Location> loc, int64_t axis,
                                 int64_t rank);

/// All axes from the front and sorted; no axes at all mean every axis. Failure
/// for an axis out of range or named twice.
FailureOr<SmallVector<int64_t>> normalizeAxes(std::optional<Location> loc,
                                              ArrayRef<int64_t> axes,
                                              int64_t rank);

/// A float32 tensor type.
inline RankedTensorType getTensorType(MLIRContext *context,
                                      ArrayRef<int64_t> shape) {
  return RankedTensorType::get(shape, Float32Type::get(context));
}

/// The number of elements, or failure when the shape is dynamic or the product
/// does not fit.
FailureOr<int64_t> getNumElements(ArrayRef<int64_t> shape);

/// The number of results of an op class; 1 where it is not fixed.
template <typename OpTy> constexpr unsigned numResultsOf() {
  if constexpr (OpTy::template hasTrait<OpTrait::NResults<2>::Impl>())
    return 2;
  else if constexpr (OpTy::template hasTrait<OpTrait::NResults<3>::Impl>())
    return 3;
  else
    return 1;
}

} // namespace mlmodel::mil

#endif // MLMODEL_DIALECT_MIL_IR_MILSUPPORT_H
