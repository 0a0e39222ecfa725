//===- ActivationOps.cpp - mil ops: Activation ------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/ActivationOps.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlmodel::mil;

/// exp(x) - 1. Near zero the difference has no digits left, so its power series
/// x (1 + x/2 (1 + x/3 (1 + ...))) takes over. libm's expm1 would be a call
/// that keeps the loop from being vectorized.
static Value emitExpMinusOne(const ScalarBuilder &s, Value x) {
  Value series = s.constant(1);
  for (int n = 8; n > 1; --n)
    series = s.add(s.constant(1), s.mul(s.mul(x, s.constant(1.0 / n)), series));
  Value nearZero = s.mul(x, series);
  Value elsewhere = s.sub(s.exp(x), s.constant(1));
  Value isNear = s.less(s.abs(x), s.constant(0.5));
  return s.select(isNear, nearZero, elsewhere);
}

/// For negative x the formulas' 1 + erf and 1 + tanh cancel; both are written
/// in equal forms that do not.
static Value emitGelu(const ScalarBuilder &s, Value x, StringRef mode) {
  if (mode == "SIGMOID_APPROXIMATION")
    return s.mul(x, s.sigmoid(s.mul(s.constant(1.702), x)));
  if (mode == "EXACT") {
    Value scaled = s.mul(x, s.constant(-0.70710678118654752));
    return s.mul(s.mul(s.constant(0.5), x), s.call<math::ErfcOp>(scaled));
  }
  // (1 + tanh(z)) / 2 is sigmoid(2 z).
  Value cube = s.mul(s.mul(x, x), x);
  Value inner = s.add(x, s.mul(s.constant(0.044715), cube));
  return s.mul(x, s.sigmoid(s.mul(s.constant(1.5957691216057308), inner)));
}

#define GET_OP_CLASSES
#include "MLModel/Dialect/MIL/IR/ActivationOps.cpp.inc"

void MILDialect::registerActivationOps() {
  addOperations<
#define GET_OP_LIST
#include "MLModel/Dialect/MIL/IR/ActivationOps.cpp.inc"
      >();
}

LogicalResult SoftmaxOp::verify() {
  return success(succeeded(
      normalizeAxis(getLoc(), getAxis(), getX().getType().getRank())));
}
