//===- LoweringUtils.h - Builders for structured loops ----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CONVERSION_MILTOLINALG_LOWERINGUTILS_H
#define MLMODEL_LIB_CONVERSION_MILTOLINALG_LOWERINGUTILS_H

#include "MLModel/Dialect/MIL/IR/MILSupport.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlmodel::mil {

/// The tag of a linalg.generic that decodes packed weights.
constexpr llvm::StringLiteral kDecodeAttrName = "mlmodel.decode";

/// An operand of a structured loop, and where the loop reads it.
struct MappedOperand {
  Value value;
  AffineMap map;
};

/// Emits the scalar result from the scalars read from the operands.
using ScalarFn = llvm::function_ref<Value(const ScalarBuilder &, ValueRange)>;

/// Emits the next accumulator from (accumulator, element).
using CombineFn =
    llvm::function_ref<Value(const ScalarBuilder &, Value, Value)>;

/// A tensor without values. `sizes` gives the dynamic dimensions.
Value createEmpty(OpBuilder &builder, Location loc, RankedTensorType type,
                  ValueRange sizes = {});

/// A tensor with the same value everywhere.
Value createFilled(OpBuilder &builder, Location loc, RankedTensorType type,
                   double value, ValueRange sizes = {});

/// The dynamic dimensions of a loop result of type `type`, whose dimension i is
/// loop i, read off the operands that are indexed by that loop.
SmallVector<Value> getDynamicSizes(OpBuilder &builder, Location loc,
                                   RankedTensorType type,
                                   ArrayRef<MappedOperand> operands);

/// result[i...] = fn(operands at their maps of i...).
Value createElementwise(OpBuilder &builder, Location loc, RankedTensorType type,
                        ArrayRef<MappedOperand> operands, ScalarFn fn);

/// The map from an index of a tensor of `rank` to one without `axes` (sorted).
AffineMap getReducedMap(MLIRContext *context, int64_t rank,
                        ArrayRef<int64_t> axes);

/// Folds `x` along `axes` (sorted), which vanish.
Value createReduction(OpBuilder &builder, Location loc, Value x,
                      ArrayRef<int64_t> axes, double init, CombineFn combine);

/// Puts `axes` (sorted) back with size 1 into a tensor they were folded from.
/// `type` is the result's type.
Value expandReduced(OpBuilder &builder, Location loc, Value reduced,
                    ArrayRef<int64_t> axes, RankedTensorType type);

/// The number of elements of `x` along `axes`, as a float.
Value createCount(OpBuilder &builder, Location loc, Value x,
                  ArrayRef<int64_t> axes);

/// result += operand0 * operand1, summed over the reduction loops, on top of
/// `init`, whose map is the last of `maps`. Order the loops so that the
/// innermost one walks through contiguous memory.
Value createContraction(OpBuilder &builder, Location loc, Value lhs, Value rhs,
                        Value init, ArrayRef<AffineMap> maps,
                        ArrayRef<utils::IteratorType> iterators);

/// `value` as a tensor of `type`, which is the same but for dynamic dimensions.
Value castTo(OpBuilder &builder, Location loc, Value value, Type type);

} // namespace mlmodel::mil

#endif // MLMODEL_LIB_CONVERSION_MILTOLINALG_LOWERINGUTILS_H
