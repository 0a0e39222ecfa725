//===- ExpandMath.cpp - Functions of one number in arithmetic -------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A call of a library in a loop keeps it from being vectorized, and one on
// vectors becomes a call for each lane. What networks use in their activations
// is written in arithmetic here, the same for one number and for vectors of any
// length, without branches.
//
// Everything comes down to exp(x) = 2^n exp(r), where n is the integer next to
// x / log 2 and |r| is little more than log(2) / 2:
//
//   tanh(x)  from exp(-2|x|) - 1, which has all its digits near 0;
//   erfc(x)  = exp(-x^2) / (x + 2) times a polynomial of 1 - 4 / (x + 2), for
//            x >= 0, where x^2 takes two numbers;
//   erf(x)   = x times a polynomial of x^2 below 1, and 1 - erfc(x) above.
//
// The polynomials are those of least greatest relative error (Remez) on the
// ranges that are named beside them. docs/Numerics.md lists the errors.
//
//===----------------------------------------------------------------------===//

#include "MLModel/CodeGen/Passes.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/PatternMatch.h"

namespace mlmodel {
#define GEN_PASS_DEF_EXPANDMATH
#include "MLModel/CodeGen/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;

/// (exp(r) - 1 - r) / r^2 for |r| <= 0.4, up to 7e-10 of exp(r) - 1.
constexpr float kExpTail[] = {0.50000001032f,    0.166666659658f,
                              0.0416661265667f,  0.00833343316778f,
                              0.00139577108261f, 0.000198471700244f};
/// exp(x^2) erfc(x) (x + 2) at t = 1 - 4 / (x + 2) for x from 0 to 10.1, up to
/// 4e-9 of it.
constexpr float kScaledErfc[] = {
    1.02158270868f,    -0.687160697056f,    0.279471770785f,
    -0.0364417839206f, -0.0215057220519f,   0.00647587992448f,
    0.00306260520693f, -0.000832064869176f, -0.000592561851855f,
    4.69406753721e-5f, 6.94808762667e-5f};
/// erf(x) / x at x^2 from 0 to 1, up to 2e-9 of it.
constexpr float kErf[] = {
    1.12837916573f,    -0.376126258233f,    0.112835851422f,  -0.0268538117322f,
    0.00518832735801f, -0.000801019099895f, 7.85385312852e-5f};

/// Beyond these, the results are what they are at infinity.
constexpr float kLeastExp = -105, kGreatestExp = 89.5f, kGreatestTanh = 10,
                kGreatestErfc = 10.1f;
/// 1.5 * 2^23: a number that is added to it has no room for a fraction.
constexpr float kRound = 12582912.0f;
constexpr int64_t kMantissaBits = 23, kExponentBias = 127;

namespace {

/// Arithmetic on values of one type: float32, or a vector of them.
class MathBuilder {
public:
  MathBuilder(OpBuilder &builder, Location loc, Type type)
      : builder(builder), loc(loc), type(type),
        bitsType(withElement(builder.getI32Type())) {}

  Value exp(Value x) {
    x = bound(x, arith::CmpFPredicate::OLT, kLeastExp);
    x = bound(x, arith::CmpFPredicate::OGT, kGreatestExp);
    Reduced reduced = reduce(x);
    return scale(add(expm1(reduced.rest), constant(1)), reduced.power);
  }

  Value tanh(Value x) {
    Value size = bound(abs(x), arith::CmpFPredicate::OGT, kGreatestTanh);
    Reduced reduced = reduce(mul(size, constant(-2)));
    // exp(-2|x|) - 1 = 2^n (exp(r) - 1) + (2^n - 1)
    Value power = makePower(reduced.power);
    Value less = madd(power, expm1(reduced.rest), sub(power, constant(1)));
    Value result = div(negate(less), add(less, constant(2)));
    return copySign(result, x);
  }

  Value erfc(Value x) {
    Value tail = erfcOfSize(abs(x));
    return select(compare(arith::CmpFPredicate::OLT, x, constant(0)),
                  sub(constant(2), tail), tail);
  }

  Value erf(Value x) {
    Value size = abs(x);
    Value small = mul(x, evaluate(kErf, mul(x, x)));
    Value large = copySign(sub(constant(1), erfcOfSize(size)), x);
    return select(compare(arith::CmpFPredicate::OLT, size, constant(1)), small,
                  large);
  }

private:
  /// x = power log(2) + rest.
  struct Reduced {
    /// An integer.
    Value power;
    Value rest;
  };

  Type withElement(Type element) const {
    if (auto vector = dyn_cast<VectorType>(type))
      return vector.clone(element);
    return element;
  }

  /// \p x + \p small, where \p small is a few hundredths at most.
  Reduced reduce(Value x, Value small = {}) {
    // log(2) in two parts: the first has so few digits that its product with n
    // is exact.
    constexpr float kLog2 = 0.693145751953125f, kLog2Rest = 1.42860682e-6f;
    Value rounded = madd(x, constant(1.44269504f), constant(kRound));
    Value n = sub(rounded, constant(kRound));
    Value rest = madd(n, constant(-kLog2), x);
    rest = madd(n, constant(-kLog2Rest), rest);
    if (small)
      rest = add(rest, small);
    // The last bits of the rounded number are those of n.
    Value power =
        create<arith::SubIOp>(toBits(rounded), toBits(constant(kRound)));
    return {power, rest};
  }

  /// exp(r) - 1.
  Value expm1(Value r) { return madd(mul(r, r), evaluate(kExpTail, r), r); }

  /// erfc(|x|) for \p size = |x|.
  Value erfcOfSize(Value size) {
    size = bound(size, arith::CmpFPredicate::OGT, kGreatestErfc);
    // x^2 = high^2 + (x - high) (x + high), where high has half of the digits.
    Value high = fromBits(
        create<arith::AndIOp>(toBits(size), integer(int32_t(0xfffff000))));
    Value low = mul(sub(high, size), add(size, high));
    Reduced reduced = reduce(negate(mul(high, high)), low);
    Value inverse = div(constant(1), add(size, constant(2)));
    Value t = madd(inverse, constant(-4), constant(1));
    Value scaled = mul(evaluate(kScaledErfc, t), inverse);
    return scale(mul(add(expm1(reduced.rest), constant(1)), scaled),
                 reduced.power);
  }

  /// The polynomial with \p coefficients, the first for x^0.
  Value evaluate(ArrayRef<float> coefficients, Value x) {
    Value sum = constant(coefficients.back());
    for (float next : llvm::reverse(coefficients.drop_back()))
      sum = madd(sum, x, constant(next));
    return sum;
  }

  /// 2^n, for n that float32 has an exponent for.
  Value makePower(Value n) {
    Value biased = create<arith::AddIOp>(n, integer(kExponentBias));
    return fromBits(create<arith::ShLIOp>(biased, integer(kMantissaBits)));
  }

  /// x 2^n. 2^n may be out of range; the result is rounded once.
  Value scale(Value x, Value n) {
    Value half = create<arith::ShRSIOp>(n, integer(1));
    Value rest = create<arith::SubIOp>(n, half);
    return mul(mul(x, makePower(half)), makePower(rest));
  }

  /// \p limit where \p x is beyond it; NaN stays.
  Value bound(Value x, arith::CmpFPredicate beyond, float limit) {
    return select(compare(beyond, x, constant(limit)), constant(limit), x);
  }

  template <typename Op, typename... Args> Value create(Args &&...args) {
    return Op::create(builder, loc, std::forward<Args>(args)...);
  }

  Value constant(float value) {
    Attribute attribute = builder.getF32FloatAttr(value);
    return create<arith::ConstantOp>(getTyped(type, attribute));
  }
  Value integer(int64_t value) {
    Attribute attribute = builder.getI32IntegerAttr(value);
    return create<arith::ConstantOp>(getTyped(bitsType, attribute));
  }
  static TypedAttr getTyped(Type type, Attribute value) {
    if (auto vector = dyn_cast<VectorType>(type))
      return DenseElementsAttr::get(vector, value);
    return cast<TypedAttr>(value);
  }

  Value add(Value a, Value b) { return create<arith::AddFOp>(a, b); }
  Value sub(Value a, Value b) { return create<arith::SubFOp>(a, b); }
  Value mul(Value a, Value b) { return create<arith::MulFOp>(a, b); }
  Value div(Value a, Value b) { return create<arith::DivFOp>(a, b); }
  Value abs(Value a) { return create<math::AbsFOp>(a); }
  Value negate(Value a) { return create<arith::NegFOp>(a); }
  Value copySign(Value size, Value sign) {
    return create<math::CopySignOp>(size, sign);
  }
  /// a b + c, rounded once where the processor can.
  Value madd(Value a, Value b, Value c) {
    auto contract = arith::FastMathFlags::contract;
    return create<arith::AddFOp>(create<arith::MulFOp>(a, b, contract), c,
                                 contract);
  }
  Value compare(arith::CmpFPredicate predicate, Value a, Value b) {
    return create<arith::CmpFOp>(predicate, a, b);
  }
  Value select(Value condition, Value a, Value b) {
    return create<arith::SelectOp>(condition, a, b);
  }
  Value toBits(Value a) { return create<arith::BitcastOp>(bitsType, a); }
  Value fromBits(Value a) { return create<arith::BitcastOp>(type, a); }

  OpBuilder &builder;
  Location loc;
  Type type, bitsType;
};

struct ExpandMath : mlmodel::impl::ExpandMathBase<ExpandMath> {
  using ExpandMathBase::ExpandMathBase;

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation().walk([&](Operation *op) {
      if (isa<math::ExpOp>(op))
        expand(rewriter, op, &MathBuilder::exp);
      else if (isa<math::TanhOp>(op))
        expand(rewriter, op, &MathBuilder::tanh);
      else if (isa<math::ErfOp>(op))
        expand(rewriter, op, &MathBuilder::erf);
      else if (isa<math::ErfcOp>(op))
        expand(rewriter, op, &MathBuilder::erfc);
    });
  }

private:
  static void expand(IRRewriter &rewriter, Operation *op,
                     Value (MathBuilder::*build)(Value)) {
    Type type = op->getResult(0).getType();
    auto vector = dyn_cast<VectorType>(type);
    if (!getElementTypeOrSelf(type).isF32() || (vector && vector.isScalable()))
      return;
    rewriter.setInsertionPoint(op);
    MathBuilder builder(rewriter, op->getLoc(), type);
    rewriter.replaceOp(op, (builder.*build)(op->getOperand(0)));
  }
};

} // namespace
