//===- Passes.td - Conversion passes -----------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_CONVERSION_PASSES_TD
#define MLMODEL_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertMILToLinalg : Pass<"convert-mil-to-linalg", "::mlir::ModuleOp"> {
  let summary = "Lower mil to linalg on tensors";
  let description = [{
    Every mil op becomes structured loops. Packed weights become
    `linalg.generic` ops tagged `mlmodel.decode`, which read the packed bytes
    and yield floats; code generation fuses them into their consumers. A mil op
    without a lowering is an error that names it.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"
  ];
}

#endif // MLMODEL_CONVERSION_PASSES_TD
