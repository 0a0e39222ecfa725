//===- TilePanels.cpp - Vectors that tiles share --------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TilePanels.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlmodel;

void TilePanels::splitTables() {
  if (codes)
    tables = splitTable(rewriter, loc, codes->group, codes->getTable());
}

void TilePanels::forEachGroupTerm(int64_t count,
                                  llvm::function_ref<void(int64_t term)> body) {
  Value &place = indices[order.terms.front()];
  Value first = place;
  for (int64_t term = 0; term < count; ++term) {
    place = add(first, term);
    body(term);
  }
  place = first;
}

SmallVector<Value> TilePanels::lookUpCodes() {
  return codes ? lookUpGroup(*codes, tables) : SmallVector<Value>();
}

void TilePanels::loadInputs(IRMapping &map, int64_t partial,
                            llvm::function_ref<bool(Operation *)> isUser) {
  for (OpOperand *input : op.getDpsInputOperands()) {
    BlockArgument argument = op.getMatchingBlockArgument(input);
    if (!map.contains(argument) && llvm::any_of(argument.getUsers(), isUser))
      map.map(argument, load(getAccess(*input), partial));
  }
}

Value TilePanels::computePanelVector(const Panel &panel, int64_t partial,
                                     Value found) {
  IRMapping map;
  if (found)
    map.map(codes->lookUp->getResult(0), found);
  loadInputs(map, partial, [&](Operation *user) {
    return llvm::is_contained(panel.ops, user) && !isLookedUp(user);
  });
  for (Operation *inner : panel.ops)
    if (!isLookedUp(inner))
      cloneOperation(*inner, map);
  return map.lookup(panel.value);
}
