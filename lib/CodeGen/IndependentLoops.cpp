//===- IndependentLoops.cpp - Loops whose rounds need no order ------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IndependentLoops.h"
#include "TilePlan.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

void mlmodel::markIndependent(scf::ForOp loop, int64_t together) {
  loop->setAttr(kIndependentAttrName,
                Builder(loop.getContext()).getI64IntegerAttr(together));
}

void mlmodel::keepLoop(scf::ForOp loop) {
  MLIRContext *context = loop.getContext();
  auto unroll = LLVM::LoopUnrollAttr::get(context, BoolAttr::get(context, true),
                                          {}, {}, {}, {}, {}, {});
  // The branch that closes the loop takes it over.
  loop->setAttr("loop_annotation", LLVM::LoopAnnotationAttr::get(
                                       context, {}, {}, {}, unroll, {}, {}, {},
                                       {}, {}, {}, {}, {}, {}, {}, {}));
}

/// Cycles of an operation on a vector, and of a function that LLVM calls for
/// each element; bytes that come from the caches in a cycle.
static constexpr double kVectorOp = 0.5, kScalarCall = 15, kBytesPerCycle = 8;

/// The sizes of the loops, multiplied; 0 if one is not known.
static double countRounds(linalg::LinalgOp op) {
  double rounds = 1;
  for (int64_t size : mlmodel::getTypicalSizes(op))
    rounds *= ShapedType::isDynamic(size) ? 0 : size;
  return rounds;
}

double mlmodel::estimateCycles(linalg::LinalgOp op, int64_t lanes) {
  double perRound = 0, bytes = 0;
  for (Operation &inner : op.getBlock()->without_terminator())
    perRound += isa<math::MathDialect>(inner.getDialect())
                    ? kScalarCall
                    : kVectorOp / std::max<int64_t>(lanes, 1);
  for (Value operand : op->getOperands()) {
    auto type = dyn_cast<MemRefType>(operand.getType());
    if (type && type.hasStaticShape() && type.getElementType().isIntOrFloat())
      bytes += double(type.getNumElements()) *
               llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  }
  return std::max(countRounds(op) * perRound, bytes / kBytesPerCycle);
}
