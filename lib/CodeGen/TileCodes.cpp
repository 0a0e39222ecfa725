//===- TileCodes.cpp - Codes of a few bits in vectors ---------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileCodes.h"
#include "VectorTranspose.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlmodel;

//===----------------------------------------------------------------------===//
// The layout
//===----------------------------------------------------------------------===//

std::optional<CodeGroup> CodeGroup::get(int64_t bits,
                                        const RegisterFile &registers) {
  bool isOfBytes = registers.lanes == kByteLanes;
  if (!registers.permutes || bits > 4 ||
      !(isOfBytes || registers.lanes == kMostEntries))
    return std::nullopt;
  return CodeGroup{isOfBytes ? int64_t(llvm::PowerOf2Ceil(bits)) : bits,
                   registers.lanes};
}

AffineExpr CodeGroup::getWord(AffineExpr lane, AffineExpr term,
                              int64_t block) const {
  if (!isOfBytes())
    return lane % block;
  return (lane % block).floorDiv(4) * 4 + term % 4;
}

AffineExpr CodeGroup::getShift(AffineExpr lane, AffineExpr term) const {
  if (!isOfBytes())
    return term % getTerms() * bits;
  return lane % 4 * 8 + (term % getTerms()).floorDiv(4) * bits;
}

/// The number of lanes in a block if \p map is that of words of \p group.
static int64_t getBlock(AffineMap map, unsigned lanesLoop, unsigned termLoop,
                        CodeGroup group) {
  if (map.getNumResults() < 2)
    return 0;
  AffineExpr lane = getAffineDimExpr(lanesLoop, map.getContext());
  AffineExpr term = getAffineDimExpr(termLoop, map.getContext());
  auto first = dyn_cast<AffineBinaryOpExpr>(map.getResult(0));
  auto block = first ? dyn_cast<AffineConstantExpr>(first.getRHS())
                     : AffineConstantExpr();
  if (!block || first != lane.floorDiv(block.getValue()) ||
      map.getResults().back() != group.getWord(lane, term, block.getValue()))
    return 0;
  return block.getValue();
}

int64_t mlmodel::getGroupedBlock(AffineMap map, unsigned lanesLoop,
                                 unsigned termLoop) {
  // Where words are does not depend on the bits.
  return getBlock(map, lanesLoop, termLoop, {4, CodeGroup::kByteLanes});
}

//===----------------------------------------------------------------------===//
// Finding
//===----------------------------------------------------------------------===//

Value TileCodes::getTable() const {
  return cast<memref::LoadOp>(lookUp).getMemRef();
}

/// The first loop of terms of \p op.
static unsigned getFirstTerm(linalg::LinalgOp op) {
  unsigned loop = 0;
  while (op.getIteratorTypesArray()[loop] != utils::IteratorType::reduction)
    ++loop;
  return loop;
}

/// Whether \p op reads a table that splitTable takes.
static bool isSmallTable(memref::LoadOp load, linalg::LinalgOp op) {
  MemRefType type = load.getMemRefType();
  return type.getRank() == 1 && type.hasStaticShape() &&
         type.getElementType().isF32() && type.getLayout().isIdentity() &&
         type.getNumElements() <= CodeGroup::kMostEntries &&
         load.getMemRef().getParentBlock() != op.getBlock();
}

/// Adds to \p codes what only the look-up needs.
static void collectOps(TileCodes &codes) {
  SmallVector<Operation *> next{codes.lookUp};
  while (!next.empty()) {
    Operation *op = next.pop_back_val();
    codes.ops.insert(op);
    for (Value operand : op->getOperands()) {
      Operation *source = operand.getDefiningOp();
      if (source && source->getBlock() == codes.lookUp->getBlock() &&
          llvm::all_of(source->getUsers(), [&](Operation *user) {
            return codes.ops.contains(user);
          }))
        next.push_back(source);
    }
  }
}

/// Whether \p shift is what \p expr, of one dimension, says of the place in
/// \p loop.
static bool isShift(Value shift, AffineExpr expr, unsigned loop) {
  auto cast = shift.getDefiningOp<arith::IndexCastOp>();
  auto apply =
      cast ? cast.getIn().getDefiningOp<affine::AffineApplyOp>() : nullptr;
  auto place = apply && apply->getNumOperands() == 1
                   ? apply->getOperand(0).getDefiningOp<linalg::IndexOp>()
                   : nullptr;
  if (!place || place.getDim() != loop)
    return false;
  AffineExpr dim = getAffineDimExpr(0, apply.getContext());
  AffineExpr found = apply.getAffineMap().getResult(0).replaceSymbols(dim);
  return simplifyAffineExpr(found - expr, /*numDims=*/1, /*numSymbols=*/0) ==
         getAffineConstantExpr(0, apply.getContext());
}

/// `(word >> shift) & mask` for codes of \p codes, in words of \p op.
static LogicalResult matchCode(linalg::LinalgOp op, Value code,
                               const RegisterFile &registers,
                               TileCodes &codes) {
  auto masked = code.getDefiningOp<arith::AndIOp>();
  auto shifted =
      masked ? masked.getLhs().getDefiningOp<arith::ShRUIOp>() : nullptr;
  auto word = shifted ? dyn_cast<BlockArgument>(shifted.getLhs()) : Value();
  APInt mask;
  if (!word || word.getParentBlock() != op.getBlock() ||
      !word.getType().isInteger(32) ||
      !matchPattern(masked.getRhs(), m_ConstantInt(&mask)) || !mask.isMask())
    return failure();
  codes.words = op.getMatchingOpOperand(cast<BlockArgument>(word));
  auto group = CodeGroup::get(mask.getActiveBits(), registers);
  AffineMap map = op.getMatchingIndexingMap(codes.words);
  if (!group || getBlock(map, codes.lanesLoop, codes.termLoop, *group) == 0)
    return failure();
  codes.group = *group;
  // Of the other dimensions, one is that of the groups.
  AffineExpr term = getAffineDimExpr(codes.termLoop, op.getContext());
  if (!llvm::is_contained(map.getResults(), term.floorDiv(group->getTerms())))
    return failure();
  // Words of bytes are told by their map alone.
  AffineExpr place = getAffineDimExpr(0, op.getContext());
  return success(
      group->isOfBytes() ||
      isShift(shifted.getRhs(), group->getShift({}, place), codes.termLoop));
}

std::optional<TileCodes> mlmodel::findCodes(linalg::LinalgOp op,
                                            unsigned lanesLoop,
                                            const RegisterFile &registers) {
  if (!registers.permutes || op.getNumReductionLoops() == 0)
    return std::nullopt;
  for (auto load : op.getBlock()->getOps<memref::LoadOp>()) {
    if (!isSmallTable(load, op))
      continue;
    TileCodes codes{{0, 0}, nullptr, lanesLoop, getFirstTerm(op), load, {}};
    auto place = load.getIndices().front().getDefiningOp<arith::IndexCastOp>();
    if (!place || failed(matchCode(op, place.getIn(), registers, codes)))
      continue;
    collectOps(codes);
    return codes;
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Looking up
//===----------------------------------------------------------------------===//

static constexpr int64_t kBytes = 32, kHalf = 16;

/// \p vector seen as \p count values of \p width bits.
static Value recast(OpBuilder &builder, Location loc, Value vector,
                    int64_t count, Type element) {
  return vector::BitCastOp::create(builder, loc,
                                   VectorType::get(count, element), vector);
}

/// Four tables of bytes.
static SmallVector<Value> splitBytes(OpBuilder &builder, Location loc,
                                     Value entries) {
  entries = padLanes(builder, loc, entries, CodeGroup::kMostEntries);
  Value bytes = recast(builder, loc, entries, 4 * CodeGroup::kMostEntries,
                       builder.getI8Type());
  SmallVector<Value> tables;
  for (int64_t byte = 0; byte < 4; ++byte) {
    SmallVector<int64_t> mask;
    for (int64_t i = 0; i < kBytes; ++i)
      mask.push_back(i % kHalf * 4 + byte);
    tables.push_back(
        vector::ShuffleOp::create(builder, loc, bytes, bytes, mask));
  }
  return tables;
}

SmallVector<Value> mlmodel::splitTable(OpBuilder &builder, Location loc,
                                       CodeGroup group, Value table) {
  int64_t size = cast<MemRefType>(table.getType()).getNumElements();
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value entries = vector::LoadOp::create(
      builder, loc, VectorType::get(size, builder.getF32Type()), table, zero);
  if (group.isOfBytes())
    return splitBytes(builder, loc, entries);
  // Whatever the bits behind a code are, they lead to the same entry.
  SmallVector<int64_t> mask;
  for (int64_t i = 0; i < CodeGroup::kMostEntries; ++i)
    mask.push_back(i % (1 << group.bits) % size);
  return {vector::ShuffleOp::create(builder, loc, entries, entries, mask)};
}

/// Elements of \p a and \p b in turns, from the lower or the upper half of each
/// half of both.
static Value interleave(OpBuilder &builder, Location loc, Value a, Value b,
                        bool isUpper) {
  int64_t count = cast<VectorType>(a.getType()).getNumElements();
  SmallVector<int64_t> mask;
  for (int64_t half = 0; half < 2; ++half)
    for (int64_t i = 0; i < count / 4; ++i) {
      int64_t from = half * count / 2 + isUpper * count / 4 + i;
      mask.push_back(from);
      mask.push_back(count + from);
    }
  return vector::ShuffleOp::create(builder, loc, a, b, mask);
}

/// Four vectors of floats for the 32 codes in \p codes, one in each byte.
static SmallVector<Value> lookUpBytes(OpBuilder &builder, Location loc,
                                      ArrayRef<Value> tables, Value codes) {
  SmallVector<Value> bytes;
  for (Value table : tables)
    bytes.push_back(LLVM::CallIntrinsicOp::create(
                        builder, loc, codes.getType(),
                        builder.getStringAttr("llvm.x86.avx2.pshuf.b"),
                        ValueRange{table, codes})
                        .getResults());
  SmallVector<Value> floats;
  for (bool isUpper : {false, true}) {
    Value halves[2];
    for (int64_t i = 0; i < 2; ++i)
      halves[i] = recast(
          builder, loc,
          interleave(builder, loc, bytes[2 * i], bytes[2 * i + 1], isUpper),
          kHalf, builder.getI16Type());
    for (bool isUpperPair : {false, true})
      floats.push_back(
          recast(builder, loc,
                 interleave(builder, loc, halves[0], halves[1], isUpperPair),
                 CodeGroup::kByteLanes, builder.getF32Type()));
  }
  return floats;
}

SmallVector<Value> mlmodel::lookUpGroup(OpBuilder &builder, Location loc,
                                        CodeGroup group, ArrayRef<Value> tables,
                                        Value words) {
  Type type = words.getType();
  auto splat = [&](uint32_t value) -> Value {
    return arith::ConstantOp::create(
        builder, loc,
        DenseElementsAttr::get(cast<ShapedType>(type), APInt(32, value)));
  };
  auto shift = [&](int64_t bits) -> Value {
    return bits == 0 ? words
                     : arith::ShRUIOp::create(builder, loc, words, splat(bits));
  };
  SmallVector<Value> floats;
  if (!group.isOfBytes()) {
    for (int64_t term = 0; term < group.getTerms(); ++term) {
      Value found = LLVM::CallIntrinsicOp::create(
                        builder, loc, tables.front().getType(),
                        builder.getStringAttr("llvm.x86.avx512.permvar.sf.512"),
                        ValueRange{tables.front(), shift(term * group.bits)})
                        .getResults();
      floats.push_back(found);
    }
    return floats;
  }
  uint32_t mask = ((1u << group.bits) - 1) * 0x01010101u;
  for (int64_t bits = 0; bits < 8; bits += group.bits) {
    Value codes = arith::AndIOp::create(builder, loc, shift(bits), splat(mask));
    codes = recast(builder, loc, codes, kBytes, builder.getI8Type());
    llvm::append_range(floats, lookUpBytes(builder, loc, tables, codes));
  }
  return floats;
}
