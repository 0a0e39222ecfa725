//===- FillOps.td ------------------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_FILLOPS_TD
#define MLMODEL_DIALECT_MIL_IR_FILLOPS_TD

include "MLModel/Dialect/MIL/IR/MILBase.td"

def MIL_FillOp : MIL_InferOp<"fill"> {
  let summary = "a tensor of one value";
  let arguments = (ins
    DenseI64ArrayAttr:$shape,
    DefaultValuedAttr<F32Attr, "0.0f">:$value);
  let results = (outs MIL_Tensor:$result);
}

def MIL_Range1dOp : MIL_InferOp<"range_1d"> {
  let summary = "evenly spaced values";
  let description = [{
    `y[i] = start + i * step` for `ceil((end - start) / step)` elements; `end` is
    not reached. An empty range is an error.
  }];
  let arguments = (ins
    F32Attr:$end,
    DefaultValuedAttr<F32Attr, "0.0f">:$start,
    DefaultValuedAttr<F32Attr, "1.0f">:$step);
  let results = (outs MIL_Tensor:$result);
}

#endif // MLMODEL_DIALECT_MIL_IR_FILLOPS_TD
