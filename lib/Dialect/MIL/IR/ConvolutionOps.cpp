//===- ConvolutionOps.cpp - mil ops: Convolution ----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/ConvolutionOps.h"

using namespace mlmodel::mil;

#define GET_OP_CLASSES
#include "MLModel/Dialect/MIL/IR/ConvolutionOps.cpp.inc"

void MILDialect::registerConvolutionOps() {
  addOperations<
#define GET_OP_LIST
#include "MLModel/Dialect/MIL/IR/ConvolutionOps.cpp.inc"
      >();
}
