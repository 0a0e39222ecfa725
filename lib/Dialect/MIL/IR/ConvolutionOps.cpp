//===- ConvolutionOps.cpp - mil ops: Convolution ----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/ConvolutionOps.h"
#include "MLModel/Dialect/MIL/IR/ShapeInference.h"

using namespace mlmodel::mil;

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

/// The shapes that conv and conv_transpose both begin with.
struct ConvolutionShapes {
  ArrayRef<int64_t> x, weight;
  int64_t groups;

  ArrayRef<int64_t> spatial() const { return x.drop_front(2); }
  ArrayRef<int64_t> kernel() const { return weight.drop_front(2); }
};

template <typename AdaptorT>
static FailureOr<ConvolutionShapes>
getConvolutionShapes(std::optional<Location> loc, AdaptorT adaptor) {
  auto x = getOperandShape(loc, adaptor.getX(), "x", 3, 5);
  if (failed(x))
    return failure();
  auto weight =
      getOperandShape(loc, adaptor.getWeight(), "weight", x->size(), x->size());
  if (failed(weight))
    return failure();
  if (ShapedType::isDynamic((*x)[1]) || ShapedType::isDynamicShape(*weight))
    return emitOptionalError(
        loc, "the channels of x and the shape of weight must be static");
  int64_t groups = adaptor.getGroups();
  if (failed(checkRange(loc, groups, "groups", 1)) ||
      failed(checkRange(loc, *weight, "the shape of weight", 1)))
    return failure();
  return ConvolutionShapes{*x, *weight, groups};
}

/// Checks the bias, if any, against the number of output channels.
static LogicalResult checkBias(std::optional<Location> loc, Value bias,
                               int64_t channels) {
  if (!bias)
    return success();
  auto shape = getOperandShape(loc, bias, "bias", 1, 1);
  if (failed(shape))
    return failure();
  if (shape->front() != channels)
    return emitOptionalError(loc, "bias has ", shape->front(),
                             " elements, but there are ", channels,
                             " output channels");
  return success();
}

static LogicalResult appendWindowed(MLIRContext *context,
                                    std::optional<Location> loc, int64_t batch,
                                    int64_t channels, const Window &window,
                                    SmallVectorImpl<Type> &types) {
  SmallVector<int64_t> shape{batch, channels};
  for (const WindowAxis &axis : window)
    shape.push_back(axis.output);
  return appendTensor(context, loc, shape, types);
}

LogicalResult ConvOp::inferReturnTypes(MLIRContext *context,
                                       std::optional<Location> loc,
                                       Adaptor adaptor,
                                       SmallVectorImpl<Type> &types) {
  auto shapes = getConvolutionShapes(loc, adaptor);
  if (failed(shapes))
    return failure();
  int64_t channels = shapes->x[1], outputs = shapes->weight[0];
  if (outputs % shapes->groups != 0)
    return emitOptionalError(loc, shapes->groups, " groups do not divide ",
                             outputs, " output channels");
  if (shapes->weight[1] * shapes->groups != channels)
    return emitOptionalError(loc, "weight takes ", shapes->weight[1],
                             " channels in ", shapes->groups,
                             " groups, but x has ", channels);
  auto window = computeWindow(loc, shapes->spatial(),
                              {shapes->kernel(), adaptor.getStrides(),
                               adaptor.getDilations(), adaptor.getPadType(),
                               adaptor.getPad()});
  if (failed(window) || failed(checkBias(loc, adaptor.getBias(), outputs)))
    return failure();
  return appendWindowed(context, loc, shapes->x[0], outputs, *window, types);
}

FailureOr<Window> ConvOp::getWindow() {
  return computeWindow(getLoc(), getX().getType().getShape().drop_front(2),
                       {getWeight().getType().getShape().drop_front(2),
                        getStrides(), getDilations(), getPadType(), getPad()});
}

LogicalResult ConvTransposeOp::inferReturnTypes(MLIRContext *context,
                                                std::optional<Location> loc,
                                                Adaptor adaptor,
                                                SmallVectorImpl<Type> &types) {
  auto shapes = getConvolutionShapes(loc, adaptor);
  if (failed(shapes))
    return failure();
  int64_t channels = shapes->x[1];
  int64_t outputs = shapes->weight[1] * shapes->groups;
  if (channels % shapes->groups != 0)
    return emitOptionalError(loc, shapes->groups, " groups do not divide ",
                             channels, " input channels");
  if (shapes->weight[0] != channels)
    return emitOptionalError(loc, "weight takes ", shapes->weight[0],
                             " channels, but x has ", channels);
  ArrayRef<int64_t> outputShape = adaptor.getOutputShape();
  if (!outputShape.empty()) {
    if (failed(checkLength(loc, outputShape.size(), "output_shape",
                           shapes->x.size())) ||
        failed(checkSameSize(loc, outputShape[0], shapes->x[0],
                             "batch of output_shape and x")) ||
        failed(checkSameSize(loc, outputShape[1], outputs,
                             "channels of output_shape and weight")))
      return failure();
    outputShape = outputShape.drop_front(2);
  }
  auto window = computeTransposedWindow(
      loc, shapes->spatial(),
      {shapes->kernel(), adaptor.getStrides(), adaptor.getDilations(),
       adaptor.getPadType(), adaptor.getPad()},
      outputShape);
  if (failed(window) || failed(checkBias(loc, adaptor.getBias(), outputs)))
    return failure();
  return appendWindowed(context, loc, shapes->x[0], outputs, *window, types);
}

FailureOr<Window> ConvTransposeOp::getWindow() {
  ArrayRef<int64_t> outputShape = getOutputShape();
  return computeTransposedWindow(
      getLoc(), getX().getType().getShape().drop_front(2),
      {getWeight().getType().getShape().drop_front(2), getStrides(),
       getDilations(), getPadType(), getPad()},
      outputShape.empty() ? outputShape : outputShape.drop_front(2));
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

/// All pooling operations have the same attributes and shapes.
template <typename AdaptorT>
static LogicalResult inferPool(MLIRContext *context,
                               std::optional<Location> loc, AdaptorT adaptor,
                               SmallVectorImpl<Type> &types) {
  auto x = getOperandShape(loc, adaptor.getX(), "x", 3, 5);
  if (failed(x))
    return failure();
  auto window = computeWindow(loc, x->drop_front(2),
                              {adaptor.getKernelSizes(),
                               adaptor.getStrides(),
                               {},
                               adaptor.getPadType(),
                               adaptor.getPad(),
                               adaptor.getCeilMode()});
  if (failed(window))
    return failure();
  return appendWindowed(context, loc, (*x)[0], (*x)[1], *window, types);
}

template <typename OpTy> static FailureOr<Window> getPoolWindow(OpTy op) {
  return computeWindow(op.getLoc(),
                       op.getX().getType().getShape().drop_front(2),
                       {op.getKernelSizes(),
                        op.getStrides(),
                        {},
                        op.getPadType(),
                        op.getPad(),
                        op.getCeilMode()});
}

#define MIL_POOL(OP)                                                           \
  LogicalResult OP::inferReturnTypes(                                          \
      MLIRContext *context, std::optional<Location> loc, Adaptor adaptor,      \
      SmallVectorImpl<Type> &types) {                                          \
    return inferPool(context, loc, adaptor, types);                            \
  }                                                                            \
  FailureOr<Window> OP::getWindow() { return getPoolWindow(*this); }
MIL_POOL(MaxPoolOp)
MIL_POOL(AvgPoolOp)
MIL_POOL(L2PoolOp)
#undef MIL_POOL

//===----------------------------------------------------------------------===//
// Generated definitions
//===----------------------------------------------------------------------===//

#define GET_OP_CLASSES
#include "MLModel/Dialect/MIL/IR/ConvolutionOps.cpp.inc"

void MILDialect::registerConvolutionOps() {
  addOperations<
#define GET_OP_LIST
#include "MLModel/Dialect/MIL/IR/ConvolutionOps.cpp.inc"
      >();
}
