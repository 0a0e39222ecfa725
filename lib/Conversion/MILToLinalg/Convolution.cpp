//===- Convolution.cpp - Convolutions to linalg -----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoweringUtils.h"
#include "MLModel/CodeGen/OpenSizes.h"
#include "MLModel/Dialect/MIL/IR/ConvolutionOps.h"
#include "Patterns.h"
#include "TensorBuilders.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/Support/MathExtras.h"
#include <limits>

using namespace mlir;
using namespace mlmodel;
using namespace mlmodel::mil;

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

namespace {

/// The loops of a convolution in their order: batch, group, output channel,
/// phases, output rows, input channel, kernel, output columns. The columns are
/// innermost so that a whole row is updated by one kernel element at a time.
/// Without a kernel, the input channel comes before the rows, which can then be
/// one loop with the columns. Loops that a convolution does not need are left
/// out.
class ConvolutionLoops {
public:
  ConvolutionLoops(MLIRContext *context, int64_t groups, int64_t inputs,
                   int64_t outputs, ArrayRef<int64_t> strides,
                   unsigned numSpatial, unsigned numKernel)
      : context(context), groups(groups), inputs(inputs), outputs(outputs) {
    batch = add(utils::IteratorType::parallel);
    if (groups > 1)
      group = add(utils::IteratorType::parallel);
    if (outputs > 1 || groups == 1)
      output = add(utils::IteratorType::parallel);
    for (int64_t stride : strides)
      phases.push_back(stride > 1 ? add(utils::IteratorType::parallel)
                                  : AffineExpr());
    bool hasInput = inputs > 1 || groups == 1;
    if (hasInput && numKernel == 0)
      input = add(utils::IteratorType::reduction);
    for (unsigned i = 0; i + 1 < numSpatial; ++i)
      spatial.push_back(add(utils::IteratorType::parallel));
    if (hasInput && numKernel != 0)
      input = add(utils::IteratorType::reduction);
    for (unsigned i = 0; i < numKernel; ++i)
      kernel.push_back(add(utils::IteratorType::reduction));
    spatial.push_back(add(utils::IteratorType::parallel));
  }

  /// The map of an operand from those of its loops that exist.
  AffineMap map(ArrayRef<AffineExpr> exprs) const {
    SmallVector<AffineExpr> present;
    llvm::copy_if(exprs, std::back_inserter(present),
                  [](AffineExpr expr) { return bool(expr); });
    return AffineMap::get(iterators.size(), 0, present, context);
  }

  /// The sizes that stand for all input or output channels in a shape.
  SmallVector<int64_t> inputSizes() const { return split(input, inputs); }
  SmallVector<int64_t> outputSizes() const { return split(output, outputs); }

  AffineExpr batch, group, output, input;
  SmallVector<AffineExpr> phases, spatial, kernel;
  SmallVector<utils::IteratorType> iterators;

private:
  AffineExpr add(utils::IteratorType kind) {
    iterators.push_back(kind);
    return getAffineDimExpr(iterators.size() - 1, context);
  }

  SmallVector<int64_t> split(AffineExpr loop, int64_t size) const {
    SmallVector<int64_t> sizes;
    if (group)
      sizes.push_back(groups);
    if (loop)
      sizes.push_back(size);
    return sizes;
  }

  MLIRContext *context;
  int64_t groups, inputs, outputs;
};

} // namespace

static Value emitMulAddBody(OpBuilder &builder, Location loc, ValueRange args) {
  return emitMulAdd(builder, loc, args[0], args[1], args[2]);
}

/// The accumulator `[batch, *channels, *rest]`: the bias or zeros.
static Value emitInit(OpBuilder &builder, Location loc, Value bias, Value x,
                      ArrayRef<int64_t> channels, ArrayRef<int64_t> rest) {
  TensorBuilder tensors(builder, loc);
  auto type = cast<RankedTensorType>(x.getType());
  SmallVector<int64_t> shape{type.getDimSize(0)};
  llvm::append_range(shape, channels);
  llvm::append_range(shape, rest);
  if (!bias)
    return tensors.filled(shape, 0.0, x);
  SmallVector<int64_t> added{0};
  for (size_t i = channels.size() + 1; i < shape.size(); ++i)
    added.push_back(i);
  return linalg::BroadcastOp::create(builder, loc,
                                     tensors.reshape(bias, channels),
                                     tensors.empty(shape, x), added)
      ->getResult(0);
}

/// Pads the spatial axes of `x`.
static Value padSpatial(OpBuilder &builder, Location loc, Value x,
                        ArrayRef<int64_t> low, ArrayRef<int64_t> high,
                        double value) {
  SmallVector<int64_t> lows{0, 0}, highs{0, 0};
  llvm::append_range(lows, low);
  llvm::append_range(highs, high);
  return TensorBuilder(builder, loc).pad(x, lows, highs, value);
}

/// Pads `x` by what the window says, with room for an overhanging window.
static Value padWindow(OpBuilder &builder, Location loc, Value x,
                       const Window &window, double value) {
  SmallVector<int64_t> low, high;
  for (const WindowAxis &axis : window) {
    low.push_back(axis.padBegin);
    high.push_back(axis.padEnd + axis.overhang);
  }
  return padSpatial(builder, loc, x, low, high, value);
}

static bool isDynamic(const Window &window) {
  return llvm::any_of(window, [](const WindowAxis &axis) {
    return ShapedType::isDynamic(axis.output);
  });
}

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

/// Whether every output pixel depends on one input pixel alone.
static bool isPointwise(const Window &window) {
  return llvm::all_of(window, [](const WindowAxis &axis) {
    return axis.kernel == 1 && axis.padBegin == 0 && axis.padEnd == 0;
  });
}

namespace {

struct ConvPattern : OpRewritePattern<ConvOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ConvOp op,
                                PatternRewriter &rewriter) const override {
    FailureOr<Window> window = op.getWindow();
    if (failed(window) || isDynamic(*window))
      return rewriter.notifyMatchFailure(op, "dynamic spatial dimensions");
    Location loc = op.getLoc();
    Value x = padWindow(rewriter, loc, op.getX(), *window, 0.0);
    unsigned numKernel = isPointwise(*window) ? 0 : window->size();
    Value y = emitLoops(rewriter, op, x, *window, numKernel);
    rewriter.replaceOp(op, castTo(rewriter, loc, y, op.getType()));
    return success();
  }

private:
  /// Output channels per group.
  static int64_t getOutputs(ConvOp op) {
    return op.getWeight().getType().getDimSize(0) / op.getGroups();
  }

  static Value emitLoops(OpBuilder &builder, ConvOp op, Value x,
                         ArrayRef<WindowAxis> window, unsigned numKernel) {
    Location loc = op.getLoc();
    TensorBuilder tensors(builder, loc);
    ArrayRef<int64_t> weightShape = op.getWeight().getType().getShape();
    ConvolutionLoops loops(builder.getContext(), op.getGroups(), weightShape[1],
                           getOutputs(op), {}, window.size(), numKernel);
    SmallVector<AffineExpr> xExprs{loops.batch, loops.group, loops.input};
    SmallVector<AffineExpr> weightExprs{loops.group, loops.output, loops.input};
    SmallVector<AffineExpr> yExprs{loops.batch, loops.group, loops.output};
    SmallVector<int64_t> weightSizes = loops.outputSizes(), ySizes;
    if (loops.input)
      weightSizes.push_back(weightShape[1]);
    for (auto [i, axis] : llvm::enumerate(window)) {
      AffineExpr position = loops.spatial[i] * axis.stride;
      if (numKernel != 0) {
        position = position + loops.kernel[i] * axis.dilation;
        weightExprs.push_back(loops.kernel[i]);
        weightSizes.push_back(axis.kernel);
      }
      xExprs.push_back(position);
      yExprs.push_back(loops.spatial[i]);
      ySizes.push_back(axis.output);
    }
    SmallVector<int64_t> outputs = loops.outputSizes();
    Value init =
        emitInit(builder, loc, op.getBias(), op.getX(), outputs, ySizes);
    Value y = tensors.generic(
        init,
        {tensors.splitDim(x, 1, loops.inputSizes()),
         tensors.reshape(op.getWeight(), weightSizes)},
        {loops.map(xExprs), loops.map(weightExprs), loops.map(yExprs)},
        loops.iterators, emitMulAddBody);
    return tensors.mergeDims(y, 1, outputs.size());
  }
};

//===----------------------------------------------------------------------===//
// Transposed convolution
//===----------------------------------------------------------------------===//

/// With stride s, output position q * s + r takes kernel elements k * s + r
/// alone, and those meet input q - k: for every phase r a convolution of stride
/// 1 whose kernel is turned around. All phases are computed by one generic into
/// `[.., *phases, *Q]`, then interleaved and cropped.
struct ConvTransposePattern : OpRewritePattern<ConvTransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ConvTransposeOp op,
                                PatternRewriter &rewriter) const override {
    FailureOr<Window> window = op.getWindow();
    if (failed(window) || isDynamic(*window))
      return rewriter.notifyMatchFailure(op, "dynamic spatial dimensions");
    Value weight = spreadKernel(rewriter, op, *window);
    Value phases = emitPhases(rewriter, op, weight, *window);
    Value full = interleave(rewriter, op, phases, *window);
    Value y = crop(rewriter, op, full, *window);
    rewriter.replaceOp(op, castTo(rewriter, op.getLoc(), y, op.getType()));
    return success();
  }

private:
  /// Kernel elements per phase.
  static int64_t getTaps(const WindowAxis &axis) {
    return llvm::divideCeil(axis.span(), axis.stride);
  }

  /// Positions per phase: all that the kernel reaches or the result needs.
  static int64_t getPositions(const WindowAxis &axis) {
    return std::max<int64_t>(
        axis.input + getTaps(axis) - 1,
        llvm::divideCeil(axis.padBegin + axis.output, axis.stride));
  }

  /// The kernel with its dilation spelled out in zeros, and zeros up to a
  /// multiple of the stride.
  static Value spreadKernel(OpBuilder &builder, ConvTransposeOp op,
                            const Window &window) {
    Location loc = op.getLoc();
    TensorBuilder tensors(builder, loc);
    Value weight = op.getWeight();
    SmallVector<int64_t> sizes(op.getWeight().getType().getShape());
    SmallVector<int64_t> shape(sizes), strides(sizes.size(), 1);
    SmallVector<int64_t> zeros(sizes.size(), 0);
    for (auto [i, axis] : llvm::enumerate(window)) {
      shape[i + 2] = getTaps(axis) * axis.stride;
      strides[i + 2] = axis.dilation;
    }
    if (shape == sizes)
      return weight;
    auto fold = [&](ArrayRef<int64_t> values) {
      return getAsIndexOpFoldResult(builder.getContext(), values);
    };
    return tensor::InsertSliceOp::create(
        builder, loc, weight, tensors.filled(shape, 0.0), fold(zeros),
        fold(sizes), fold(strides));
  }

  static Value emitPhases(OpBuilder &builder, ConvTransposeOp op, Value weight,
                          const Window &window) {
    Location loc = op.getLoc();
    TensorBuilder tensors(builder, loc);
    ArrayRef<int64_t> weightShape = op.getWeight().getType().getShape();
    SmallVector<int64_t> strides, low, high;
    for (const WindowAxis &axis : window) {
      strides.push_back(axis.stride);
      low.push_back(getTaps(axis) - 1);
      high.push_back(getPositions(axis) - axis.input);
    }
    ConvolutionLoops loops(builder.getContext(), op.getGroups(),
                           weightShape[0] / op.getGroups(), weightShape[1],
                           strides, window.size(), window.size());
    SmallVector<AffineExpr> xExprs{loops.batch, loops.group, loops.input};
    SmallVector<AffineExpr> weightExprs{loops.group, loops.input, loops.output};
    SmallVector<AffineExpr> yExprs{loops.batch, loops.group, loops.output};
    SmallVector<int64_t> weightSizes = loops.inputSizes(), ySizes;
    if (loops.output)
      weightSizes.push_back(weightShape[1]);
    for (auto [i, axis] : llvm::enumerate(window)) {
      xExprs.push_back(loops.spatial[i] - loops.kernel[i] + getTaps(axis) - 1);
      weightExprs.append({loops.kernel[i], loops.phases[i]});
      weightSizes.push_back(getTaps(axis));
      if (!loops.phases[i])
        continue;
      weightSizes.push_back(axis.stride);
      ySizes.push_back(axis.stride);
    }
    llvm::append_range(yExprs, loops.phases);
    llvm::append_range(yExprs, loops.spatial);
    for (const WindowAxis &axis : window)
      ySizes.push_back(getPositions(axis));
    Value x = padSpatial(builder, loc, op.getX(), low, high, 0.0);
    SmallVector<int64_t> outputs = loops.outputSizes();
    Value init =
        emitInit(builder, loc, op.getBias(), op.getX(), outputs, ySizes);
    Value y = tensors.generic(
        init,
        {tensors.splitDim(x, 1, loops.inputSizes()),
         tensors.reshape(weight, weightSizes)},
        {loops.map(xExprs), loops.map(weightExprs), loops.map(yExprs)},
        loops.iterators, emitMulAddBody);
    return tensors.mergeDims(y, 1, outputs.size());
  }

  /// From `[N, O, *phases, *Q]` to `[N, O, *(Q * stride)]`.
  static Value interleave(OpBuilder &builder, ConvTransposeOp op, Value y,
                          const Window &window) {
    TensorBuilder tensors(builder, op.getLoc());
    int64_t numPhases = llvm::count_if(
        window, [](const WindowAxis &axis) { return axis.stride > 1; });
    if (numPhases == 0)
      return y;
    SmallVector<int64_t> perm{0, 1};
    int64_t phase = 2;
    for (auto [i, axis] : llvm::enumerate(window)) {
      perm.push_back(2 + numPhases + i);
      if (axis.stride > 1)
        perm.push_back(phase++);
    }
    y = tensors.transpose(y, perm);
    for (auto [i, axis] : llvm::enumerate(window))
      if (axis.stride > 1)
        y = tensors.mergeDims(y, 2 + i, 2);
    return y;
  }

  static Value crop(OpBuilder &builder, ConvTransposeOp op, Value full,
                    const Window &window) {
    RankedTensorType type = op.getType();
    if (cast<RankedTensorType>(full.getType()).getShape() == type.getShape())
      return full;
    Location loc = op.getLoc();
    SmallVector<OpFoldResult> offsets(2, builder.getIndexAttr(0));
    SmallVector<OpFoldResult> sizes{tensor::getMixedSize(builder, loc, full, 0),
                                    builder.getIndexAttr(type.getDimSize(1))};
    for (const WindowAxis &axis : window) {
      offsets.push_back(builder.getIndexAttr(axis.padBegin));
      sizes.push_back(builder.getIndexAttr(axis.output));
    }
    SmallVector<OpFoldResult> strides(sizes.size(), builder.getIndexAttr(1));
    return tensor::ExtractSliceOp::create(builder, loc, full, offsets, sizes,
                                          strides);
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

/// Folds every window of `x` into `y[n, c, *o]`, starting from `neutral`.
static Value emitPool(OpBuilder &builder, Location loc, Value x,
                      const Window &window, double neutral,
                      TensorBuilder::Body combine) {
  TensorBuilder tensors(builder, loc);
  // Like a depthwise convolution: a channel is a group of its own.
  ConvolutionLoops loops(builder.getContext(), /*groups=*/2, /*inputs=*/1,
                         /*outputs=*/1, {}, window.size(), window.size());
  SmallVector<AffineExpr> xExprs{loops.batch, loops.group};
  SmallVector<AffineExpr> yExprs = xExprs;
  SmallVector<int64_t> kernel;
  SmallVector<int64_t> shape(
      cast<RankedTensorType>(x.getType()).getShape().take_front(2));
  for (auto [i, axis] : llvm::enumerate(window)) {
    xExprs.push_back(loops.spatial[i] * axis.stride + loops.kernel[i]);
    yExprs.push_back(loops.spatial[i]);
    shape.push_back(axis.output);
    kernel.push_back(axis.kernel);
  }
  Value init = tensors.filled(shape, neutral, x);
  // The second operand is never read: it gives the kernel loops their bounds.
  return tensors.generic(
      init,
      {padWindow(builder, loc, x, window, neutral), tensors.empty(kernel)},
      {loops.map(xExprs), loops.map(loops.kernel), loops.map(yExprs)},
      loops.iterators, combine);
}

/// Whether one window covers the input exactly.
static bool isGlobal(const Window &window) {
  return llvm::all_of(window, [](const WindowAxis &axis) {
    return axis.output == 1 && axis.kernel == axis.input &&
           axis.padBegin == 0 && axis.padEnd + axis.overhang == 0;
  });
}

/// Folds all pixels of each channel.
static Value emitGlobalPool(OpBuilder &builder, Location loc, Value x,
                            unsigned numSpatial, double neutral,
                            TensorBuilder::Body combine) {
  TensorBuilder tensors(builder, loc);
  Value pixels = tensors.mergeDims(x, 2, numSpatial);
  ArrayRef<int64_t> shape = cast<RankedTensorType>(pixels.getType()).getShape();
  Value y = tensors.generic(
      tensors.filled(shape.take_front(2), neutral, x), pixels,
      {tensors.pick(3, {0, 1, 2}), tensors.pick(3, {0, 1})},
      {utils::IteratorType::parallel, utils::IteratorType::parallel,
       utils::IteratorType::reduction},
      combine);
  SmallVector<int64_t> last(numSpatial + 1, 1);
  last.front() = shape[1];
  return tensors.splitDim(y, 1, last);
}

/// The number of elements that each window along one axis covers, at least 1.
/// Computed by the code, which so is the same for all sizes of the input.
static Value emitCounts(OpBuilder &builder, Location loc,
                        const WindowAxis &axis, bool excludePadding) {
  TensorBuilder tensors(builder, loc);
  int64_t low = excludePadding ? 0 : -axis.padBegin;
  int64_t high = axis.input + (excludePadding ? 0 : axis.padEnd);
  bool areWhole =
      -axis.padBegin >= low &&
      (axis.output - 1) * axis.stride - axis.padBegin + axis.kernel <= high;
  if (areWhole)
    return tensors.filled(axis.output, double(axis.kernel));
  return tensors.parallel(
      axis.output, {}, {},
      [&](OpBuilder &b, Location loc, ValueRange) -> Value {
        auto index = [&](int64_t value) -> Value {
          return arith::ConstantIndexOp::create(b, loc, value);
        };
        Value window = linalg::IndexOp::create(b, loc, 0);
        Value begin = arith::SubIOp::create(
            b, loc, arith::MulIOp::create(b, loc, window, index(axis.stride)),
            index(axis.padBegin));
        Value end = arith::AddIOp::create(b, loc, begin, index(axis.kernel));
        end = arith::MinSIOp::create(b, loc, end, index(high));
        begin = arith::MaxSIOp::create(b, loc, begin, index(low));
        Value count = arith::MaxSIOp::create(
            b, loc, arith::SubIOp::create(b, loc, end, begin), index(1));
        count = arith::IndexCastOp::create(b, loc, b.getI32Type(), count);
        return arith::SIToFPOp::create(b, loc, b.getF32Type(), count);
      });
}

/// Divides the sums by the sizes of their windows.
static Value emitAverage(OpBuilder &builder, Location loc, Value sums,
                         const Window &window, bool excludePadding) {
  TensorBuilder tensors(builder, loc);
  ArrayRef<int64_t> shape = cast<RankedTensorType>(sums.getType()).getShape();
  int64_t rank = shape.size();
  SmallVector<Value> inputs{sums};
  SmallVector<AffineMap> maps{builder.getMultiDimIdentityMap(rank)};
  for (auto [i, axis] : llvm::enumerate(window)) {
    inputs.push_back(emitCounts(builder, loc, axis, excludePadding));
    maps.push_back(tensors.pick(rank, {int64_t(i) + 2}));
  }
  return tensors.parallel(
      shape, inputs, maps,
      [](OpBuilder &b, Location loc, ValueRange args) -> Value {
        Value count = args[1];
        for (Value factor : args.drop_front(2).drop_back())
          count = arith::MulFOp::create(b, loc, count, factor);
        return arith::DivFOp::create(b, loc, args[0], count);
      },
      sums);
}

static Value emitPoolMax(OpBuilder &builder, Location loc, ValueRange args) {
  // One vector instruction, unlike a maximum that has to look for NaN.
  Value larger = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGT,
                                       args[0], args.back());
  return arith::SelectOp::create(builder, loc, larger, args[0], args.back());
}

static Value emitPoolSum(OpBuilder &builder, Location loc, ValueRange args) {
  return emitSum(builder, loc, args[0], args.back());
}

static Value emitPoolSquares(OpBuilder &builder, Location loc,
                             ValueRange args) {
  return emitMulAdd(builder, loc, args[0], args[0], args.back());
}

/// What distinguishes the pooling operations: the neutral element, the fold and
/// what becomes of the folded values.
static constexpr double infinity = std::numeric_limits<double>::infinity();
static double getNeutral(MaxPoolOp) { return -infinity; }
static double getNeutral(AvgPoolOp) { return 0; }
static double getNeutral(L2PoolOp) { return 0; }

static TensorBuilder::Body getCombine(MaxPoolOp) { return emitPoolMax; }
static TensorBuilder::Body getCombine(AvgPoolOp) { return emitPoolSum; }
static TensorBuilder::Body getCombine(L2PoolOp) { return emitPoolSquares; }

static Value finishPool(OpBuilder &, MaxPoolOp, Value y, const Window &) {
  return y;
}

static Value finishPool(OpBuilder &builder, AvgPoolOp op, Value y,
                        const Window &window) {
  return emitAverage(builder, op.getLoc(), y, window,
                     op.getExcludePaddingFromAverage());
}

static Value finishPool(OpBuilder &builder, L2PoolOp op, Value y,
                        const Window &) {
  ArrayRef<int64_t> shape = cast<RankedTensorType>(y.getType()).getShape();
  return TensorBuilder(builder, op.getLoc())
      .parallel(
          shape, y, builder.getMultiDimIdentityMap(shape.size()),
          [](OpBuilder &b, Location loc, ValueRange args) -> Value {
            return math::SqrtOp::create(b, loc, args[0]);
          },
          y);
}

/// Where one code is to serve many sizes (mlmodel-merge-samples), the input
/// gets as much room as windows of any size may reach past it, so that it is
/// padded for all of them.
static void addRoom(Operation *op, Window &window) {
  auto function = op->getParentOfType<FunctionOpInterface>();
  if (!function || !function->hasAttr(kTypicalSizesAttrName))
    return;
  for (WindowAxis &axis : window)
    axis.overhang = std::max(axis.overhang, axis.stride - 1);
}

namespace {

template <typename OpTy> struct PoolPattern : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    FailureOr<Window> window = op.getWindow();
    if (failed(window) || isDynamic(*window))
      return rewriter.notifyMatchFailure(op, "dynamic spatial dimensions");
    Location loc = op.getLoc();
    if (op.getCeilMode() && !isGlobal(*window))
      addRoom(op, *window);
    Value y = isGlobal(*window)
                  ? emitGlobalPool(rewriter, loc, op.getX(), window->size(),
                                   getNeutral(op), getCombine(op))
                  : emitPool(rewriter, loc, op.getX(), *window, getNeutral(op),
                             getCombine(op));
    y = finishPool(rewriter, op, y, *window);
    rewriter.replaceOp(op, castTo(rewriter, loc, y, op.getType()));
    return success();
  }
};

} // namespace

void mlmodel::mil::populateConvolutionPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvPattern, ConvTransposePattern, PoolPattern<MaxPoolOp>,
               PoolPattern<AvgPoolOp>, PoolPattern<L2PoolOp>>(
      patterns.getContext());
}
