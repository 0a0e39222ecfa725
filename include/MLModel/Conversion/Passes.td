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
    reported as unsupported, with the name of the layer.
  }];
  let dependentDialects = ["::mlir::func::FuncDialect",
                           "::mlmodel::mil::MILDialect"];
}

#endif // MLMODEL_CONVERSION_PASSES_TD
