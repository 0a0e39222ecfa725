//===- Normalization.cpp - Rewrites of the chapter Normalization to mil
//-------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerRewriter.h"
#include "MLModel/Dialect/MLModel/IR/NormalizationOps.h"
#include "Patterns.h"

using namespace mlir;
using namespace mlmodel;

void mlmodel::populateNormalizationPatterns(RewritePatternSet &patterns) {}
