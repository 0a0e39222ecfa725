//===- TileCodes.cpp - Codes of a few bits in vectors ---------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileCodes.h"
#include "VectorTranspose.h"
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

AffineExpr CodeGroup::getWord(AffineExpr lane, AffineExpr term, int64_t block) {
  return (lane % block).floorDiv(4) * 4 + term % 4;
}

AffineExpr CodeGroup::getShift(AffineExpr lane, AffineExpr term) const {
  return lane % 4 * 8 + (term % getTerms()).floorDiv(4) * bits;
}

int64_t mlmodel::getGroupedBlock(AffineMap map, unsigned lanesLoop,
                                 unsigned termLoop) {
  if (map.getNumResults() < 2)
    return 0;
  AffineExpr lane = getAffineDimExpr(lanesLoop, map.getContext());
  AffineExpr term = getAffineDimExpr(termLoop, map.getContext());
  auto first = dyn_cast<AffineBinaryOpExpr>(map.getResult(0));
  auto block = first ? dyn_cast<AffineConstantExpr>(first.getRHS())
                     : AffineConstantExpr();
  if (!block || first != lane.floorDiv(block.getValue()) ||
      map.getResults().back() !=
          CodeGroup::getWord(lane, term, block.getValue()))
    return 0;
  return block.getValue();
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

/// `(word >> shift) & mask` for codes of \p codes, in words of \p op.
static LogicalResult matchCode(linalg::LinalgOp op, Value code,
                               TileCodes &codes) {
  auto masked = code.getDefiningOp<arith::AndIOp>();
  auto shifted =
      masked ? masked.getLhs().getDefiningOp<arith::ShRUIOp>() : nullptr;
  auto word = shifted ? dyn_cast<BlockArgument>(shifted.getLhs()) : Value();
  APInt mask;
  if (!word || word.getParentBlock() != op.getBlock() ||
      !word.getType().isInteger(32) ||
      !matchPattern(masked.getRhs(), m_ConstantInt(&mask)))
    return failure();
  codes.words = op.getMatchingOpOperand(cast<BlockArgument>(word));
  AffineMap map = op.getMatchingIndexingMap(codes.words);
  if (getGroupedBlock(map, codes.lanesLoop, codes.termLoop) == 0)
    return failure();
  // Of the other dimensions, one is that of the groups.
  AffineExpr term = getAffineDimExpr(codes.termLoop, op.getContext());
  for (int64_t bits : {1, 2, 4})
    if (llvm::is_contained(map.getResults(), term.floorDiv(32 / bits)))
      codes.group.bits = bits;
  return success(codes.group.bits != 0 &&
                 mask.getActiveBits() <= codes.group.bits);
}

std::optional<TileCodes> mlmodel::findCodes(linalg::LinalgOp op,
                                            unsigned lanesLoop,
                                            const RegisterFile &registers) {
  if (!registers.permutesBytes || registers.lanes != CodeGroup::kLanes ||
      op.getNumReductionLoops() == 0)
    return std::nullopt;
  for (auto load : op.getBlock()->getOps<memref::LoadOp>()) {
    if (!isSmallTable(load, op))
      continue;
    TileCodes codes{{0}, nullptr, lanesLoop, getFirstTerm(op), load, {}};
    auto place = load.getIndices().front().getDefiningOp<arith::IndexCastOp>();
    if (!place || failed(matchCode(op, place.getIn(), codes)))
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

SmallVector<Value> mlmodel::splitTable(OpBuilder &builder, Location loc,
                                       Value table) {
  int64_t size = cast<MemRefType>(table.getType()).getNumElements();
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value entries = vector::LoadOp::create(
      builder, loc, VectorType::get(size, builder.getF32Type()), table, zero);
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
                 CodeGroup::kLanes, builder.getF32Type()));
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
  uint32_t mask = ((1u << group.bits) - 1) * 0x01010101u;
  SmallVector<Value> floats;
  for (int64_t shift = 0; shift < 8; shift += group.bits) {
    Value codes = words;
    if (shift != 0)
      codes = arith::ShRUIOp::create(builder, loc, codes, splat(shift));
    codes = arith::AndIOp::create(builder, loc, codes, splat(mask));
    codes = recast(builder, loc, codes, kBytes, builder.getI8Type());
    llvm::append_range(floats, lookUpBytes(builder, loc, tables, codes));
  }
  return floats;
}
