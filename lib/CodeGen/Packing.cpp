//===- Packing.cpp - Layouts of operands in blocks ------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PackOperands.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;
using namespace mlmodel;

std::optional<ArrayRef<char>> mlmodel::getRawData(ElementsAttr values) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(values)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    return blob ? std::optional(blob->getData()) : std::nullopt;
  }
  if (auto dense = dyn_cast<DenseElementsAttr>(values))
    return dense.getRawData();
  return std::nullopt;
}

bool mlmodel::isSplat(ElementsAttr values) {
  auto dense = dyn_cast<DenseElementsAttr>(values);
  return dense && dense.isSplat();
}

ElementsAttr mlmodel::findConstant(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
      auto values = dyn_cast<ElementsAttr>(constant.getValue());
      return values && getRawData(values) ? values : ElementsAttr();
    }
    if (!isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(op))
      break;
    value = op->getOperand(0);
  }
  return {};
}

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

std::optional<Packing> mlmodel::getPacking(linalg::GenericOp op, unsigned index,
                                           AffineMap map, AffineExpr place,
                                           int64_t block) {
  Packing packing{index, place, 0, block};
  SmallVector<std::pair<unsigned, unsigned>> others;
  bool found = false;
  for (auto [dim, expr] : llvm::enumerate(map.getResults())) {
    if (expr == place) {
      if (found)
        return std::nullopt;
      found = true;
      packing.dim = dim;
      continue;
    }
    auto other = dyn_cast<AffineDimExpr>(expr);
    if (!other || place.isFunctionOfDim(other.getPosition()))
      return std::nullopt;
    others.push_back({other.getPosition(), unsigned(dim)});
  }
  if (!found)
    return std::nullopt;
  // Terms innermost, as the loops will run.
  auto iterators = op.getIteratorTypesArray();
  llvm::sort(others, [&](auto a, auto b) {
    bool isTermA = iterators[a.first] == utils::IteratorType::reduction;
    bool isTermB = iterators[b.first] == utils::IteratorType::reduction;
    return std::pair(isTermA, a.first) < std::pair(isTermB, b.first);
  });
  for (auto [other, dim] : others)
    packing.order.push_back(dim);
  return packing;
}

AffineMap Packing::getMap(AffineMap map) const {
  SmallVector<AffineExpr> views;
  if (joined.empty())
    llvm::append_range(views, map.getResults());
  for (const ReassociationIndices &dims : joined)
    views.push_back(dims.size() > 1 ? place : map.getResult(dims.front()));
  SmallVector<AffineExpr> exprs{place.floorDiv(block)};
  for (unsigned other : order)
    exprs.push_back(views[other]);
  exprs.push_back(place % block);
  return AffineMap::get(map.getNumDims(), 0, exprs, map.getContext());
}

SmallVector<int64_t> Packing::getShape(ArrayRef<int64_t> shape) const {
  SmallVector<int64_t> packed{int64_t(llvm::divideCeil(shape[dim], block))};
  for (unsigned other : order)
    packed.push_back(shape[other]);
  packed.push_back(block);
  return packed;
}

void Packing::forEachVector(ArrayRef<int64_t> shape,
                            llvm::function_ref<void(Vector from)> visit) const {
  SmallVector<int64_t> strides(shape.size(), 1), place(order.size());
  for (size_t i = shape.size() - 1; i-- > 0;)
    strides[i] = strides[i + 1] * shape[i + 1];
  int64_t rest = 1;
  for (unsigned other : order)
    rest *= shape[other];
  for (int64_t first = 0; first < shape[dim]; first += block) {
    int64_t offset = first * strides[dim];
    int64_t count = std::min(block, shape[dim] - first);
    for (int64_t i = 0; i < rest; ++i) {
      visit({offset, strides[dim], count});
      for (size_t axis = place.size(); axis-- > 0;) {
        offset += strides[order[axis]];
        if (++place[axis] < shape[order[axis]])
          break;
        offset -= shape[order[axis]] * strides[order[axis]];
        place[axis] = 0;
      }
    }
  }
}
