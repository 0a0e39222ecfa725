//===- MLModelDialect.cpp - Registration and what all layers share --------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/MLModelDialect.h"
#include "MLModel/Dialect/MLModel/IR/ControlFlowOps.h"
#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlmodel;

#include "MLModel/Dialect/MLModel/IR/MLModelDialect.cpp.inc"
#include "MLModel/Dialect/MLModel/IR/MLModelInterfaces.cpp.inc"

namespace mlmodel::layer {
#define MLMODEL_CHAPTER(name) void register##name##Ops(MLModelDialect &);
#include "MLModel/Dialect/MLModel/IR/Chapters.inc"
#undef MLMODEL_CHAPTER
void registerModelOps(MLModelDialect &);
} // namespace mlmodel::layer

void MLModelDialect::initialize() {
  registerAttributes();
  registerBytecode();
  layer::registerModelOps(*this);
#define MLMODEL_CHAPTER(name) layer::register##name##Ops(*this);
#include "MLModel/Dialect/MLModel/IR/Chapters.inc"
#undef MLMODEL_CHAPTER
}

/// "1", "1 to 3" or "at least 2".
static std::string describeArity(std::pair<int64_t, int64_t> arity) {
  auto [least, greatest] = arity;
  if (greatest < 0)
    return "at least " + std::to_string(least);
  if (least == greatest)
    return std::to_string(least);
  return std::to_string(least) + " to " + std::to_string(greatest);
}

static LogicalResult verifyArity(LayerOpInterface layer, size_t count,
                                 std::pair<int64_t, int64_t> arity,
                                 StringRef what) {
  int64_t n = count;
  if (n >= arity.first && (arity.second < 0 || n <= arity.second))
    return success();
  return emitClassified(layer.getLoc(), ErrorClass::Invalid,
                        "layer '" + layer.getLayer().getName().getValue() +
                            "' (" + layer.getLayerField() + "): has " +
                            Twine(n) + " " + what + ", expected " +
                            describeArity(arity));
}

/// Bodies must take and leave what a branch or loop carries.
static LogicalResult verifyBodies(Operation *op) {
  auto names = op->getAttrOfType<ArrayAttr>("carried");
  size_t carried = names ? names.size() : 0;
  if (op->getNumResults() != carried)
    return op->emitOpError("carries ")
           << carried << " blobs but has " << op->getNumResults() << " results";
  size_t arguments = isa<LoopOp>(op) ? carried : 0;
  for (Region &region : op->getRegions()) {
    if (region.empty())
      continue;
    Block &body = region.front();
    if (body.getNumArguments() != arguments)
      return op->emitOpError("has a body with ")
             << body.getNumArguments() << " arguments, expected " << arguments;
    auto yield = body.empty() ? YieldOp() : dyn_cast<YieldOp>(body.back());
    if (!yield || yield->getNumOperands() != carried)
      return op->emitOpError("needs bodies that yield ")
             << carried << " blobs each";
  }
  return success();
}

/// A misspelt field would be ignored, and lost where the file is written.
static LogicalResult verifyFields(LayerOpInterface layer) {
  for (NamedAttribute attribute : layer->getDiscardableAttrs())
    if (!attribute.getNameDialect())
      return emitClassified(layer.getLoc(), ErrorClass::Invalid,
                            "layer '" + layer.getLayer().getName().getValue() +
                                "' (" + layer.getLayerField() +
                                "): has no field '" +
                                attribute.getName().getValue() + "'");
  return success();
}

LogicalResult layer::verifyLayer(Operation *op) {
  auto self = cast<LayerOpInterface>(op);
  if (failed(verifyFields(self)))
    return failure();
  if (op->getNumRegions() && failed(verifyBodies(op)))
    return failure();
  if (op->getNumOperands() < getNumCarriedOperands(op))
    return op->emitOpError("has fewer operands than the ")
           << getNumCarriedOperands(op) << " blobs that are carried";
  if (failed(verifyArity(self, getLayerInputs(op).size(), self.getInputArity(),
                         "inputs")))
    return failure();
  // Regions add results for blobs of the outer scope that they overwrite.
  size_t numOutputs = self.getLayer().getOutputs().size();
  if (failed(verifyArity(self, numOutputs, self.getOutputArity(), "outputs")))
    return failure();
  if (op->getNumResults() != numOutputs && op->getNumRegions() == 0)
    return op->emitOpError("names ") << numOutputs << " outputs but has "
                                     << op->getNumResults() << " results";

  SmallVector<ShapedTypeComponents> shapes;
  auto rule = cast<InferShapedTypeOpInterface>(op);
  if (failed(rule.inferReturnTypeComponents(
          op->getContext(), op->getLoc(), ValueShapeRange(op->getOperands()),
          op->getRawDictionaryAttrs(), op->getPropertiesStorage(),
          op->getRegions(), shapes)))
    return failure();
  for (auto [i, result] : llvm::enumerate(op->getResults())) {
    if (i >= shapes.size() || !shapes[i].hasRank())
      continue;
    auto type = dyn_cast<RankedTensorType>(result.getType());
    if (type &&
        failed(verifyCompatibleShape(type.getShape(), shapes[i].getDims())))
      return op->emitOpError("output ")
             << i << " has type " << type << " but the layer produces shape "
             << toString(toDims(shapes[i].getDims()));
  }
  return success();
}

void layer::nameResults(Operation *op, OpAsmSetValueNameFn setName) {
  for (auto [result, name] : llvm::zip(op->getResults(), getResultNames(op)))
    if (!name.getValue().empty())
      setName(result, name.getValue());
}
