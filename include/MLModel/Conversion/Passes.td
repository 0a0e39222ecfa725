//===- Passes.td - Conversions between dialects ------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_CONVERSION_PASSES_TD
#define MLMODEL_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertMLModelToMIL
    : Pass<"convert-mlmodel-to-mil", "::mlir::ModuleOp"> {
  let summary = "Rewrite a neural network's layers as ML Program operations";
  let description = [{
    Turns the `mlmodel.network` of the module's one `mlmodel.model` into

        func.func @main(inputs) -> outputs

    whose arguments and results carry the names of their blobs as
    `mlmodel.name`, and erases the model. Shapes must have been inferred before
    (`mlmodel-infer-shapes`).

    A layer, or a combination of its parameters, that no pattern rewrites is
    reported as unsupported, with the name of the layer. A custom layer whose
    class somebody has registered with the context becomes a call.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::bufferization::BufferizationDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlmodel::mil::MILDialect"];
}

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
