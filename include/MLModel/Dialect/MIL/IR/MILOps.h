//===- MILOps.h - All mil ops -----------------------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_MILOPS_H
#define MLMODEL_DIALECT_MIL_IR_MILOPS_H

#include "MLModel/Dialect/MIL/IR/ActivationOps.h"
#include "MLModel/Dialect/MIL/IR/ConstantsOps.h"
#include "MLModel/Dialect/MIL/IR/ConvolutionOps.h"
#include "MLModel/Dialect/MIL/IR/ElementwiseOps.h"
#include "MLModel/Dialect/MIL/IR/FillOps.h"
#include "MLModel/Dialect/MIL/IR/ImageOps.h"
#include "MLModel/Dialect/MIL/IR/IndexingOps.h"
#include "MLModel/Dialect/MIL/IR/LinearAlgebraOps.h"
#include "MLModel/Dialect/MIL/IR/NormalizationOps.h"
#include "MLModel/Dialect/MIL/IR/RandomOps.h"
#include "MLModel/Dialect/MIL/IR/ReductionOps.h"
#include "MLModel/Dialect/MIL/IR/SelectionOps.h"
#include "MLModel/Dialect/MIL/IR/ShapeOps.h"

#endif // MLMODEL_DIALECT_MIL_IR_MILOPS_H
