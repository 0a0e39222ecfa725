//===- ConstantsOps.cpp - mil ops: Constants --------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/ConstantsOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"

using namespace mlmodel::mil;

#define GET_OP_CLASSES
#include "MLModel/Dialect/MIL/IR/ConstantsOps.cpp.inc"

void MILDialect::registerConstantsOps() {
  addOperations<
#define GET_OP_LIST
#include "MLModel/Dialect/MIL/IR/ConstantsOps.cpp.inc"
      >();
}

/// Checks that a resource, where it is there, has as many bytes as its type
/// says. (Text that was printed without its resources still parses.)
static LogicalResult verifyBlob(Operation *op, ElementsAttr attr,
                                StringRef name) {
  auto resource = dyn_cast<DenseResourceElementsAttr>(attr);
  if (!resource && !isa<DenseElementsAttr>(attr))
    return op->emitOpError() << name << " must be dense or dense_resource";
  ShapedType type = attr.getShapedType();
  auto count = getNumElements(type.getShape());
  if (failed(count) || *count > (int64_t(1) << 48))
    return op->emitOpError() << name << " is too big: " << type;
  if (!resource)
    return success();
  AsmResourceBlob *blob = resource.getRawHandle().getBlob();
  uint64_t bytes = uint64_t(*count) * type.getElementTypeBitWidth() / 8;
  if (blob && blob->getData().size() != bytes)
    return op->emitOpError()
           << name << " of type " << type << " needs " << bytes
           << " bytes, but its resource has " << blob->getData().size();
  return success();
}

/// Checks a small float table: dense, float32, rank 1.
static LogicalResult verifyTable(Operation *op, ElementsAttr attr,
                                 StringRef name) {
  auto type = dyn_cast<RankedTensorType>(attr.getShapedType());
  if (!type || type.getRank() != 1 || !type.getElementType().isF32())
    return op->emitOpError()
           << name << " must be 1-D of f32, but is " << attr.getShapedType();
  return verifyBlob(op, attr, name);
}

/// The number of elements of the result.
static FailureOr<int64_t> verifyResult(Operation *op) {
  auto result = cast<RankedTensorType>(op->getResult(0).getType());
  auto count = getNumElements(result.getShape());
  if (failed(count) || *count > (int64_t(1) << 48))
    return op->emitOpError("result shape must be static and of sane size, but "
                           "is ")
           << result;
  return *count;
}

/// The bytes of a checked attribute; nothing if they were not printed.
static std::optional<ArrayRef<char>> getBytes(ElementsAttr attr) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(attr)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    return blob ? std::optional(blob->getData()) : std::nullopt;
  }
  return cast<DenseElementsAttr>(attr).getRawData();
}

/// Checks `mask` for `count` elements and returns how many it marks, or -1
/// where its bytes were not printed.
static FailureOr<int64_t> verifyMask(Operation *op, ElementsAttr mask,
                                     int64_t count) {
  auto type = dyn_cast<RankedTensorType>(mask.getShapedType());
  int64_t size = llvm::divideCeil(count, 8);
  if (!type || type.getRank() != 1 ||
      !type.getElementType().isUnsignedInteger(8) || type.getDimSize(0) != size)
    return op->emitOpError("mask must be tensor<")
           << size << "xui8>, but is " << mask.getShapedType();
  if (failed(verifyBlob(op, mask, "mask")))
    return failure();
  std::optional<ArrayRef<char>> bytes = getBytes(mask);
  if (!bytes)
    return -1;
  auto dense = dyn_cast<DenseElementsAttr>(mask);
  int64_t repeat = dense && dense.isSplat() ? size : 1;
  int64_t marked = 0;
  for (char byte : *bytes)
    marked += llvm::popcount(static_cast<uint8_t>(byte)) * repeat;
  uint8_t last = bytes->empty() ? 0 : bytes->back();
  if (count % 8 && last >> (count % 8))
    return op->emitOpError("mask has bits after the last element");
  return marked;
}

/// Checks that `data` holds one value of `bits` bits per element of `result`,
/// or per element that `mask` marks.
static LogicalResult verifyPackedData(Operation *op, ElementsAttr data,
                                      int64_t bits, bool allowSigned,
                                      std::optional<ElementsAttr> mask) {
  FailureOr<int64_t> count = verifyResult(op);
  if (succeeded(count) && mask)
    count = verifyMask(op, *mask, *count);
  if (failed(count))
    return failure();
  if (bits < 1 || bits > 8)
    return op->emitOpError("bits must be in [1, 8], but is ") << bits;
  auto type = dyn_cast<RankedTensorType>(data.getShapedType());
  if (!type || type.getRank() != 1 ||
      !(type.getElementType().isUnsignedInteger(8) ||
        (allowSigned && type.getElementType().isSignedInteger(8))))
    return op->emitOpError("data must be 1-D of ui8")
           << (allowSigned ? " or si8" : "") << ", but is "
           << data.getShapedType();
  if (type.getElementType().isSignedInteger(8) && bits != 8)
    return op->emitOpError("signed data has 8 bits, not ") << bits;
  int64_t bytes = (*count * bits + 7) / 8;
  if (*count >= 0 && type.getDimSize(0) != bytes)
    return op->emitOpError("data has ")
           << type.getDimSize(0) << " bytes, but " << *count << " elements of "
           << bits << " bits need " << bytes;
  return verifyBlob(op, data, "data");
}

//===----------------------------------------------------------------------===//
// const
//===----------------------------------------------------------------------===//

LogicalResult ConstOp::inferReturnTypes(MLIRContext *, std::optional<Location>,
                                        Adaptor adaptor,
                                        SmallVectorImpl<Type> &types) {
  types.push_back(adaptor.getValue().getType());
  return success();
}

LogicalResult ConstOp::verify() {
  return verifyBlob(*this, getValue(), "value");
}

OpFoldResult ConstOp::fold(FoldAdaptor) { return getValue(); }

//===----------------------------------------------------------------------===//
// constexpr_cast
//===----------------------------------------------------------------------===//

LogicalResult ConstexprCastOp::inferReturnTypes(MLIRContext *context,
                                                std::optional<Location>,
                                                Adaptor adaptor,
                                                SmallVectorImpl<Type> &types) {
  types.push_back(getTensorType(
      context, adaptor.getSourceVal().getShapedType().getShape()));
  return success();
}

LogicalResult ConstexprCastOp::verify() {
  if (!getSourceVal().getElementType().isF16())
    return emitOpError("source_val must be of f16, but is ")
           << getSourceVal().getShapedType();
  return verifyBlob(*this, getSourceVal(), "source_val");
}

//===----------------------------------------------------------------------===//
// constexpr_linear_dequantize, constexpr_lut_to_dense
//===----------------------------------------------------------------------===//

LogicalResult ConstexprLinearDequantizeOp::verify() {
  if (failed(verifyPackedData(*this, getData(), getBits(), true, getMask())) ||
      failed(verifyTable(*this, getScale(), "scale")))
    return failure();
  auto type = cast<RankedTensorType>(getResult().getType());
  int64_t scales = getScale().getNumElements();
  if (scales != 1) {
    auto axis = normalizeAxis(getLoc(), getAxis(), type.getRank());
    if (failed(axis))
      return failure();
    if (scales != type.getDimSize(*axis))
      return emitOpError("scale has ")
             << scales << " elements, but dimension " << *axis << " of " << type
             << " has " << type.getDimSize(*axis);
  }
  if (!getBias())
    return success();
  if (failed(verifyTable(*this, *getBias(), "bias")))
    return failure();
  int64_t biases = getBias()->getNumElements();
  if (biases != scales)
    return emitOpError("bias has ")
           << biases << " elements, but scale has " << scales;
  return success();
}

/// Checks that \p groups tables fit the channels along \p axis.
static LogicalResult verifyGroups(Operation *op, int64_t groups, int64_t axis) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  auto normal = normalizeAxis(op->getLoc(), axis, type.getRank());
  if (failed(normal))
    return failure();
  int64_t channels = type.getDimSize(*normal);
  if (groups < 1 || channels % groups)
    return op->emitOpError("lut has ")
           << groups << " tables, which do not divide dimension " << *normal
           << " of " << type;
  return success();
}

LogicalResult ConstexprLutToDenseOp::verify() {
  if (failed(verifyPackedData(*this, getData(), getBits(), false, getMask())))
    return failure();
  auto type = dyn_cast<RankedTensorType>(getLut().getShapedType());
  if (!type || type.getRank() < 1 || type.getRank() > 2 ||
      !type.getElementType().isF32())
    return emitOpError("lut must be 1-D or 2-D of f32, but is ")
           << getLut().getShapedType();
  int64_t entries = type.getShape().back();
  if (entries != (int64_t(1) << getBits()))
    return emitOpError("lut has ") << entries << " elements, but " << getBits()
                                   << " bits need " << (1 << getBits());
  if (type.getRank() == 2 &&
      failed(verifyGroups(*this, type.getDimSize(0), getAxis())))
    return failure();
  return verifyBlob(*this, getLut(), "lut");
}

//===----------------------------------------------------------------------===//
// constexpr_sparse_to_dense
//===----------------------------------------------------------------------===//

LogicalResult ConstexprSparseToDenseOp::verify() {
  FailureOr<int64_t> count = verifyResult(*this);
  if (succeeded(count))
    count = verifyMask(*this, getMask(), *count);
  if (failed(count))
    return failure();
  auto type = dyn_cast<RankedTensorType>(getData().getShapedType());
  if (!type || type.getRank() != 1 ||
      !(type.getElementType().isF32() || type.getElementType().isF16()))
    return emitOpError("data must be 1-D of f32 or f16, but is ")
           << getData().getShapedType();
  if (*count >= 0 && type.getDimSize(0) != *count)
    return emitOpError("data has ")
           << type.getDimSize(0) << " elements, but the mask marks " << *count;
  return verifyBlob(*this, getData(), "data");
}
