//===- OpenArguments.cpp - Buffers of open size as arguments --------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OpenArguments.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlmodel;

bool OpenArguments::canPass(Type type) {
  auto memref = dyn_cast<MemRefType>(type);
  SmallVector<int64_t> strides;
  int64_t offset;
  return memref && succeeded(memref.getStridesAndOffset(strides, offset));
}

/// The numbers of \p strided: constants where the type tells them, else \p
/// values.
static SmallVector<OpFoldResult>
mix(OpBuilder &builder, ArrayRef<int64_t> fixed, ValueRange values) {
  SmallVector<OpFoldResult> numbers;
  for (auto [number, value] : llvm::zip_equal(fixed, values))
    numbers.push_back(ShapedType::isDynamic(number)
                          ? OpFoldResult(value)
                          : OpFoldResult(builder.getIndexAttr(number)));
  return numbers;
}

void OpenArguments::add(OpBuilder &builder, Value value, bool isPlain) {
  Argument &argument = arguments.emplace_back();
  argument.passed = value;
  if (isPlain)
    return;
  Location loc = value.getLoc();
  auto type = cast<MemRefType>(value.getType());
  argument.type = type;
  if (auto view = value.getDefiningOp<memref::ReinterpretCastOp>()) {
    argument.sizes = view.getMixedSizes();
    argument.strides = view.getMixedStrides();
    argument.offset = view.getMixedOffsets().front();
  } else {
    auto parts = memref::ExtractStridedMetadataOp::create(builder, loc, value);
    auto [strides, offset] = type.getStridesAndOffset();
    argument.sizes = mix(builder, type.getShape(), parts.getSizes());
    argument.strides = mix(builder, strides, parts.getStrides());
    argument.offset = mix(builder, offset, parts.getOffset()).front();
  }
  auto base = MemRefType::get({1}, type.getElementType(), AffineMap(),
                              type.getMemorySpace());
  OpFoldResult one = builder.getIndexAttr(1);
  argument.passed = memref::ReinterpretCastOp::create(
      builder, loc, base, value, builder.getIndexAttr(0),
      ArrayRef<OpFoldResult>(one), ArrayRef<OpFoldResult>(one));
  for (ArrayRef<OpFoldResult> list :
       {ArrayRef(argument.sizes), ArrayRef(argument.strides),
        ArrayRef<OpFoldResult>(argument.offset)})
    for (OpFoldResult number : list)
      if (auto open = dyn_cast<Value>(number))
        numbers.insert(open);
}

SmallVector<Value> OpenArguments::getValues() const {
  SmallVector<Value> values;
  for (const Argument &argument : arguments)
    values.push_back(argument.passed);
  llvm::append_range(values, numbers);
  return values;
}

SmallVector<Value> OpenArguments::take(OpBuilder &builder,
                                       ValueRange values) const {
  DenseMap<Value, Value> taken;
  for (auto [number, value] :
       llvm::zip_equal(numbers, values.drop_front(arguments.size())))
    taken[number] = value;
  auto take = [&](ArrayRef<OpFoldResult> list) {
    return llvm::map_to_vector(list, [&](OpFoldResult number) {
      auto open = dyn_cast<Value>(number);
      return open ? OpFoldResult(taken.lookup(open)) : number;
    });
  };
  SmallVector<Value> result;
  for (auto [argument, value] : llvm::zip(arguments, values)) {
    if (!argument.type) {
      result.push_back(value);
      continue;
    }
    result.push_back(memref::ReinterpretCastOp::create(
        builder, value.getLoc(), argument.type, value,
        take(argument.offset).front(), take(argument.sizes),
        take(argument.strides)));
  }
  return result;
}
