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

static Value emitGelu(const ScalarBuilder &s, Value x, StringRef mode) {
  if (mode == "SIGMOID_APPROXIMATION")
    return s.mul(x, s.sigmoid(s.mul(s.constant(1.702), x)));
  Value half = s.mul(s.constant(0.5), x);
  if (mode == "EXACT") {
    Value scaled = s.mul(x, s.constant(0.70710678118654752));
    return s.mul(half, s.add(s.constant(1), s.call<math::ErfOp>(scaled)));
  }
  Value cube = s.mul(s.mul(x, x), x);
  Value inner = s.add(x, s.mul(s.constant(0.044715), cube));
  Value tanh = s.tanh(s.mul(s.constant(0.79788456080286536), inner));
  return s.mul(half, s.add(s.constant(1), tanh));
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
