//===- TileCodes.h - Codes of a few bits in vectors -------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Vectors of 16 floats are tables of 16: one instruction looks up as many
// codes, and reads but the four lowest bits of each. The codes of 16 lanes and
// G = 32 / bits terms are a group of 16 words, which are shifted from term to
// term:
//
//   word lane, bits from (term mod G) * bits on
//
// Processors with vectors of eight floats look up 32 bytes at a time in tables
// of 16. A table of floats is then four tables of bytes, the first bytes of all
// floats in one, and so on. For 32 codes, four look-ups give the bytes, and
// eight interleavings make floats of them: four vectors of eight. The codes of
// eight lanes are a group of 32 bytes, laid out so that these vectors are those
// of four consecutive terms:
//
//   byte (lane floordiv 4) * 16 + (term mod 4) * 4 + lane mod 4,
//   bits from (term mod G) floordiv 4 * bits on
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_TILECODES_H
#define MLMODEL_LIB_CODEGEN_TILECODES_H

#include "TilePlan.h"

namespace mlmodel {

/// Where words of codes lie within a block, and where codes lie within words.
/// Both the layout and those who read it take the expressions from here.
struct CodeGroup {
  /// Tables of floats with more entries need more than one look-up.
  static constexpr int64_t kMostEntries = 16;
  /// Lanes of groups whose codes are looked up byte by byte.
  static constexpr int64_t kByteLanes = 8;

  /// Those of codes of \p bits, if \p registers can look them up.
  static std::optional<CodeGroup> get(int64_t bits,
                                      const RegisterFile &registers);

  /// Bits from one code to the next: 1, 2 or 4 in a byte, else 1 to 4.
  int64_t bits;
  /// Lanes of a group.
  int64_t lanes;

  bool isOfBytes() const { return lanes == kByteLanes; }
  /// Terms of a group.
  int64_t getTerms() const { return 32 / bits; }
  /// The word of \p lane and \p term in a block of \p block lanes.
  mlir::AffineExpr getWord(mlir::AffineExpr lane, mlir::AffineExpr term,
                           int64_t block) const;
  /// The first bit of the code in its word.
  mlir::AffineExpr getShift(mlir::AffineExpr lane, mlir::AffineExpr term) const;
};

/// The number of lanes in a block if \p map is that of words whose groups, of
/// bytes, are of these loops, else 0.
int64_t getGroupedBlock(mlir::AffineMap map, unsigned lanesLoop,
                        unsigned termLoop);

/// A look-up in the body of an operation, by codes that are laid out in groups.
struct TileCodes {
  CodeGroup group;
  mlir::OpOperand *words;
  unsigned lanesLoop, termLoop;
  /// What reads the table; and what it takes to get there, which nothing else
  /// needs.
  mlir::Operation *lookUp;
  llvm::SmallPtrSet<mlir::Operation *, 8> ops;

  mlir::Value getTable() const;
};

/// The codes of \p op that vectors can look up along \p lanesLoop.
std::optional<TileCodes> findCodes(mlir::linalg::LinalgOp op,
                                   unsigned lanesLoop,
                                   const RegisterFile &registers);

/// The vectors in which codes of \p group are looked up: \p table, up to
/// kMostEntries floats, or its tables of bytes, each in both halves of a
/// vector.
llvm::SmallVector<mlir::Value> splitTable(mlir::OpBuilder &builder,
                                          mlir::Location loc, CodeGroup group,
                                          mlir::Value table);

/// A vector of floats for each term of the group in \p words.
llvm::SmallVector<mlir::Value> lookUpGroup(mlir::OpBuilder &builder,
                                           mlir::Location loc, CodeGroup group,
                                           llvm::ArrayRef<mlir::Value> tables,
                                           mlir::Value words);

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_TILECODES_H
