//===- SelectionOps.h - mil ops: Selection ----------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_SELECTIONOPS_H
#define MLMODEL_DIALECT_MIL_IR_SELECTIONOPS_H

#include "MLModel/Dialect/MIL/IR/MIL.h"

#define GET_OP_CLASSES
#include "MLModel/Dialect/MIL/IR/SelectionOps.h.inc"

#endif // MLMODEL_DIALECT_MIL_IR_SELECTIONOPS_H
