//===- LayerRewriter.cpp - How layers are rewritten to mil ----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerRewriter.h"
#include "MLModel/Dialect/MIL/IR/ConstantsOps.h"
#include "MLModel/Dialect/MIL/IR/ShapeOps.h"
#include "MLModel/Dialect/MLModel/IR/WeightsView.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;
using namespace mlmodel;

ArrayRef<int64_t> LayerRewriter::getInputShape(size_t i) const {
  return cast<RankedTensorType>(getInput(i).getType()).getShape();
}

ArrayRef<int64_t> LayerRewriter::getOutputShape(size_t i) const {
  return cast<RankedTensorType>(layer->getResult(i).getType()).getShape();
}

//===----------------------------------------------------------------------===//
// Small constants and changes of shape
//===----------------------------------------------------------------------===//

static DenseElementsAttr getFloats(MLIRContext *context,
                                   ArrayRef<int64_t> shape,
                                   ArrayRef<float> values) {
  return DenseElementsAttr::get(mil::getTensorType(context, shape), values);
}

Value LayerRewriter::scalar(float value) {
  return create<mil::ConstOp>(
      ElementsAttr(getFloats(rewriter.getContext(), {}, value)));
}

Value LayerRewriter::vector(ArrayRef<float> values) {
  int64_t size = values.size();
  return create<mil::ConstOp>(
      ElementsAttr(getFloats(rewriter.getContext(), size, values)));
}

Value LayerRewriter::reshape(Value x, ArrayRef<int64_t> shape) {
  if (!x || cast<RankedTensorType>(x.getType()).getShape() == shape)
    return x;
  return create<mil::ReshapeOp>(x, shape);
}

Value LayerRewriter::transpose(Value x, ArrayRef<int64_t> permutation) {
  if (llvm::equal(permutation, llvm::seq<int64_t>(0, permutation.size())))
    return x;
  return create<mil::TransposeOp>(x, permutation);
}

Value LayerRewriter::foldLeading(Value x, int64_t keep) {
  if (!x)
    return {};
  ArrayRef<int64_t> shape = cast<RankedTensorType>(x.getType()).getShape();
  SmallVector<int64_t> folded(shape.take_back(keep));
  int64_t leading = 1;
  for (int64_t size : shape.drop_back(keep))
    leading *= size;
  folded.insert(folded.begin(), leading);
  return reshape(x, folded);
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

/// The same values under another shape; a resource stays the same resource.
static ElementsAttr reshapeElements(ElementsAttr elements,
                                    RankedTensorType type) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(elements))
    return DenseResourceElementsAttr::get(type, resource.getRawHandle());
  return cast<DenseElementsAttr>(elements).reshape(type);
}

/// The values as a tensor of rank 1 with \p count elements; a single value is
/// repeated.
static ElementsAttr getTable(MLIRContext *context, DenseF32ArrayAttr values,
                             int64_t count) {
  ArrayRef<float> table = values.asArrayRef();
  SmallVector<float> repeated;
  if (table.size() == 1 && count != 1) {
    repeated.assign(count, table[0]);
    table = repeated;
  }
  return getFloats(context, static_cast<int64_t>(table.size()), table);
}

Value LayerRewriter::weights(WeightsAttr weights, ArrayRef<int64_t> shape,
                             int64_t channelAxis) {
  if (failed || !weights || weights.getData().getNumElements() == 0)
    return {};
  auto type = RankedTensorType::get(shape, weights.getData().getElementType());
  switch (getStorage(weights)) {
  case WeightStorage::Float32:
    return create<mil::ConstOp>(reshapeElements(weights.getData(), type));
  case WeightStorage::Float16:
    return create<mil::ConstexprCastOp>(
        reshapeElements(weights.getData(), type));
  case WeightStorage::Raw:
  case WeightStorage::Int8:
    return packedWeights(weights, type, channelAxis);
  case WeightStorage::Other:
    break;
  }
  failed = true;
  (void)unsupported("weights of an unknown element type are");
  return {};
}

Value LayerRewriter::packedWeights(WeightsAttr weights, RankedTensorType type,
                                   int64_t channelAxis) {
  MLIRContext *context = rewriter.getContext();
  Type resultType = mil::getTensorType(context, type.getShape());
  if (auto lut = dyn_cast<LookupTableAttr>(weights.getQuantization())) {
    if (getStorage(weights) == WeightStorage::Int8) {
      failed = true;
      (void)unsupported("int8RawValue with a lookup table is");
      return {};
    }
    return mil::ConstexprLutToDenseOp::create(
        rewriter, getLoc(), resultType, weights.getData(),
        rewriter.getI64IntegerAttr(lut.getBits()),
        getTable(context, lut.getTable(), lut.getTable().size()),
        /*axis=*/rewriter.getI64IntegerAttr(0), /*mask=*/ElementsAttr());
  }
  auto linear = cast<LinearQuantizationAttr>(weights.getQuantization());
  bool hasBias = linear.getBias() && linear.getBias().size() > 0;
  int64_t count = linear.getScale().size();
  if (hasBias)
    count = std::max<int64_t>(count, linear.getBias().size());
  int64_t bits =
      getStorage(weights) == WeightStorage::Int8 ? 8 : linear.getBits();
  return mil::ConstexprLinearDequantizeOp::create(
      rewriter, getLoc(), resultType, weights.getData(),
      rewriter.getI64IntegerAttr(bits),
      getTable(context, linear.getScale(), count),
      hasBias ? getTable(context, linear.getBias(), count) : ElementsAttr(),
      rewriter.getI64IntegerAttr(channelAxis), /*mask=*/ElementsAttr());
}

//===----------------------------------------------------------------------===//
// The end of a pattern
//===----------------------------------------------------------------------===//

LogicalResult LayerRewriter::replace(ValueRange values) {
  if (failed || llvm::is_contained(values, Value()))
    return failure();
  for (auto [value, result] : llvm::zip(values, layer->getResults()))
    if (value.getType() != result.getType())
      return unsupported(
          "a result of type " +
          toString(toDims(cast<RankedTensorType>(value.getType()).getShape())) +
          " where shape inference said " +
          toString(
              toDims(cast<RankedTensorType>(result.getType()).getShape())) +
          " is");
  rewriter.replaceOp(layer, values);
  return success();
}

LogicalResult LayerRewriter::replaceReshaped(Value value) {
  return replace(reshape(value, getOutputShape()));
}

LogicalResult LayerRewriter::unsupported(const Twine &message) {
  return emitClassified(getLoc(), ErrorClass::Unsupported,
                        "layer '" + layer.getLayer().getName().getValue() +
                            "' (" + layer.getLayerField() + "): " + message +
                            " not supported");
}
