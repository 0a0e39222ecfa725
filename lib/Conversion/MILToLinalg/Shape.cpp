//===- Shape.cpp - Lower mil's chapter Shape --------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoweringUtils.h"
#include "MLModel/Dialect/MIL/IR/ShapeOps.h"
#include "Patterns.h"

using namespace mlmodel::mil;

void mlmodel::mil::populateShapePatterns(RewritePatternSet &) {}
