//===- NetworkExecutor.cpp - Run a network stage by stage -----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NetworkExecutor.h"
#include "MLModel/Dialect/MLModel/IR/ControlFlowOps.h"
#include "MLModel/Support/Errors.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace mlmodel;

/// Shapes that keep changing must not fill the memory with code.
constexpr size_t kMaxStagesPerPlace = 32;

NetworkExecutor::NetworkExecutor(NetworkOp network, StringRef fileName,
                                 const LoadOptions &options, CodeCache *cache)
    : network(network), fileName(fileName), options(options), cache(cache),
      ranges(network, fileName, this->options, cache) {}
NetworkExecutor::~NetworkExecutor() = default;

static std::string describe(Operation &op) {
  auto layer = cast<LayerOpInterface>(op);
  return ("layer '" + layer.getLayer().getName().getValue() + "' (" +
          layer.getLayerField() + ")")
      .str();
}

llvm::Expected<std::vector<TensorView>>
NetworkExecutor::run(ArrayRef<TensorView> inputs) {
  Block &body = network.getBody().front();
  rounds = 0;
  layerBlobs.clear();
  layerRuns.clear();
  start = std::chrono::steady_clock::now();
  for (auto [argument, view] : llvm::zip(body.getArguments(), inputs))
    blobs[argument] = {nullptr, view};
  llvm::Expected<Flow> flow = runBlock(body);
  if (!flow)
    return flow.takeError();
  std::vector<TensorView> outputs;
  for (Value value : body.getTerminator()->getOperands())
    outputs.push_back(blobs[value].view);
  return outputs;
}

llvm::Error NetworkExecutor::compile(ArrayRef<SmallVector<int64_t>> shapes) {
  Block &body = network.getBody().front();
  for (auto [argument, shape] : llvm::zip(body.getArguments(), shapes))
    blobs[argument] = {nullptr, TensorView{nullptr, shape}};
  Operation &first = body.front();
  bool isRun = first.hasTrait<OpTrait::IsTerminator>() ||
               (isControlFlow(first) && !mayCompile(first, options));
  return isRun ? llvm::Error::success() : getStage(&first).takeError();
}

MemoryUse NetworkExecutor::getMemoryUse() const {
  MemoryUse use;
  // Sizes that share an engine share its arena, which grows.
  llvm::MapVector<const Engine *, uint64_t> arenas;
  for (const auto &[place, list] : stages)
    for (const std::unique_ptr<Stage> &stage : list) {
      if (!stage->engine)
        continue;
      const CompiledStage &compiled = stage->engine->compiled();
      auto [known, isNew] = arenas.try_emplace(stage->engine.get());
      known->second =
          std::max(known->second, stage->sizes ? stage->sizes->arenaBytes
                                               : compiled.arenaBytes);
      if (!isNew)
        continue;
      for (const CompiledStage::Weight &weight : compiled.weights)
        use.weights += weight.bytes.size();
      for (ArrayRef<char> object : compiled.objects)
        use.code += object.size();
    }
  for (auto [engine, bytes] : arenas)
    use.arena += bytes;
  return use;
}

std::vector<LayerProfile> NetworkExecutor::getProfile() const {
  std::vector<LayerProfile> profile;
  for (const auto &[place, list] : stages)
    for (const std::unique_ptr<Stage> &stage : list) {
      if (!stage->engine)
        continue;
      for (auto [section, seconds] :
           llvm::zip(stage->engine->compiled().sections,
                     stage->engine->sectionSeconds()))
        profile.push_back({section.layer, seconds, section.operations,
                           section.weightBytes, section.bytes});
    }
  return profile;
}

llvm::Expected<CompiledNetwork> NetworkExecutor::getCompiledNetwork() {
  Block &body = network.getBody().front();
  auto fail = [&](const llvm::Twine &reason) {
    return makeError(ExitCode::Unsupported, fileName + ": " + reason);
  };
  const auto &first = stages[&body.front()];
  if (first.empty() || !first.back()->engine)
    return fail(isControlFlow(body.front())
                    ? describe(body.front()) + " decides what runs next"
                    : "no layer of the network computes an output");
  Stage &stage = *first.back();
  if (stage.next != body.getTerminator())
    return fail(describe(*stage.next) +
                " depends on values of the prediction: the network cannot be "
                "compiled as one");
  if (stage.callsHost)
    return fail("custom layers that a library implements cannot be compiled "
                "ahead of time");
  for (Value output : body.getTerminator()->getOperands())
    if (!llvm::is_contained(stage.outputs, output))
      return fail("output '" + getBlobName(output) + "' is an input");
  CompiledNetwork result;
  result.stage = &stage.engine->compiled();
  for (Value value : stage.inputs)
    result.inputs.push_back(getBlobName(value).str());
  for (Value value : stage.outputs)
    result.outputs.push_back(getBlobName(value).str());
  return result;
}

//===----------------------------------------------------------------------===//
// Straight-line code
//===----------------------------------------------------------------------===//

llvm::Expected<NetworkExecutor::Flow> NetworkExecutor::runBlock(Block &block) {
  Operation *op = &block.front();
  while (!op->hasTrait<OpTrait::IsTerminator>()) {
    if (!isControlFlow(*op) || mayCompile(*op, options)) {
      llvm::Expected<Stage *> stage = getStage(op);
      if (!stage)
        return stage.takeError();
      if (llvm::Error error = runStage(**stage))
        return std::move(error);
      if ((*stage)->next != op) {
        for (; op != (*stage)->next; op = op->getNextNode())
          observe(*op);
        continue;
      }
    }
    llvm::Expected<Flow> flow = runControl(*op);
    if (!flow || *flow != Flow::Next)
      return flow;
    observe(*op);
    op = op->getNextNode();
  }
  return Flow::Next;
}

/// Makes the code of a stage that starts at \p first, or finds some that serves
/// its sizes.
llvm::Error NetworkExecutor::compile(StagePlan &plan, Operation *first) {
  Block &body = network.getBody().front();
  SmallVector<SmallVector<int64_t>> shapes;
  for (BlockArgument argument : body.getArguments())
    shapes.emplace_back(blobs.lookup(argument).view.shape);
  if (first == &body.front() && !options.profile && ranges.isMeantFor(shapes)) {
    if (cache)
      if (llvm::Error error = findStage(plan, options, fileName, *cache))
        return error;
    if (plan.stage->engine)
      return llvm::Error::success();
    llvm::Expected<bool> isBound = ranges.bind(plan, shapes);
    if (!isBound)
      return isBound.takeError();
    if (*isBound)
      return llvm::Error::success();
    if (options.warn && !ranges.getProblem().empty())
      options.warn(fileName + ": this shape gets code of its own: " +
                   ranges.getProblem().str());
  }
  return compileStage(plan, options, fileName, cache);
}

llvm::Expected<Stage *> NetworkExecutor::getStage(Operation *first) {
  auto views = [&](Value value) { return blobs.lookup(value).view; };
  std::list<std::unique_ptr<Stage>> &known = stages[first];
  for (auto &stage : known)
    if (stage->fits(views))
      return stage.get();

  auto before = std::chrono::steady_clock::now();
  llvm::Expected<StagePlan> plan =
      planStage(network, first, views, options, fileName);
  if (!plan)
    return plan.takeError();
  for (auto &stage : known)
    if (stage->signature == plan->stage->signature)
      return stage.get();
  if (llvm::Error error = compile(*plan, first))
    return std::move(error);
  if (known.size() == kMaxStagesPerPlace)
    known.pop_front();
  known.push_back(std::move(plan->stage));
  compileSeconds +=
      std::chrono::duration<double>(std::chrono::steady_clock::now() - before)
          .count();
  return known.back().get();
}

llvm::Error NetworkExecutor::runStage(Stage &stage) {
  if (!stage.engine)
    return llvm::Error::success();
  std::vector<TensorView> inputs;
  for (Value value : stage.inputs)
    inputs.push_back(blobs.lookup(value).view);
  // A tensor that something else still refers to is not written again.
  stage.tensors.resize(stage.outputs.size());
  std::vector<FloatTensor> tensors;
  for (auto [value, tensor] : llvm::zip(stage.outputs, stage.tensors)) {
    blobs.erase(value);
    if (!tensor || tensor.use_count() > 1)
      tensor = std::make_shared<FloatTensor>();
    tensors.push_back(std::move(*tensor));
  }
  llvm::Error error =
      stage.engine->run(inputs, tensors, stage.sizes ? &*stage.sizes : nullptr);
  for (auto [value, tensor, result] :
       llvm::zip(stage.outputs, stage.tensors, tensors)) {
    *tensor = std::move(result);
    blobs[value] = {tensor, tensor->view()};
  }
  return addContext(fileName, std::move(error));
}

void NetworkExecutor::observe(Operation &op) {
  if (!isObserved(op, options))
    return;
  auto layer = cast<LayerOpInterface>(op);
  unsigned run = layerRuns[&op]++;
  for (auto [value, name] : llvm::zip(op.getResults(), getResultNames(&op))) {
    TensorView view = blobs.lookup(value).view;
    layerBlobs.push_back({layer.getLayer().getName().str(),
                          layer.getLayerField().str(), name.str(), run,
                          Tensor::fromValues(view.shape, getElements(view))});
  }
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

llvm::Expected<NetworkExecutor::Flow>
NetworkExecutor::runControl(Operation &op) {
  if (auto branch = dyn_cast<BranchOp>(op))
    return runBranch(branch);
  if (auto loop = dyn_cast<LoopOp>(op))
    return runLoop(loop);
  jumpBlobs = getBlobs(op.getOperands());
  return isa<LoopBreakOp>(op) ? Flow::Break : Flow::Continue;
}

NetworkExecutor::Blobs NetworkExecutor::getBlobs(ValueRange values) const {
  return llvm::map_to_vector(values,
                             [&](Value value) { return blobs.lookup(value); });
}

void NetworkExecutor::setBlobs(ValueRange values, const Blobs &from) {
  for (auto [value, blob] : llvm::zip(values, from))
    blobs[value] = blob;
}

llvm::Expected<float> NetworkExecutor::getScalar(Operation &op, Value value) {
  TensorView view = blobs.lookup(value).view;
  int64_t count = 1;
  for (int64_t size : view.shape)
    count *= size;
  if (view.data && count == 1)
    return view.data[0];
  return makeError(ExitCode::InvalidModel,
                   fileName + ": " + describe(op) + ": '" + getBlobName(value) +
                       "' has " + llvm::Twine(count) + " elements, expected 1");
}

llvm::Expected<NetworkExecutor::Flow>
NetworkExecutor::runBranch(BranchOp branch) {
  llvm::Expected<float> condition = getScalar(*branch, branch->getOperand(0));
  if (!condition)
    return condition.takeError();
  Region &region =
      *condition > 0 ? branch.getIfBranch() : branch.getElseBranch();
  ValueRange left =
      branch->getOperands().take_back(getNumCarriedOperands(branch));
  if (!region.empty()) {
    llvm::Expected<Flow> flow = runBlock(region.front());
    if (!flow || *flow != Flow::Next)
      return flow;
    left = region.front().getTerminator()->getOperands();
  }
  setBlobs(branch->getResults(), getBlobs(left));
  return Flow::Next;
}

llvm::Error NetworkExecutor::countRound(LoopOp loop) {
  auto limit = [&](const llvm::Twine &message) {
    return makeError(ExitCode::Limit,
                     fileName + ": " + describe(*loop) + ": " + message);
  };
  if (++rounds > options.maxLoopIterations)
    return limit("loops have run " + llvm::Twine(options.maxLoopIterations) +
                 " rounds in this prediction, which is the limit");
  std::chrono::duration<double> elapsed =
      std::chrono::steady_clock::now() - start;
  if (options.deadline > 0 && elapsed.count() > options.deadline)
    return limit("the deadline of " +
                 llvm::Twine(std::to_string(options.deadline)) +
                 " seconds has passed");
  return llvm::Error::success();
}

/// The blob \p name as the end of \p block sees it: written there, or an
/// argument of it, or written before the operation around it.
static Value findBlob(Block *block, StringRef name) {
  Operation *last = &block->back();
  while (block) {
    for (Operation *op = last; op; op = op->getPrevNode())
      for (auto [result, blob] :
           llvm::zip(op->getResults(), getResultNames(op)))
        if (blob.getValue() == name)
          return result;
    for (BlockArgument argument : block->getArguments())
      if (getBlobName(argument) == name)
        return argument;
    Operation *around = block->getParentOp();
    if (isa<NetworkOp>(around))
      return {};
    last = around->getPrevNode();
    block = around->getBlock();
  }
  return {};
}

/// Runs the condition network on \p carried and tells whether it asks for
/// another round. Without one, nothing speaks against it.
llvm::Expected<bool> NetworkExecutor::wantsRound(LoopOp loop, Blobs &carried) {
  if (!loop.hasCondition())
    return true;
  StringRef name = loop.getConditionVar();
  Block &block = loop.getConditionNetwork().front();
  setBlobs(block.getArguments(), carried);
  llvm::Expected<Flow> flow = runBlock(block);
  if (!flow)
    return flow.takeError();
  carried = getBlobs(block.getTerminator()->getOperands());
  Value condition = findBlob(&block, name);
  if (!condition)
    return makeError(ExitCode::InvalidModel, fileName + ": " + describe(*loop) +
                                                 ": conditionVar '" + name +
                                                 "' is produced by no layer");
  llvm::Expected<float> value = getScalar(*loop, condition);
  if (!value)
    return value.takeError();
  return *value > 0;
}

llvm::Expected<double> NetworkExecutor::getRoundLimit(LoopOp loop) {
  if (getLayerInputs(loop).empty())
    return loop.getMaxLoopIterations();
  llvm::Expected<float> count = getScalar(*loop, getLayerInputs(loop)[0]);
  if (!count)
    return count.takeError();
  return *count;
}

llvm::Expected<NetworkExecutor::Flow> NetworkExecutor::runLoop(LoopOp loop) {
  llvm::Expected<double> limit = getRoundLimit(loop);
  if (!limit)
    return limit.takeError();
  // Without a condition, 0 is a number of rounds; with one, it is no limit.
  bool isLimited =
      !loop.hasCondition() || *limit > 0 || !getLayerInputs(loop).empty();
  Blobs carried =
      getBlobs(loop->getOperands().take_back(getNumCarriedOperands(loop)));
  for (uint64_t round = 0;; ++round) {
    llvm::Expected<bool> goesOn = wantsRound(loop, carried);
    if (!goesOn)
      return goesOn.takeError();
    if (!*goesOn || (isLimited && round >= *limit) ||
        loop.getBodyNetwork().empty())
      break;
    if (llvm::Error error = countRound(loop))
      return std::move(error);
    Block &body = loop.getBodyNetwork().front();
    setBlobs(body.getArguments(), carried);
    llvm::Expected<Flow> flow = runBlock(body);
    if (!flow)
      return flow.takeError();
    carried = *flow == Flow::Next
                  ? getBlobs(body.getTerminator()->getOperands())
                  : std::move(jumpBlobs);
    if (*flow == Flow::Break)
      break;
  }
  setBlobs(loop->getResults(), carried);
  return Flow::Next;
}
