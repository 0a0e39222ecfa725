//===- KnownValues.cpp - Blobs whose values decide shapes -----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/KnownValues.h"

using namespace mlmodel;

static thread_local KnownValues *innermost = nullptr;

KnownValues::KnownValues() : outer(innermost) { innermost = this; }
KnownValues::~KnownValues() { innermost = outer; }

std::optional<llvm::ArrayRef<float>> KnownValues::lookup(mlir::Value value) {
  if (!innermost)
    return std::nullopt;
  auto it = innermost->known.find(value);
  if (it == innermost->known.end())
    return std::nullopt;
  innermost->asked.insert(value);
  return it->second;
}
