//===- Interfaces.td -----------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_INTERFACES_TD
#define MLMODEL_DIALECT_MLMODEL_IR_INTERFACES_TD

include "mlir/IR/OpBase.td"

def MLModel_LayerOpInterface : OpInterface<"LayerOpInterface"> {
  let cppNamespace = "::mlmodel";
  let description = [{
    One layer of a network. The importer and exporter, the tables in the
    documentation and the drift test walk the registered operations that have
    this interface: there is no other list of layers.
  }];
  let methods = [
    StaticInterfaceMethod<"The layer's field in the format's `layer` oneof.",
      "::llvm::StringRef", "getLayerField">,
    StaticInterfaceMethod<"The first specification version with this layer.",
      "int64_t", "getMinSpecificationVersion">,
    StaticInterfaceMethod<"Least and greatest number of inputs; -1: any.",
      "std::pair<int64_t, int64_t>", "getInputArity">,
    StaticInterfaceMethod<"Least and greatest number of outputs; -1: any.",
      "std::pair<int64_t, int64_t>", "getOutputArity">,
    InterfaceMethod<"The layer's name and the names of its outputs.",
      "::mlmodel::LayerAttr", "getLayer">,
    InterfaceMethod<"Replaces name and output names.",
      "void", "setLayerAttr", (ins "::mlmodel::LayerAttr":$layer), [{
        $_op.setLayerAttr(layer);
      }]>,
  ];
}

def MLModel_ModelTypeOpInterface : OpInterface<"ModelTypeOpInterface"> {
  let cppNamespace = "::mlmodel";
  let description = [{
    The content of a model: a neural network, a pipeline, a tree ensemble ...
  }];
  let methods = [
    InterfaceMethod<"The field of the format's `Type` oneof.",
      "::llvm::StringRef", "getModelField">,
  ];
}

#endif // MLMODEL_DIALECT_MLMODEL_IR_INTERFACES_TD
