//===- ConvolutionOps.h - mil ops of this chapter ---------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_CONVOLUTIONOPS_H
#define MLMODEL_DIALECT_MIL_IR_CONVOLUTIONOPS_H

#include "MLModel/Dialect/MIL/IR/MIL.h"
#include "MLModel/Dialect/MIL/IR/ShapeInference.h"

#define GET_OP_CLASSES
#include "MLModel/Dialect/MIL/IR/ConvolutionOps.h.inc"

#endif // MLMODEL_DIALECT_MIL_IR_CONVOLUTIONOPS_H
