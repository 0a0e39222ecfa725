//===- ReductionOps.td - mil ops: reductions and scans -----*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_REDUCTIONOPS_TD
#define MLMODEL_DIALECT_MIL_IR_REDUCTIONOPS_TD

include "MLModel/Dialect/MIL/IR/MILBase.td"

/// An op that folds its operand along `axes` (none: all). The bodies see `s`
/// and `x`, and `acc` in `combine`, `acc` and `count` in `post`.
class MIL_ReduceOp<string mnemonic, string init, code combine,
                   code pre = "return x;", code post = "return acc;",
                   dag attributes = (ins)>
    : MIL_InferOp<mnemonic, [DeclareOpInterfaceMethods<ReductionOpInterface>]> {
  let arguments = !con((ins MIL_Tensor:$x,
      DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$axes,
      DefaultValuedAttr<BoolAttr, "false">:$keep_dims), attributes);
  let results = (outs MIL_Tensor:$result);
  let description = [{
    Folds along `axes`; negative ones count from the back, none mean all. The
    axes vanish, or have size 1 with `keep_dims`.
  }];
  let hasVerifier = 1;
  let extraClassDefinition = compatible # [{
    LogicalResult $cppClass::inferReturnTypes(
        MLIRContext *, std::optional<Location> location, Adaptor adaptor,
        SmallVectorImpl<Type> &types) {
      return inferReduction(location, adaptor.getX(), adaptor.getAxes(),
                            adaptor.getKeepDims(), types);
    }
    LogicalResult $cppClass::verify() {
      return success(succeeded(normalizeAxes(getLoc(), getAxes(),
                                             getX().getType().getRank())));
    }
    SmallVector<int64_t> $cppClass::getReducedAxes() {
      return *normalizeAxes(getLoc(), getAxes(), getX().getType().getRank());
    }
    double $cppClass::getInit() { return }] # init # [{; }
    Value $cppClass::emitPre(OpBuilder &builder, Location loc, Value x) {
      [[maybe_unused]] ScalarBuilder s(builder, loc);
      }] # pre # [{
    }
    Value $cppClass::emitCombine(OpBuilder &builder, Location loc, Value acc,
                                 Value x) {
      ScalarBuilder s(builder, loc);
      }] # combine # [{
    }
    Value $cppClass::emitPost(OpBuilder &builder, Location loc, Value acc,
                              [[maybe_unused]] Value count) {
      [[maybe_unused]] ScalarBuilder s(builder, loc);
      }] # post # [{
    }
  }];
}

class MIL_SumOp<string mnemonic, code pre = "return x;",
                code post = "return acc;", dag attributes = (ins)>
    : MIL_ReduceOp<mnemonic, "0", "return s.add(acc, x);", pre, post,
                   attributes>;

def MIL_ReduceSumOp : MIL_SumOp<"reduce_sum"> {
  let summary = "the sum (MIL reduce_sum)";
}

def MIL_ReduceMeanOp : MIL_SumOp<"reduce_mean", "return x;",
                                 "return s.div(acc, count);"> {
  let summary = "the mean (MIL reduce_mean)";
}

def MIL_ReduceL1NormOp : MIL_SumOp<"reduce_l1_norm", "return s.abs(x);"> {
  let summary = "the sum of |x| (MIL reduce_l1_norm)";
}

def MIL_ReduceL2NormOp : MIL_SumOp<"reduce_l2_norm", "return s.mul(x, x);",
                                   "return s.sqrt(acc);"> {
  let summary = "the root of the sum of x * x (MIL reduce_l2_norm)";
}

def MIL_ReduceSumSquareOp : MIL_SumOp<"reduce_sum_square",
                                      "return s.mul(x, x);"> {
  let summary = "the sum of x * x (MIL reduce_sum_square)";
}

def MIL_ReduceLogSumOp : MIL_SumOp<"reduce_log_sum", "return x;",
    "return s.log(s.add(acc, s.constant(getEpsilon())));",
    (ins DefaultValuedAttr<F32Attr, "0.0f">:$epsilon)> {
  let summary = "log(sum of x + epsilon) (MIL reduce_log_sum)";
}

def MIL_ReduceProdOp : MIL_ReduceOp<"reduce_prod", "1",
                                    "return s.mul(acc, x);"> {
  let summary = "the product (MIL reduce_prod)";
}

def MIL_ReduceMaxOp : MIL_ReduceOp<"reduce_max",
    "-std::numeric_limits<double>::infinity()", "return s.max(acc, x);"> {
  let summary = "the maximum (MIL reduce_max)";
}

def MIL_ReduceMinOp : MIL_ReduceOp<"reduce_min",
    "std::numeric_limits<double>::infinity()", "return s.min(acc, x);"> {
  let summary = "the minimum (MIL reduce_min)";
}

def MIL_ReduceLogSumExpOp : MIL_InferOp<"reduce_log_sum_exp"> {
  let summary = "log(sum of exp(x)) (MIL reduce_log_sum_exp)";
  let description = "The maximum is taken out first, so nothing overflows.";
  let arguments = (ins MIL_Tensor:$x,
      DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$axes,
      DefaultValuedAttr<BoolAttr, "false">:$keep_dims);
  let results = (outs MIL_Tensor:$result);
  let hasVerifier = 1;
}

class MIL_ArgOp<string mnemonic> : MIL_InferOp<mnemonic> {
  let description = [{
    The index as a float32, of the first element where several are equal. The
    axis vanishes, or has size 1 with `keep_dims`.
  }];
  let arguments = (ins MIL_Tensor:$x, DefaultValuedAttr<MIL_Int, "-1">:$axis,
                       DefaultValuedAttr<BoolAttr, "false">:$keep_dims);
  let results = (outs MIL_Tensor:$result);
  let hasVerifier = 1;
}

def MIL_ReduceArgmaxOp : MIL_ArgOp<"reduce_argmax"> {
  let summary = "where the maximum along axis is (MIL reduce_argmax)";
}

def MIL_ReduceArgminOp : MIL_ArgOp<"reduce_argmin"> {
  let summary = "where the minimum along axis is (MIL reduce_argmin)";
}

def MIL_CumsumOp : MIL_Op<"cumsum", [SameOperandsAndResultType]> {
  let summary = "running sums along axis (MIL cumsum)";
  let description = [{
    `exclusive` leaves an element out of its own sum; `reverse` runs from the
    end to the start.
  }];
  let arguments = (ins MIL_Tensor:$x, DefaultValuedAttr<MIL_Int, "0">:$axis,
                       DefaultValuedAttr<BoolAttr, "false">:$exclusive,
                       DefaultValuedAttr<BoolAttr, "false">:$reverse);
  let results = (outs MIL_Tensor:$result);
  let assemblyFormat = "$x attr-dict `:` type($x)";
  let hasVerifier = 1;
}

#endif // MLMODEL_DIALECT_MIL_IR_REDUCTIONOPS_TD
