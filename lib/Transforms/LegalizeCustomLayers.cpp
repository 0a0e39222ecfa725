//===- LegalizeCustomLayers.cpp - Replace custom layers by rules ----------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"
#include "MLModel/Transforms/CustomLayerRules.h"
#include "MLModel/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlmodel {
#define GEN_PASS_DEF_LEGALIZECUSTOMLAYERSPASS
#include "MLModel/Transforms/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;
using namespace mlmodel;

namespace {
struct LegalizeCustomLayersPass
    : mlmodel::impl::LegalizeCustomLayersPassBase<LegalizeCustomLayersPass> {
  using LegalizeCustomLayersPassBase::LegalizeCustomLayersPassBase;

  LogicalResult initialize(MLIRContext *context) override {
    auto known = std::make_shared<CustomLayerRules>(context);
    for (const std::string &file : rules)
      if (failed(known->addFile(file)))
        return failure();
    if (builtin && failed(known->addBuiltin()))
      return failure();
    all = std::move(known);
    return success();
  }

  void runOnOperation() override {
    if (failed(all->legalize(getOperation())))
      signalPassFailure();
  }

private:
  std::shared_ptr<const CustomLayerRules> all;
};
} // namespace
