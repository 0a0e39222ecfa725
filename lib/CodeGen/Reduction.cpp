//===- Reduction.cpp - A reduction and what surrounds it ------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Reduction.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlmodel;

/// The next operation after \p op, or before it, that may touch memory.
static Operation *findNeighbour(Operation *op, bool forward) {
  do
    op = forward ? op->getNextNode() : op->getPrevNode();
  while (op && (isMemoryEffectFree(op) || isa<memref::AllocOp>(op)));
  return op;
}

bool mlmodel::isFill(linalg::LinalgOp op) {
  return op.getNumDpsInits() == 1 && op.getNumReductionLoops() == 0 &&
         op.getMatchingBlockArgument(op.getDpsInitOperand(0)).use_empty() &&
         op.getBlock()->getOperations().size() == 1 &&
         llvm::none_of(op.getDpsInputs(), [](Value input) {
           return isa<ShapedType>(input.getType());
         });
}

Value mlmodel::getFillValue(linalg::LinalgOp fill) {
  Value value = fill.getBlock()->getTerminator()->getOperand(0);
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument || argument.getOwner() != fill.getBlock())
    return value;
  return fill->getOperand(argument.getArgNumber());
}

bool mlmodel::isEpilogue(linalg::LinalgOp op) {
  if (op.getNumDpsInits() != 1 || op.getNumReductionLoops() != 0)
    return false;
  OpOperand *init = op.getDpsInitOperand(0);
  if (!op.getMatchingIndexingMap(init).isIdentity() ||
      op.getMatchingBlockArgument(init).use_empty())
    return false;
  return llvm::all_of(op.getBlock()->without_terminator(),
                      [](Operation &inner) {
                        return OpTrait::hasElementwiseMappableTraits(&inner) &&
                               inner.getNumResults() == 1;
                      });
}

Reduction mlmodel::findReduction(linalg::LinalgOp op) {
  Reduction reduction{op, {}, {}};
  Value buffer = op.getDpsInits()[0];
  auto find = [&](bool forward) -> linalg::LinalgOp {
    Operation *neighbour = findNeighbour(op, forward);
    auto linalgOp = dyn_cast_or_null<linalg::LinalgOp>(neighbour);
    bool isSame = linalgOp && linalgOp.getNumDpsInits() == 1 &&
                  linalgOp.getDpsInits()[0] == buffer;
    return isSame ? linalgOp : linalg::LinalgOp();
  };
  if (linalg::LinalgOp before = find(/*forward=*/false))
    if (isFill(before))
      reduction.fill = before;
  if (linalg::LinalgOp after = find(/*forward=*/true))
    if (isEpilogue(after) && !llvm::is_contained(after.getDpsInputs(), buffer))
      reduction.epilogue = after;
  return reduction;
}
