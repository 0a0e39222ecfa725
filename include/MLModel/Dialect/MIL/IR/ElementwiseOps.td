//===- ElementwiseOps.td - mil ops: arithmetic, comparison, unary functions -*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_ELEMENTWISEOPS_TD
#define MLMODEL_DIALECT_MIL_IR_ELEMENTWISEOPS_TD

include "MLModel/Dialect/MIL/IR/MILBase.td"

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

def MIL_AddOp : MIL_BinaryOp<"add", [{ return s.add(x[0], x[1]); }],
                             [Commutative]> {
  let summary = "x + y, broadcasting (MIL add)";
}

def MIL_SubOp : MIL_BinaryOp<"sub", [{ return s.sub(x[0], x[1]); }]> {
  let summary = "x - y, broadcasting (MIL sub)";
}

def MIL_MulOp : MIL_BinaryOp<"mul", [{ return s.mul(x[0], x[1]); }],
                             [Commutative]> {
  let summary = "x * y, broadcasting (MIL mul)";
}

def MIL_RealDivOp : MIL_BinaryOp<"real_div", [{ return s.div(x[0], x[1]); }]> {
  let summary = "x / y, broadcasting (MIL real_div)";
}

def MIL_FloorDivOp : MIL_BinaryOp<"floor_div", [{
    return s.floor(s.div(x[0], x[1]));
  }]> {
  let summary = "floor(x / y), broadcasting (MIL floor_div)";
}

def MIL_ModOp : MIL_BinaryOp<"mod", [{
    Value rest = s.call<arith::RemFOp>(x[0], x[1]);
    Value signsDiffer = s.less(s.mul(rest, x[1]), s.constant(0));
    return s.select(signsDiffer, s.add(rest, x[1]), rest);
  }]> {
  let summary = "the rest of x / y, with the sign of y (MIL mod)";
}

def MIL_PowOp : MIL_BinaryOp<"pow", [{
    return s.call<math::PowFOp>(x[0], x[1]);
  }]> {
  let summary = "x to the power of y, broadcasting (MIL pow)";
}

def MIL_MaximumOp : MIL_BinaryOp<"maximum", [{ return s.max(x[0], x[1]); }],
                                 [Commutative]> {
  let summary = "the greater of x and y; NaN if one is NaN (MIL maximum)";
}

def MIL_MinimumOp : MIL_BinaryOp<"minimum", [{ return s.min(x[0], x[1]); }],
                                 [Commutative]> {
  let summary = "the lesser of x and y; NaN if one is NaN (MIL minimum)";
}

//===----------------------------------------------------------------------===//
// Comparison and logic: 1.0 for true, 0.0 for false
//===----------------------------------------------------------------------===//

class MIL_CompareOp<string mnemonic, string predicate, string sign>
    : MIL_BinaryOp<mnemonic, [{
        return s.truth(s.compare(arith::CmpFPredicate::}] # predicate # [{,
                                 x[0], x[1]));
      }]> {
  let summary = "x " # sign # " y ? 1.0 : 0.0, broadcasting (MIL "
                # mnemonic # ")";
  let description = "The result is a float32 truth value, where MIL has bool.";
}

def MIL_EqualOp : MIL_CompareOp<"equal", "OEQ", "==">;
def MIL_NotEqualOp : MIL_CompareOp<"not_equal", "UNE", "!=">;
def MIL_LessOp : MIL_CompareOp<"less", "OLT", "<">;
def MIL_LessEqualOp : MIL_CompareOp<"less_equal", "OLE", "<=">;
def MIL_GreaterOp : MIL_CompareOp<"greater", "OGT", ">">;
def MIL_GreaterEqualOp : MIL_CompareOp<"greater_equal", "OGE", ">=">;

class MIL_LogicalOp<string mnemonic, string op>
    : MIL_BinaryOp<mnemonic, [{
        return s.truth(s.call<arith::}] # op # [{>(s.isTrue(x[0]),
                                                   s.isTrue(x[1])));
      }], [Commutative]> {
  let summary = "logic on truth values, broadcasting (MIL " # mnemonic # ")";
  let description = "Whatever is not 0 is true; the result is 0.0 or 1.0.";
}

def MIL_LogicalAndOp : MIL_LogicalOp<"logical_and", "AndIOp">;
def MIL_LogicalOrOp : MIL_LogicalOp<"logical_or", "OrIOp">;
def MIL_LogicalXorOp : MIL_LogicalOp<"logical_xor", "XOrIOp">;

def MIL_LogicalNotOp : MIL_UnaryOp<"logical_not", [{
    return s.select(s.isTrue(x[0]), s.constant(0), s.constant(1));
  }]> {
  let summary = "x == 0 ? 1.0 : 0.0 (MIL logical_not)";
}

def MIL_SelectOp : MIL_BroadcastOp<"select", [{
    return s.select(s.isTrue(x[0]), x[1], x[2]);
  }]> {
  let summary = "cond != 0 ? a : b, broadcasting (MIL select)";
  let arguments = (ins MIL_Tensor:$cond, MIL_Tensor:$a, MIL_Tensor:$b);
}

//===----------------------------------------------------------------------===//
// Unary functions
//===----------------------------------------------------------------------===//

/// A unary op that is one op of the math dialect.
class MIL_MathOp<string mnemonic, string op>
    : MIL_UnaryOp<mnemonic, "return s.call<math::" # op # ">(x[0]);"> {
  let summary = mnemonic # "(x) (MIL " # mnemonic # ")";
}

def MIL_AbsOp : MIL_MathOp<"abs", "AbsFOp">;
def MIL_ExpOp : MIL_MathOp<"exp", "ExpOp">;
def MIL_Exp2Op : MIL_MathOp<"exp2", "Exp2Op">;
def MIL_SqrtOp : MIL_MathOp<"sqrt", "SqrtOp">;
def MIL_CeilOp : MIL_MathOp<"ceil", "CeilOp">;
def MIL_FloorOp : MIL_MathOp<"floor", "FloorOp">;
def MIL_SinOp : MIL_MathOp<"sin", "SinOp">;
def MIL_CosOp : MIL_MathOp<"cos", "CosOp">;
def MIL_TanOp : MIL_MathOp<"tan", "TanOp">;
def MIL_AsinOp : MIL_MathOp<"asin", "AsinOp">;
def MIL_AcosOp : MIL_MathOp<"acos", "AcosOp">;
def MIL_AtanOp : MIL_MathOp<"atan", "AtanOp">;
def MIL_SinhOp : MIL_MathOp<"sinh", "SinhOp">;
def MIL_CoshOp : MIL_MathOp<"cosh", "CoshOp">;
def MIL_TanhOp : MIL_MathOp<"tanh", "TanhOp">;
def MIL_AsinhOp : MIL_MathOp<"asinh", "AsinhOp">;
def MIL_AcoshOp : MIL_MathOp<"acosh", "AcoshOp">;
def MIL_AtanhOp : MIL_MathOp<"atanh", "AtanhOp">;
def MIL_ErfOp : MIL_MathOp<"erf", "ErfOp">;

def MIL_RoundOp : MIL_MathOp<"round", "RoundEvenOp"> {
  let summary = "the nearest whole number, ties to even (MIL round)";
}

def MIL_SquareOp : MIL_UnaryOp<"square", [{ return s.mul(x[0], x[0]); }]> {
  let summary = "x * x (MIL square)";
}

def MIL_SignOp : MIL_UnaryOp<"sign", [{
    Value positiveOrSelf =
        s.select(s.greater(x[0], s.constant(0)), s.constant(1), x[0]);
    return s.select(s.less(x[0], s.constant(0)), s.constant(-1),
                    positiveOrSelf);
  }]> {
  let summary = "-1, 0 or 1; NaN stays NaN (MIL sign)";
}

def MIL_LogOp : MIL_UnaryOp<"log", [{
    return s.log(s.add(x[0], s.constant(getEpsilon())));
  }]> {
  let summary = "log(x + epsilon), the natural logarithm (MIL log)";
  let arguments = (ins MIL_Tensor:$x,
                       DefaultValuedAttr<F32Attr, "0.0f">:$epsilon);
}

def MIL_RsqrtOp : MIL_UnaryOp<"rsqrt", [{
    return s.div(s.constant(1),
                 s.sqrt(s.add(x[0], s.constant(getEpsilon()))));
  }]> {
  let summary = "1 / sqrt(x + epsilon) (MIL rsqrt)";
  let arguments = (ins MIL_Tensor:$x,
                       DefaultValuedAttr<F32Attr, "1e-12f">:$epsilon);
}

def MIL_InverseOp : MIL_UnaryOp<"inverse", [{
    return s.div(s.constant(1), s.add(x[0], s.constant(getEpsilon())));
  }]> {
  let summary = "1 / (x + epsilon) (MIL inverse)";
  let arguments = (ins MIL_Tensor:$x,
                       DefaultValuedAttr<F32Attr, "1e-4f">:$epsilon);
}

def MIL_ThresholdOp : MIL_UnaryOp<"threshold", [{
    return s.atLeast(x[0], s.constant(getAlpha()));
  }]> {
  let summary = "max(x, alpha) (MIL threshold)";
  let arguments = (ins MIL_Tensor:$x, F32Attr:$alpha);
}

def MIL_ClipOp : MIL_UnaryOp<"clip", [{
    Value low = s.atLeast(x[0], s.constant(getAlpha()));
    return s.atMost(low, s.constant(getBeta()));
  }]> {
  let summary = "min(max(x, alpha), beta) (MIL clip)";
  let arguments = (ins MIL_Tensor:$x, F32Attr:$alpha, F32Attr:$beta);
}

#endif // MLMODEL_DIALECT_MIL_IR_ELEMENTWISEOPS_TD
