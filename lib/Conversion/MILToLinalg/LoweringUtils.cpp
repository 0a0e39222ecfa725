//===- LoweringUtils.cpp - Builders for structured loops --------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoweringUtils.h"

using namespace mlmodel::mil;

Value mlmodel::mil::createEmpty(OpBuilder &builder, Location loc,
                                RankedTensorType type, ValueRange sizes) {
  return tensor::EmptyOp::create(builder, loc, type, sizes);
}

Value mlmodel::mil::createFilled(OpBuilder &builder, Location loc,
                                 RankedTensorType type, double value,
                                 ValueRange sizes) {
  ScalarBuilder s(builder, loc);
  Value empty = createEmpty(builder, loc, type, sizes);
  return linalg::FillOp::create(builder, loc, s.constant(value), empty)
      .getResult(0);
}

/// The size of the loop `loop`, from an operand that is indexed by it alone.
static Value getLoopSize(OpBuilder &builder, Location loc, unsigned loop,
                         ArrayRef<MappedOperand> operands) {
  for (const MappedOperand &operand : operands) {
    AffineExpr expr = builder.getAffineDimExpr(loop);
    for (auto [i, result] : llvm::enumerate(operand.map.getResults()))
      if (result == expr)
        return tensor::DimOp::create(builder, loc, operand.value, i);
  }
  return nullptr;
}

SmallVector<Value>
mlmodel::mil::getDynamicSizes(OpBuilder &builder, Location loc,
                              RankedTensorType type,
                              ArrayRef<MappedOperand> operands) {
  SmallVector<Value> sizes;
  for (unsigned i = 0; i < type.getRank(); ++i)
    if (type.isDynamicDim(i))
      sizes.push_back(getLoopSize(builder, loc, i, operands));
  return sizes;
}

Value mlmodel::mil::createElementwise(OpBuilder &builder, Location loc,
                                      RankedTensorType type,
                                      ArrayRef<MappedOperand> operands,
                                      ScalarFn fn) {
  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
  for (const MappedOperand &operand : operands) {
    inputs.push_back(operand.value);
    maps.push_back(operand.map);
  }
  maps.push_back(builder.getMultiDimIdentityMap(type.getRank()));
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  Value init = createEmpty(builder, loc, type,
                           getDynamicSizes(builder, loc, type, operands));
  auto body = [&](OpBuilder &nested, Location loc, ValueRange scalars) {
    ScalarBuilder s(nested, loc);
    linalg::YieldOp::create(nested, loc, fn(s, scalars.drop_back()));
  };
  return linalg::GenericOp::create(builder, loc, TypeRange(type), inputs, init,
                                   maps, iterators, body)
      .getResult(0);
}

mlir::AffineMap mlmodel::mil::getReducedMap(MLIRContext *context, int64_t rank,
                                            ArrayRef<int64_t> axes) {
  SmallVector<AffineExpr> exprs;
  for (int64_t i = 0; i < rank; ++i)
    if (!llvm::is_contained(axes, i))
      exprs.push_back(getAffineDimExpr(i, context));
  return AffineMap::get(rank, 0, exprs, context);
}

Value mlmodel::mil::createReduction(OpBuilder &builder, Location loc, Value x,
                                    ArrayRef<int64_t> axes, double init,
                                    CombineFn combine) {
  auto type = cast<RankedTensorType>(x.getType());
  int64_t rank = type.getRank();
  SmallVector<int64_t> shape;
  SmallVector<Value> sizes;
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::reduction);
  for (int64_t i = 0; i < rank; ++i) {
    if (llvm::is_contained(axes, i))
      continue;
    iterators[i] = utils::IteratorType::parallel;
    shape.push_back(type.getDimSize(i));
    if (type.isDynamicDim(i))
      sizes.push_back(tensor::DimOp::create(builder, loc, x, i));
  }
  auto reducedType = RankedTensorType::get(shape, type.getElementType());
  Value start = createFilled(builder, loc, reducedType, init, sizes);
  SmallVector<AffineMap> maps = {
      builder.getMultiDimIdentityMap(rank),
      getReducedMap(builder.getContext(), rank, axes)};
  auto body = [&](OpBuilder &nested, Location loc, ValueRange scalars) {
    ScalarBuilder s(nested, loc);
    linalg::YieldOp::create(nested, loc, combine(s, scalars[1], scalars[0]));
  };
  return linalg::GenericOp::create(builder, loc, TypeRange(reducedType), x,
                                   start, maps, iterators, body)
      .getResult(0);
}

Value mlmodel::mil::expandReduced(OpBuilder &builder, Location loc,
                                  Value reduced, ArrayRef<int64_t> axes,
                                  RankedTensorType type) {
  // Each kept dimension takes the folded ones after it into its group, the
  // first one also those before it.
  SmallVector<ReassociationIndices> groups;
  ReassociationIndices leading;
  for (int64_t i = 0; i < type.getRank(); ++i) {
    if (!llvm::is_contained(axes, i)) {
      groups.push_back(std::exchange(leading, {}));
      groups.back().push_back(i);
    } else {
      (groups.empty() ? leading : groups.back()).push_back(i);
    }
  }
  auto source = cast<RankedTensorType>(reduced.getType());
  SmallVector<OpFoldResult> sizes;
  int64_t kept = 0;
  for (int64_t i = 0; i < type.getRank(); ++i) {
    bool folded = llvm::is_contained(axes, i);
    if (!folded && source.isDynamicDim(kept))
      sizes.push_back(
          tensor::DimOp::create(builder, loc, reduced, kept).getResult());
    else
      sizes.push_back(
          builder.getIndexAttr(folded ? 1 : source.getDimSize(kept)));
    kept += !folded;
  }
  SmallVector<int64_t> shape;
  for (OpFoldResult size : sizes)
    shape.push_back(getConstantIntValue(size).value_or(ShapedType::kDynamic));
  auto expanded = RankedTensorType::get(shape, type.getElementType());
  Value result = tensor::ExpandShapeOp::create(builder, loc, expanded, reduced,
                                               groups, sizes);
  return castTo(builder, loc, result, type);
}

Value mlmodel::mil::createCount(OpBuilder &builder, Location loc, Value x,
                                ArrayRef<int64_t> axes) {
  ScalarBuilder s(builder, loc);
  auto type = cast<RankedTensorType>(x.getType());
  double count = 1;
  Value dynamic;
  for (int64_t axis : axes) {
    if (!type.isDynamicDim(axis)) {
      count *= double(type.getDimSize(axis));
      continue;
    }
    Value size = tensor::DimOp::create(builder, loc, x, axis);
    Value integer = s.call<arith::IndexCastOp>(builder.getI64Type(), size);
    Value factor = s.call<arith::SIToFPOp>(builder.getF32Type(), integer);
    dynamic = dynamic ? s.mul(dynamic, factor) : factor;
  }
  Value known = s.constant(count);
  return dynamic ? s.mul(known, dynamic) : known;
}

Value mlmodel::mil::createContraction(OpBuilder &builder, Location loc,
                                      Value lhs, Value rhs, Value init,
                                      ArrayRef<AffineMap> maps,
                                      ArrayRef<utils::IteratorType> iterators) {
  auto body = [&](OpBuilder &nested, Location loc, ValueRange x) {
    ScalarBuilder s(nested, loc);
    linalg::YieldOp::create(nested, loc, s.add(x[2], s.mul(x[0], x[1])));
  };
  return linalg::GenericOp::create(builder, loc, TypeRange(init.getType()),
                                   ValueRange{lhs, rhs}, init, maps, iterators,
                                   body)
      .getResult(0);
}

Value mlmodel::mil::castTo(OpBuilder &builder, Location loc, Value value,
                           Type type) {
  if (value.getType() == type)
    return value;
  return tensor::CastOp::create(builder, loc, type, value);
}
