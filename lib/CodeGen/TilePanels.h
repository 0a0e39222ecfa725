//===- TilePanels.h - Vectors that tiles share ------------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Emits what the body of a reduction computes before the sums: inputs, codes
// that are looked up in groups, and the vectors of a panel (TileBlocking.h).
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_TILEPANELS_H
#define MLMODEL_LIB_CODEGEN_TILEPANELS_H

#include "TileBlocking.h"
#include "TileLoops.h"

namespace mlmodel {

class TilePanels : public TileLoops {
public:
  TilePanels(mlir::RewriterBase &rewriter, mlir::linalg::LinalgOp op,
             const RegisterFile &registers, const TilePlan &plan)
      : TileLoops(rewriter, op.getLoc(), LoopNest(op), registers, plan), op(op),
        order(nest, plan), codes(findCodes(op, plan.lanesLoop, registers)) {}

  using TileCursor::getAccess;
  Access getAccess(mlir::OpOperand &operand) {
    return getAccess(operand.get(), op.getMatchingIndexingMap(&operand));
  }

  /// Has to be called where all of the nest's loops are inside.
  void splitTables();

  /// Terms that are computed together: those of a group of codes.
  int64_t getGroupTerms() const { return codes ? codes->group.getTerms() : 1; }

  /// Whether looking up the codes replaces \p inner.
  bool isLookedUp(mlir::Operation *inner) const {
    return codes && codes->ops.contains(inner);
  }

  /// Calls \p body at each of \p count terms of the group that begins here.
  void forEachGroupTerm(int64_t count,
                        llvm::function_ref<void(int64_t term)> body);

  /// What the codes of all terms of the group that begins here stand for;
  /// nothing where there are no codes.
  llvm::SmallVector<mlir::Value> lookUpCodes();

  /// Maps those arguments of the body that \p isUser reads to what the cursor
  /// is at.
  void loadInputs(mlir::IRMapping &map, int64_t partial,
                  llvm::function_ref<bool(mlir::Operation *)> isUser);

  /// The vector of \p panel at the cursor; \p found is what its code stands
  /// for.
  mlir::Value computePanelVector(const Panel &panel, int64_t partial,
                                 mlir::Value found);

protected:
  mlir::linalg::LinalgOp op;
  LoopOrder order;
  std::optional<TileCodes> codes;

private:
  /// Those that splitTable has made.
  llvm::SmallVector<mlir::Value> tables;
};

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_TILEPANELS_H
