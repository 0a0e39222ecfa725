//===- LinearAlgebraOps.td - mil ops: matrix products ------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_LINEARALGEBRAOPS_TD
#define MLMODEL_DIALECT_MIL_IR_LINEARALGEBRAOPS_TD

include "MLModel/Dialect/MIL/IR/MILBase.td"

def MIL_LinearOp : MIL_InferOp<"linear"> {
  let summary = "x * transposed weight + bias (MIL linear)";
  let description = [{
    y[..., n] = sum over k of x[..., k] * weight[n, k] + bias[n].
    `x` is [..., K] of rank 1 or more, `weight` [N, K], `bias` [N].
  }];
  let arguments = (ins MIL_Tensor:$x, MIL_Tensor:$weight,
                       Optional<MIL_Tensor>:$bias);
  let results = (outs MIL_Tensor:$result);
}

def MIL_MatmulOp : MIL_InferOp<"matmul"> {
  let summary = "batched matrix product (MIL matmul)";
  let description = [{
    z[..., m, n] = sum over k of x[..., m, k] * y[..., k, n]; x is [..., K, M]
    with `transpose_x`, y is [..., N, K] with `transpose_y`. The dimensions
    before broadcast as in NumPy. Both ranks are 2 or more.
  }];
  let arguments = (ins MIL_Tensor:$x, MIL_Tensor:$y,
                       DefaultValuedAttr<BoolAttr, "false">:$transpose_x,
                       DefaultValuedAttr<BoolAttr, "false">:$transpose_y);
  let results = (outs MIL_Tensor:$result);
}

#endif // MLMODEL_DIALECT_MIL_IR_LINEARALGEBRAOPS_TD
