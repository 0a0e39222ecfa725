//===- MILSupport.cpp - What op definitions share ---------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/MILSupport.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/MathExtras.h"

using namespace mlmodel::mil;

//===----------------------------------------------------------------------===//
// ScalarBuilder
//===----------------------------------------------------------------------===//

Value ScalarBuilder::constant(double value) const {
  return call<arith::ConstantOp>(builder.getF32FloatAttr(float(value)));
}

Value ScalarBuilder::constant(const APFloat &value) const {
  return call<arith::ConstantOp>(FloatAttr::get(builder.getF32Type(), value));
}

Value ScalarBuilder::compare(arith::CmpFPredicate predicate, Value a,
                             Value b) const {
  return call<arith::CmpFOp>(predicate, a, b);
}

Value ScalarBuilder::less(Value a, Value b) const {
  return compare(arith::CmpFPredicate::OLT, a, b);
}

Value ScalarBuilder::greater(Value a, Value b) const {
  return compare(arith::CmpFPredicate::OGT, a, b);
}

Value ScalarBuilder::isTrue(Value a) const {
  return compare(arith::CmpFPredicate::UNE, a, constant(0));
}

Value ScalarBuilder::select(Value condition, Value a, Value b) const {
  return call<arith::SelectOp>(condition, a, b);
}

Value ScalarBuilder::truth(Value condition) const {
  return select(condition, constant(1), constant(0));
}

Value ScalarBuilder::mulAdd(Value a, Value b, Value c) const {
  auto contract = arith::FastMathFlags::contract;
  return call<arith::AddFOp>(call<arith::MulFOp>(a, b, contract), c, contract);
}

Value ScalarBuilder::atLeast(Value a, Value bound) const {
  return select(less(a, bound), bound, a);
}

Value ScalarBuilder::atMost(Value a, Value bound) const {
  return select(greater(a, bound), bound, a);
}

Value ScalarBuilder::exp(Value a) const { return call<math::ExpOp>(a); }
Value ScalarBuilder::log(Value a) const { return call<math::LogOp>(a); }
Value ScalarBuilder::sqrt(Value a) const { return call<math::SqrtOp>(a); }
Value ScalarBuilder::tanh(Value a) const { return call<math::TanhOp>(a); }
Value ScalarBuilder::floor(Value a) const { return call<math::FloorOp>(a); }
Value ScalarBuilder::abs(Value a) const { return call<math::AbsFOp>(a); }

Value ScalarBuilder::sigmoid(Value a) const {
  return div(constant(1), add(constant(1), exp(neg(a))));
}

Value ScalarBuilder::softplus(Value a) const {
  Value tail = call<math::Log1pOp>(exp(neg(abs(a))));
  return add(atLeast(a, constant(0)), tail);
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

bool mlmodel::mil::areCompatible(TypeRange a, TypeRange b) {
  if (a.size() != b.size())
    return false;
  for (auto [x, y] : llvm::zip(a, b))
    if (getElementTypeOrSelf(x) != getElementTypeOrSelf(y) ||
        failed(verifyCompatibleShape(x, y)))
      return false;
  return true;
}

mlir::FailureOr<SmallVector<int64_t>>
mlmodel::mil::broadcastShapes(ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
  if (a.size() < b.size())
    std::swap(a, b);
  SmallVector<int64_t> shape(a);
  size_t offset = a.size() - b.size();
  for (auto [i, size] : llvm::enumerate(b)) {
    int64_t &out = shape[offset + i];
    if (out == size || size == 1)
      continue;
    if (out == 1 || ShapedType::isDynamic(out))
      out = size;
    else if (!ShapedType::isDynamic(size))
      return failure();
  }
  return shape;
}

mlir::LogicalResult mlmodel::mil::inferBroadcast(std::optional<Location> loc,
                                                 ValueRange operands,
                                                 SmallVectorImpl<Type> &types) {
  SmallVector<int64_t> shape;
  for (Value operand : operands) {
    auto type = dyn_cast<RankedTensorType>(operand.getType());
    if (!type)
      return emitOptionalError(loc, "operand is not a ranked tensor");
    auto wider = broadcastShapes(shape, type.getShape());
    if (failed(wider))
      return emitOptionalError(loc, "shape of ", type,
                               " does not broadcast with [", shape, "]");
    shape = *wider;
  }
  if (operands.empty())
    return emitOptionalError(loc, "no operands");
  types.push_back(RankedTensorType::get(
      shape, getElementTypeOrSelf(operands.front().getType())));
  return success();
}

mlir::AffineMap mlmodel::mil::getBroadcastMap(Operation *op, unsigned index) {
  Builder builder(op->getContext());
  auto operand = cast<RankedTensorType>(op->getOperand(index).getType());
  int64_t rank = cast<RankedTensorType>(op->getResult(0).getType()).getRank();
  int64_t offset = rank - operand.getRank();
  SmallVector<AffineExpr> exprs;
  for (auto [i, size] : llvm::enumerate(operand.getShape()))
    exprs.push_back(size == 1 ? builder.getAffineConstantExpr(0)
                              : builder.getAffineDimExpr(offset + i));
  return AffineMap::get(rank, 0, exprs, op->getContext());
}

mlir::AffineMap mlmodel::mil::getChannelwiseMap(Operation *op, unsigned index,
                                                int64_t axis) {
  Builder builder(op->getContext());
  auto x = cast<RankedTensorType>(op->getOperand(0).getType());
  unsigned rank = x.getRank();
  if (index == 0)
    return builder.getMultiDimIdentityMap(rank);
  if (axis < 0)
    axis += rank;
  auto parameter = cast<RankedTensorType>(op->getOperand(index).getType());
  AffineExpr expr = parameter.getDimSize(0) == 1
                        ? builder.getAffineConstantExpr(0)
                        : builder.getAffineDimExpr(axis);
  return AffineMap::get(rank, 0, expr);
}

mlir::LogicalResult mlmodel::mil::verifyChannelwise(Operation *op,
                                                    int64_t axis) {
  auto x = cast<RankedTensorType>(op->getOperand(0).getType());
  auto position = normalizeAxis(op->getLoc(), axis, x.getRank());
  if (failed(position))
    return failure();
  int64_t channels = x.getDimSize(*position);
  for (OpOperand &operand : llvm::drop_begin(op->getOpOperands())) {
    auto type = cast<RankedTensorType>(operand.get().getType());
    if (type.getRank() != 1)
      return op->emitOpError("parameter ")
             << operand.getOperandNumber() << " must have rank 1, but is "
             << type;
    int64_t size = type.getDimSize(0);
    if (ShapedType::isDynamic(size))
      return op->emitOpError("parameter ")
             << operand.getOperandNumber() << " must have a static size";
    if (size != 1 && !ShapedType::isDynamic(channels) && size != channels)
      return op->emitOpError("parameter ")
             << operand.getOperandNumber() << " has " << size
             << " elements, but dimension " << *position << " of " << x
             << " has " << channels;
  }
  return success();
}

mlir::FailureOr<int64_t>
mlmodel::mil::normalizeAxis(std::optional<Location> loc, int64_t axis,
                            int64_t rank) {
  if (axis < -rank || axis >= rank)
    return emitOptionalError(loc, "axis ", axis, " is outside rank ", rank);
  return axis < 0 ? axis + rank : axis;
}

mlir::FailureOr<SmallVector<int64_t>>
mlmodel::mil::normalizeAxes(std::optional<Location> loc, ArrayRef<int64_t> axes,
                            int64_t rank) {
  SmallVector<int64_t> sorted;
  if (axes.empty())
    llvm::append_range(sorted, llvm::seq<int64_t>(rank));
  for (int64_t axis : axes) {
    auto position = normalizeAxis(loc, axis, rank);
    if (failed(position))
      return failure();
    sorted.push_back(*position);
  }
  llvm::sort(sorted);
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
    return emitOptionalError(loc, "an axis is named twice");
  return sorted;
}

mlir::LogicalResult mlmodel::mil::inferReduction(std::optional<Location> loc,
                                                 Value x,
                                                 ArrayRef<int64_t> axes,
                                                 bool keepDims,
                                                 SmallVectorImpl<Type> &types) {
  auto type = dyn_cast<RankedTensorType>(x.getType());
  if (!type)
    return emitOptionalError(loc, "operand is not a ranked tensor");
  auto reduced = normalizeAxes(loc, axes, type.getRank());
  if (failed(reduced))
    return failure();
  SmallVector<int64_t> shape;
  for (auto [i, size] : llvm::enumerate(type.getShape())) {
    bool gone = llvm::is_contained(*reduced, int64_t(i));
    if (!gone || keepDims)
      shape.push_back(gone ? 1 : size);
  }
  types.push_back(RankedTensorType::get(shape, type.getElementType()));
  return success();
}

mlir::FailureOr<int64_t> mlmodel::mil::getNumElements(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t size : shape)
    if (size < 0 || llvm::MulOverflow(count, size, count))
      return failure();
  return count;
}
