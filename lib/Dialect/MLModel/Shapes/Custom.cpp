//===- Custom.cpp - Shape rules of the chapter Custom --------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/CustomLayerInterface.h"
#include "MLModel/Dialect/MLModel/IR/CustomOps.h"
#include "MLModel/Dialect/MLModel/IR/ShapeRules.h"

using namespace mlir;
using namespace mlmodel;

const CustomLayerInterface *CustomLayerInterface::get(MLIRContext *context) {
  auto *dialect = context->getLoadedDialect<MLModelDialect>();
  return dialect ? dialect->getRegisteredInterface<CustomLayerInterface>()
                 : nullptr;
}

LogicalResult CustomOp::inferShapes(ShapeRule &rule, Adaptor op) {
  LayerAttr layer = op.getLayerAttr();
  const CustomLayerInterface *classes =
      layer ? CustomLayerInterface::get(layer.getContext()) : nullptr;
  if (!classes || !classes->knows(op.getClassName()))
    return rule.unknown();
  for (size_t i = 0; i < rule.getNumInputs(); ++i)
    if (!rule.hasRank(i) ||
        !llvm::all_of(rule.getInput(i), [](Dim dim) { return dim.isStatic(); }))
      return rule.unknown();
  auto className = StringAttr::get(layer.getContext(), op.getClassName());
  return classes->inferShapes(rule,
                              {layer, className, op.getWeightsAttr(),
                               op.getParametersAttr(), rule.getNumInputs()});
}
