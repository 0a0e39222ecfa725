//===- Passes.td - Transformations of models ---------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_TRANSFORMS_PASSES_TD
#define MLMODEL_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def InferShapesPass : Pass<"mlmodel-infer-shapes", "::mlir::ModuleOp"> {
  let summary = "infer the shapes of all blobs of a model";
  let description = [{
    Gives every network input the shape that the model's description declares,
    by the network's shape mappings, and runs each layer's shape rule in order.

    ```mlir
    %y = mlmodel.softmax <"s" -> "y"> (%x) : (tensor<1x1x10x1x1xf32>) -> tensor<*xf32>
    // becomes
    %y = mlmodel.softmax <"s" -> "y"> (%x) : (tensor<1x1x10x1x1xf32>) -> tensor<1x1x10x1x1xf32>
    ```
  }];
  let options = [
    ListOption<"inputShapes", "input-shapes", "std::string",
               "Shapes to use instead of the declared ones, as name=1x3x8x8">
  ];
}

#endif // MLMODEL_TRANSFORMS_PASSES_TD
