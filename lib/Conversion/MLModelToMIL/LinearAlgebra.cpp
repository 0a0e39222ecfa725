//===- LinearAlgebra.cpp - Rewrites of the chapter LinearAlgebra to mil
//-------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerRewriter.h"
#include "MLModel/Dialect/MLModel/IR/LinearAlgebraOps.h"
#include "Patterns.h"

using namespace mlir;
using namespace mlmodel;

void mlmodel::populateLinearAlgebraPatterns(RewritePatternSet &patterns) {}
