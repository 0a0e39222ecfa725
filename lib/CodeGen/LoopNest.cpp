//===- LoopNest.cpp - How operands move with loops ------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/CodeGen/OpenSizes.h"
#include "TileCodes.h"
#include "TilePlan.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlmodel;

static LoopNest::Operand describe(linalg::LinalgOp op, OpOperand &operand) {
  Type type = operand.get().getType();
  LoopNest::Operand described{op.getMatchingIndexingMap(&operand),
                              getElementTypeOrSelf(type)};
  if (auto shaped = dyn_cast<ShapedType>(type))
    described.shape = shaped.getShape();
  auto memref = dyn_cast<MemRefType>(type);
  if (!memref)
    return described;
  described.isDense = memref.isLastDimUnitStride();
  if (!memref.getLayout().isIdentity())
    described.strides = memref.getStridesAndOffset().first;
  return described;
}

llvm::SmallBitVector LoopNest::getLoops(AffineMap map) {
  llvm::SmallBitVector loops(map.getNumDims());
  for (unsigned loop = 0; loop < map.getNumDims(); ++loop)
    loops[loop] = map.isFunctionOfDim(loop);
  return loops;
}

/// The size of the table from which \p op reads an element: 0 if it is nothing
/// of the kind.
static int64_t getTableSize(Operation &op) {
  Value table;
  if (auto load = dyn_cast<memref::LoadOp>(op))
    table = load.getMemRef();
  else if (auto extract = dyn_cast<tensor::ExtractOp>(op))
    table = extract.getTensor();
  auto type = table ? dyn_cast<ShapedType>(table.getType()) : ShapedType();
  return type && type.hasStaticShape() ? type.getNumElements() : 0;
}

/// What the body of \p op computes but for what depends on the old result, and
/// for products that are added to it: that takes one operation together.
static SmallVector<LoopNest::Work> describeBody(linalg::LinalgOp op) {
  SmallVector<LoopNest::Work> works;
  Block *body = op.getBlock();
  Operation *combiner = findCombiner(op);
  llvm::SmallDenseMap<Value, llvm::SmallBitVector> loopsOf;
  for (OpOperand *input : op.getDpsInputOperands())
    loopsOf[op.getMatchingBlockArgument(input)] =
        LoopNest::getLoops(op.getMatchingIndexingMap(input));
  for (Operation &inner : body->without_terminator()) {
    llvm::SmallBitVector loops(op.getNumLoops());
    if (auto index = dyn_cast<linalg::IndexOp>(inner))
      loops.set(index.getDim());
    bool isOfOld =
        llvm::is_contained(inner.getOperands(), body->getArguments().back());
    for (Value operand : inner.getOperands())
      if (auto found = loopsOf.find(operand); found != loopsOf.end())
        loops |= found->second;
    for (Value result : inner.getResults())
      loopsOf[result] = loops;
    bool isProduct = isa<arith::MulFOp>(inner) && inner.hasOneUse() &&
                     *inner.user_begin() == combiner;
    bool isFree =
        isa<linalg::IndexOp, arith::IndexCastOp, affine::AffineApplyOp>(inner);
    if (isOfOld || isProduct || isFree || &inner == combiner || loops.none())
      continue;
    auto known = llvm::find_if(
        works, [&](const LoopNest::Work &work) { return work.loops == loops; });
    if (known == works.end())
      known = works.insert(works.end(), LoopNest::Work{loops});
    if (int64_t size = getTableSize(inner))
      known->tables.push_back(size);
    else
      known->operations += 1;
  }
  return works;
}

SmallVector<int64_t> mlmodel::getTypicalSizes(linalg::LinalgOp op) {
  if (auto sizes = op->getAttrOfType<DenseI64ArrayAttr>(kTypicalSizesAttrName))
    return llvm::to_vector(sizes.asArrayRef());
  return op.getStaticLoopRanges();
}

LoopNest::LoopNest(linalg::LinalgOp op)
    : sizes(getTypicalSizes(op)), open(op.getNumLoops()),
      iterators(op.getIteratorTypesArray()),
      result(describe(op, *op.getDpsInitOperand(0))), works(describeBody(op)) {
  for (OpOperand *input : op.getDpsInputOperands())
    inputs.push_back(describe(op, *input));
  for (auto [loop, size] : llvm::enumerate(op.getStaticLoopRanges()))
    open[loop] = ShapedType::isDynamic(size);
}

bool LoopNest::dependsOn(const Operand &operand, unsigned loop) {
  return llvm::any_of(operand.map.getResults(), [&](AffineExpr expr) {
    return expr.isFunctionOfDim(loop);
  });
}

/// The divisor if \p expr is `loop <kind> divisor`, else 0.
static int64_t getDivisor(AffineExpr expr, AffineExprKind kind,
                          AffineExpr loop) {
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary || binary.getKind() != kind || binary.getLHS() != loop)
    return 0;
  auto divisor = dyn_cast<AffineConstantExpr>(binary.getRHS());
  return divisor ? divisor.getValue() : 0;
}

/// By how much \p expr grows from one step of \p loop to the next, if it only
/// adds and multiplies what moves with the loop. Plans ask often, and building
/// expressions takes long.
static std::optional<int64_t> getLinearStep(AffineExpr expr, unsigned loop) {
  if (!expr.isFunctionOfDim(loop))
    return 0;
  if (isa<AffineDimExpr>(expr))
    return 1;
  auto binary = cast<AffineBinaryOpExpr>(expr);
  std::optional<int64_t> left = getLinearStep(binary.getLHS(), loop);
  if (!left)
    return std::nullopt;
  if (binary.getKind() == AffineExprKind::Mul) {
    auto factor = dyn_cast<AffineConstantExpr>(binary.getRHS());
    return factor ? std::optional(*left * factor.getValue()) : std::nullopt;
  }
  std::optional<int64_t> right = getLinearStep(binary.getRHS(), loop);
  if (binary.getKind() != AffineExprKind::Add || !right)
    return std::nullopt;
  return *left + *right;
}

/// Whether \p map takes \p loop to a block and to an element of the block.
static bool isBlocked(AffineMap map, AffineExpr loop) {
  int64_t block =
      getDivisor(map.getResults().back(), AffineExprKind::Mod, loop);
  unsigned position = cast<AffineDimExpr>(loop).getPosition();
  return block > 0 &&
         llvm::all_of(map.getResults().drop_back(), [&](AffineExpr expr) {
           return !expr.isFunctionOfDim(position) ||
                  getDivisor(expr, AffineExprKind::FloorDiv, loop) == block;
         });
}

/// Whether \p map takes \p loop to the word of a group of codes, of any term.
static bool isGrouped(AffineMap map, unsigned loop) {
  for (unsigned term = 0; term < map.getNumDims(); ++term)
    if (getGroupedBlock(map, loop, term) != 0)
      return true;
  return false;
}

int64_t mlmodel::getBlockSize(const LoopNest::Operand &operand, unsigned loop) {
  AffineExpr lane = getAffineDimExpr(loop, operand.map.getContext());
  for (AffineExpr expr : operand.map.getResults())
    if (int64_t block = getDivisor(expr, AffineExprKind::FloorDiv, lane))
      return block;
  llvm_unreachable("no blocks along this loop");
}

Motion LoopNest::getMotion(const Operand &operand, unsigned loop) const {
  if (!dependsOn(operand, loop))
    return Motion::Still;
  if (!operand.isDense)
    return Motion::Other;
  AffineMap map = operand.map;
  bool isLinear = llvm::all_of(map.getResults(), [&](AffineExpr expr) {
    return getLinearStep(expr, loop).has_value();
  });
  if (!isLinear && isBlocked(map, getAffineDimExpr(loop, map.getContext())))
    return Motion::Blocked;
  if (!isLinear && isGrouped(map, loop))
    return Motion::Grouped;
  for (AffineExpr expr : map.getResults().drop_back())
    if (expr.isFunctionOfDim(loop))
      return Motion::Other;
  switch (getStep(map.getResults().back(), loop)) {
  case 1:
    return Motion::Contiguous;
  case 2:
    return Motion::EveryOther;
  default:
    return Motion::Other;
  }
}

int64_t mlmodel::getNumBytes(const LoopNest::Operand &operand) {
  return ShapedType::getNumElements(operand.shape) *
         llvm::divideCeil(operand.element.getIntOrFloatBitWidth(), 8);
}

bool mlmodel::isFar(const LoopNest::Operand &operand) {
  constexpr int64_t kFarBytes = 1 << 20;
  return !ShapedType::isDynamicShape(operand.shape) &&
         getNumBytes(operand) > kFarBytes;
}

std::optional<unsigned> mlmodel::findCopiedInput(const LoopNest &nest,
                                                 const TilePlan &plan) {
  std::optional<unsigned> found;
  for (auto [i, input] : llvm::enumerate(nest.inputs)) {
    Motion motion = nest.getMotion(input, plan.lanesLoop);
    if (motion == Motion::Still)
      continue;
    bool isScattered =
        motion == Motion::Contiguous || motion == Motion::EveryOther;
    for (unsigned loop = 0; loop < nest.sizes.size(); ++loop)
      isScattered &=
          nest.isResultLoop(loop) || LoopNest::dependsOn(input, loop);
    for (const Unrolled &rows : plan.rows)
      isScattered &= !LoopNest::dependsOn(input, rows.loop);
    if (found || !isScattered || !input.element.isF32())
      return std::nullopt;
    found = i;
  }
  return plan.lanesAreResults ? found : std::nullopt;
}

int64_t LoopNest::getStep(AffineExpr expr, unsigned loop) const {
  if (std::optional<int64_t> step = getLinearStep(expr, loop))
    return *step;
  AffineExpr dim = getAffineDimExpr(loop, expr.getContext());
  auto step = dyn_cast<AffineConstantExpr>(
      simplifyAffineExpr(expr.replace(dim, dim + 1) - expr, sizes.size(), 0));
  return step ? step.getValue() : 0;
}

Operation *mlmodel::findCombiner(linalg::LinalgOp op) {
  if (op.getNumDpsInits() != 1)
    return nullptr;
  Block *body = op.getBlock();
  BlockArgument old = body->getArguments().back();
  Operation *last = body->getTerminator()->getOperand(0).getDefiningOp();
  bool combines = last && old.hasOneUse() && *old.user_begin() == last &&
                  last->getNumOperands() == 2;
  return combines ? last : nullptr;
}
