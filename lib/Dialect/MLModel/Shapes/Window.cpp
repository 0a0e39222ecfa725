//===- Window.cpp - Windows of convolutions and poolings ------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MLModel/IR/Window.h"
#include "MLModel/Dialect/MLModel/IR/Message.h"

using namespace mlir;
using namespace mlmodel;

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

/// Halves \p total; the odd one goes to the end or the beginning.
static std::pair<Dim, Dim> halve(Dim total, bool oddAtEnd) {
  Dim less = total.floorDiv(2), more = total - less;
  return oddAtEnd ? std::pair(less, more) : std::pair(more, less);
}

std::pair<Dim, Dim> Window::getPadding(size_t axis, Dim input) const {
  if (!isSame())
    return {begin[axis], end[axis]};
  Dim output = input.ceilDiv(stride[axis]);
  Dim total = (output - 1) * stride[axis] + getReach(axis) - input;
  if (total.isStatic() && total.get() < 0)
    total = 0;
  return halve(total, padding == Padding::SameEnd);
}

Dim Window::getOutput(size_t axis, Dim input) const {
  if (isSame())
    return input.ceilDiv(stride[axis]);
  Dim slack = input + begin[axis] + end[axis] - getReach(axis);
  if (padding == Padding::Explicit)
    return slack.floorDiv(stride[axis]) + 1;
  Dim output = slack.ceilDiv(stride[axis]) + 1;
  Dim lastStart = (output - 1) * stride[axis];
  Dim behind = input + begin[axis];
  // By the format's formula padding along one axis shortens both.
  bool isPadded = llvm::any_of(begin, [](int64_t n) { return n > 0; });
  if (isPadded && lastStart.isStatic() && behind.isStatic() &&
      lastStart.get() >= behind.get())
    output = output - 1;
  return output;
}

Dim Window::getTransposedOutput(size_t axis, Dim input) const {
  if (!outputShape.empty())
    return outputShape[axis];
  if (isSame())
    return input * stride[axis];
  return (input - 1) * stride[axis] + getReach(axis) - begin[axis] - end[axis];
}

std::pair<Dim, Dim> Window::getCrop(size_t axis, Dim input) const {
  Dim full = (input - 1) * stride[axis] + getReach(axis);
  Dim total = full - getTransposedOutput(axis, input);
  if (isSame() && total.isStatic() && total.get() < 0)
    return {0, total};
  if (isSame())
    return halve(total, padding == Padding::SameEnd);
  return {begin[axis], total - begin[axis]};
}

//===----------------------------------------------------------------------===//
// From layers
//===----------------------------------------------------------------------===//

static Window::List orDefault(ArrayRef<int64_t> values, int64_t value) {
  return values.empty() ? Window::List{value, value}
                        : Window::List(values.begin(), values.end());
}

/// Reads begin and end of each axis in turn.
static void setPadding(Window &window, ArrayRef<int64_t> borders,
                       size_t numAxes) {
  if (borders.empty()) {
    window.begin.assign(numAxes, 0);
    window.end.assign(numAxes, 0);
    return;
  }
  for (auto [i, amount] : llvm::enumerate(borders))
    (i % 2 ? window.end : window.begin).push_back(amount);
}

/// The padding messages that convolution and pooling share.
static void setPadding(Window &window, Message valid, Message same) {
  if (same) {
    bool atBegin = same.getString("asymmetryMode", "BOTTOM_RIGHT_HEAVY") ==
                   "TOP_LEFT_HEAVY";
    window.padding =
        atBegin ? Window::Padding::SameBegin : Window::Padding::SameEnd;
  }
  setPadding(window, valid.getInts("paddingAmounts"), 2);
}

Window mlmodel::getWindow(ConvolutionOpAdaptor op) {
  Window window;
  window.kernel = orDefault(op.getKernelSize(), 3);
  window.stride = orDefault(op.getStride(), 1);
  window.dilation = orDefault(op.getDilationFactor(), 1);
  setPadding(window, op.getValidAttr(), op.getSameAttr());
  if (op.getIsDeconvolution())
    window.outputShape.assign(op.getOutputShape().begin(),
                              op.getOutputShape().end());
  return window;
}

Window mlmodel::getWindow(PoolingOpAdaptor op) {
  Window window;
  window.dilation = {1, 1};
  if (op.getGlobalPooling()) {
    // The window is the whole input, whatever the other fields say.
    window.kernel = window.stride = {1, 1};
    window.begin = window.end = {0, 0};
    return window;
  }
  window.kernel = orDefault(op.getKernelSize(), 3);
  window.stride = orDefault(op.getStride(), 1);
  if (Message last = op.getIncludeLastPixelAttr()) {
    window.padding = Window::Padding::LastPixel;
    window.begin = orDefault(last.getInts("paddingAmounts"), 0);
    window.end = window.begin;
    return window;
  }
  setPadding(window, op.getValidAttr(), op.getSameAttr());
  return window;
}

/// What the two layers over three axes have in common.
template <typename Adaptor> static Window getWindow3d(Adaptor op) {
  Window window;
  window.kernel = {op.getKernelDepth(), op.getKernelHeight(),
                   op.getKernelWidth()};
  window.stride = {op.getStrideDepth(), op.getStrideHeight(),
                   op.getStrideWidth()};
  window.dilation = {1, 1, 1};
  window.begin = window.end = {0, 0, 0};
  if (op.getPaddingType() == "SAME")
    window.padding = Window::Padding::SameEnd;
  if (op.getPaddingType() != "CUSTOM")
    return window;
  window.begin = {op.getCustomPaddingFront(), op.getCustomPaddingTop(),
                  op.getCustomPaddingLeft()};
  window.end = {op.getCustomPaddingBack(), op.getCustomPaddingBottom(),
                op.getCustomPaddingRight()};
  return window;
}

Window mlmodel::getWindow(Convolution3dOpAdaptor op) {
  Window window = getWindow3d(op);
  window.dilation = {op.getDilationDepth(), op.getDilationHeight(),
                     op.getDilationWidth()};
  if (op.getIsDeconvolution())
    window.outputShape.assign(op.getOutputShape().begin(),
                              op.getOutputShape().end());
  return window;
}

Window mlmodel::getWindow(Pooling3dOpAdaptor op) { return getWindow3d(op); }

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

/// Sizes of one axis beyond this make no sense in any model.
static constexpr int64_t kMaxSize = std::numeric_limits<int32_t>::max();

static LogicalResult verifyList(ShapeRule &rule, ArrayRef<int64_t> values,
                                StringRef field, size_t numAxes,
                                int64_t least) {
  if (values.size() != numAxes)
    return rule.fail(field + " has " + Twine(values.size()) +
                     " entries, expected " + Twine(numAxes));
  for (int64_t value : values)
    if (failed(rule.require(value >= least && value <= kMaxSize, field, value,
                            "expected " + Twine(least) + " to " +
                                Twine(kMaxSize))))
      return failure();
  return success();
}

LogicalResult mlmodel::verifyWindow(ShapeRule &rule, const Window &window,
                                    size_t numAxes) {
  if (failed(verifyList(rule, window.kernel, "kernelSize", numAxes, 1)) ||
      failed(verifyList(rule, window.stride, "stride", numAxes, 1)) ||
      failed(verifyList(rule, window.dilation, "dilationFactor", numAxes, 1)) ||
      failed(verifyList(rule, window.begin, "paddingAmounts", numAxes, 0)) ||
      failed(verifyList(rule, window.end, "paddingAmounts", numAxes, 0)))
    return failure();
  return window.outputShape.empty()
             ? success()
             : verifyList(rule, window.outputShape, "outputShape", numAxes, 1);
}
