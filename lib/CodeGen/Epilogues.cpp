//===- Epilogues.cpp - Put work where it is done once -----------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/CodeGen/Passes.h"
#include "TilePlan.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/MapVector.h"

namespace mlmodel {
#define GEN_PASS_DEF_HOISTBROADCASTS
#define GEN_PASS_DEF_ADDSTARTSLAST
#define GEN_PASS_DEF_FORMEPILOGUES
#include "MLModel/CodeGen/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;

//===----------------------------------------------------------------------===//
// Work that does not depend on all loops
//===----------------------------------------------------------------------===//

namespace {

/// Moves what an elementwise loop computes from narrow operands alone, such as
/// gamma / sqrt(variance) of each channel, into a loop of its own.
class BroadcastHoister {
public:
  explicit BroadcastHoister(linalg::GenericOp op) : op(op) {}

  void run() {
    if (op.getNumReductionLoops() != 0 || op.getNumDpsInits() != 1)
      return;
    for (Operation &inner : op.getBody()->without_terminator())
      narrow[&inner] = classify(inner);
    SmallVector<Operation *> moved;
    for (Operation &inner : op.getBody()->without_terminator())
      if (AffineMap map = narrow[&inner]; map && isNeededElsewhere(inner, map))
        moved.push_back(&inner);
    for (Operation *inner : moved)
      move(inner);
    SmallVector<Operation *> left;
    for (Operation &inner : op.getBody()->without_terminator())
      left.push_back(&inner);
    for (Operation *inner : llvm::reverse(left))
      if (isOpTriviallyDead(inner))
        inner->erase();
  }

private:
  /// The map of the operands that \p inner is computed from, if they all have
  /// the same and it leaves loops out.
  AffineMap classify(Operation &inner) {
    if (!OpTrait::hasElementwiseMappableTraits(&inner) ||
        inner.getNumResults() != 1 || !inner.getResult(0).getType().isF32())
      return {};
    AffineMap common;
    for (Value value : inner.getOperands()) {
      if (!op.getRegion().isAncestor(value.getParentRegion()))
        continue;
      AffineMap map;
      if (auto argument = dyn_cast<BlockArgument>(value))
        map = op.getMatchingIndexingMap(
            &op->getOpOperand(argument.getArgNumber()));
      else
        map = narrow.lookup(value.getDefiningOp());
      bool isNarrow = map && map.isProjectedPermutation() &&
                      map.getNumResults() < map.getNumDims() &&
                      (!common || common == map);
      if (!isNarrow)
        return {};
      common = map;
    }
    return common;
  }

  bool isNeededElsewhere(Operation &inner, AffineMap map) {
    return llvm::any_of(inner.getUsers(), [&](Operation *user) {
      return narrow.lookup(user) != map;
    });
  }

  void move(Operation *inner) {
    OpBuilder builder(op);
    AffineMap map = narrow[inner];
    // The operations that it takes, and the operands that those read.
    SmallVector<Operation *> slice;
    llvm::SetVector<unsigned> read;
    collect(inner, slice, read);
    SmallVector<Value> inputs;
    for (unsigned index : read)
      inputs.push_back(op->getOperand(index));
    SmallVector<int64_t> ranges = op.getStaticLoopRanges(), shape;
    for (AffineExpr expr : map.getResults())
      shape.push_back(ranges[cast<AffineDimExpr>(expr).getPosition()]);
    Location loc = op.getLoc();
    Value empty =
        tensor::EmptyOp::create(builder, loc, shape, builder.getF32Type());
    SmallVector<AffineMap> maps(inputs.size() + 1,
                                builder.getMultiDimIdentityMap(shape.size()));
    SmallVector<utils::IteratorType> iterators(shape.size(),
                                               utils::IteratorType::parallel);
    auto body = [&](OpBuilder &nested, Location loc, ValueRange x) {
      IRMapping mapping;
      for (auto [i, index] : llvm::enumerate(read))
        mapping.map(op.getBody()->getArgument(index), x[i]);
      for (Operation *each : slice)
        nested.clone(*each, mapping);
      linalg::YieldOp::create(nested, loc, mapping.lookup(inner->getResult(0)));
    };
    auto hoisted = linalg::GenericOp::create(
        builder, loc, empty.getType(), inputs, empty, maps, iterators, body);
    replaceByInput(inner->getResult(0), hoisted.getResult(0), map);
  }

  void collect(Operation *inner, SmallVectorImpl<Operation *> &slice,
               llvm::SetVector<unsigned> &read) {
    if (llvm::is_contained(slice, inner))
      return;
    for (Value value : inner->getOperands()) {
      if (auto argument = dyn_cast<BlockArgument>(value)) {
        if (argument.getOwner() == op.getBody())
          read.insert(argument.getArgNumber());
      } else if (value.getDefiningOp()->getBlock() == op.getBody()) {
        collect(value.getDefiningOp(), slice, read);
      }
    }
    slice.push_back(inner);
  }

  /// Reads \p from out of a new operand.
  void replaceByInput(Value from, Value operand, AffineMap map) {
    unsigned index = op.getNumDpsInputs();
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    maps.insert(maps.begin() + index, map);
    op.getInputsMutable().append(operand);
    op.setIndexingMapsAttr(
        Builder(op.getContext()).getAffineMapArrayAttr(maps));
    BlockArgument argument =
        op.getBody()->insertArgument(index, from.getType(), from.getLoc());
    from.replaceAllUsesWith(argument);
  }

  linalg::GenericOp op;
  /// For operations of the body, the map of all operands they depend on.
  DenseMap<Operation *, AffineMap> narrow;
};

struct HoistBroadcasts : mlmodel::impl::HoistBroadcastsBase<HoistBroadcasts> {
  using HoistBroadcastsBase::HoistBroadcastsBase;

  void runOnOperation() override {
    SmallVector<linalg::GenericOp> ops;
    getOperation().walk([&](linalg::GenericOp op) {
      if (!ShapedType::isDynamicShape(op.getStaticLoopRanges()))
        ops.push_back(op);
    });
    for (linalg::GenericOp op : ops)
      BroadcastHoister(op).run();
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// Epilogues
//===----------------------------------------------------------------------===//

/// The loop that computes what \p sum starts from, if that is neither given nor
/// the same value everywhere.
static linalg::GenericOp findStart(linalg::GenericOp sum) {
  auto start = sum.getDpsInits()[0].getDefiningOp<linalg::GenericOp>();
  bool isStart =
      start && start.getNumReductionLoops() == 0 &&
      start.getNumDpsInits() == 1 && start->hasOneUse() &&
      start.getMatchingBlockArgument(start.getDpsInitOperand(0)).use_empty() &&
      start.getMatchingIndexingMap(start.getDpsInitOperand(0)).isIdentity() &&
      start.getBody()->getOps<linalg::IndexOp>().empty() &&
      llvm::any_of(start.getInputs(), [](Value input) {
        return isa<ShapedType>(input.getType());
      });
  return isStart ? start : linalg::GenericOp();
}

static bool isSum(linalg::GenericOp op) {
  return op.getNumReductionLoops() != 0 &&
         isa_and_nonnull<arith::AddFOp>(mlmodel::findCombiner(op)) &&
         op.getResult(0).getType() == op.getDpsInits()[0].getType();
}

/// Lets \p sum start from zeros and adds what it started from at the end.
static void addStartLast(linalg::GenericOp sum, linalg::GenericOp start) {
  OpBuilder builder(sum);
  Location loc = sum.getLoc();
  auto type = cast<RankedTensorType>(sum.getResult(0).getType());
  Value zero = arith::ConstantOp::create(
      builder, loc, builder.getZeroAttr(type.getElementType()));
  Value zeros =
      linalg::FillOp::create(builder, loc, zero, start.getDpsInits()[0])
          .getResult(0);
  sum.getDpsInitOperand(0)->set(zeros);

  builder.setInsertionPointAfter(sum);
  SmallVector<Value> inputs(start.getInputs());
  inputs.push_back(sum.getResult(0));
  SmallVector<AffineMap> maps = start.getIndexingMapsArray();
  maps.push_back(maps.back());
  auto body = [&](OpBuilder &nested, Location loc, ValueRange x) {
    IRMapping mapping;
    mapping.map(start.getBody()->getArguments().drop_back(), x.drop_back(2));
    for (Operation &inner : start.getBody()->without_terminator())
      nested.clone(inner, mapping);
    Value first = mapping.lookupOrDefault(
        start.getBody()->getTerminator()->getOperand(0));
    Value total = arith::AddFOp::create(nested, loc, first, x[x.size() - 2]);
    linalg::YieldOp::create(nested, loc, total);
  };
  auto added = linalg::GenericOp::create(builder, loc, type, inputs,
                                         start.getDpsInits()[0], maps,
                                         start.getIteratorTypesArray(), body);
  sum.getResult(0).replaceAllUsesExcept(added.getResult(0), added);
  start.erase();
}

/// The reduction that \p op may continue in place: nobody else reads it, and
/// \p op only where it writes.
static linalg::GenericOp findReduction(linalg::GenericOp op) {
  linalg::GenericOp last;
  for (OpOperand *operand : op.getDpsInputOperands()) {
    auto reduction = operand->get().getDefiningOp<linalg::GenericOp>();
    if (!reduction || reduction.getNumReductionLoops() == 0 ||
        reduction->getBlock() != op->getBlock() ||
        reduction->getNumResults() != 1 ||
        operand->get().getType() != op.getResult(0).getType())
      continue;
    bool isOwn = llvm::all_of(reduction->getUses(), [&](OpOperand &use) {
      return use.getOwner() == op && op.isDpsInput(&use) &&
             op.getMatchingIndexingMap(&use).isIdentity();
    });
    if (isOwn && (!last || last->isBeforeInBlock(reduction)))
      last = reduction;
  }
  return last;
}

/// Makes \p op update the result of \p reduction, which moves right before it.
static void continueInPlace(linalg::GenericOp op, linalg::GenericOp reduction) {
  reduction->moveBefore(op);
  if (auto fill = reduction.getDpsInits()[0].getDefiningOp<linalg::LinalgOp>())
    if (fill->hasOneUse() && fill->getBlock() == op->getBlock())
      fill->moveBefore(reduction);
  OpBuilder builder(op);
  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
  SmallVector<int> argumentOf;
  for (OpOperand *operand : op.getDpsInputOperands()) {
    bool isReduced = operand->get() == reduction.getResult(0);
    argumentOf.push_back(isReduced ? -1 : int(inputs.size()));
    if (isReduced)
      continue;
    inputs.push_back(operand->get());
    maps.push_back(op.getMatchingIndexingMap(operand));
  }
  maps.push_back(op.getMatchingIndexingMap(op.getDpsInitOperand(0)));
  auto body = [&](OpBuilder &nested, Location loc, ValueRange x) {
    IRMapping mapping;
    for (auto [i, place] : llvm::enumerate(argumentOf))
      mapping.map(op.getBody()->getArgument(i),
                  place < 0 ? x.back() : x[place]);
    for (Operation &inner : *op.getBody())
      nested.clone(inner, mapping);
  };
  auto inPlace = linalg::GenericOp::create(
      builder, op.getLoc(), op.getResultTypes(), inputs, reduction.getResult(0),
      maps, op.getIteratorTypesArray(), body);
  op.replaceAllUsesWith(inPlace.getResults());
  op.erase();
}

/// Whether \p op computes each element from those at the same place and needs
/// nothing that vectors lack.
static bool isElementwise(linalg::GenericOp op) {
  return op.getNumReductionLoops() == 0 && op.getNumDpsInits() == 1 &&
         op.getMatchingIndexingMap(op.getDpsInitOperand(0)).isIdentity() &&
         op.getMatchingBlockArgument(op.getDpsInitOperand(0)).use_empty() &&
         llvm::all_of(op.getBody()->without_terminator(), [](Operation &inner) {
           return OpTrait::hasElementwiseMappableTraits(&inner) &&
                  inner.getNumResults() == 1;
         });
}

namespace {

struct AddStartsLast : mlmodel::impl::AddStartsLastBase<AddStartsLast> {
  using AddStartsLastBase::AddStartsLastBase;

  void runOnOperation() override {
    SmallVector<linalg::GenericOp> sums;
    getOperation().walk([&](linalg::GenericOp op) {
      if (isSum(op))
        sums.push_back(op);
    });
    for (linalg::GenericOp sum : sums)
      if (linalg::GenericOp start = findStart(sum))
        addStartLast(sum, start);
  }
};

struct FormEpilogues : mlmodel::impl::FormEpiloguesBase<FormEpilogues> {
  using FormEpiloguesBase::FormEpiloguesBase;

  void runOnOperation() override {
    SmallVector<linalg::GenericOp> ops;
    getOperation().walk([&](linalg::GenericOp op) {
      if (isElementwise(op))
        ops.push_back(op);
    });
    for (linalg::GenericOp op : ops)
      if (linalg::GenericOp reduction = findReduction(op))
        continueInPlace(op, reduction);
  }
};

} // namespace
