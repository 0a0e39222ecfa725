//===- Interface.cpp - What @main takes and returns -------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/CodeGen/OpenSizes.h"
#include "MLModel/CodeGen/Passes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/MapVector.h"

namespace mlmodel {
#define GEN_PASS_DEF_EXPOSEBUFFERS
#define GEN_PASS_DEF_OUTLINEWEIGHTS
#define GEN_PASS_DEF_LIMITMEMORY
#include "MLModel/CodeGen/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;

static MemRefType getBufferType(RankedTensorType type) {
  return MemRefType::get(type.getShape(), type.getElementType());
}

namespace {

struct ExposeBuffers : mlmodel::impl::ExposeBuffersBase<ExposeBuffers> {
  using ExposeBuffersBase::ExposeBuffersBase;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    // What only the module calls keeps the type that its callers know.
    if (func.isExternal() || func.isPrivate())
      return;
    if (!func.getBody().hasOneBlock()) {
      func.emitOpError("must have one block");
      return signalPassFailure();
    }
    separateInits(func);
    exposeArguments(func);
    exposeResults(func);
    Block &entry = func.getBody().front();
    auto results = entry.getTerminator()->getOperandTypes();
    func.setType(
        FunctionType::get(&getContext(), entry.getArgumentTypes(), results));
  }

private:
  /// Gives every result its own tensor to start from, right before it. Shared
  /// ones, which CSE leaves, would later become the buffer of one result while
  /// another result is still computed in it.
  static void separateInits(func::FuncOp func) {
    SmallVector<Operation *> inits;
    func.walk([&](Operation *op) {
      if (isInit(op))
        inits.push_back(op);
    });
    // Fills before what they fill.
    for (Operation *op : llvm::reverse(inits)) {
      for (OpOperand &use : llvm::make_early_inc_range(op->getUses()))
        use.set(
            OpBuilder(op->getBlock()->findAncestorOpInBlock(*use.getOwner()))
                .clone(*op)
                ->getResult(0));
      op->erase();
    }
  }

  /// Whether \p op makes a tensor from nothing: an empty one, or a filled one.
  static bool isInit(Operation *op) {
    if (isa<tensor::EmptyOp>(op))
      return true;
    auto fill = dyn_cast<linalg::LinalgOp>(op);
    return fill && op->getNumResults() == 1 &&
           fill.getBlock()->getOperations().size() == 1 &&
           llvm::none_of(fill.getDpsInputs(), [](Value input) {
             return isa<ShapedType>(input.getType());
           });
  }

  static void exposeArguments(func::FuncOp func) {
    OpBuilder builder(func.getBody());
    for (BlockArgument argument : func.getArguments()) {
      auto type = dyn_cast<RankedTensorType>(argument.getType());
      if (!type)
        continue;
      argument.setType(getBufferType(type));
      auto tensor = bufferization::ToTensorOp::create(
          builder, argument.getLoc(), type, argument, /*restrict=*/true);
      argument.replaceAllUsesExcept(tensor, tensor);
    }
  }

  void exposeResults(func::FuncOp func) {
    Block &entry = func.getBody().front();
    Operation *terminator = entry.getTerminator();
    OpBuilder builder(terminator);
    SmallVector<Value> kept;
    SmallVector<Attribute> keptAttrs, argAttrs;
    if (ArrayAttr attrs = func.getAllArgAttrs())
      llvm::append_range(argAttrs, attrs);
    DictionaryAttr none = builder.getDictionaryAttr({});
    argAttrs.resize(func.getNumArguments(), none);
    for (auto [i, result] : llvm::enumerate(terminator->getOperands())) {
      DictionaryAttr attrs = func.getResultAttrDict(i);
      auto type = dyn_cast<RankedTensorType>(result.getType());
      if (!type || !type.hasStaticShape()) {
        kept.push_back(result);
        keptAttrs.push_back(attrs ? attrs : none);
        continue;
      }
      BlockArgument out =
          entry.addArgument(getBufferType(type), result.getLoc());
      argAttrs.push_back(attrs ? attrs : none);
      bufferization::MaterializeInDestinationOp::create(
          builder, result.getLoc(), /*result=*/Type(), result, out,
          /*restrict=*/true, /*writable=*/true);
    }
    terminator->setOperands(kept);
    func.removeArgAttrsAttr();
    func.removeResAttrsAttr();
    func.setType(FunctionType::get(&getContext(), entry.getArgumentTypes(),
                                   ValueRange(kept).getTypes()));
    func.setAllArgAttrs(argAttrs);
    func.setAllResultAttrs(keptAttrs);
  }
};

struct OutlineWeights : mlmodel::impl::OutlineWeightsBase<OutlineWeights> {
  using OutlineWeightsBase::OutlineWeightsBase;

  bool isWeight(ElementsAttr value) const {
    auto type = dyn_cast<RankedTensorType>(value.getShapedType());
    if (!type || type.getNumElements() == 0)
      return false;
    if (isa<DenseResourceElementsAttr>(value))
      return true;
    int64_t bytes = type.getNumElements() *
                    llvm::divideCeil(type.getElementTypeBitWidth(), 8);
    return isa<DenseElementsAttr>(value) && !value.isSplat() &&
           bytes >= (mayDiffer ? 0 : minBytes);
  }

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (func.isExternal() || func.getName() != "main")
      return;
    mayDiffer = func->hasAttr(mlmodel::kTypicalSizesAttrName);
    llvm::MapVector<Attribute, SmallVector<arith::ConstantOp>> weights;
    func.walk([&](arith::ConstantOp op) {
      auto value = dyn_cast<ElementsAttr>(op.getValue());
      if (value && isWeight(value))
        weights[value].push_back(op);
    });
    for (auto &[value, constants] : weights)
      if (failed(outline(func, cast<ElementsAttr>(value), constants)))
        return signalPassFailure();
  }

private:
  /// Whether constants may be others for other sizes: whoever runs the code
  /// then has to tell all of them.
  bool mayDiffer = false;

  static LogicalResult outline(func::FuncOp func, ElementsAttr value,
                               ArrayRef<arith::ConstantOp> constants) {
    auto type = cast<RankedTensorType>(value.getShapedType());
    arith::ConstantOp first = constants.front();
    auto resource = dyn_cast<DenseResourceElementsAttr>(value);
    if (resource && !resource.getRawHandle().getBlob())
      return first.emitError("resource '")
             << resource.getRawHandle().getKey() << "' has no data";
    Builder attributes(func.getContext());
    NamedAttribute weight(attributes.getStringAttr(mlmodel::kWeightAttrName),
                          value);
    unsigned index = func.getNumArguments();
    if (failed(func.insertArgument(index, getBufferType(type),
                                   attributes.getDictionaryAttr(weight),
                                   first.getLoc())))
      return failure();
    OpBuilder builder = OpBuilder::atBlockBegin(&func.getBody().front());
    Value tensor = bufferization::ToTensorOp::create(
        builder, first.getLoc(), type, func.getArgument(index),
        /*restrict=*/true);
    for (arith::ConstantOp constant : constants) {
      constant.replaceAllUsesWith(tensor);
      constant.erase();
    }
    return success();
  }
};

struct LimitMemory : mlmodel::impl::LimitMemoryBase<LimitMemory> {
  using LimitMemoryBase::LimitMemoryBase;

  void runOnOperation() override {
    if (maxBytes == 0)
      return;
    uint64_t total = 0;
    if (auto arena = getOperation()->getAttrOfType<IntegerAttr>(
            mlmodel::kArenaBytesAttrName))
      total = arena.getInt();
    getOperation().walk([&](memref::AllocOp alloc) {
      MemRefType type = alloc.getType();
      uint64_t bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
      for (int64_t size : type.getShape()) {
        if (ShapedType::isDynamic(size))
          return;
        bytes = llvm::SaturatingMultiply(bytes, uint64_t(size));
      }
      total = llvm::SaturatingAdd(total, bytes);
    });
    if (total <= maxBytes)
      return;
    getOperation().emitError("intermediate results need ")
        << total << " bytes, the limit is " << maxBytes.getValue();
    signalPassFailure();
  }
};

} // namespace
