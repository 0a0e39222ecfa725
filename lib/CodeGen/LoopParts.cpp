//===- LoopParts.cpp - Some steps of an operation's loops -----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopParts.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlmodel;

bool mlmodel::canTakePart(linalg::LinalgOp op, unsigned loop,
                          llvm::function_ref<bool(OpOperand &)> isWhole) {
  return llvm::all_of(op->getOpOperands(), [&](OpOperand &operand) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    return (isWhole && isWhole(operand)) ||
           llvm::all_of(map.getResults(), [&](AffineExpr expr) {
             return !expr.isFunctionOfDim(loop) || isa<AffineDimExpr>(expr);
           });
  });
}

/// What of \p value, indexed by \p map, belongs to \p parts.
static Value takePart(RewriterBase &rewriter, Location loc, Value value,
                      AffineMap map, ArrayRef<LoopPart> parts) {
  auto type = dyn_cast<MemRefType>(value.getType());
  bool isDivided = llvm::any_of(parts, [&](const LoopPart &part) {
    return map.isFunctionOfDim(part.loop);
  });
  if (!type || !isDivided)
    return value;
  SmallVector<OpFoldResult> offsets(type.getRank(), rewriter.getIndexAttr(0));
  SmallVector<OpFoldResult> strides(type.getRank(), rewriter.getIndexAttr(1));
  SmallVector<OpFoldResult> sizes;
  for (int64_t size : type.getShape())
    sizes.push_back(rewriter.getIndexAttr(size));
  for (const LoopPart &part : parts)
    for (auto [dim, expr] : llvm::enumerate(map.getResults()))
      if (expr.isFunctionOfDim(part.loop)) {
        offsets[dim] = part.begin;
        sizes[dim] = rewriter.getIndexAttr(part.size);
      }
  return memref::SubViewOp::create(rewriter, loc, value, offsets, sizes,
                                   strides);
}

linalg::LinalgOp mlmodel::takePart(RewriterBase &rewriter, linalg::LinalgOp op,
                                   ArrayRef<LoopPart> parts, Value whole) {
  if (!op)
    return {};
  SmallVector<Value> operands;
  for (OpOperand &operand : op->getOpOperands())
    operands.push_back(operand.get() == whole
                           ? whole
                           : ::takePart(rewriter, op.getLoc(), operand.get(),
                                        op.getMatchingIndexingMap(&operand),
                                        parts));
  return cast<linalg::LinalgOp>(
      mlir::clone(rewriter, op, /*newResultTypes=*/{}, operands));
}
