//===- Convolution.cpp - Rewrites of the chapter Convolution to mil -------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerRewriter.h"
#include "MLModel/Dialect/MIL/IR/ConvolutionOps.h"
#include "MLModel/Dialect/MIL/IR/IndexingOps.h"
#include "MLModel/Dialect/MIL/IR/ReductionOps.h"
#include "MLModel/Dialect/MLModel/IR/ConvolutionOps.h"
#include "MLModel/Dialect/MLModel/IR/Window.h"
#include "Patterns.h"

using namespace mlir;
using namespace mlmodel;

namespace {

/// A layer's window as a mil op takes it.
struct MilWindow {
  SmallVector<int64_t> kernel, stride, dilation, pad;
};

/// \p amounts says what is put before and after (or cropped from) each axis.
template <typename GetAmounts>
static MilWindow getMilWindow(const Window &window, ArrayRef<int64_t> shape,
                              GetAmounts amounts) {
  size_t numAxes = window.kernel.size();
  MilWindow result;
  result.kernel.assign(window.kernel.begin(), window.kernel.end());
  result.stride.assign(window.stride.begin(), window.stride.end());
  result.dilation.assign(window.dilation.begin(), window.dilation.end());
  for (auto [i, size] : llvm::enumerate(shape.take_back(numAxes))) {
    auto [begin, end] = amounts(i, size);
    // What a transposed convolution adds at the end shows in its output shape.
    result.pad.append({begin.get(), std::max<int64_t>(end.get(), 0)});
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

/// Convolution over the last \p numAxes axes; the ones before the channels are
/// one batch.
static LogicalResult convolve(LayerRewriter &b, const Window &window,
                              Value kernels, OptionalValue bias,
                              int64_t groups) {
  MilWindow mil =
      getMilWindow(window, b.getInputShape(0), [&](size_t i, int64_t size) {
        return window.getPadding(i, size);
      });
  Value x = b.foldLeading(b.getInput(0), window.kernel.size() + 1);
  return b.replaceReshaped(b.create<mil::ConvOp>(
      x, kernels, bias, mil.stride, "custom", mil.pad, mil.dilation, groups));
}

static LogicalResult convolveTransposed(LayerRewriter &b, const Window &window,
                                        Value kernels, OptionalValue bias,
                                        int64_t groups) {
  size_t rank = window.kernel.size() + 2;
  MilWindow mil =
      getMilWindow(window, b.getInputShape(0), [&](size_t i, int64_t size) {
        return window.getCrop(i, size);
      });
  Value x = b.foldLeading(b.getInput(0), rank - 1);
  if (!x)
    return failure();
  SmallVector<int64_t> output(b.getOutputShape().take_back(rank - 1));
  output.insert(output.begin(),
                cast<RankedTensorType>(x.getType()).getDimSize(0));
  return b.replaceReshaped(
      b.create<mil::ConvTransposeOp>(x, kernels, bias, mil.stride, "custom",
                                     mil.pad, mil.dilation, groups, output));
}

static int64_t getGroups(int64_t field) { return field ? field : 1; }

/// The shape of the kernels: a row per output channel, or per input channel if
/// transposed.
static SmallVector<int64_t> getKernelShape(int64_t rows, int64_t columns,
                                           const Window &window) {
  SmallVector<int64_t> shape{rows, columns};
  shape.append(window.kernel.begin(), window.kernel.end());
  return shape;
}

struct ConvertConvolution : LayerPattern<ConvolutionOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(ConvolutionOp op, LayerRewriter &b) const override {
    Window window = getWindow(ConvolutionOp::Adaptor(op));
    int64_t groups = getGroups(op.getNGroups());
    int64_t outputs = op.getOutputChannels(), inputs = op.getKernelChannels();
    OptionalValue bias;
    if (op.getHasBias())
      bias.value = b.weights(op.getBiasAttr(), outputs);
    if (op.getIsDeconvolution())
      return convolveTransposed(
          b, window,
          b.weights(op.getWeightsAttr(),
                    getKernelShape(inputs, outputs / groups, window), 1),
          bias, groups);
    Value kernels = b.getNumInputs() == 2
                        ? b.getInput(1)
                        : b.weights(op.getWeightsAttr(),
                                    getKernelShape(outputs, inputs, window));
    return convolve(b, window, kernels, bias, groups);
  }
};

struct ConvertConvolution3d : LayerPattern<Convolution3dOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(Convolution3dOp op, LayerRewriter &b) const override {
    Window window = getWindow(Convolution3dOp::Adaptor(op));
    int64_t groups = getGroups(op.getNGroups());
    int64_t outputs = op.getOutputChannels(), inputs = op.getInputChannels();
    OptionalValue bias;
    if (op.getHasBias())
      bias.value = b.weights(op.getBiasAttr(), outputs);
    if (op.getIsDeconvolution())
      return convolveTransposed(
          b, window,
          b.weights(op.getWeightsAttr(),
                    getKernelShape(inputs, outputs / groups, window), 1),
          bias, groups);
    return convolve(b, window,
                    b.weights(op.getWeightsAttr(),
                              getKernelShape(outputs, inputs / groups, window)),
                    bias, groups);
  }
};

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

/// Drops the windows that begin behind the input on an axis without padding.
/// mil leaves them in; the format drops them where another axis is padded.
static Value dropWindowsBehind(LayerRewriter &b, Value pooled, size_t numAxes) {
  auto type = cast<RankedTensorType>(pooled.getType());
  SmallVector<int64_t> ends(type.getShape());
  llvm::copy(b.getOutputShape().take_back(numAxes), ends.end() - numAxes);
  if (type.getShape() == ArrayRef(ends))
    return pooled;
  SmallVector<int64_t> begins(ends.size(), 0), strides(ends.size(), 1);
  SmallVector<bool> noMask(ends.size(), false);
  return b.create<mil::SliceByIndexOp>(
      pooled, ArrayRef<int64_t>(begins), ArrayRef<int64_t>(ends),
      ArrayRef<int64_t>(strides), ArrayRef<bool>(noMask),
      ArrayRef<bool>(noMask), ArrayRef<bool>(noMask));
}

static LogicalResult pool(LayerRewriter &b, const Window &window,
                          StringRef kind, bool excludePadding) {
  MilWindow mil =
      getMilWindow(window, b.getInputShape(0), [&](size_t i, int64_t size) {
        return window.getPadding(i, size);
      });
  bool ceilMode = window.padding == Window::Padding::LastPixel;
  Value x = b.foldLeading(b.getInput(0), window.kernel.size() + 1);
  Value result;
  if (kind == "MAX")
    result = b.create<mil::MaxPoolOp>(x, mil.kernel, mil.stride, "custom",
                                      mil.pad, ceilMode);
  else if (kind == "AVERAGE")
    result = b.create<mil::AvgPoolOp>(x, mil.kernel, mil.stride, "custom",
                                      mil.pad, ceilMode, excludePadding);
  else
    result = b.create<mil::L2PoolOp>(x, mil.kernel, mil.stride, "custom",
                                     mil.pad, ceilMode);
  return b.replaceReshaped(dropWindowsBehind(b, result, window.kernel.size()));
}

/// Pooling over everything along the last \p numAxes axes.
static LogicalResult poolAll(LayerRewriter &b, int64_t numAxes,
                             StringRef kind) {
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(-numAxes, 0));
  Value x = b.getInput(0);
  if (kind == "MAX")
    return b.replace(b.create<mil::ReduceMaxOp>(x, axes, true));
  if (kind == "AVERAGE")
    return b.replace(b.create<mil::ReduceMeanOp>(x, axes, true));
  return b.replace(b.create<mil::ReduceL2NormOp>(x, axes, true));
}

struct ConvertPooling : LayerPattern<PoolingOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(PoolingOp op, LayerRewriter &b) const override {
    if (op.getGlobalPooling())
      return poolAll(b, 2, op.getKind());
    return pool(b, getWindow(PoolingOp::Adaptor(op)), op.getKind(),
                op.getAvgPoolExcludePadding());
  }
};

struct ConvertPooling3d : LayerPattern<Pooling3dOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(Pooling3dOp op, LayerRewriter &b) const override {
    return pool(b, getWindow(Pooling3dOp::Adaptor(op)), op.getKind(),
                op.getCountExcludePadding());
  }
};

struct ConvertGlobalPooling3d : LayerPattern<GlobalPooling3dOp> {
  using LayerPattern::LayerPattern;
  LogicalResult rewrite(GlobalPooling3dOp op, LayerRewriter &b) const override {
    return poolAll(b, 3, op.getKind());
  }
};
} // namespace

void mlmodel::populateConvolutionPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertConvolution, ConvertConvolution3d, ConvertPooling,
               ConvertPooling3d, ConvertGlobalPooling3d>(patterns.getContext());
}
