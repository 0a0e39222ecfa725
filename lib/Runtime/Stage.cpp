//===- Stage.cpp - Layers that are compiled together ----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Stage.h"
#include "CustomLayerHost.h"
#include "MLModel/Conversion/Passes.h"
#include "MLModel/Dialect/MLModel/IR/ControlFlowOps.h"
#include "MLModel/Dialect/MLModel/IR/FillOps.h"
#include "MLModel/Dialect/MLModel/IR/KnownValues.h"
#include "MLModel/Runtime/DiagnosticCollector.h"
#include "MLModel/Transforms/InferShapes.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;
using namespace mlmodel;

/// Inputs with more elements never become constants of the code.
constexpr size_t kMaxConstantElements = 64;

bool mlmodel::isControlFlow(Operation &op) {
  return isa<BranchOp, LoopOp, LoopBreakOp, LoopContinueOp>(op);
}

static ArrayRef<float> getElements(TensorView view) {
  size_t count = 1;
  for (int64_t size : view.shape)
    count *= size;
  return {view.data, count};
}

bool Stage::fits(BlobViews views) const {
  if (needsPlan)
    return false;
  for (auto [value, shape] : llvm::zip(inputs, inputShapes))
    if (views(value).shape != ArrayRef<int64_t>(shape))
      return false;
  return llvm::all_of(constants, [&](auto &constant) {
    TensorView view = views(constant.first);
    return view.data && getElements(view) == ArrayRef<float>(constant.second);
  });
}

//===----------------------------------------------------------------------===//
// Planning
//===----------------------------------------------------------------------===//

namespace {

/// Copies layer after layer into a network of its own, as long as their shapes
/// are known.
class Planner {
public:
  Planner(NetworkOp network, Operation *first, BlobViews views);

  LogicalResult addLayers();
  StagePlan finish();

private:
  LogicalResult addLayer(Operation &op, bool &isKnown);
  void addInput(Value value);
  void makeConstant(Value argument);
  void addOutputs();
  void describe();

  NetworkOp network;
  Operation *first;
  BlobViews views;
  OpBuilder builder;
  OwningOpRef<ModuleOp> module;
  NetworkOp body;
  IRMapping map;
  KnownValues known;
  std::unique_ptr<Stage> stage = std::make_unique<Stage>();
  /// The layers as they are in the network.
  SmallVector<Operation *> layers;
};

} // namespace

/// A copy of \p op whose first region has an empty block.
template <typename OpT> static OpT createShell(OpBuilder &builder, OpT op) {
  Operation *shell = op->cloneWithoutRegions();
  builder.insert(shell);
  builder.setInsertionPointToStart(&shell->getRegion(0).emplaceBlock());
  return cast<OpT>(shell);
}

Planner::Planner(NetworkOp network, Operation *first, BlobViews views)
    : network(network), first(first), views(views),
      builder(network.getContext()),
      module(ModuleOp::create(network.getLoc())) {
  builder.setInsertionPointToStart(module->getBody());
  createShell(builder, network->getParentOfType<ModelOp>());
  body = createShell(builder, network);
}

void Planner::addInput(Value value) {
  TensorView view = views(value);
  Block &block = body.getBody().front();
  Value argument = block.addArgument(
      RankedTensorType::get(view.shape, builder.getF32Type()), value.getLoc());
  map.map(value, argument);
  stage->inputs.push_back(value);
  stage->inputShapes.emplace_back(view.shape);
  if (view.data)
    known.set(argument, getElements(view));
}

/// Makes the elements of an input that decide a shape part of the code: layers
/// whose bounds are constant compute less.
void Planner::makeConstant(Value argument) {
  size_t index = cast<BlockArgument>(argument).getArgNumber();
  Value value = stage->inputs[index];
  ArrayRef<float> elements = getElements(views(value));
  if (elements.size() > kMaxConstantElements) {
    stage->needsPlan = true;
    return;
  }
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&body.getBody().front());
  auto name = builder.getStringAttr(getBlobName(value));
  auto type = RankedTensorType::get(elements.size(), builder.getF32Type());
  auto data = DenseElementsAttr::get(type, elements);
  NamedAttribute attributes[] = {
      builder.getNamedAttr("layer",
                           LayerAttr::get(builder.getContext(), name, {name},
                                          DictionaryAttr())),
      builder.getNamedAttr("shape", builder.getDenseI64ArrayAttr(
                                        stage->inputShapes[index])),
      builder.getNamedAttr("data",
                           WeightsAttr::get(builder.getContext(), data,
                                            Attribute(), BoolAttr()))};
  auto constant = LoadConstantNDOp::create(
      builder, value.getLoc(), argument.getType(), ValueRange(), attributes);
  argument.replaceAllUsesWith(constant->getResult(0));
  stage->constants.emplace_back(value, elements.vec());
}

static bool hasStaticShape(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.hasStaticShape();
}

LogicalResult Planner::addLayer(Operation &op, bool &isKnown) {
  for (Value operand : op.getOperands())
    if (!map.contains(operand))
      addInput(operand);
  Operation *copy = builder.clone(op, map);
  known.clearAsked();
  if (failed(inferLayerShapes(copy)))
    return failure();
  isKnown = llvm::all_of(copy->getResults(), hasStaticShape);
  if (!isKnown) {
    copy->erase();
    return success();
  }
  for (Value argument : known.getAsked())
    if (!argument.use_empty())
      makeConstant(argument);
  layers.push_back(&op);
  return success();
}

LogicalResult Planner::addLayers() {
  Operation *op = first;
  for (; !op->hasTrait<OpTrait::IsTerminator>() && !isControlFlow(*op);
       op = op->getNextNode()) {
    bool isKnown = false;
    if (failed(addLayer(*op, isKnown)))
      return failure();
    if (!isKnown)
      break;
  }
  stage->next = op;
  if (!layers.empty())
    return success();
  auto layer = dyn_cast<LayerOpInterface>(first);
  return emitClassified(
      first->getLoc(), ErrorClass::Unsupported,
      layer ? "layer '" + layer.getLayer().getName().getValue() + "' (" +
                  layer.getLayerField() +
                  "): the shape of its output cannot be determined"
            : Twine("an operation that is no layer cannot be run"));
}

/// Whether \p value may be what its loop's condition network is run for.
static bool isLoopCondition(Value value) {
  auto loop = dyn_cast<LoopOp>(value.getParentRegion()->getParentOp());
  return loop && value.getParentRegion() == &loop.getConditionNetwork() &&
         getBlobName(value) == loop.getConditionVar();
}

/// Whatever is used behind the stage, in bodies of branches and loops too.
void Planner::addOutputs() {
  llvm::SmallPtrSet<Operation *, 32> inside(layers.begin(), layers.end());
  auto isUsedOutside = [&](Value value) {
    return llvm::any_of(value.getUsers(), [&](Operation *user) {
      return !inside.contains(user);
    });
  };
  SmallVector<Value> values;
  for (Operation *layer : layers)
    for (Value result : layer->getResults())
      if (isUsedOutside(result) || isLoopCondition(result)) {
        stage->outputs.push_back(result);
        values.push_back(map.lookup(result));
      }
  OutputOp::create(builder, network.getLoc(), values);
  auto names = [&](ArrayRef<Value> values) {
    return builder.getStrArrayAttr(llvm::map_to_vector(
        values, [](Value value) { return getBlobName(value); }));
  };
  body.setInputNamesAttr(names(stage->inputs));
  body.setOutputNamesAttr(names(stage->outputs));
}

void Planner::describe() {
  llvm::raw_string_ostream os(stage->signature);
  for (Value argument : body.getBody().getArguments())
    os << argument.getType() << ';';
  for (Operation &op : body.getBody().front())
    for (Value result : op.getResults())
      os << result.getType() << ';';
  for (auto &[value, elements] : stage->constants)
    os << StringRef(reinterpret_cast<const char *>(elements.data()),
                    elements.size() * sizeof(float))
       << ';';
}

StagePlan Planner::finish() {
  addOutputs();
  describe();
  return {std::move(stage), std::move(module)};
}

llvm::Expected<StagePlan> mlmodel::planStage(NetworkOp network,
                                             Operation *first, BlobViews views,
                                             StringRef fileName) {
  DiagnosticCollector diagnostics(network.getContext());
  Planner planner(network, first, views);
  if (failed(planner.addLayers()))
    return diagnostics.takeError(fileName);
  return planner.finish();
}

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

llvm::Error mlmodel::compileStage(StagePlan &plan, const LoadOptions &options,
                                  StringRef fileName) {
  if (plan.stage->outputs.empty())
    return llvm::Error::success();
  MLIRContext *context = plan.module->getContext();
  {
    DiagnosticCollector diagnostics(context);
    PassManager passes(context);
    passes.addPass(createConvertMLModelToMIL());
    if (failed(passes.run(*plan.module)))
      return diagnostics.takeError(fileName);
  }
  EngineOptions engineOptions;
  engineOptions.optLevel = options.optLevel;
  CustomLayerHost::bind(context, engineOptions);
  llvm::Expected<std::unique_ptr<Engine>> engine =
      Engine::create(*plan.module, engineOptions);
  if (!engine)
    return addContext(fileName, engine.takeError());
  plan.stage->engine = std::move(*engine);
  return llvm::Error::success();
}
