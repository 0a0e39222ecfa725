//===- PadInPlace.cpp - Write what is to be padded into its place ---------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DecodeRows.h"
#include "MLModel/CodeGen/OpenSizes.h"
#include "MLModel/CodeGen/Passes.h"
#include "Reduction.h"
#include "Winograd.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

#include <cmath>

namespace mlmodel {
#define GEN_PASS_DEF_PADINPLACE
#include "MLModel/CodeGen/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;
using namespace mlmodel;

namespace {

/// A buffer that is filled, and then gets something in its middle.
struct Padding {
  memref::AllocOp padded;
  linalg::LinalgOp fill;
  memref::SubViewOp middle;
  memref::CopyOp copy;
};

} // namespace

/// Whether all that is done with \p buffer happens after \p op and leaves it as
/// it is, but for what \p known does.
static bool isOnlyReadAfter(Value buffer, Operation *op,
                            ArrayRef<Operation *> known) {
  return llvm::all_of(buffer.getUses(), [&](OpOperand &use) {
    Operation *user = use.getOwner();
    if (llvm::is_contained(known, user))
      return true;
    Operation *inBlock = op->getBlock()->findAncestorOpInBlock(*user);
    if (!inBlock || !op->isBeforeInBlock(inBlock))
      return false;
    if (auto view = dyn_cast<ViewLikeOpInterface>(user))
      return isOnlyReadAfter(view->getResult(0), op, known);
    if (auto linalgOp = dyn_cast<linalg::LinalgOp>(user))
      return linalgOp.isDpsInput(&use);
    auto copy = dyn_cast<memref::CopyOp>(user);
    return copy && copy.getSource() == buffer;
  });
}

static std::optional<Padding> findPadding(memref::CopyOp copy) {
  Padding padding;
  padding.copy = copy;
  padding.middle = copy.getTarget().getDefiningOp<memref::SubViewOp>();
  if (!padding.middle || !padding.middle->hasOneUse())
    return std::nullopt;
  padding.padded = padding.middle.getSource().getDefiningOp<memref::AllocOp>();
  auto isOne = [](int64_t stride) { return stride == 1; };
  bool isMiddle =
      padding.padded && padding.padded->getBlock() == copy->getBlock() &&
      padding.padded.getType().getLayout().isIdentity() &&
      padding.padded.getType().hasStaticShape() &&
      padding.middle.getType().hasStaticShape() &&
      padding.middle.getType().getRank() ==
          padding.padded.getType().getRank() &&
      !llvm::any_of(padding.middle.getStaticOffsets(), ShapedType::isDynamic) &&
      llvm::all_of(padding.middle.getStaticStrides(), isOne);
  if (!isMiddle)
    return std::nullopt;
  for (Operation *user : padding.padded->getUsers()) {
    auto fill = dyn_cast<linalg::LinalgOp>(user);
    bool isBefore = fill && fill->getBlock() == copy->getBlock() &&
                    fill->isBeforeInBlock(copy);
    if (isBefore && isFill(fill))
      padding.fill = fill;
  }
  if (!padding.fill || !isOnlyReadAfter(padding.padded.getMemref(), copy,
                                        {padding.fill, padding.middle}))
    return std::nullopt;
  return padding;
}

/// Fills what lies around the middle, in place of the whole: along each
/// dimension, what is before and behind the middle's range, in those dimensions
/// that were not dealt with before everything.
///
/// What other sizes may fill is filled even if it is empty (\p keepsEmpty).
static void fillBorder(RewriterBase &rewriter, Padding &padding,
                       bool keepsEmpty) {
  rewriter.setInsertionPoint(padding.fill);
  Location loc = padding.fill.getLoc();
  MemRefType type = padding.padded.getType();
  SmallVector<int64_t> offsets(type.getRank(), 0), sizes(type.getShape()),
      strides(type.getRank(), 1);
  Value value = getFillValue(padding.fill);
  auto fill = [&](int64_t dim, int64_t begin, int64_t end) {
    if (begin == end && !keepsEmpty)
      return;
    // A part that is empty has a place all the same.
    offsets[dim] = std::min(begin, type.getDimSize(dim) - 1);
    sizes[dim] = end - begin;
    Value part = memref::SubViewOp::create(
        rewriter, loc, padding.padded.getMemref(), offsets, sizes, strides);
    linalg::FillOp::create(rewriter, loc, value, part);
  };
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    int64_t begin = padding.middle.getStaticOffset(dim);
    int64_t end = begin + padding.middle.getStaticSize(dim);
    fill(dim, 0, begin);
    fill(dim, end, type.getDimSize(dim));
    offsets[dim] = begin;
    sizes[dim] = end - begin;
  }
  rewriter.eraseOp(padding.fill);
}

/// The cycles by which \p op gets slower if its result has \p type.
static double estimateLoss(RewriterBase &rewriter, linalg::LinalgOp op,
                           MemRefType type, const RegisterFile &registers) {
  // Rows of results are stored as they are whatever lies between them.
  if (op.getNumReductionLoops() == 0 || op->hasAttr(kWinogradAttrName))
    return 0;
  LoopNest nest(op);
  double before = estimateReduction(rewriter, op, nest, registers);
  nest.result.strides = type.getStridesAndOffset().first;
  double after = estimateReduction(rewriter, op, nest, registers);
  return std::isfinite(before) && std::isfinite(after) ? after - before : 0;
}

/// How many results \p op computes, in the sizes that plans go by.
static double countResults(linalg::LinalgOp op) {
  LoopNest nest(op);
  double results = 1;
  for (auto [loop, size] : llvm::enumerate(nest.sizes))
    if (nest.isResultLoop(loop))
      results *= size;
  return results;
}

/// Whether what is copied is a buffer that operations beside the copy fill,
/// that nothing else reads, and that could be computed in place at no loss.
static bool canComputeInPlace(RewriterBase &rewriter, Padding padding,
                              const RegisterFile &registers) {
  // For each element, what it takes to copy it.
  constexpr double kCopied = 1;
  auto alloc = padding.copy.getSource().getDefiningOp<memref::AllocOp>();
  if (!alloc || alloc->getBlock() != padding.copy->getBlock())
    return false;
  // The border is filled where the buffer is made.
  Operation *value = getFillValue(padding.fill).getDefiningOp();
  if (value && value->getBlock() == alloc->getBlock() &&
      !value->isBeforeInBlock(alloc))
    return false;
  double loss = 0, elements = alloc.getType().getNumElements();
  for (OpOperand &use : alloc->getUses()) {
    Operation *user = use.getOwner();
    if (user == padding.copy)
      continue;
    auto writer = dyn_cast<linalg::LinalgOp>(user);
    if (!writer || writer->getBlock() != padding.copy->getBlock() ||
        !writer.isDpsInit(&use) || !writer->isBeforeInBlock(padding.copy))
      return false;
    loss += estimateLoss(rewriter, writer, padding.middle.getType(), registers);
    if (writer.getNumReductionLoops() != 0)
      elements = countResults(writer);
  }
  return loss < kCopied * elements;
}

/// Makes those who compute the middle write it in place.
static void computeInPlace(RewriterBase &rewriter, Padding &padding) {
  auto alloc = padding.copy.getSource().getDefiningOp<memref::AllocOp>();
  rewriter.moveOpBefore(padding.padded, alloc);
  rewriter.moveOpAfter(padding.middle, padding.padded);
  rewriter.moveOpAfter(padding.fill, padding.middle);
  rewriter.eraseOp(padding.copy);
  rewriter.replaceOp(alloc, padding.middle.getResult());
}

namespace {

struct PadInPlace : mlmodel::impl::PadInPlaceBase<PadInPlace> {
  using PadInPlaceBase::PadInPlaceBase;

  void runOnOperation() override {
    if (lanes == 0)
      return;
    RegisterFile processor{lanes, registers, permutes};
    IRRewriter rewriter(&getContext());
    SmallVector<memref::CopyOp> copies;
    getOperation().walk([&](memref::CopyOp copy) { copies.push_back(copy); });
    for (memref::CopyOp copy : copies) {
      std::optional<Padding> padding = findPadding(copy);
      if (!padding)
        continue;
      if (canComputeInPlace(rewriter, *padding, processor))
        computeInPlace(rewriter, *padding);
      fillBorder(rewriter, *padding,
                 getOperation()->hasAttr(kTypicalSizesAttrName));
    }
  }
};

} // namespace
