//===- Random.cpp - Lower mil's chapter Random ----------------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Dialect/MIL/IR/ActivationOps.h"
#include "MLModel/Dialect/MIL/IR/RandomOps.h"
#include "MLModel/Dialect/MIL/IR/ReductionOps.h"
#include "Patterns.h"
#include "TensorBuilders.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include <cmath>

using namespace mlir;
using namespace mlmodel;
using namespace mlmodel::mil;

namespace {

/// Emits random numbers that are a function of a counter and a seed: the
/// mixing steps of SplitMix64.
class RandomBuilder {
public:
  RandomBuilder(OpBuilder &b, Location loc, int64_t seed)
      : b(b), loc(loc), seed(seed) {}

  /// 64 well mixed bits for the element at the loop's indices.
  Value bits(ArrayRef<int64_t> shape) {
    Value counter = integer(0);
    for (auto [i, size] : llvm::enumerate(shape)) {
      Value index = linalg::IndexOp::create(b, loc, i);
      index = arith::IndexCastOp::create(b, loc, b.getI64Type(), index);
      counter = add(mul(counter, integer(size)), index);
    }
    uint64_t start = mix(static_cast<uint64_t>(seed) + kStep);
    Value z = add(mul(counter, integer(kStep)), integer(start));
    z = mul(xorShift(z, 30), integer(kFactors[0]));
    z = mul(xorShift(z, 27), integer(kFactors[1]));
    return xorShift(z, 31);
  }

  /// 24 of the bits from \p first on, as a float in [0, 1).
  Value unit(Value bits, int64_t first) {
    Value part = arith::ShRUIOp::create(b, loc, bits, integer(first));
    part = arith::AndIOp::create(b, loc, part, integer((1 << 24) - 1));
    Value whole = arith::SIToFPOp::create(b, loc, b.getF32Type(), part);
    return arith::MulFOp::create(b, loc, whole, real(0x1p-24));
  }

  /// Box-Muller's transform.
  Value normal(Value bits) {
    // In (0, 1], as the logarithm needs it.
    Value radius = arith::AddFOp::create(b, loc, unit(bits, 40), real(0x1p-24));
    Value log = math::LogOp::create(b, loc, radius);
    log = arith::MulFOp::create(b, loc, log, real(-2));
    Value angle = arith::MulFOp::create(b, loc, unit(bits, 8), real(2 * M_PI));
    return arith::MulFOp::create(b, loc, math::SqrtOp::create(b, loc, log),
                                 math::CosOp::create(b, loc, angle));
  }

  /// scale * x + offset
  Value affine(Value x, double scale, double offset) {
    x = arith::MulFOp::create(b, loc, x, real(scale));
    return arith::AddFOp::create(b, loc, x, real(offset));
  }

  Value real(double value) {
    return arith::ConstantOp::create(
        b, loc, b.getF32FloatAttr(static_cast<float>(value)));
  }

private:
  static constexpr uint64_t kStep = 0x9E3779B97F4A7C15;
  static constexpr uint64_t kFactors[] = {0xBF58476D1CE4E5B9,
                                          0x94D049BB133111EB};

  static uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * kFactors[0];
    z = (z ^ (z >> 27)) * kFactors[1];
    return z ^ (z >> 31);
  }

  Value integer(uint64_t value) {
    return arith::ConstantIntOp::create(b, loc, static_cast<int64_t>(value),
                                        64);
  }
  Value add(Value x, Value y) { return arith::AddIOp::create(b, loc, x, y); }
  Value mul(Value x, Value y) { return arith::MulIOp::create(b, loc, x, y); }
  Value xorShift(Value z, int64_t amount) {
    Value shifted = arith::ShRUIOp::create(b, loc, z, integer(amount));
    return arith::XOrIOp::create(b, loc, z, shifted);
  }

  OpBuilder &b;
  Location loc;
  int64_t seed;
};

/// Fills op's shape with what \p emit makes of the random bits.
template <typename OpTy>
Value fillRandom(OpBuilder &builder, OpTy op,
                 llvm::function_ref<Value(RandomBuilder &, Value)> emit) {
  auto body = [&](OpBuilder &b, Location loc, ValueRange) {
    RandomBuilder random(b, loc, op.getSeed());
    return emit(random, random.bits(op.getShape()));
  };
  return TensorBuilder(builder, op.getLoc())
      .parallel(op.getShape(), {}, {}, body);
}

Value lowerNormal(OpBuilder &builder, RandomNormalOp op) {
  return fillRandom(builder, op, [&](RandomBuilder &random, Value bits) {
    return random.affine(random.normal(bits), op.getStddev().convertToDouble(),
                         op.getMean().convertToDouble());
  });
}

Value lowerUniform(OpBuilder &builder, RandomUniformOp op) {
  double low = op.getLow().convertToDouble();
  double high = op.getHigh().convertToDouble();
  return fillRandom(builder, op, [&](RandomBuilder &random, Value bits) {
    return random.affine(random.unit(bits, 40), high - low, low);
  });
}

Value lowerBernoulli(OpBuilder &builder, RandomBernoulliOp op) {
  Location loc = op.getLoc();
  double prob = op.getProb().convertToDouble();
  return fillRandom(builder, op, [&](RandomBuilder &random, Value bits) {
    Value isOne =
        arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLT,
                              random.unit(bits, 40), random.real(prob));
    return Value(arith::SelectOp::create(builder, loc, isOne, random.real(1),
                                         random.real(0)));
  });
}

/// The drawn index is the number of entries of the running sum of
/// probabilities that a random share of the total has passed.
Value lowerCategorical(OpBuilder &builder, RandomCategoricalOp op) {
  Location loc = op.getLoc();
  TensorBuilder tensors(builder, loc);
  Value x = op.getX();
  ArrayRef<int64_t> shape = op.getX().getType().getShape();
  ArrayRef<int64_t> resultShape = op.getType().getShape();
  int64_t rank = shape.size(), categories = shape.back();
  if (op.getMode() == "logits")
    x = SoftmaxOp::create(builder, loc, x.getType(), x, rank - 1);
  Value sums =
      CumsumOp::create(builder, loc, x.getType(), x, rank - 1, false, false);
  // Loops: those of the result, then the categories.
  auto outer = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  SmallVector<int64_t> atCategory(outer), atLast(outer);
  atCategory.back() = rank;
  AffineMap sumMap = tensors.pick(rank + 1, atCategory);
  AffineMap totalMap = tensors.pick(rank + 1, ArrayRef(outer).drop_back());
  SmallVector<int64_t> totalOffsets(rank, 0), totalSizes(shape);
  totalOffsets.back() = categories - 1;
  totalSizes.back() = 1;
  Value totals = tensors.reshape(tensors.slice(sums, totalOffsets, totalSizes),
                                 ArrayRef(shape).drop_back());
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  iterators.push_back(utils::IteratorType::reduction);
  auto body = [&](OpBuilder &b, Location loc, ValueRange x) -> Value {
    RandomBuilder random(b, loc, op.getSeed());
    Value share = random.unit(random.bits(resultShape), 40);
    share = arith::MulFOp::create(b, loc, share, x[1]);
    Value passed =
        arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLE, x[0], share);
    Value next = arith::AddFOp::create(b, loc, x[2], random.real(1));
    // Rounding may let the share pass even the total.
    next = arith::MinNumFOp::create(b, loc, next, random.real(categories - 1));
    return arith::SelectOp::create(b, loc, passed, next, x[2]);
  };
  return tensors.generic(tensors.filled(resultShape, 0), {sums, totals},
                         {sumMap, totalMap, tensors.pick(rank + 1, outer)},
                         iterators, body);
}

} // namespace

void mlmodel::mil::populateRandomPatterns(RewritePatternSet &patterns) {
  addEmitter<RandomNormalOp>(patterns, lowerNormal);
  addEmitter<RandomUniformOp>(patterns, lowerUniform);
  addEmitter<RandomBernoulliOp>(patterns, lowerBernoulli);
  addEmitter<RandomCategoricalOp>(patterns, lowerCategorical);
}
