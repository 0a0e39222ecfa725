//===- ModelOps.cpp - Models, networks and pipelines ----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/ModelOps.h"
#include "MLModel/Dialect/MLModel/IR/ControlFlowOps.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlmodel;

#define GET_OP_CLASSES
#include "MLModel/Dialect/MLModel/IR/ModelOps.cpp.inc"

namespace mlmodel::layer {
void registerModelOps(MLModelDialect &dialect) {
  dialect.addLayers<
#define GET_OP_LIST
#include "MLModel/Dialect/MLModel/IR/ModelOps.cpp.inc"
      >();
}
} // namespace mlmodel::layer

//===----------------------------------------------------------------------===//
// ModelOp
//===----------------------------------------------------------------------===//

ModelTypeOpInterface ModelOp::getContent() {
  for (Operation &op : getBody().front())
    if (auto content = dyn_cast<ModelTypeOpInterface>(op))
      return content;
  return {};
}

LogicalResult ModelOp::verify() {
  auto contents = llvm::make_filter_range(getBody().front(), [](Operation &op) {
    return isa<ModelTypeOpInterface>(op);
  });
  if (llvm::hasSingleElement(contents))
    return success();
  return emitOpError("expected one operation that says what the model is, got ")
         << std::distance(contents.begin(), contents.end());
}

//===----------------------------------------------------------------------===//
// NetworkOp
//===----------------------------------------------------------------------===//

LogicalResult NetworkOp::verify() {
  Block &block = getBody().front();
  if (block.getNumArguments() != getInputNames().size())
    return emitOpError("has ") << block.getNumArguments() << " inputs but "
                               << getInputNames().size() << " input names";
  auto output =
      dyn_cast_or_null<OutputOp>(block.empty() ? nullptr : &block.back());
  if (!output)
    return emitOpError("expected 'mlmodel.output' as terminator");
  if (output.getNumOperands() != getOutputNames().size())
    return emitOpError("returns ")
           << output.getNumOperands() << " values but has "
           << getOutputNames().size() << " output names";
  return success();
}

void NetworkOp::getAsmBlockArgumentNames(Region &region,
                                         OpAsmSetValueNameFn setName) {
  if (region.empty() ||
      region.front().getNumArguments() != getInputNames().size())
    return;
  for (auto [argument, name] :
       llvm::zip(region.front().getArguments(),
                 getInputNames().getAsRange<StringAttr>()))
    if (!name.getValue().empty())
      setName(argument, name.getValue());
}

//===----------------------------------------------------------------------===//
// Blob names
//===----------------------------------------------------------------------===//

/// The names of the arguments of a block, if its operation keeps them.
static ArrayAttr getArgumentNames(Block *block) {
  Operation *parent = block->getParentOp();
  if (!parent)
    return {};
  if (auto network = dyn_cast<NetworkOp>(parent))
    return network.getInputNames();
  return parent->getAttrOfType<ArrayAttr>("carried");
}

StringRef mlmodel::getBlobName(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    ArrayAttr names = getArgumentNames(argument.getOwner());
    if (!names || argument.getArgNumber() >= names.size())
      return "";
    auto name = dyn_cast<StringAttr>(names[argument.getArgNumber()]);
    return name ? name.getValue() : "";
  }
  auto result = cast<OpResult>(value);
  SmallVector<StringAttr> names = getResultNames(result.getOwner());
  size_t index = result.getResultNumber();
  return index < names.size() ? names[index].getValue() : "";
}

/// The number of blobs that \p op, a branch or loop, carries.
static size_t getNumCarried(Operation *op) {
  auto carried = op ? op->getAttrOfType<ArrayAttr>("carried") : ArrayAttr();
  return carried ? carried.size() : 0;
}

size_t mlmodel::getNumCarriedOperands(Operation *op) {
  if (isa<LoopOp>(op))
    return getNumCarried(op);
  if (isa<BranchOp>(op))
    return llvm::any_of(op->getRegions(), [](Region &r) { return r.empty(); })
               ? getNumCarried(op)
               : 0;
  if (isa<LoopBreakOp, LoopContinueOp>(op))
    return getNumCarried(op->getParentOfType<LoopOp>());
  return 0;
}

OperandRange mlmodel::getLayerInputs(Operation *op) {
  return op->getOperands().drop_back(
      std::min<size_t>(getNumCarriedOperands(op), op->getNumOperands()));
}

SmallVector<StringAttr> mlmodel::getResultNames(Operation *op) {
  // The results of a branch or loop are the blobs that its bodies leave behind.
  if (auto carried = op->getAttrOfType<ArrayAttr>("carried"))
    return llvm::to_vector(carried.getAsRange<StringAttr>());
  if (auto layer = dyn_cast<LayerOpInterface>(op))
    return llvm::to_vector(layer.getLayer().getOutputs());
  if (auto unknown = dyn_cast<UnknownLayerOp>(op))
    return llvm::to_vector(unknown.getLayer().getOutputs());
  return {};
}
