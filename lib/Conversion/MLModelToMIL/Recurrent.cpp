//===- Recurrent.cpp - Rewrites of the chapter Recurrent to mil -----------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The sums over the inputs of all gates are computed for the whole sequence at
// once, as matrix products; a loop then runs over the sequence and carries the
// state. MIL's own recurrent ops know fewer variants than the format.
//
//===----------------------------------------------------------------------===//

#include "Activation.h"
#include "LayerRewriter.h"
#include "MLModel/Dialect/MIL/IR/ActivationOps.h"
#include "MLModel/Dialect/MIL/IR/ElementwiseOps.h"
#include "MLModel/Dialect/MIL/IR/FillOps.h"
#include "MLModel/Dialect/MIL/IR/LinearAlgebraOps.h"
#include "MLModel/Dialect/MIL/IR/ShapeOps.h"
#include "MLModel/Dialect/MLModel/IR/Message.h"
#include "MLModel/Dialect/MLModel/IR/RecurrentOps.h"
#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlmodel;

namespace {

/// The sizes of a recurrent layer.
struct Sizes {
  int64_t length, batch, input, output;
};

/// How a loop walks along the sequence.
struct Direction {
  /// From the last element to the first.
  bool backwards = false;
  /// Whether outputs stand where their inputs do; else in the order in which
  /// they are computed.
  bool keepPlace = true;
};

/// What a loop leaves: the final state and all outputs on the way.
struct Sequence {
  SmallVector<Value> state;
  Value outputs;
};

/// Computes the next state, the first value of which is the output, from the
/// gates' sums over the input and from the last state.
using Step = llvm::function_ref<SmallVector<Value>(ArrayRef<Value> sums,
                                                   ArrayRef<Value> state)>;

} // namespace

//===----------------------------------------------------------------------===//
// The loop
//===----------------------------------------------------------------------===//

static Sizes getSizes(LayerRewriter &b, int64_t input, int64_t output) {
  ArrayRef<int64_t> shape = b.getInputShape(0);
  return {shape[0], shape[1], input, output};
}

namespace {
/// Where an element of a sequence [length, batch, size] lies in it.
struct Slot {
  Slot(OpBuilder &builder, RankedTensorType sequence, Value index)
      : offsets{index, builder.getIndexAttr(0), builder.getIndexAttr(0)},
        sizes(
            getAsIndexOpFoldResult(builder.getContext(), sequence.getShape())),
        strides(3, builder.getIndexAttr(1)) {
    sizes[0] = builder.getIndexAttr(1);
  }
  SmallVector<OpFoldResult> offsets, sizes, strides;
};
} // namespace

static Value getElement(LayerRewriter &b, Value sequence, Value index) {
  auto type = cast<RankedTensorType>(sequence.getType());
  Slot slot(b.getRewriter(), type, index);
  auto elementType = RankedTensorType::get(type.getShape().drop_front(),
                                           type.getElementType());
  return tensor::ExtractSliceOp::create(b.getRewriter(), b.getLoc(),
                                        elementType, sequence, slot.offsets,
                                        slot.sizes, slot.strides);
}

static Value setElement(LayerRewriter &b, Value sequence, Value index,
                        Value element) {
  Slot slot(b.getRewriter(), cast<RankedTensorType>(sequence.getType()), index);
  return tensor::InsertSliceOp::create(b.getRewriter(), b.getLoc(), element,
                                       sequence, slot.offsets, slot.sizes,
                                       slot.strides);
}

/// Fills the body of \p loop, which carries the state and all outputs.
static LogicalResult buildRound(LayerRewriter &b, scf::ForOp loop,
                                ArrayRef<Value> sums, Direction direction,
                                Step step) {
  PatternRewriter &rewriter = b.getRewriter();
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(loop.getBody());
  Location loc = b.getLoc();
  Value round = loop.getInductionVar(), place = round;
  if (direction.backwards) {
    Value last = arith::SubIOp::create(rewriter, loc, loop.getUpperBound(),
                                       loop.getStep());
    place = arith::SubIOp::create(rewriter, loc, last, round);
  }
  SmallVector<Value> current;
  for (Value sequence : sums)
    current.push_back(getElement(b, sequence, place));
  SmallVector<Value> state(loop.getRegionIterArgs());
  Value outputs = state.pop_back_val();
  SmallVector<Value> next = step(current, state);
  if (llvm::is_contained(next, Value()))
    return failure();
  next.push_back(
      setElement(b, outputs, direction.keepPlace ? place : round, next[0]));
  scf::YieldOp::create(rewriter, loc, next);
  return success();
}

/// Runs \p step along the sequence. \p sums are [length, batch, output] each,
/// \p state is [batch, output] each. Nothing on failure.
static std::optional<Sequence> runLoop(LayerRewriter &b, Sizes sizes,
                                       ArrayRef<Value> sums,
                                       SmallVector<Value> state,
                                       Direction direction, Step step) {
  if (llvm::is_contained(sums, Value()) || llvm::is_contained(state, Value()))
    return std::nullopt;
  PatternRewriter &rewriter = b.getRewriter();
  Location loc = b.getLoc();
  auto index = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(rewriter, loc, value);
  };
  SmallVector<Value> carried = std::move(state);
  carried.push_back(tensor::EmptyOp::create(
      rewriter, loc, {sizes.length, sizes.batch, sizes.output},
      rewriter.getF32Type()));
  auto loop = scf::ForOp::create(rewriter, loc, index(0), index(sizes.length),
                                 index(1), carried);
  if (failed(buildRound(b, loop, sums, direction, step)))
    return std::nullopt;
  return Sequence{SmallVector<Value>(loop.getResults().drop_back()),
                  loop.getResults().back()};
}

//===----------------------------------------------------------------------===//
// Gates
//===----------------------------------------------------------------------===//

/// W x (+ bias) over the whole sequence, [length, batch, output].
static Value projectInput(LayerRewriter &b, Sizes sizes, WeightsAttr matrix,
                          WeightsAttr bias) {
  Value x = b.reshape(b.getInput(0), {sizes.length, sizes.batch, sizes.input});
  OptionalValue biasVector;
  if (bias)
    biasVector.value = b.weights(bias, sizes.output);
  return b.create<mil::LinearOp>(
      x, b.weights(matrix, {sizes.output, sizes.input}), biasVector);
}

/// The layer's i-th input as a state, or zeros where there is none.
static Value getState(LayerRewriter &b, Sizes sizes, size_t i) {
  SmallVector<int64_t> shape{sizes.batch, sizes.output};
  if (i < b.getNumInputs())
    return b.reshape(b.getInput(i), shape);
  return b.create<mil::FillOp>(shape, APFloat(0.0f));
}

/// The function of a gate or an output. One with parameters that lacks them all
/// stands for the function commonly meant by its name, not for a constant: that
/// is the only form in which coremltools writes these.
static Value applyFunction(LayerRewriter &b, Message function, Value x) {
  auto isBare = [&](StringRef name) {
    Message params = function.getMessage(name);
    return params && !params.has("alpha") && !params.has("beta");
  };
  if (isBare("linear"))
    return x;
  if (isBare("scaledTanh"))
    return b.create<mil::TanhOp>(x);
  if (isBare("sigmoidHard"))
    return b.create<mil::SigmoidHardOp>(x, APFloat(0.2f), APFloat(0.5f));
  return applyActivation(b, function, x);
}

/// function(clip(sum + R state)), where clip keeps to [-50, 50].
static Value applyGate(LayerRewriter &b, Message function, Value sum,
                       Value recursion, Value state) {
  Value recurrent = b.create<mil::LinearOp>(state, recursion, OptionalValue());
  Value total = b.create<mil::AddOp>(sum, recurrent);
  Value clipped = b.create<mil::ClipOp>(total, APFloat(-50.0f), APFloat(50.0f));
  return applyFunction(b, function, clipped);
}

/// Replaces a layer by its outputs: the sequence, or only its end, and those
/// states that are asked for.
static LogicalResult replaceRecurrent(LayerRewriter &b, Value output,
                                      ArrayRef<Value> states,
                                      size_t numOutputs) {
  SmallVector<Value> results{b.reshape(output, b.getOutputShape(0))};
  for (size_t i = 1; i < numOutputs; ++i)
    results.push_back(b.reshape(states[i - 1], b.getOutputShape(i)));
  return b.replace(results);
}

//===----------------------------------------------------------------------===//
// Simple recurrent layers and GRU
//===----------------------------------------------------------------------===//

namespace {
struct ConvertSimpleRecurrent : LayerPattern<SimpleRecurrentOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(SimpleRecurrentOp op, LayerRewriter &b) const override {
    Sizes sizes =
        getSizes(b, op.getInputVectorSize(), op.getOutputVectorSize());
    Value sum = projectInput(b, sizes, op.getWeightMatrixAttr(),
                             op.getHasBiasVector() ? op.getBiasVectorAttr()
                                                   : WeightsAttr());
    Value recursion =
        b.weights(op.getRecursionMatrixAttr(), {sizes.output, sizes.output});
    auto step = [&](ArrayRef<Value> sums, ArrayRef<Value> state) {
      return SmallVector<Value>{
          applyGate(b, op.getActivationAttr(), sums[0], recursion, state[0])};
    };
    Direction direction{op.getReverseInput(), /*keepPlace=*/false};
    std::optional<Sequence> result =
        runLoop(b, sizes, sum, {getState(b, sizes, 1)}, direction, step);
    if (!result)
      return failure();
    return replaceRecurrent(
        b, op.getSequenceOutput() ? result->outputs : result->state[0],
        result->state, op->getNumResults());
  }
};

struct ConvertGRU : LayerPattern<GRUOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(GRUOp op, LayerRewriter &b) const override {
    Sizes sizes =
        getSizes(b, op.getInputVectorSize(), op.getOutputVectorSize());
    auto project = [&](WeightsAttr matrix, WeightsAttr bias) {
      return projectInput(b, sizes, matrix,
                          op.getHasBiasVectors() ? bias : WeightsAttr());
    };
    auto recursion = [&](WeightsAttr matrix) {
      return b.weights(matrix, {sizes.output, sizes.output});
    };
    Value sums[] = {project(op.getUpdateGateWeightMatrixAttr(),
                            op.getUpdateGateBiasVectorAttr()),
                    project(op.getResetGateWeightMatrixAttr(),
                            op.getResetGateBiasVectorAttr()),
                    project(op.getOutputGateWeightMatrixAttr(),
                            op.getOutputGateBiasVectorAttr())};
    Value update = recursion(op.getUpdateGateRecursionMatrixAttr());
    Value reset = recursion(op.getResetGateRecursionMatrixAttr());
    Value output = recursion(op.getOutputGateRecursionMatrixAttr());
    Value one = b.scalar(1);
    Message f = op.getActivationsAttr()[0], g = op.getActivationsAttr()[1];
    auto step = [&](ArrayRef<Value> sums, ArrayRef<Value> state) {
      Value h = state[0];
      Value z = applyGate(b, f, sums[0], update, h);
      Value r = applyGate(b, f, sums[1], reset, h);
      Value o = applyGate(b, g, sums[2], output, b.create<mil::MulOp>(r, h));
      Value fresh = b.create<mil::MulOp>(b.create<mil::SubOp>(one, z), o);
      return SmallVector<Value>{
          b.create<mil::AddOp>(fresh, b.create<mil::MulOp>(z, h))};
    };
    Direction direction{op.getReverseInput(), /*keepPlace=*/false};
    std::optional<Sequence> result =
        runLoop(b, sizes, sums, {getState(b, sizes, 1)}, direction, step);
    if (!result)
      return failure();
    return replaceRecurrent(
        b, op.getSequenceOutput() ? result->outputs : result->state[0],
        result->state, op->getNumResults());
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// LSTM
//===----------------------------------------------------------------------===//

namespace {
/// One LSTM: the parameters it shares with that of the other direction, its
/// functions and weights.
class LSTM {
public:
  LSTM(LayerRewriter &b, Sizes sizes, Message params, ArrayAttr functions,
       Message weights)
      : b(b), sizes(sizes), params(params), functions(functions),
        weights(weights), one(b.scalar(1)) {
    for (StringRef gate :
         {"inputGate", "forgetGate", "blockInput", "outputGate"}) {
      sums.push_back(projectGate(gate));
      recursions.push_back(
          b.weights(weights.getWeights((gate + "RecursionMatrix").str()),
                    {sizes.output, sizes.output}));
    }
    if (params.getBool("hasPeepholeVectors"))
      for (StringRef gate : {"inputGate", "forgetGate", "outputGate"})
        peepholes.push_back(b.weights(
            weights.getWeights((gate + "PeepholeVector").str()), sizes.output));
  }

  std::optional<Sequence> run(Value h, Value c, Direction direction) {
    return runLoop(b, sizes, sums, {h, c}, direction,
                   [&](ArrayRef<Value> sums, ArrayRef<Value> state) {
                     return step(sums, state[0], state[1]);
                   });
  }

private:
  Value projectGate(StringRef gate) {
    WeightsAttr bias;
    if (params.getBool("hasBiasVectors"))
      bias = weights.getWeights((gate + "BiasVector").str());
    return projectInput(
        b, sizes, weights.getWeights((gate + "WeightMatrix").str()), bias);
  }

  /// Adds what a gate sees of the cell through its peephole.
  Value peep(Value sum, size_t peephole, Value cell) {
    if (peepholes.empty())
      return sum;
    return b.create<mil::AddOp>(
        sum, b.create<mil::MulOp>(cell, peepholes[peephole]));
  }

  SmallVector<Value> step(ArrayRef<Value> sums, Value h, Value c) {
    Message f = functions[0], g = functions[1], k = functions[2];
    Value i = applyGate(b, f, peep(sums[0], 0, c), recursions[0], h);
    Value forget = params.getBool("coupledInputAndForgetGate")
                       ? b.create<mil::SubOp>(one, i)
                       : applyGate(b, f, peep(sums[1], 1, c), recursions[1], h);
    Value z = applyGate(b, g, sums[2], recursions[2], h);
    Value cell = clipCell(b.create<mil::AddOp>(b.create<mil::MulOp>(c, forget),
                                               b.create<mil::MulOp>(i, z)));
    Value o = applyGate(b, f, peep(sums[3], 2, cell), recursions[3], h);
    Value output = b.create<mil::MulOp>(applyFunction(b, k, cell), o);
    return {output, cell};
  }

  Value clipCell(Value cell) {
    float limit = params.getFloat("cellClipThreshold");
    if (limit == 0)
      limit = 50;
    return b.create<mil::ClipOp>(cell, APFloat(-limit), APFloat(limit));
  }

  LayerRewriter &b;
  Sizes sizes;
  Message params;
  ArrayAttr functions;
  Message weights;
  Value one;
  SmallVector<Value> sums, recursions, peepholes;
};

struct ConvertUniDirectionalLSTM : LayerPattern<UniDirectionalLSTMOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(UniDirectionalLSTMOp op,
                        LayerRewriter &b) const override {
    Sizes sizes =
        getSizes(b, op.getInputVectorSize(), op.getOutputVectorSize());
    Message params = op.getParamsAttr();
    LSTM lstm(b, sizes, params, op.getActivationsAttr(),
              op.getWeightParamsAttr());
    Direction direction{op.getReverseInput(), /*keepPlace=*/false};
    std::optional<Sequence> result =
        lstm.run(getState(b, sizes, 1), getState(b, sizes, 2), direction);
    if (!result)
      return failure();
    bool isSequence = params.getBool("sequenceOutput");
    return replaceRecurrent(b, isSequence ? result->outputs : result->state[0],
                            result->state, op->getNumResults());
  }
};

struct ConvertBiDirectionalLSTM : LayerPattern<BiDirectionalLSTMOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(BiDirectionalLSTMOp op,
                        LayerRewriter &b) const override {
    Sizes sizes =
        getSizes(b, op.getInputVectorSize(), op.getOutputVectorSize());
    Message params = op.getParamsAttr();
    bool isSequence = params.getBool("sequenceOutput");
    ArrayAttr functions[] = {op.getActivationsForwardLSTMAttr(),
                             op.getActivationsBackwardLSTMAttr()};
    SmallVector<Value> outputs, states;
    for (size_t i : {0, 1}) {
      LSTM lstm(b, sizes, params, functions[i], op.getWeightParamsAttr()[i]);
      std::optional<Sequence> result =
          lstm.run(getState(b, sizes, 1 + 2 * i), getState(b, sizes, 2 + 2 * i),
                   Direction{i == 1, true});
      if (!result)
        return failure();
      outputs.push_back(isSequence ? result->outputs : result->state[0]);
      llvm::append_range(states, result->state);
    }
    Value output =
        b.create<mil::ConcatOp>(ValueRange(outputs), int64_t(-1), false);
    return replaceRecurrent(b, output, states, op->getNumResults());
  }
};
} // namespace

void mlmodel::populateRecurrentPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertSimpleRecurrent, ConvertGRU, ConvertUniDirectionalLSTM,
               ConvertBiDirectionalLSTM>(patterns.getContext());
}
