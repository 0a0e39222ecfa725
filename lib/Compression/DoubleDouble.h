//===- DoubleDouble.h - Double-double arithmetic ----------------*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Unevaluated sums of two doubles: about 106 bits of mantissa. Needs IEEE
/// evaluation: no contraction into fused operations, no reassociation.
/// Algorithms: T. J. Dekker, "A floating-point technique for extending the
/// available precision", 1971; D. E. Knuth's two-sum.
///
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_LIB_COMPRESSION_DOUBLEDOUBLE_H
#define MLMODEL_LIB_COMPRESSION_DOUBLEDOUBLE_H

namespace mlmodel {

struct DoubleDouble {
  double hi = 0;
  double lo = 0;

  DoubleDouble() = default;
  DoubleDouble(double value) : hi(value) {}
  DoubleDouble(double hi, double lo) : hi(hi), lo(lo) {}

  /// a + b without error.
  static DoubleDouble twoSum(double a, double b) {
    double sum = a + b;
    double part = sum - a;
    return {sum, (a - (sum - part)) + (b - part)};
  }
  /// a + b without error for |a| >= |b| or a = 0.
  static DoubleDouble quickTwoSum(double a, double b) {
    double sum = a + b;
    return {sum, b - (sum - a)};
  }
  /// a * b without error, for |a|, |b| < 2^996 and no underflow.
  static DoubleDouble twoProduct(double a, double b) {
    double product = a * b;
    double aHigh, aLow, bHigh, bLow;
    split(a, aHigh, aLow);
    split(b, bHigh, bLow);
    return {product, ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) +
                         aLow * bLow};
  }

  DoubleDouble operator-() const { return {-hi, -lo}; }

  friend DoubleDouble operator+(DoubleDouble a, DoubleDouble b) {
    DoubleDouble high = twoSum(a.hi, b.hi);
    DoubleDouble low = twoSum(a.lo, b.lo);
    high = quickTwoSum(high.hi, high.lo + low.hi);
    return quickTwoSum(high.hi, high.lo + low.lo);
  }
  friend DoubleDouble operator-(DoubleDouble a, DoubleDouble b) {
    return a + -b;
  }
  friend DoubleDouble operator*(DoubleDouble a, DoubleDouble b) {
    DoubleDouble product = twoProduct(a.hi, b.hi);
    return quickTwoSum(product.hi, product.lo + (a.hi * b.lo + a.lo * b.hi));
  }
  friend DoubleDouble operator/(DoubleDouble a, double b) {
    double quotient = a.hi / b;
    DoubleDouble rest = a - twoProduct(quotient, b);
    return quickTwoSum(quotient, rest.hi / b);
  }
  friend bool operator<(DoubleDouble a, DoubleDouble b) {
    return a.hi < b.hi || (a.hi == b.hi && a.lo < b.lo);
  }

private:
  static void split(double value, double &high, double &low) {
    double scaled = 134217729.0 * value; // 2^27 + 1
    high = scaled - (scaled - value);
    low = value - high;
  }
};

} // namespace mlmodel

#endif // MLMODEL_LIB_COMPRESSION_DOUBLEDOUBLE_H
