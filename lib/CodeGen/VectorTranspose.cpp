//===- VectorTranspose.cpp - Transpose in registers -----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VectorTranspose.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

static int64_t getLanes(Value vector) {
  return cast<VectorType>(vector.getType()).getNumElements();
}

SmallVector<Value> mlmodel::transposeVectors(OpBuilder &builder, Location loc,
                                             ArrayRef<Value> vectors) {
  SmallVector<Value> rows(vectors);
  int64_t lanes = rows.size();
  // Seen as 2 x 2 blocks, those off the diagonal change places; then the same
  // within each block.
  for (int64_t block = lanes / 2; block > 0; block /= 2) {
    SmallVector<int64_t> upper, lower;
    for (int64_t lane = 0; lane < lanes; ++lane) {
      bool isRight = lane & block;
      upper.push_back(isRight ? lanes + lane - block : lane);
      lower.push_back(isRight ? lanes + lane : lane + block);
    }
    for (int64_t i = 0; i < lanes; ++i) {
      if (i & block)
        continue;
      Value a = rows[i], b = rows[i + block];
      rows[i] = vector::ShuffleOp::create(builder, loc, a, b, upper);
      rows[i + block] = vector::ShuffleOp::create(builder, loc, a, b, lower);
    }
  }
  return rows;
}

/// Lanes 0 to \p defined - 1, then poison up to \p count.
static Value select(OpBuilder &builder, Location loc, Value vector,
                    int64_t defined, int64_t count) {
  SmallVector<int64_t> lanes;
  for (int64_t lane = 0; lane < count; ++lane)
    lanes.push_back(lane < defined ? lane : vector::ShuffleOp::kPoisonIndex);
  return vector::ShuffleOp::create(builder, loc, vector, vector, lanes);
}

Value mlmodel::takeLanes(OpBuilder &builder, Location loc, Value vector,
                         int64_t count) {
  if (getLanes(vector) == count)
    return vector;
  return select(builder, loc, vector, count, count);
}

Value mlmodel::padLanes(OpBuilder &builder, Location loc, Value vector,
                        int64_t count) {
  if (getLanes(vector) == count)
    return vector;
  return select(builder, loc, vector, getLanes(vector), count);
}
