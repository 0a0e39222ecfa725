//===- Image.cpp - Rewrites of the chapter Image to mil -------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerRewriter.h"
#include "MLModel/Dialect/MLModel/IR/ImageOps.h"
#include "Patterns.h"

using namespace mlir;
using namespace mlmodel;

void mlmodel::populateImagePatterns(RewritePatternSet &patterns) {}
