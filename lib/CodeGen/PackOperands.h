//===- PackOperands.h - Lay operands out for vectors ------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_CODEGEN_PACKOPERANDS_H
#define MLMODEL_LIB_CODEGEN_PACKOPERANDS_H

#include "TileCodes.h"

namespace mlmodel {

/// A layout of an operand in blocks along one of its dimensions: the block, the
/// other dimensions, the place in the block.
struct Packing {
  unsigned operand = 0;
  /// The place of the loop along which the blocks run, or of several loops that
  /// are as one, and the dimension it indexes.
  mlir::AffineExpr place;
  unsigned dim = 0;
  int64_t block = 0;
  /// The other dimensions, in the order of their loops, those of terms last.
  llvm::SmallVector<unsigned> order = {};
  /// Which dimensions become one before the operand is packed; empty for none.
  llvm::SmallVector<mlir::ReassociationIndices> joined = {};

  /// The indexing map of the operand once packed.
  mlir::AffineMap getMap(mlir::AffineMap map) const;
  /// The sizes of the operand once packed.
  llvm::SmallVector<int64_t> getShape(llvm::ArrayRef<int64_t> shape) const;

  /// Some elements of the old order that become neighbours in the new one.
  struct Vector {
    int64_t first, stride, count;

    int64_t getPlace(int64_t lane) const { return first + lane * stride; }
  };
  /// Calls \p visit for each vector of a block, in the new order; that of the
  /// last block may have fewer elements, and is then filled up.
  void forEachVector(llvm::ArrayRef<int64_t> shape,
                     llvm::function_ref<void(Vector from)> visit) const;
};

/// The layout of operand \p index of \p op, that is indexed by \p map, in
/// blocks along \p place, if that indexes one of its dimensions and each other
/// one has a loop of its own or none.
std::optional<Packing> getPacking(mlir::linalg::GenericOp op, unsigned index,
                                  mlir::AffineMap map, mlir::AffineExpr place,
                                  int64_t block);

/// The constant behind \p value, through reshapes that keep the order of the
/// elements; null if there is none.
mlir::ElementsAttr findConstant(mlir::Value value);

/// Gathers those operands of \p op, a reduction, of which it reads every other
/// element or fewer, if its loops then get cheaper by more than that takes.
void compactOperands(mlir::linalg::GenericOp op, const RegisterFile &registers);

/// The loop that decodes the weights behind \p value, through reshapes that
/// keep the order of the elements; null if there is none.
mlir::linalg::GenericOp findDecode(mlir::Value value);

/// What it takes to decode a value or a vector of \p decode, for each step of
/// \p loops.
LoopNest::Work getDecodeWork(mlir::linalg::GenericOp decode,
                             llvm::SmallBitVector loops);

/// The groups in which packDecode lays out the codes of \p decode; none if
/// vectors cannot look them up.
std::optional<CodeGroup> getCodeGroup(mlir::linalg::GenericOp decode,
                                      const RegisterFile &registers);

/// Whether packDecode can lay out the weights of \p decode.
bool canPackDecode(mlir::linalg::GenericOp decode);

/// Lays the packed weights of \p decode out for \p op, which then decodes them
/// in its body. Fails, having changed nothing, where scales change along terms.
mlir::LogicalResult packDecode(mlir::linalg::GenericOp op,
                               mlir::linalg::GenericOp decode,
                               const Packing &packing,
                               const RegisterFile &registers);

/// The bytes of \p values, which need not be aligned; those of one value if it
/// is a splat. None for a resource that was printed without its data.
std::optional<llvm::ArrayRef<char>> getRawData(mlir::ElementsAttr values);

/// Whether \p values stores one value for all elements.
bool isSplat(mlir::ElementsAttr values);

} // namespace mlmodel

#endif // MLMODEL_LIB_CODEGEN_PACKOPERANDS_H
