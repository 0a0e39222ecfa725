//===- TensorBuilders.cpp - Shorthands for linalg and tensor IR -*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorBuilders.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"

using namespace mlir;
using namespace mlmodel;

//===----------------------------------------------------------------------===//
// Constants and fresh tensors
//===----------------------------------------------------------------------===//

Value TensorBuilder::scalar(double value) const {
  return arith::ConstantOp::create(builder, loc,
                                   builder.getF32FloatAttr(float(value)));
}

Value TensorBuilder::index(int64_t value) const {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

Value TensorBuilder::table(ArrayRef<float> values) const {
  return arith::ConstantOp::create(
      builder, loc,
      DenseElementsAttr::get(type(int64_t(values.size())), values));
}

Value TensorBuilder::table(ArrayRef<int64_t> values) const {
  auto type =
      RankedTensorType::get(int64_t(values.size()), builder.getI64Type());
  return arith::ConstantOp::create(builder, loc,
                                   DenseElementsAttr::get(type, values));
}

Value TensorBuilder::empty(ArrayRef<int64_t> shape, Value like) const {
  SmallVector<OpFoldResult> sizes;
  for (auto [i, size] : llvm::enumerate(shape))
    sizes.push_back(ShapedType::isDynamic(size)
                        ? tensor::getMixedSize(builder, loc, like, i)
                        : OpFoldResult(builder.getIndexAttr(size)));
  return tensor::EmptyOp::create(builder, loc, sizes, builder.getF32Type());
}

Value TensorBuilder::filled(ArrayRef<int64_t> shape, double value,
                            Value like) const {
  return linalg::FillOp::create(builder, loc, scalar(value), empty(shape, like))
      .getResult(0);
}

//===----------------------------------------------------------------------===//
// Moving elements
//===----------------------------------------------------------------------===//

static SmallVector<OpFoldResult> toFoldResults(Builder &builder,
                                               ArrayRef<int64_t> values) {
  return getAsIndexOpFoldResult(builder.getContext(), values);
}

Value TensorBuilder::pad(Value x, ArrayRef<int64_t> low, ArrayRef<int64_t> high,
                         double value) const {
  auto isZero = [](int64_t amount) { return amount == 0; };
  if (llvm::all_of(low, isZero) && llvm::all_of(high, isZero))
    return x;
  SmallVector<int64_t> shape(cast<RankedTensorType>(x.getType()).getShape());
  for (size_t i = 0; i < shape.size(); ++i)
    if (!ShapedType::isDynamic(shape[i]))
      shape[i] += low[i] + high[i];
  return tensor::PadOp::create(builder, loc, type(shape), x,
                               toFoldResults(builder, low),
                               toFoldResults(builder, high), scalar(value));
}

Value TensorBuilder::reshape(Value x, ArrayRef<int64_t> shape) const {
  auto source = cast<RankedTensorType>(x.getType());
  if (source.getShape() == shape)
    return x;
  RankedTensorType target = type(shape);
  auto groups = getReassociationIndicesForReshape(source, target);
  if (groups && source.getRank() > target.getRank())
    return tensor::CollapseShapeOp::create(builder, loc, target, x, *groups);
  if (groups && source.getRank() < target.getRank())
    return tensor::ExpandShapeOp::create(builder, loc, target, x, *groups);
  // Through one dimension, which every static shape reaches.
  if (source.getRank() == 1) {
    ReassociationIndices all =
        llvm::to_vector<2>(llvm::seq<int64_t>(target.getRank()));
    SmallVector<ReassociationIndices> whole;
    if (!all.empty())
      whole.push_back(all);
    if (all.empty())
      return tensor::CollapseShapeOp::create(builder, loc, target, x, whole);
    return tensor::ExpandShapeOp::create(builder, loc, target, x, whole);
  }
  return reshape(reshape(x, source.getNumElements()), shape);
}

/// One group per dimension, except that `count` dimensions from `dim` on share
/// one.
static SmallVector<ReassociationIndices> groupDims(int64_t rank, int64_t dim,
                                                   int64_t count) {
  SmallVector<ReassociationIndices> groups;
  for (int64_t i = 0; i < rank;) {
    int64_t size = i == dim ? count : 1;
    groups.push_back(llvm::to_vector<2>(llvm::seq<int64_t>(i, i + size)));
    i += size;
  }
  return groups;
}

Value TensorBuilder::splitDim(Value x, int64_t dim,
                              ArrayRef<int64_t> sizes) const {
  if (sizes.size() == 1)
    return x;
  SmallVector<int64_t> shape(cast<RankedTensorType>(x.getType()).getShape());
  shape.erase(shape.begin() + dim);
  shape.insert(shape.begin() + dim, sizes.begin(), sizes.end());
  return tensor::ExpandShapeOp::create(
      builder, loc, type(shape), x, groupDims(shape.size(), dim, sizes.size()));
}

Value TensorBuilder::mergeDims(Value x, int64_t dim, int64_t count) const {
  if (count == 1)
    return x;
  ArrayRef<int64_t> source = cast<RankedTensorType>(x.getType()).getShape();
  SmallVector<int64_t> shape(source.take_front(dim));
  int64_t merged = 1;
  for (int64_t size : source.slice(dim, count))
    merged *= size;
  shape.push_back(merged);
  llvm::append_range(shape, source.drop_front(dim + count));
  return tensor::CollapseShapeOp::create(builder, loc, type(shape), x,
                                         groupDims(source.size(), dim, count));
}

Value TensorBuilder::transpose(Value x, ArrayRef<int64_t> perm) const {
  SmallVector<OpFoldResult> sizes;
  for (int64_t axis : perm)
    sizes.push_back(tensor::getMixedSize(builder, loc, x, axis));
  Value init =
      tensor::EmptyOp::create(builder, loc, sizes, builder.getF32Type());
  return linalg::TransposeOp::create(builder, loc, x, init, perm)->getResult(0);
}

Value TensorBuilder::slice(Value x, ArrayRef<int64_t> offsets,
                           ArrayRef<int64_t> sizes,
                           ArrayRef<int64_t> strides) const {
  SmallVector<int64_t> ones(sizes.size(), 1);
  return tensor::ExtractSliceOp::create(
      builder, loc, x, toFoldResults(builder, offsets),
      toFoldResults(builder, sizes),
      toFoldResults(builder,
                    strides.empty() ? ArrayRef<int64_t>(ones) : strides));
}

//===----------------------------------------------------------------------===//
// Computing elements
//===----------------------------------------------------------------------===//

Value TensorBuilder::generic(Value init, ValueRange inputs,
                             ArrayRef<AffineMap> maps,
                             ArrayRef<utils::IteratorType> iterators,
                             Body body) const {
  return linalg::GenericOp::create(
             builder, loc, init.getType(), inputs, init, maps, iterators,
             [&](OpBuilder &nested, Location nestedLoc, ValueRange args) {
               linalg::YieldOp::create(nested, nestedLoc,
                                       body(nested, nestedLoc, args));
             })
      .getResult(0);
}

Value TensorBuilder::parallel(ArrayRef<int64_t> shape, ValueRange inputs,
                              ArrayRef<AffineMap> maps, Body body,
                              Value like) const {
  SmallVector<AffineMap> all(maps);
  all.push_back(builder.getMultiDimIdentityMap(shape.size()));
  SmallVector<utils::IteratorType> iterators(shape.size(),
                                             utils::IteratorType::parallel);
  return generic(empty(shape, like), inputs, all, iterators, body);
}

AffineMap TensorBuilder::pick(int64_t rank, ArrayRef<int64_t> dims) const {
  SmallVector<AffineExpr> exprs;
  for (int64_t dim : dims)
    exprs.push_back(builder.getAffineDimExpr(dim));
  return AffineMap::get(rank, 0, exprs, builder.getContext());
}

static arith::FastMathFlags freely() {
  return arith::FastMathFlags::contract | arith::FastMathFlags::reassoc;
}

Value mlmodel::emitMulAdd(OpBuilder &builder, Location loc, Value a, Value b,
                          Value acc) {
  Value product = arith::MulFOp::create(builder, loc, a, b, freely());
  return emitSum(builder, loc, product, acc);
}

Value mlmodel::emitSum(OpBuilder &builder, Location loc, Value a, Value acc) {
  return arith::AddFOp::create(builder, loc, acc, a, freely());
}

Value mlmodel::emitAxisIndex(OpBuilder &builder, Location loc, Value value,
                             int64_t size) {
  auto limit = [&](double bound) -> Value {
    return arith::ConstantOp::create(builder, loc,
                                     builder.getF32FloatAttr(float(bound)));
  };
  auto integer = [&](int64_t constant) -> Value {
    return arith::ConstantOp::create(builder, loc,
                                     builder.getI64IntegerAttr(constant));
  };
  // A conversion out of range would be poison; NaN gives way to the bound.
  constexpr double bound = double(int64_t(1) << 40);
  value = arith::MaxNumFOp::create(builder, loc, value, limit(-bound));
  value = arith::MinNumFOp::create(builder, loc, value, limit(bound));
  Value index =
      arith::FPToSIOp::create(builder, loc, builder.getI64Type(), value);
  Value fromEnd = arith::AddIOp::create(builder, loc, index, integer(size));
  Value isNegative = arith::CmpIOp::create(
      builder, loc, arith::CmpIPredicate::slt, index, integer(0));
  index = arith::SelectOp::create(builder, loc, isNegative, fromEnd, index);
  index = arith::MaxSIOp::create(builder, loc, index, integer(0));
  index = arith::MinSIOp::create(builder, loc, index, integer(size - 1));
  return arith::IndexCastOp::create(builder, loc, builder.getIndexType(),
                                    index);
}

Value mlmodel::emitReverse(OpBuilder &builder, Location loc, Value x,
                           ArrayRef<int64_t> axes) {
  ArrayRef<int64_t> shape = cast<RankedTensorType>(x.getType()).getShape();
  SmallVector<AffineExpr> exprs;
  for (auto [i, size] : llvm::enumerate(shape)) {
    AffineExpr dim = builder.getAffineDimExpr(i);
    exprs.push_back(llvm::is_contained(axes, int64_t(i)) ? size - 1 - dim
                                                         : dim);
  }
  AffineMap map = AffineMap::get(shape.size(), 0, exprs, builder.getContext());
  return TensorBuilder(builder, loc)
      .parallel(shape, x, map,
                [](OpBuilder &, Location, ValueRange args) { return args[0]; });
}

LogicalResult mlmodel::requireStatic(PatternRewriter &rewriter, Operation *op) {
  auto isStatic = [](Type type) {
    return cast<ShapedType>(type).hasStaticShape();
  };
  if (llvm::all_of(op->getOperandTypes(), isStatic) &&
      llvm::all_of(op->getResultTypes(), isStatic))
    return success();
  return rewriter.notifyMatchFailure(op, "needs static shapes");
}
