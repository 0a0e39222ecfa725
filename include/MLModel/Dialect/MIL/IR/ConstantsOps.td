//===- ConstantsOps.td - mil ops: constants, plain and packed -*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_CONSTANTSOPS_TD
#define MLMODEL_DIALECT_MIL_IR_CONSTANTSOPS_TD

include "MLModel/Dialect/MIL/IR/MILBase.td"

def MIL_ConstOp : MIL_InferOp<"const", [ConstantLike]> {
  let summary = "a float32 tensor from the model (MIL const)";
  let description = [{
    Weights are `dense_resource`: views into the model file that are never
    copied and may be unaligned.
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs MIL_Tensor:$result);
  let assemblyFormat = "attr-dict $value";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def MIL_ConstexprCastOp : MIL_InferOp<"constexpr_cast"> {
  let summary = "float16 weights as float32 (MIL constexpr_cast)";
  let description = "The weights stay float16 until code uses them.";
  let arguments = (ins ElementsAttr:$source_val);
  let results = (outs MIL_Tensor:$result);
  let assemblyFormat = "attr-dict $source_val";
  let hasVerifier = 1;
}

/// Weights that stay packed until code uses them. `data` holds one n-bit value
/// per element, in the order of the result's elements; with a `mask`, only of
/// the elements that it marks. The others are 0.
class MIL_PackedOp<string mnemonic> : MIL_Op<mnemonic> {
  let results = (outs MIL_Tensor:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def MIL_ConstexprLinearDequantizeOp
    : MIL_PackedOp<"constexpr_linear_dequantize"> {
  let summary = "w = scale * q + bias, on packed weights";
  let description = [{
    Core ML NeuralNetwork's linear quantization: w = scale[c] * q + bias[c],
    where c is the index along `axis`, or 0 where `scale` has one element.
    `data` is 1-D: either ui8, with values of `bits` bits (1 to 8) that follow
    each other from the most significant bit down, across bytes; or si8, with
    one signed value per byte. `bias` may be left out. `mask` is that of
    `mil.constexpr_sparse_to_dense`.
  }];
  let arguments = (ins ElementsAttr:$data, MIL_Int:$bits, ElementsAttr:$scale,
                       OptionalAttr<ElementsAttr>:$bias,
                       DefaultValuedAttr<MIL_Int, "0">:$axis,
                       OptionalAttr<ElementsAttr>:$mask);
}

def MIL_ConstexprLutToDenseOp : MIL_PackedOp<"constexpr_lut_to_dense"> {
  let summary = "w = lut[q], on packed weights (MIL constexpr_lut_to_dense)";
  let description = [{
    `data` is 1-D ui8 with values of `bits` bits (1 to 8) that follow each other
    from the most significant bit down, across bytes. `lut` has 2^bits elements,
    or is [groups, 2^bits]: the channels along `axis` then form that many groups
    of consecutive channels, each with a table of its own. `mask` is that of
    `mil.constexpr_sparse_to_dense`.
  }];
  let arguments = (ins ElementsAttr:$data, MIL_Int:$bits, ElementsAttr:$lut,
                       DefaultValuedAttr<MIL_Int, "0">:$axis,
                       OptionalAttr<ElementsAttr>:$mask);
}

def MIL_ConstexprSparseToDenseOp
    : MIL_PackedOp<"constexpr_sparse_to_dense"> {
  let summary = "weights without their zeros (MIL constexpr_sparse_to_dense)";
  let description = [{
    `mask` is 1-D ui8 with one bit per element of the result, from the least
    significant bit of the first byte on; bits after the last are 0. `data` is
    1-D f32 or f16 and holds the elements whose bit is 1, in order.

    ```mlir
    // 0, 5, 0, 6
    mil.constexpr_sparse_to_dense {data = dense<[5.0, 6.0]> : tensor<2xf32>,
        mask = dense<10> : tensor<1xui8>} : tensor<4xf32>
    ```
  }];
  let arguments = (ins ElementsAttr:$data, ElementsAttr:$mask);
}

#endif // MLMODEL_DIALECT_MIL_IR_CONSTANTSOPS_TD
