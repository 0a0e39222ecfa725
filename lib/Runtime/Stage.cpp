//===- Stage.cpp - Layers that are compiled together ----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Stage.h"
#include "CodeCache.h"
#include "CompileModule.h"
#include "CustomLayerHost.h"
#include "MLModel/Conversion/Passes.h"
#include "MLModel/Dialect/MLModel/IR/ControlFlowOps.h"
#include "MLModel/Dialect/MLModel/IR/CustomOps.h"
#include "MLModel/Dialect/MLModel/IR/FillOps.h"
#include "MLModel/Dialect/MLModel/IR/KnownValues.h"
#include "MLModel/Runtime/DiagnosticCollector.h"
#include "MLModel/Transforms/InferShapes.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace mlmodel;

/// Inputs with more elements never become constants of the code.
constexpr size_t kMaxConstantElements = 64;

/// Code generation takes time that grows faster than its input. Longer networks
/// are cut, which costs a look-up for each piece.
constexpr size_t kMaxStageLayers = 2048;

bool mlmodel::isControlFlow(Operation &op) {
  return isa<BranchOp, LoopOp, LoopBreakOp, LoopContinueOp>(op);
}

/// How many rounds a loop or branch takes at most; nothing if that cannot be
/// told, or if it jumps.
static std::optional<uint64_t> countRounds(Operation &op) {
  if (isa<LoopBreakOp, LoopContinueOp>(op))
    return std::nullopt;
  uint64_t inside = 0;
  for (Region &region : op.getRegions())
    for (Operation &nested : region.getOps()) {
      std::optional<uint64_t> rounds = countRounds(nested);
      if (!rounds)
        return std::nullopt;
      inside = llvm::SaturatingAdd(inside, *rounds);
    }
  auto loop = dyn_cast<LoopOp>(op);
  if (!loop)
    return inside;
  std::optional<int64_t> rounds = loop.getFixedRounds();
  if (!rounds)
    return std::nullopt;
  return llvm::SaturatingMultiply<uint64_t>(*rounds,
                                            std::max<uint64_t>(inside, 1));
}

bool mlmodel::isObserved(Operation &op, const LoadOptions &options) {
  auto layer = dyn_cast<LayerOpInterface>(op);
  return layer && options.observe &&
         options.observe(layer.getLayer().getName().getValue());
}

static bool hasObservedBody(Operation &op, const LoadOptions &options) {
  if (!options.observe)
    return false;
  return op
      .walk([&](Operation *nested) {
        return nested != &op && isObserved(*nested, options)
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}

bool mlmodel::mayCompile(Operation &op, const LoadOptions &options) {
  std::optional<uint64_t> rounds = countRounds(op);
  return rounds && *rounds <= options.maxLoopIterations &&
         !hasObservedBody(op, options);
}

ArrayRef<float> mlmodel::getElements(const TensorView &view) {
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
  Planner(NetworkOp network, Operation *first, BlobViews views,
          const LoadOptions &options);

  LogicalResult addLayers();
  StagePlan finish();

private:
  LogicalResult addLayer(Operation &op, bool &isKnown);
  bool addControlFlow(Operation &op);
  void addInputsOf(Operation &op);
  void makeAskedConstant();
  void addInput(Value value);
  void makeConstant(Value argument);
  void addOutputs();
  void describe();

  NetworkOp network;
  Operation *first;
  BlobViews views;
  const LoadOptions &options;
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

Planner::Planner(NetworkOp network, Operation *first, BlobViews views,
                 const LoadOptions &options)
    : network(network), first(first), views(views), options(options),
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
      builder.getNamedAttr("layer", LayerAttr::get(builder.getContext(), name,
                                                   {name}, DictionaryAttr())),
      builder.getNamedAttr(
          "shape", builder.getDenseI64ArrayAttr(stage->inputShapes[index])),
      builder.getNamedAttr("data", WeightsAttr::get(builder.getContext(), data,
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

void Planner::addInputsOf(Operation &op) {
  llvm::SetVector<Value> values(op.operand_begin(), op.operand_end());
  getUsedValuesDefinedAbove(op.getRegions(), values);
  for (Value value : values)
    if (!map.contains(value))
      addInput(value);
}

void Planner::makeAskedConstant() {
  for (Value argument : known.getAsked())
    if (!argument.use_empty())
      makeConstant(argument);
}

LogicalResult Planner::addLayer(Operation &op, bool &isKnown) {
  addInputsOf(op);
  Operation *copy = builder.clone(op, map);
  known.clearAsked();
  if (failed(inferLayerShapes(copy)))
    return failure();
  isKnown = llvm::all_of(copy->getResults(), hasStaticShape);
  if (!isKnown) {
    copy->erase();
    return success();
  }
  makeAskedConstant();
  layers.push_back(&op);
  return success();
}

/// Whether all blobs in the bodies of \p op have static shapes that do not
/// change from round to round.
static bool keepsShapes(Operation *op) {
  WalkResult result = op->walk([](Operation *nested) {
    if (!llvm::all_of(nested->getResults(), hasStaticShape))
      return WalkResult::interrupt();
    for (Region &region : nested->getRegions())
      if (!region.empty() &&
          region.front().getTerminator()->getOperandTypes() !=
              nested->getResultTypes())
        return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return !result.wasInterrupted();
}

/// Adds a branch or loop if it can be compiled. What is wrong in a body that
/// may never run is no error here.
bool Planner::addControlFlow(Operation &op) {
  if (!mayCompile(op, options))
    return false;
  addInputsOf(op);
  Operation *copy = builder.clone(op, map);
  known.clearAsked();
  ScopedDiagnosticHandler silence(op.getContext(),
                                  [](Diagnostic &) { return success(); });
  if (failed(inferLayerShapes(copy)) || !keepsShapes(copy)) {
    copy->erase();
    return false;
  }
  makeAskedConstant();
  layers.push_back(&op);
  return true;
}

LogicalResult Planner::addLayers() {
  Operation *op = first;
  for (; !op->hasTrait<OpTrait::IsTerminator>() &&
         layers.size() < kMaxStageLayers;
       op = op->getNextNode()) {
    bool isAdded = false;
    if (isControlFlow(*op))
      isAdded = addControlFlow(*op);
    else if (failed(addLayer(*op, isAdded)))
      return failure();
    if (!isAdded)
      break;
  }
  stage->next = op;
  if (!layers.empty() || isControlFlow(*first))
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

/// Whatever is used behind the stage, in bodies of branches and loops too, and
/// what is observed.
void Planner::addOutputs() {
  llvm::SmallPtrSet<Operation *, 32> inside(layers.begin(), layers.end());
  auto isUsedOutside = [&](Value value) {
    Block *block = value.getParentBlock();
    return llvm::any_of(value.getUsers(), [&](Operation *user) {
      return !inside.contains(block->findAncestorOpInBlock(*user));
    });
  };
  SmallVector<Value> values;
  for (Operation *layer : layers)
    for (Value result : layer->getResults())
      if (isUsedOutside(result) || isLoopCondition(result) ||
          isObserved(*layer, options)) {
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
                                             const LoadOptions &options,
                                             StringRef fileName) {
  DiagnosticCollector diagnostics(network.getContext());
  Planner planner(network, first, views, options);
  if (failed(planner.addLayers()))
    return diagnostics.takeError(fileName);
  return planner.finish();
}

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

/// Whether \p stage has layers of classes that this process has registered:
/// they are called by numbers that only compiling gives them.
static bool hasCustomLayers(ModuleOp stage) {
  return stage.walk([](CustomOp) { return WalkResult::interrupt(); })
      .wasInterrupted();
}

/// The stage as text. Weights in the model's file stay out of it; smaller ones
/// and what the runtime has computed are in it.
static std::string printStage(ModuleOp stage) {
  std::string text;
  llvm::raw_string_ostream os(text);
  OpPrintingFlags flags;
  flags.elideLargeResourceString(0);
  stage.print(os, flags);
  return text;
}

static llvm::Expected<CompiledStage>
compilePlan(StagePlan &plan, const EngineOptions &options, StringRef fileName) {
  MLIRContext *context = plan.module->getContext();
  DiagnosticCollector diagnostics(context);
  PassManager passes(context);
  passes.addPass(createConvertMLModelToMIL());
  if (failed(passes.run(*plan.module)))
    return diagnostics.takeError(fileName);
  llvm::Expected<CompiledStage> stage = compileModule(*plan.module, options);
  if (!stage)
    return addContext(fileName, stage.takeError());
  return stage;
}

static EngineOptions getEngineOptions(const LoadOptions &options) {
  EngineOptions engineOptions;
  engineOptions.optLevel = options.optLevel;
  engineOptions.profile = options.profile;
  engineOptions.codegen.packWeights = !options.readWeightsInPlace;
  engineOptions.threads = options.threads;
  return engineOptions;
}

llvm::Expected<LoweredStage> mlmodel::lowerStage(StagePlan &plan,
                                                 const LoadOptions &options,
                                                 StringRef fileName,
                                                 Attribute typicalSizes) {
  OwningOpRef<ModuleOp> module = plan.module->clone();
  DiagnosticCollector diagnostics(module->getContext());
  PassManager passes(module->getContext());
  passes.addPass(createConvertMLModelToMIL());
  if (failed(passes.run(*module)))
    return diagnostics.takeError(fileName);
  return lowerModule(*module, getEngineOptions(options), typicalSizes);
}

static llvm::Expected<std::shared_ptr<Engine>>
loadEngine(CompiledStage compiled, const EngineOptions &options,
           StringRef fileName) {
  llvm::Expected<std::unique_ptr<Engine>> engine =
      Engine::load(std::move(compiled), options);
  if (!engine)
    return addContext(fileName, engine.takeError());
  return std::shared_ptr<Engine>(std::move(*engine));
}

llvm::Expected<std::shared_ptr<Engine>>
mlmodel::makeEngine(LoweredStage lowered, const LoadOptions &options,
                    StringRef fileName, CodeCache *cache) {
  EngineOptions engineOptions = getEngineOptions(options);
  std::optional<StageKey> key;
  if (cache) {
    key = cache->getKey(printStage(*lowered.module),
                        describeCompiler(engineOptions));
    if (std::optional<CompiledStage> compiled = cache->find(*key))
      return loadEngine(std::move(*compiled), engineOptions, fileName);
  }
  llvm::Expected<CompiledStage> compiled =
      generateCode(std::move(lowered), engineOptions);
  if (!compiled)
    return addContext(fileName, compiled.takeError());
  if (key)
    cache->store(*key, *compiled);
  return loadEngine(std::move(*compiled), engineOptions, fileName);
}

llvm::Error mlmodel::findStage(StagePlan &plan, const LoadOptions &options,
                               StringRef fileName, CodeCache &cache) {
  if (plan.stage->outputs.empty() || hasCustomLayers(*plan.module))
    return llvm::Error::success();
  EngineOptions engineOptions = getEngineOptions(options);
  std::optional<CompiledStage> compiled = cache.find(
      cache.getKey(printStage(*plan.module), describeCompiler(engineOptions)));
  if (!compiled)
    return llvm::Error::success();
  return loadEngine(std::move(*compiled), engineOptions, fileName)
      .moveInto(plan.stage->engine);
}

llvm::Error mlmodel::compileStage(StagePlan &plan, const LoadOptions &options,
                                  StringRef fileName, CodeCache *cache) {
  if (plan.stage->outputs.empty())
    return llvm::Error::success();
  EngineOptions engineOptions = getEngineOptions(options);
  CustomLayerHost::bind(plan.module->getContext(), engineOptions);
  plan.stage->callsHost = hasCustomLayers(*plan.module);
  std::optional<StageKey> key;
  std::optional<CompiledStage> compiled;
  // What is measured is made for this run alone.
  if (cache && !plan.stage->callsHost && !options.profile) {
    key = cache->getKey(printStage(*plan.module),
                        describeCompiler(engineOptions));
    compiled = cache->find(*key);
  }
  if (!compiled) {
    llvm::Expected<CompiledStage> made =
        compilePlan(plan, engineOptions, fileName);
    if (!made)
      return made.takeError();
    compiled = std::move(*made);
    if (key)
      cache->store(*key, *compiled);
  }
  llvm::Expected<std::unique_ptr<Engine>> engine =
      Engine::load(std::move(*compiled), engineOptions);
  if (!engine)
    return addContext(fileName, engine.takeError());
  plan.stage->engine = std::move(*engine);
  return llvm::Error::success();
}
