//===- Indexing.cpp - Lower mil's chapter Indexing --------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoweringUtils.h"
#include "MLModel/Dialect/MIL/IR/IndexingOps.h"
#include "Patterns.h"

using namespace mlmodel::mil;

void mlmodel::mil::populateIndexingPatterns(RewritePatternSet &) {}
