//===- MILDialect.cpp - The mil dialect -------------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/MIL.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlmodel::mil;

#include "MLModel/Dialect/MIL/IR/MILDialect.cpp.inc"
#include "MLModel/Dialect/MIL/IR/MILInterfaces.cpp.inc"

void MILDialect::initialize() {
#define MIL_CHAPTER(NAME) register##NAME##Ops();
#include "MLModel/Dialect/MIL/IR/Chapters.def"
}
