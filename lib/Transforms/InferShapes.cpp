//===- InferShapes.cpp - Shapes of a model's blobs ------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Transforms/InferShapes.h"
#include "MLModel/Dialect/MLModel/IR/ControlFlowOps.h"
#include "MLModel/Transforms/Passes.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringExtras.h"

namespace mlmodel {
#define GEN_PASS_DEF_INFERSHAPESPASS
#include "MLModel/Transforms/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;
using namespace mlmodel;

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

static SmallVector<int64_t> mapToRank5(ArrayRef<int64_t> shape) {
  switch (shape.size()) {
  case 1:
    return {1, 1, shape[0], 1, 1};
  case 2:
    return {1, shape[0], shape[1], 1, 1};
  case 3:
    return {1, 1, shape[0], shape[1], shape[2]};
  case 4:
    return {1, shape[0], shape[1], shape[2], shape[3]};
  default:
    return llvm::to_vector(shape);
  }
}

/// The first of the enumerated shapes, which Core ML takes as the default.
static DenseI64ArrayAttr firstEnumerated(DictionaryAttr type) {
  auto enumerated = type.getAs<DictionaryAttr>("enumeratedShapes");
  auto shapes =
      enumerated ? enumerated.getAs<ArrayAttr>("shapes") : ArrayAttr();
  if (!shapes || shapes.empty())
    return {};
  return cast<DictionaryAttr>(shapes[0]).getAs<DenseI64ArrayAttr>("shape");
}

static int64_t getInt(DictionaryAttr dict, StringRef name) {
  auto value = dict.getAs<IntegerAttr>(name);
  return value ? value.getInt() : 0;
}

static std::optional<SmallVector<int64_t>>
mapImage(NetworkOp network, DictionaryAttr image, ArrayRef<int64_t> actual) {
  auto space = image.getAs<StringAttr>("colorSpace");
  bool isGray = space && space.getValue().starts_with("GRAYSCALE");
  int64_t height = getInt(image, "height"), width = getInt(image, "width");
  if (actual.size() == 2) {
    height = actual[0];
    width = actual[1];
  }
  SmallVector<int64_t> shape{1, isGray ? 1 : 3, height, width};
  if (network.getImageInputShapeMapping() == "RANK5_IMAGE_MAPPING")
    shape.insert(shape.begin(), 1);
  return shape;
}

std::optional<SmallVector<int64_t>>
mlmodel::getInputBlobShape(NetworkOp network, DictionaryAttr feature,
                           ArrayRef<int64_t> actual) {
  auto type = feature.getAs<DictionaryAttr>("type");
  if (!type)
    return std::nullopt;
  if (auto image = type.getAs<DictionaryAttr>("imageType"))
    return mapImage(network, image, actual);
  bool isExact = network.getArrayInputShapeMapping() == "EXACT_ARRAY_MAPPING";
  SmallVector<int64_t> shape = llvm::to_vector(actual);
  if (auto array = type.getAs<DictionaryAttr>("multiArrayType");
      array && shape.empty()) {
    auto declared = array.getAs<DenseI64ArrayAttr>("shape");
    if (!declared || declared.empty())
      declared = firstEnumerated(array);
    if (!declared)
      return std::nullopt;
    shape = llvm::to_vector(declared.asArrayRef());
  }
  if (shape.empty())
    shape.push_back(1); // a number
  return isExact ? shape : mapToRank5(shape);
}

static DictionaryAttr findFeature(ModelOp model, StringRef name) {
  DictionaryAttr description = model.getDescriptionAttr();
  for (StringRef list : {"input", "state"})
    if (auto features =
            description ? description.getAs<ArrayAttr>(list) : ArrayAttr())
      for (auto feature : features.getAsRange<DictionaryAttr>())
        if (feature.get("name") == StringAttr::get(model.getContext(), name))
          return feature;
  return {};
}

static LogicalResult setInputShapes(ModelOp model, NetworkOp network,
                                    const InputShapes &inputShapes) {
  Builder b(model.getContext());
  for (auto [argument, name] :
       llvm::zip(network.getBody().getArguments(),
                 network.getInputNames().getAsRange<StringAttr>())) {
    std::optional<SmallVector<int64_t>> shape;
    if (auto it = inputShapes.find(name.getValue()); it != inputShapes.end())
      shape = it->second;
    else if (DictionaryAttr feature = findFeature(model, name.getValue()))
      shape = getInputBlobShape(network, feature);
    if (shape && !shape->empty())
      argument.setType(RankedTensorType::get(*shape, b.getF32Type()));
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

static LogicalResult inferBlock(Block &block);

/// The most precise type that includes both.
static Type joinTypes(Type a, Type b) {
  auto rankedA = dyn_cast<RankedTensorType>(a);
  auto rankedB = dyn_cast<RankedTensorType>(b);
  if (!rankedA || !rankedB || rankedA.getRank() != rankedB.getRank())
    return UnrankedTensorType::get(cast<TensorType>(a).getElementType());
  SmallVector<int64_t> shape = llvm::to_vector(rankedA.getShape());
  for (auto [dim, other] : llvm::zip(shape, rankedB.getShape()))
    if (dim != other)
      dim = ShapedType::kDynamic;
  return RankedTensorType::get(shape, rankedA.getElementType());
}

/// What a body leaves behind; an absent one whatever it finds.
static TypeRange getYieldTypes(Region &region) {
  if (region.empty()) {
    Operation *layer = region.getParentOp();
    return layer->getOperands()
        .drop_front(getLayerInputs(layer).size())
        .getTypes();
  }
  return region.front().getTerminator()->getOperandTypes();
}

/// Blobs that a loop carries may grow: their type is what holds in every round.
static LogicalResult inferLoop(LoopOp loop) {
  OperandRange inits =
      loop->getOperands().drop_front(getLayerInputs(loop).size());
  SmallVector<Type> types(inits.getTypes());
  for (bool changed = true; changed;) {
    changed = false;
    for (Region &region : loop->getRegions()) {
      if (region.empty())
        continue;
      for (auto [argument, type] : llvm::zip(region.getArguments(), types))
        argument.setType(type);
      if (failed(inferBlock(region.front())))
        return failure();
      for (auto [type, yielded] : llvm::zip(types, getYieldTypes(region))) {
        Type joined = joinTypes(type, yielded);
        changed |= joined != type;
        type = joined;
      }
    }
  }
  for (auto [result, type] : llvm::zip(loop->getResults(), types))
    result.setType(type);
  return success();
}

static LogicalResult inferBranch(BranchOp branch) {
  for (Region &region : branch->getRegions())
    if (!region.empty() && failed(inferBlock(region.front())))
      return failure();
  for (auto [result, first, second] :
       llvm::zip(branch->getResults(), getYieldTypes(branch.getIfBranch()),
                 getYieldTypes(branch.getElseBranch())))
    result.setType(joinTypes(first, second));
  return success();
}

LogicalResult mlmodel::inferLayerShapes(Operation *op) {
  if (auto unknown = dyn_cast<UnknownLayerOp>(op))
    return emitClassified(op->getLoc(), ErrorClass::Invalid,
                          "layer '" + unknown.getLayer().getName().getValue() +
                              "': its kind is not set, or newer than this "
                              "version knows");
  auto rule = dyn_cast<InferShapedTypeOpInterface>(op);
  if (!rule)
    return success();
  SmallVector<ShapedTypeComponents> shapes;
  if (failed(rule.inferReturnTypeComponents(
          op->getContext(), op->getLoc(), ValueShapeRange(op->getOperands()),
          op->getRawDictionaryAttrs(), op->getPropertiesStorage(),
          op->getRegions(), shapes)))
    return failure();
  if (auto loop = dyn_cast<LoopOp>(op))
    return inferLoop(loop);
  if (auto branch = dyn_cast<BranchOp>(op))
    return inferBranch(branch);
  Type element = Float32Type::get(op->getContext());
  for (auto [result, shape] : llvm::zip(op->getResults(), shapes))
    if (shape.hasRank())
      result.setType(RankedTensorType::get(shape.getDims(), element));
  return success();
}

static LogicalResult inferBlock(Block &block) {
  for (Operation &op : block)
    if (failed(inferLayerShapes(&op)))
      return failure();
  return success();
}

LogicalResult mlmodel::inferShapes(ModelOp model,
                                   const InputShapes &inputShapes) {
  ModelTypeOpInterface content = model.getContent();
  if (auto pipeline = dyn_cast_or_null<PipelineOp>(
          content ? content.getOperation() : nullptr)) {
    for (ModelOp stage : pipeline.getBody().getOps<ModelOp>())
      if (failed(inferShapes(stage)))
        return failure();
    return success();
  }
  auto network =
      dyn_cast_or_null<NetworkOp>(content ? content.getOperation() : nullptr);
  if (!network)
    return success();
  if (failed(setInputShapes(model, network, inputShapes)))
    return failure();
  return inferBlock(network.getBody().front());
}

//===----------------------------------------------------------------------===//
// Pass
//===----------------------------------------------------------------------===//

namespace {
struct InferShapesPass : mlmodel::impl::InferShapesPassBase<InferShapesPass> {
  using InferShapesPassBase::InferShapesPassBase;

  void runOnOperation() override {
    InputShapes shapes;
    for (StringRef entry : inputShapes) {
      auto [name, text] = entry.split('=');
      SmallVector<int64_t> shape;
      for (StringRef size : llvm::split(text, 'x'))
        if (size.getAsInteger(10, shape.emplace_back())) {
          getOperation().emitError("input-shapes: '")
              << entry << "' is not of the form name=1x3x8x8";
          return signalPassFailure();
        }
      shapes[name] = shape;
    }
    for (ModelOp model : getOperation().getOps<ModelOp>())
      if (failed(inferShapes(model, shapes)))
        return signalPassFailure();
  }
};
} // namespace
